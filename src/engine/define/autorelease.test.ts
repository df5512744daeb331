import { describe, expect, it } from "vitest";
import { bumpIn, numberCommits, skipsChangelog } from "./autorelease.ts";
import type { HistoryCommit } from "./types.ts";

type Row = readonly [id: string, parents: string, version: string, message?: string];

async function numbers(rows: readonly Row[]): Promise<Record<string, number>> {
  const commits = new Map(
    rows.map(([id, parents, version, message = "x"], index): [string, HistoryCommit] => {
      const file = version === "-" ? undefined : { id: version, content: Buffer.from(version) };
      return [
        id,
        {
          commit: id,
          parents: parents === "" ? [] : parents.split(" "),
          time: index,
          author: "A <a@x>",
          message,
          file,
        },
      ];
    }),
  );
  const read = async (ids: readonly string[]) => ids.map((id) => commits.get(id) as HistoryCommit);
  const versionOf = async (file: HistoryCommit["file"]) => (file?.id.startsWith("?") ? undefined : file?.id);
  const chain = await numberCommits(rows.at(-1)?.[0] ?? "", read, versionOf);
  return Object.fromEntries(chain.map((entry) => [entry.commit.commit, entry.number]));
}

describe("numberCommits", () => {
  it("counts from the last change of the version", async () => {
    expect(
      await numbers([
        ["a", "", "1"],
        ["b", "a", "1"],
        ["c", "b", "2"],
        ["d", "c", "2"],
        ["e", "d", "2"],
      ]),
    ).toEqual({ c: 1, d: 2, e: 3 });
  });

  it("takes the greatest of the parents of the same version", async () => {
    const rows: Row[] = [
      ["a", "", "1"],
      ["b", "a", "1"],
      ["c", "b", "1"],
      ["d", "a", "1"],
      ["e", "d c", "1"],
    ];
    expect(await numbers(rows)).toMatchObject({ e: 4 });
    expect(
      await numbers([
        ["a", "", "1"],
        ["b", "a", "2"],
        ["c", "a", "1"],
        ["d", "c b", "2"],
      ]),
    ).toMatchObject({ d: 2 });
  });

  it("looks through commits without a spec, and specs that tell no version", async () => {
    expect(
      await numbers([
        ["a", "", "1"],
        ["b", "a", "-"],
        ["c", "b", "1"],
      ]),
    ).toMatchObject({ c: 2 });
    expect(
      await numbers([
        ["a", "", "1"],
        ["b", "a", "?"],
        ["c", "b", "1"],
      ]),
    ).toMatchObject({ c: 3 });
  });

  it("heeds bumps", async () => {
    expect(
      await numbers([
        ["a", "", "1"],
        ["b", "a", "1", "y\n\n[bump release: 7]"],
        ["c", "b", "1"],
      ]),
    ).toMatchObject({ b: 7, c: 8 });
    expect(
      await numbers([
        ["a", "", "1", "[bump release: 2]"],
        ["b", "a", "1", "[bump release: 2]"],
      ]),
    ).toMatchObject({ b: 3 });
  });

  it("ends on long histories", async () => {
    const rows = Array.from({ length: 9000 }, (_, i): Row => [`c${i}`, i === 0 ? "" : `c${i - 1}`, "1"]);
    expect((await numbers(rows)).c8999).toBeGreaterThan(4000);
  });
});

describe("magic comments", () => {
  it("are lines in brackets", () => {
    expect(bumpIn("x\n  [ bump release 4 ]\n[skip changelog, bump release: 6]")).toBe(6);
    expect(bumpIn("see [bump release: 3]")).toBe(0);
    expect(skipsChangelog("x\n\n[skip  changelog]")).toBe(true);
    expect(skipsChangelog("x [skip changelog]")).toBe(false);
  });
});
