import { describe, expect, it } from "vitest";
import { makePackage } from "../../../../test/support/metadata.ts";
import { addPackage } from "../../../formats/rpmmd/index.ts";
import { Pool } from "../../pool/index.ts";
import {
  filterBySelection,
  isGlob,
  matchesGlob,
  packagesOf,
  type Selected,
  type SelectionOptions,
  selectByDependency,
  selectByProvider,
  selectedPackages,
  selectPackages,
} from "./index.ts";

function somePool(): Pool {
  const pool = new Pool(undefined, { arch: "x86_64" });
  const installed = pool.addRepository({ id: "installed", priority: 0, subPriority: 0 }).index;
  const base = pool.addRepository({ id: "base", priority: 0, subPriority: 0 }).index;
  pool.installed = installed;
  for (const [text, plan] of [
    ["bash-5.0-1.x86_64", { files: ["/usr/bin/bash"] }],
    ["old-1-1.x86_64", {}],
  ] as const)
    addPackage(pool.columns, installed, makePackage(text, plan));
  for (const [text, plan] of [
    ["bash-5.1-1.x86_64", { files: ["/usr/bin/bash", "/usr/bin/sh"], provides: ["shell = 5"] }],
    ["bash-completion-2-1.noarch", { requires: ["bash >= 5.1", "either"] }],
    ["zsh-1:5.8-2.x86_64", { files: ["/usr/bin/zsh"], provides: ["shell"] }],
    ["zsh-1:5.8-2.i686", { provides: ["shell"] }],
    ["zsh-1:5.8-2.aarch64", {}],
    ["zsh-1:5.8-2.src", {}],
    ["tool-2:1-1.x86_64", {}],
    ["tool-1:1-1.x86_64", {}],
  ] as const) {
    const made = makePackage(text, plan);
    const requires = made.requires.map((item) => (item.name === "either" ? { ...item, name: "(shell or zsh)" } : item));
    addPackage(pool.columns, base, { ...made, requires });
  }
  pool.prepare();
  return pool;
}

/** Selections as text: what they stand for, and their flags. */
function texts(pool: Pool, selected: readonly Selected[]): string[] {
  return selected.map(({ select, flags }) => {
    const packages = packagesOf(pool, select).map((pkg) => pool.nevra(pkg));
    return `${select.kind} ${packages.join(" ")}${flags.length === 0 ? "" : ` [${flags.join()}]`}`;
  });
}

const both = "bash-5.0-1.x86_64 bash-5.1-1.x86_64";
const cases: readonly [pattern: string, options: SelectionOptions, expected: string[]][] = [
  ["bash", { name: true }, [`name ${both}`]],
  ["bas", { name: true, provides: true, canon: true }, []],
  ["BASH", { name: true, noCase: true }, [`name ${both}`]],
  ["bash*", { name: true, glob: true }, [`name ${both}`, "name bash-completion-2-1.noarch"]],
  ["bash*", { name: true, glob: true, flat: true }, [`oneof ${both} bash-completion-2-1.noarch`]],
  ["bash >= 5.1", { name: true, relation: true }, ["name bash-5.1-1.x86_64"]],
  ["bash = 5.1-1", { name: true, relation: true }, ["name bash-5.1-1.x86_64 [setevr]"]],
  ["bash > 9", { name: true, relation: true }, []],
  ["bash", { name: true, installedOnly: true }, ["package bash-5.0-1.x86_64 [setrepo,noautoset]"]],
  ["zsh.i686", { name: true, dotArch: true }, ["name zsh-1:5.8-2.i686 [setarch]"]],
  ["zsh.src", { name: true, dotArch: true }, ["name zsh-1:5.8-2.src [setarch]"]],
  ["zsh.aarch64", { name: true, dotArch: true }, []],
  ["zsh", { name: true, withBadArch: true }, ["oneof zsh-1:5.8-2.x86_64 zsh-1:5.8-2.i686 zsh-1:5.8-2.aarch64"]],
  ["shell", { name: true, provides: true }, ["provides bash-5.1-1.x86_64 zsh-1:5.8-2.x86_64 zsh-1:5.8-2.i686"]],
  ["shell > 5", { provides: true, relation: true }, ["provides zsh-1:5.8-2.x86_64 zsh-1:5.8-2.i686"]],
  ["bash-5.1", { canon: true }, ["name bash-5.1-1.x86_64 [setev]"]],
  ["bash-5.1-1.x86_64", { canon: true }, ["name bash-5.1-1.x86_64 [setarch,setevr]"]],
  ["zsh-5.8-2", { canon: true }, ["name zsh-1:5.8-2.x86_64 zsh-1:5.8-2.i686 [setevr]"]],
  ["tool-1", { canon: true }, ["oneof tool-2:1-1.x86_64 tool-1:1-1.x86_64"]],
  ["tool-2:1", { canon: true }, ["name tool-2:1-1.x86_64 [setev]"]],
  ["/usr/bin/sh", { filelist: true, name: true }, ["package bash-5.1-1.x86_64 [noautoset]"]],
  ["/usr/bin/*sh", { filelist: true, glob: true, flat: true }, [`oneof ${both} zsh-1:5.8-2.x86_64`]],
];

describe("selections", () => {
  it.each(cases)("%s under %o", (pattern, options, expected) => {
    const pool = somePool();
    expect(texts(pool, selectPackages(pool, pattern, options))).toEqual(expected);
  });

  it("leave out disabled packages unless asked for", () => {
    const pool = somePool();
    pool.considered = new Uint8Array(pool.columns.count).fill(1);
    const [zsh] = selectedPackages(pool, selectPackages(pool, "zsh", { name: true }));
    pool.considered[zsh as number] = 0;
    pool.prepare();
    expect(texts(pool, selectPackages(pool, "zsh", { name: true }))).toEqual(["name zsh-1:5.8-2.i686"]);
    expect(texts(pool, selectPackages(pool, "zsh", { name: true, withDisabled: true }))).toEqual([
      "oneof zsh-1:5.8-2.x86_64 zsh-1:5.8-2.i686",
    ]);
  });

  it("find packages by what they require", () => {
    const pool = somePool();
    const found = ["package bash-completion-2-1.noarch [noautoset]"];
    const by = (pattern: string, options: SelectionOptions) =>
      texts(pool, selectByDependency(pool, pattern, "requires", options));
    expect(by("bash", {})).toEqual(found);
    expect(by("bash > 6", { relation: true })).toEqual(found);
    expect(by("bash < 5", { relation: true })).toEqual([]);
    expect(by("Z*", { glob: true, noCase: true })).toEqual(found);
    expect(by("bash >= 5.1", { dependencyText: true })).toEqual(found);
    const [zsh] = selectedPackages(pool, selectPackages(pool, "zsh.i686", { name: true, dotArch: true }));
    expect(texts(pool, selectByProvider(pool, zsh as number, "requires", {}))).toEqual(found);
    const [old] = selectedPackages(pool, selectPackages(pool, "bash-5.0", { canon: true }));
    expect(selectByProvider(pool, old as number, "requires", {})).toEqual([]);
  });

  it("narrow each other", () => {
    const pool = somePool();
    const all: Selected[] = [{ select: { kind: "all" }, flags: [] }];
    const bash = selectPackages(pool, "bash", { name: true });
    expect(texts(pool, filterBySelection(pool, bash, all, true))).toEqual([`name ${both}`]);
    const installed: Selected[] = [{ select: { kind: "repository", repository: pool.installed }, flags: ["setrepo"] }];
    expect(texts(pool, filterBySelection(pool, bash, installed, true))).toEqual([
      "package bash-5.0-1.x86_64 [setrepo,noautoset]",
    ]);
    expect(texts(pool, filterBySelection(pool, bash, installed, false))).toEqual([
      "package bash-5.1-1.x86_64 [setrepo,noautoset]",
    ]);
  });
});

describe("shell patterns", () => {
  it.each([
    ["*", "", true],
    ["a*c", "abbc", true],
    ["a*c", "abb", false],
    ["?", "", false],
    ["[a-c]x", "bx", true],
    ["[!a-c]x", "bx", false],
    ["[]]", "]", true],
    ["[", "[", true],
    ["a\\*", "a*", true],
    ["a\\*", "ab", false],
    ["*/bin/*", "/usr/bin/env", true],
    ["lib*.so.[0-9]", "libfoo.so.6", true],
  ])("%s takes %s: %s", (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected);
  });

  it("takes no longer for a pattern made to take long", () => {
    const start = performance.now();
    expect(matchesGlob(`${"a*".repeat(200)}b`, "a".repeat(5000))).toBe(false);
    expect(performance.now() - start).toBeLessThan(5000);
    expect(isGlob("a?c")).toBe(true);
    expect(isGlob("abc")).toBe(false);
  });
});
