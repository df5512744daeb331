import { describe, expect, it } from "vitest";
import { WeirError } from "../../core/index.ts";
import { parseCommit, parseTree, subjectOf } from "./objects.ts";

const id = "a".repeat(40);
const commit = Buffer.from(
  `tree ${"b".repeat(40)}\nparent ${"c".repeat(40)}\nparent ${"d".repeat(40)}\nauthor A <a@x> 1 +0000\n` +
    "committer B <b@x> 1700000000 +0200\ngpgsig -----BEGIN\n committer C <c@x> 5 +0000\n\nSubject line\n\ncommitter D <d@x> 9 +0000\n",
);
const tree = Buffer.concat([
  Buffer.from("100644 a.spec\0"),
  Buffer.alloc(20, 1),
  Buffer.from("40000 tests\0"),
  Buffer.alloc(20, 2),
  Buffer.from("160000 sub\0"),
  Buffer.alloc(20, 3),
]);

describe("git objects", () => {
  it("reads a commit's tree, parents, author, time and message", () => {
    const parsed = parseCommit({ id, type: "commit", content: commit }, "x");
    expect(subjectOf(parsed)).toBe("Subject line");
    expect(parsed).toEqual({
      id,
      tree: "b".repeat(40),
      parents: ["c".repeat(40), "d".repeat(40)],
      author: "A <a@x>",
      time: 1_700_000_000,
      message: "Subject line\n\ncommitter D <d@x> 9 +0000\n",
    });
  });

  it("reads a tree", () => {
    expect(parseTree({ id, type: "tree", content: tree }, "x")).toEqual([
      { kind: "file", name: "a.spec", id: "01".repeat(20) },
      { kind: "tree", name: "tests", id: "02".repeat(20) },
      { kind: "submodule", name: "sub", id: "03".repeat(20) },
    ]);
  });

  it("refuses malformed objects", () => {
    expect(() => parseCommit({ id, type: "commit", content: Buffer.from("tree x") }, "x")).toThrow("malformed");
    for (const name of ["..", ".git", ".GIT", "a/b", "", "\xff"]) {
      const content = Buffer.concat([Buffer.from(`100644 ${name}\0`, "latin1"), Buffer.alloc(20)]);
      expect(() => parseTree({ id, type: "tree", content }, "x")).toThrow(WeirError);
    }
  });

  it("takes any truncation and mutation", () => {
    let tried = 0;
    for (let seed = 0; seed < 4000; seed++) {
      for (const [sample, parse] of [
        [commit, (content: Buffer) => parseCommit({ id, type: "commit", content }, "x")],
        [tree, (content: Buffer) => parseTree({ id, type: "tree", content }, "x")],
      ] as const) {
        const content = Buffer.from(sample.subarray(0, seed < sample.length ? seed : sample.length));
        if (seed >= sample.length) content[(seed * 7919) % content.length] = (seed * 104729) % 256;
        tried++;
        try {
          parse(content);
        } catch (error) {
          if (!(error instanceof WeirError)) throw error;
        }
      }
    }
    expect(tried).toBe(8000);
  });
});
