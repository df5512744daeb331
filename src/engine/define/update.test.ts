import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { definitionTree, smallProject } from "../../../test/support/definition-tree.ts";
import { silentProgress, WeirError } from "../../core/index.ts";
import { formatLock, formatPin, resolutionHash } from "./lock-file.ts";
import { loadProject } from "./load.ts";
import { selectComponents } from "./list.ts";
import type { DistGit } from "./types.ts";
import { planUpdate, type UpdateOptions } from "./update.ts";

const id = (letter: string) => letter.repeat(40);

/** A branch of commits a, b, c, d at times 1 to 4; `off` is beside it; everything else is gone. */
const distGit: DistGit = {
  async resolve(address) {
    const line = ["a", "b", "c", "d"];
    if (address.name === "broken")
      throw new WeirError("UPSTREAM_UNREACHABLE", "there is no git repository", { kind: "remote" });
    if (address.commit !== undefined) {
      const known = [...line, "e"].find((letter) => id(letter).startsWith(address.commit ?? ""));
      if (known === undefined) throw new WeirError("UPSTREAM_COMMIT_MISSING", "gone", { kind: "remote" });
      return { commit: id(known), time: 1, subject: known };
    }
    const latest = address.snapshot === undefined ? 4 : Number(address.snapshot.slice(8, 10));
    const letter = line[latest - 1] ?? "d";
    return { commit: id(letter), time: latest, subject: letter };
  },
  read: async () => new Map(),
  async line(_address, { from, until }) {
    const all = ["d", "c", "b", "a"].map((letter) => ({ commit: id(letter), time: 1, subject: letter }));
    const start = from === undefined ? 0 : all.findIndex(({ commit }) => commit === from);
    const end = all.findIndex(({ commit }) => commit === until);
    return { commits: all.slice(start, end < start ? undefined : end), met: end >= start };
  },
};

const snapshot = (day: number) =>
  smallProject("[components.x]").replace('version = "9" }', `version = "9", snapshot = "2026-01-0${day}T00:00:00Z" }`);

async function plan(files: Readonly<Record<string, string>>, options: Partial<UpdateOptions> = {}, names?: string[]) {
  const root = definitionTree(files);
  const project = await loadProject(root, { staleLocks: true });
  const components = selectComponents(project, names === undefined ? {} : { names });
  return planUpdate(project, components, {
    distGit,
    all: names === undefined,
    progress: silentProgress,
    signal: new AbortController().signal,
    ...options,
  });
}

describe("the resolution hash", () => {
  it("is azldev's: sha256 over length-prefixed fields", () => {
    const inputs = {
      snapshot: "",
      distroName: "é",
      distroVersion: "1",
      branch: "b",
      baseUri: "u",
      pin: "",
      upstreamName: "",
    };
    expect(resolutionHash(inputs)).toBe("sha256:9ed7d2d9b69fd3f59e481ac3731476ad20fcc7c724f2723e1079718e9023ab2b");
  });
});

describe("lock files", () => {
  it("are made, kept while nothing decides otherwise, and moved with the snapshot", async () => {
    const first = await plan({ "azldev.toml": snapshot(2) });
    expect(first.pins).toMatchObject([{ name: "x", state: "new", after: id("b"), changed: true }]);
    const text = first.pins[0]?.file?.text ?? "";
    expect(text).toMatch(
      /^# Managed by azldev component update\. Do not edit manually\.\nversion = 1\nimport-commit = 'b{40}'\nupstream-commit = 'b{40}'\ninput-fingerprint = 'weir1:[0-9a-f]{64}'\nresolution-input-hash = 'sha256:[0-9a-f]{64}'\n$/,
    );
    const again = await plan({ "azldev.toml": snapshot(2), "locks/x.lock": text });
    expect(again.pins).toMatchObject([{ state: "kept", changed: false, file: undefined }]);
    const later = await plan({ "azldev.toml": snapshot(4), "locks/x.lock": text });
    expect(later.pins).toMatchObject([
      { state: "moved", before: id("b"), after: id("d"), changed: true, trouble: undefined },
    ]);
    expect(later.pins[0]?.commits?.map(({ subject }) => subject)).toEqual(["d", "c"]);
    expect(later.pins[0]?.file?.text).toContain(`import-commit = '${id("b")}'`);
    const asked = await plan(
      { "azldev.toml": snapshot(2), "locks/x.lock": text },
      { snapshot: "2026-01-03T00:00:00Z" },
    );
    expect(asked.pins).toMatchObject([{ state: "moved", after: id("c") }]);
  });

  it("keep azldev's own fingerprint until the commit moves", async () => {
    const first = (await plan({ "azldev.toml": snapshot(2) })).pins[0]?.file?.text ?? "";
    const foreign = first.replace(/weir1:[0-9a-f]+/, "sha256:feed");
    expect((await plan({ "azldev.toml": snapshot(2), "locks/x.lock": foreign })).pins[0]?.changed).toBe(false);
    const moved = await plan({ "azldev.toml": snapshot(3), "locks/x.lock": foreign });
    expect(moved.pins[0]?.file?.text).toMatch(/input-fingerprint = 'weir1:/);
  });

  it("tell commits that upstream lost or has beside its branch", async () => {
    const lock = (commit: string) =>
      formatLock({ upstreamCommit: commit, importCommit: commit, manualBump: 0, resolutionHash: "sha256:old" });
    const lost = await plan({ "azldev.toml": snapshot(2), "locks/x.lock": lock(id("f")) });
    expect(lost.pins).toMatchObject([{ state: "moved", trouble: "vanished", after: id("b"), commits: undefined }]);
    const side = await plan({ "azldev.toml": snapshot(2), "locks/x.lock": lock(id("e")) });
    expect(side.pins).toMatchObject([{ state: "moved", trouble: "off-branch" }]);
    const held = smallProject(`[components.x.spec]\ntype = "upstream"\nupstream-commit = "${id("f")}"`);
    expect((await plan({ "azldev.toml": held })).pins).toMatchObject([
      { state: "held", trouble: "vanished", after: id("f") },
    ]);
  });

  it("count rebuilds, name orphans and keep local components", async () => {
    const toml = smallProject('[components.x]\n[components.l.spec]\ntype = "local"\npath = "l.spec"');
    const files = { "azldev.toml": toml, "l.spec": "Name: l\n" };
    const lock = (await plan(files)).pins.find(({ name }) => name === "x")?.file?.text ?? "";
    const all = await plan({ ...files, "locks/x.lock": lock, "locks/gone.lock": "version = 1\n" });
    expect(all.orphans.map((path) => path.split("/").at(-1))).toEqual(["gone.lock"]);
    expect(all.pins.find(({ name }) => name === "l")).toMatchObject({ state: "local", changed: true });
    const bumped = await plan({ ...files, "locks/x.lock": lock }, { bump: true }, ["x"]);
    expect(bumped.pins[0]?.file?.text).toContain("manual-bump = 1\n");
    await expect(plan(files, { bump: true }, ["x"])).rejects.toMatchObject({ code: "UPDATE_NO_LOCK" });
  });

  it("are not written where one component fails", async () => {
    const toml = smallProject("[components.broken]\n[components.x]");
    await expect(plan({ "azldev.toml": toml })).rejects.toMatchObject({ code: "UPSTREAM_UNREACHABLE" });
  });
});

describe("files below upstream-commits", () => {
  const tree = (pin: string) => ({
    "azldev.toml": `includes = ["base/*.toml", "base/upstream-commits/*.toml"]\n${snapshot(3).replace("[components.x]", "")}`,
    "base/c.toml":
      '[components.x]\nbuild.with = ["y"]\n[components.held.spec]\ntype = "upstream"\nupstream-commit = "aaaaaaa"\n',
    "base/upstream-commits/x.toml": pin,
  });

  it("hold a component's pin beside its table elsewhere, and are moved", async () => {
    const files = tree(formatPin("x", id("a")));
    const project = await loadProject(definitionTree(files));
    expect(project.pins).toBe("upstream-commits");
    const x = project.components.get("x");
    expect(x?.config.build.with).toEqual(["y"]);
    expect(x?.upstream?.commit).toBe(id("a"));
    expect(x?.origins.get("spec.upstream-commit")).toMatchObject({ file: "base/upstream-commits/x.toml", line: 2 });
    const { pins } = await plan(files);
    expect(pins).toMatchObject([
      { name: "held", state: "held", after: id("a"), changed: false },
      { name: "x", state: "moved", before: id("a"), after: id("c"), changed: true },
    ]);
    expect(pins[1]?.file?.path.endsWith("base/upstream-commits/x.toml")).toBe(true);
    expect(pins[1]?.file?.text).toBe(`[components.x]\nspec.upstream-commit = '${id("c")}'\n`);
  });

  it("are errors where the definition is read in the dialect of lock files", async () => {
    const root = definitionTree(tree(formatPin("x", id("a"))));
    await expect(loadProject(root, { pins: "lock-files" })).rejects.toMatchObject({
      issues: expect.arrayContaining([expect.objectContaining({ code: "DEFINITION_DUPLICATE_COMPONENT" })]),
    });
  });

  it("have no rebuilds to count, one component each, and a folder that is there", async () => {
    await expect(plan(tree(formatPin("x", id("a"))), { bump: true })).rejects.toMatchObject({ code: "UPDATE_NO_BUMP" });
    const shared = tree(formatPin("x", id("a")));
    const renamed = { "azldev.toml": shared["azldev.toml"], "base/c.toml": shared["base/c.toml"] };
    await expect(plan({ ...renamed, "base/upstream-commits/all.toml": formatPin("x", id("a")) })).rejects.toMatchObject(
      { code: "UPDATE_SHARED_PIN_FILE" },
    );
    const root = definitionTree({ "azldev.toml": smallProject("[components.x]") });
    const project = await loadProject(root, { pins: "upstream-commits" });
    await expect(
      planUpdate(project, selectComponents(project), {
        distGit,
        all: true,
        progress: silentProgress,
        signal: new AbortController().signal,
      }),
    ).rejects.toMatchObject({ code: "UPDATE_NO_PIN_FOLDER" });
    expect(readFileSync(join(root, "azldev.toml"), "utf8")).toContain("[components.x]");
  });

  it("quote names that TOML takes for something else", () => {
    expect(formatPin("libstdc++", "abcdef0")).toBe("[components.'libstdc++']\nspec.upstream-commit = 'abcdef0'\n");
    expect(formatPin("it's", "abcdef0")).toBe("[components.\"it's\"]\nspec.upstream-commit = 'abcdef0'\n");
  });
});
