import { mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type ElfPlan, makeElf } from "../../../test/support/elf.ts";
import { layRepository } from "../../../test/support/repository.ts";
import type { TestPackage } from "../../../test/support/rpm-builder.ts";
import type { Repository } from "../../formats/rpmmd/index.ts";
import {
  compareDistributions,
  compatReport,
  compatRules,
  openFromRepository,
  type PackageComparison,
} from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "weir-compat-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

function lay(id: string, packages: readonly TestPackage[]): Repository {
  return layRepository(join(folder, `${count++}`), id, packages);
}

async function compare(
  before: readonly TestPackage[],
  after: readonly TestPackage[],
  renames: Record<string, string> = {},
) {
  const sides = [lay("old", before), lay("new", after)] as const;
  const [one, two] = sides.map((repository) => ({ repository, open: openFromRepository(repository) }));
  if (!one || !two) throw new Error("two sides");
  return compareDistributions({ before: one, after: two, renames });
}

const pkg = (name: string, version: string, rest: Partial<TestPackage> = {}): TestPackage => ({
  name,
  version,
  release: "1",
  arch: "x86_64",
  ...rest,
  provides: [`${name} = ${version}-1`, ...(rest.provides ?? [])],
});

const file = (path: string, content: string | Uint8Array, mode = 0o644) => ({ path, content, mode });
const library = (elf: ElfPlan, path = "/usr/lib64/libmill.so.1") =>
  file(path, makeElf({ soname: "libmill.so.1", ...elf }), 0o755);
const lib = (version: string, elf: ElfPlan) =>
  pkg("mill-libs", version, { provides: ["libmill.so.1()(64bit)"], files: [library(elf)] });
const user = (elf: ElfPlan) =>
  pkg("grinder", "1", {
    requires: ["libmill.so.1()(64bit)"],
    files: [
      file("/usr/bin/grinder", makeElf({ interpreter: "/lib64/ld.so", needed: ["libmill.so.1"], ...elf }), 0o755),
    ],
  });
const only = (packages: readonly PackageComparison[], name: string) => {
  const found = packages.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};
const changesOf = (comparison: PackageComparison) =>
  comparison.changes.map(({ rule, breaks, subject }) => [rule, breaks, subject]);

describe("verdicts", () => {
  it("tells identical, additive and not compared apart", async () => {
    const result = await compare(
      [
        pkg("same", "1", { files: [file("/usr/share/same", "x")] }),
        pkg("grows", "1", { files: [file("/usr/share/grows", "x")] }),
        pkg("meta", "1"),
      ],
      [
        pkg("same", "2", { files: [file("/usr/share/same", "x")] }),
        pkg("grows", "2", { files: [file("/usr/share/grows", "x"), file("/usr/bin/more", "y")] }),
        pkg("meta", "2"),
        pkg("fresh", "1"),
      ],
    );
    expect(result.packages.map(({ name, verdict }) => [name, verdict])).toEqual([
      ["fresh", "added"],
      ["grows", "additive"],
      ["meta", "not-compared"],
      ["same", "identical"],
    ]);
    expect(result.skips).toEqual([
      { subject: "meta-1-1.x86_64", reason: "no file is on both sides: only dependencies and paths were compared" },
    ]);
    expect(result.totals).toMatchObject({ added: 1, additive: 1, identical: 1, "not-compared": 1, break: 0 });
  });

  it("does not take another link target for the same content", async () => {
    const link = (target: string) =>
      pkg("linked", "1", { files: [file("/usr/share/x", "x"), { path: "/usr/share/y", type: "symlink", target }] });
    const verdict = async (target: string) =>
      only((await compare([link("x")], [link(target)])).packages, "linked").verdict;
    expect([await verdict("x"), await verdict("z")]).toEqual(["identical", "additive"]);
  });

  it("is never green without package files", async () => {
    const old = lay("old", [
      pkg("a", "1", { files: [file("/usr/bin/a", "x")] }),
      pkg("b", "1", { files: [file("/usr/bin/b", "x")] }),
    ]);
    const now = lay("new", [pkg("a", "1", { files: [file("/usr/bin/a", "x")] }), pkg("b", "1")]);
    const result = await compareDistributions({ before: { repository: old }, after: { repository: now } });
    expect(result.packages.map(({ verdict }) => verdict)).toEqual(["not-compared", "break"]);
    expect(compatReport(result).findings.map(({ rule }) => rule)).toEqual(["COMPAT001", "COMPAT009"]);
    const empty = await compareDistributions({
      before: { repository: { ...old, packages: [] } },
      after: { repository: now },
    });
    expect(compatReport(empty).findings[0]).toMatchObject({ rule: "COMPAT001", inhibitor: true });
  });

  it("treats files that are absent, wrong, damaged or outside as not compared", async () => {
    const plan = (name: string) => pkg(name, "1", { files: [file(`/usr/share/${name}`, "x")] });
    const old = lay("old", ["absent", "damaged", "outside", "wrong"].map(plan));
    const now = lay("new", ["absent", "damaged", "outside", "wrong"].map(plan));
    const at = (name: string) => join(now.root, `Packages/${name}-1-1.x86_64.rpm`);
    unlinkSync(at("absent"));
    writeFileSync(at("damaged"), "no package");
    unlinkSync(at("outside"));
    symlinkSync(join(old.root, "Packages/outside-1-1.x86_64.rpm"), at("outside"));
    unlinkSync(at("wrong"));
    symlinkSync("damaged-1-1.x86_64.rpm", at("wrong"));
    const result = await compareDistributions({
      before: { repository: old, open: openFromRepository(old) },
      after: { repository: now, open: openFromRepository(now) },
    });
    expect(result.packages.map(({ verdict }) => verdict)).toEqual(Array(4).fill("not-compared"));
    expect(result.skips.map(({ reason }) => reason.replace(/^.*could not be read: /, ""))).toEqual([
      "the package file of absent-1-1.x86_64 is not at hand",
      expect.any(String),
      "the package file is a link that leaves the repository",
      expect.any(String),
    ]);
    expect(result.comparedFiles).toBe(0);
  });

  it("names its errors", async () => {
    const repository = lay("old", [pkg("a", "1"), pkg("b", "1")]);
    const [a, b] = repository.packages;
    if (!a || !b) throw new Error("two packages");
    const open = openFromRepository(repository);
    await expect(open({ ...a, location: b.location })).rejects.toMatchObject({ code: "COMPAT_PACKAGE_MISMATCH" });
    await expect(open({ ...a, location: "../x" })).rejects.toMatchObject({ code: "PATH_ESCAPE" });
    symlinkSync("/etc/hostname", join(repository.root, "link"));
    await expect(open({ ...a, location: "link" })).rejects.toMatchObject({ code: "COMPAT_PACKAGE_OUTSIDE" });
    symlinkSync("loop", join(repository.root, "loop"));
    await expect(open({ ...a, location: "loop" })).rejects.toMatchObject({ code: "COMPAT_PACKAGE_UNREADABLE" });
    expect(await open({ ...a, location: "none" })).toBeUndefined();
    const large = lay("old", [pkg("c", "1", { files: [file("/usr/bin/c", "0123456789")] })]);
    const opened = await openFromRepository(large, { maxFile: 5 })(
      large.packages[0] as (typeof large.packages)[number],
    );
    const drain = async () => {
      for await (const content of opened?.contents(() => true) ?? []) expect(content).toBeUndefined();
    };
    await expect(drain()).rejects.toMatchObject({ code: "COMPAT_FILE_TOO_LARGE" });
  });
});

describe("shared libraries", () => {
  it("finds a removed symbol and who uses it", async () => {
    const old = lib("1", { exports: [{ name: "mill_run" }, { name: "mill_stop" }] });
    const now = lib("2", { exports: [{ name: "mill_run" }, { name: "mill_start" }] });
    const unused = await compare(
      [old, user({ imports: [{ name: "mill_run" }] })],
      [now, user({ imports: [{ name: "mill_run" }] })],
    );
    expect(only(unused.packages, "mill-libs")).toMatchObject({
      verdict: "break",
      changes: [{ rule: "COMPAT006", subject: "mill_stop", consumers: [] }],
    });
    expect(compatReport(unused).findings).toMatchObject([{ rule: "COMPAT006", severity: "medium" }]);
    const used = await compare(
      [old, user({ imports: [{ name: "mill_stop" }] })],
      [now, user({ imports: [{ name: "mill_run" }] })],
    );
    expect(only(used.packages, "mill-libs").changes[0]?.consumers).toEqual(["grinder-1-1.x86_64"]);
    expect(compatReport(used).findings[0]).toMatchObject({
      rule: "COMPAT006",
      severity: "high",
      message: expect.stringContaining("grinder-1-1.x86_64"),
    });
  });

  it.each<[string, ElfPlan, ElfPlan, unknown[]]>([
    ["only adds", { exports: [{ name: "a@@V1" }] }, { exports: [{ name: "a@V1" }, { name: "a@@V2" }] }, []],
    [
      "moves a version",
      { exports: [{ name: "a@@V1" }, { name: "b@@V1" }] },
      { exports: [{ name: "a@@V2" }, { name: "b@@V1" }] },
      [["COMPAT007", true, "a@V1"]],
    ],
    [
      "loses a node",
      { exports: [{ name: "a@@V1" }, { name: "b@@V2" }] },
      { exports: [{ name: "b@@V2" }] },
      [
        ["COMPAT006", true, "a@V1"],
        ["COMPAT007", true, "V1"],
      ],
    ],
    ["versions what had none", { exports: [{ name: "a" }] }, { exports: [{ name: "a@@V1" }] }, []],
    ["drops all versions", { exports: [{ name: "a@@V1" }] }, { exports: [{ name: "a" }] }, []],
    [
      "grows a table",
      { exports: [{ name: "t", type: "object", size: 16 }] },
      { exports: [{ name: "t", type: "object", size: 32 }] },
      [["COMPAT008", true, "t"]],
    ],
    [
      "turns data into code",
      { exports: [{ name: "t", type: "object" }] },
      { exports: [{ name: "t" }] },
      [["COMPAT008", true, "t"]],
    ],
    [
      "loses weak code",
      { exports: [{ name: "a" }, { name: "w", weak: true }] },
      { exports: [{ name: "a" }] },
      [["COMPAT006", false, "w"]],
    ],
    [
      "loses what is private",
      { exports: [{ name: "a" }, { name: "p@@MILL_PRIVATE" }] },
      { exports: [{ name: "a" }] },
      [["COMPAT006", false, "p@MILL_PRIVATE"]],
    ],
    [
      "changes the machine",
      { exports: [{ name: "a" }] },
      { exports: [{ name: "a" }], machine: 183 },
      [["COMPAT019", true, "aarch64"]],
    ],
  ])("%s", async (_, before, after, expected) => {
    const result = await compare([lib("1", before)], [lib("2", after)]);
    const found = only(result.packages, "mill-libs");
    expect(changesOf(found)).toEqual(expected);
    expect(found.verdict).toBe(expected.some((change) => (change as unknown[])[1] === true) ? "break" : "additive");
    expect(found.comparedFiles).toBe(1);
  });

  it("counts only copies where a size changed", async () => {
    const sized = (version: string, size: number) => lib(version, { exports: [{ name: "t", type: "object", size }] });
    const copying = await compare([sized("1", 16), user({ imports: [{ name: "t", copy: 16 }] })], [sized("2", 32)]);
    expect(only(copying.packages, "mill-libs").changes[0]).toMatchObject({
      rule: "COMPAT008",
      consumers: ["grinder-1-1.x86_64"],
    });
    const looking = await compare([sized("1", 16), user({ imports: [{ name: "t" }] })], [sized("2", 32)]);
    expect(only(looking.packages, "mill-libs").changes[0]).toMatchObject({ rule: "COMPAT008", consumers: [] });
    const versioned = (version: string, size: number) =>
      lib(version, { exports: [{ name: "t@@V1", type: "object", size }] });
    const imports = [{ name: "t", version: "V1", library: "libmill.so.1", copy: 16 }];
    const result = await compare([versioned("1", 16), user({ imports })], [versioned("2", 32)]);
    expect(only(result.packages, "mill-libs").changes[0]?.consumers).toEqual(["grinder-1-1.x86_64"]);
  });

  it("finds a soname that went, its successor, and those who need it on either side", async () => {
    const next = pkg("mill-libs", "2", {
      provides: ["libmill.so.2()(64bit)"],
      files: [library({ soname: "libmill.so.2" }, "/usr/lib64/libmill.so.2")],
    });
    const result = await compare([lib("1", {}), user({})], [next, user({})]);
    expect(only(result.packages, "mill-libs").changes).toMatchObject([
      {
        rule: "COMPAT005",
        subject: "libmill.so.1",
        what: "soname libmill.so.1 → libmill.so.2",
        consumers: ["grinder-1-1.x86_64"],
      },
    ]);
    expect(result.leftBehind).toEqual([{ nevra: "grinder-1-1.x86_64", capability: "libmill.so.1()(64bit)" }]);
    expect(compatReport(result).findings[0]).toMatchObject({ rule: "COMPAT018", severity: "blocker", inhibitor: true });
  });

  it("follows a library into another package", async () => {
    const moved = pkg("mill-core", "2", {
      provides: ["libmill.so.1()(64bit)"],
      files: [library({ exports: [{ name: "b" }] })],
    });
    const rest = pkg("mill-libs", "2", { files: [file("/usr/share/mill", "x")] });
    const result = await compare([lib("1", { exports: [{ name: "a" }] })], [moved, rest]);
    expect(changesOf(only(result.packages, "mill-libs"))).toEqual([
      ["COMPAT006", true, "a"],
      ["COMPAT010", false, "mill-core"],
    ]);
  });
});

describe("renames", () => {
  const files = [file("/usr/share/mill", "x")];
  it.each<[string, TestPackage[], Record<string, string>, string, string | undefined]>([
    [
      "an Obsoletes that reaches",
      [pkg("water", "2", { obsoletes: ["mill < 2"], provides: ["mill = 2"], files })],
      {},
      "renamed",
      "renamed",
    ],
    ["an Obsoletes too old", [pkg("water", "2", { obsoletes: ["mill < 1"], files })], {}, "removed", "dropped"],
    ["a Provides", [pkg("water", "2", { provides: ["mill"], files })], {}, "renamed", "provided"],
    ["a curated rule", [pkg("water", "2", { files })], { mill: "water" }, "renamed", "renamed"],
    ["a curated rule to nowhere", [pkg("water", "2", { files })], { mill: "wind" }, "removed", "dropped"],
    [
      "several Obsoletes",
      [pkg("water", "2", { obsoletes: ["mill < 2"], files }), pkg("wind", "2", { obsoletes: ["mill < 2"] })],
      {},
      "renamed",
      "split",
    ],
  ])("%s", async (_, after, renames, verdict, fate) => {
    const result = await compare([pkg("mill", "1", { files })], after, renames);
    const found = only(result.packages, "mill");
    expect([found.verdict, found.fate]).toEqual([verdict, fate]);
    if (verdict === "renamed") expect(found.evidence.length).toBeGreaterThan(0);
  });
});

describe("the workflow of packages", () => {
  it("finds commands, units, configuration, owners, modes, interpreters, presets, users and versions", async () => {
    const unit = (name: string) => file(`/usr/lib/systemd/system/${name}`, "[Unit]\n");
    const result = await compare(
      [
        pkg("server", "2", {
          scriptlets: [{ kind: "post", interpreter: ["/bin/sh"], body: "x" }],
          files: [
            file("/usr/sbin/served", "1", 0o4755),
            file("/usr/bin/ctl", "1", 0o755),
            unit("served.service"),
            unit("old.service"),
            { path: "/etc/served.conf", content: "a", flags: 17 },
            { path: "/usr/bin/ping", content: "p", mode: 0o755, capabilities: "cap_net_raw=p" },
            file("/usr/lib/sysusers.d/served.conf", "u served 990 -\nu gone - -\n"),
          ],
        }),
        pkg("release", "1", {
          files: [file("/usr/lib/systemd/system-preset/90-x.preset", "enable served.*\ndisable *\n")],
        }),
      ],
      [
        pkg("server", "1", {
          scriptlets: [{ kind: "post", interpreter: ["<lua>"], body: "x" }],
          files: [
            file("/usr/bin/served", "1", 0o755),
            unit("served.service"),
            { path: "/etc/served.conf", content: "b", flags: 1 },
            { path: "/usr/bin/ping", content: "p", mode: 0o755 },
            file("/usr/lib/sysusers.d/served.conf", "u served 991 -\n"),
          ],
        }),
        pkg("release", "2", { files: [file("/usr/lib/systemd/system-preset/90-x.preset", "disable *\n")] }),
      ],
    );
    expect(changesOf(only(result.packages, "server"))).toEqual([
      ["COMPAT009", true, "/usr/bin/ctl"],
      ["COMPAT011", true, "/etc/served.conf"],
      ["COMPAT011", false, "/etc/served.conf"],
      ["COMPAT012", true, "old.service"],
      ["COMPAT013", true, "served.service"],
      ["COMPAT014", true, "gone"],
      ["COMPAT014", true, "served"],
      ["COMPAT015", false, "%post"],
      ["COMPAT016", true, "/usr/bin/ping"],
      ["COMPAT016", true, "/usr/sbin/served"],
      ["COMPAT017", false, "server"],
    ]);
    const rules = new Set(compatReport(result).findings.map((finding) => finding.rule));
    for (const rule of rules) expect(compatRules).toHaveProperty(rule);
  });

  it("says what there is instead, and tells a new interpreter from lost files", async () => {
    const result = await compare(
      [
        pkg("tool", "1", {
          files: [file("/usr/bin/tool", "1", 0o755), file("/usr/lib/python3.12/site-packages/tool.py", "x")],
        }),
      ],
      [
        pkg("tool", "2", {
          files: [file("/usr/bin/tool-2", "1", 0o755), file("/usr/lib/python3.14/site-packages/tool.py", "x")],
        }),
      ],
    );
    expect(only(result.packages, "tool").changes.map((change) => change.what)).toEqual([
      "in no package any more; there is /usr/bin/tool-2 of tool",
      "python3.12 → python3.14: 1 file in the folder of another interpreter version",
    ]);
  });

  it("gives equal bytes for equal input", async () => {
    const before = [lib("1", { exports: [{ name: "b" }, { name: "a" }] }), user({})];
    const after = [lib("2", {})];
    const [one, two] = [await compare(before, after), await compare([...before].reverse(), after)];
    expect(JSON.stringify(compatReport(two))).toBe(JSON.stringify(compatReport(one)));
  });
});
