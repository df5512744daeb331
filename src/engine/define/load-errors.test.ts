import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { definitionTree, smallProject } from "../../../test/support/definition-tree.ts";
import { WeirError } from "../../core/index.ts";
import { DefinitionError, loadProject } from "./index.ts";

interface Case {
  readonly code: string;
  /** Added to the small project; `HERE` marks the expected place and is taken out. */
  readonly toml: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly message?: RegExp;
  readonly hint?: RegExp;
  /** File that the issue is in, if not azldev.toml. */
  readonly file?: string;
}

const overlay = (keys: string) => `[[components.a.overlays]]\nHERE${keys}`;
const spec = (keys: string) => `[components.a.spec]\n${keys}`;
const source = (keys: string) => `[[components.a.source-files]]\nfilename = "x"\n${keys}`;
const download = 'origin = { type = "download", uri = "https://x.example/x" }';

const cases: readonly Case[] = [
  { code: "DEFINITION_SYNTAX", toml: "[components.a\n", message: /bad TOML/ },
  { code: "DEFINITION_UNKNOWN_KEY", toml: "[components.a.build]\nHEREwiht = []", hint: /did you mean "with"/ },
  { code: "DEFINITION_UNKNOWN_KEY", toml: "HERE[componets.a]".replace("HERE[", "[HERE"), hint: /"components"/ },
  { code: "DEFINITION_UNKNOWN_KEY", toml: "[components.a.build.check]\nHEREskip-reason = 'x'", hint: /"skip_reason"/ },
  {
    code: "DEFINITION_WRONG_TYPE",
    toml: '[components.a.build]\nHEREwith = "x"',
    message: /"with" must be a list, not text/,
  },
  { code: "DEFINITION_WRONG_TYPE", toml: "[components.a.build]\nwith = ['x', HERE1]", message: /element 2 of "with"/ },
  { code: "DEFINITION_WRONG_TYPE", toml: "[components]\nHEREa = 1", message: /a table, not a number/ },
  {
    code: "DEFINITION_WRONG_TYPE",
    toml: "[project]",
    file: "more.toml",
    files: { "more.toml": "[project]\ndescription = 2020-01-01" },
  },
  { code: "DEFINITION_BAD_ENUM", toml: '[components.a.release]\nHEREcalculation = "manul"', hint: /"manual"/ },
  { code: "DEFINITION_BAD_ENUM", toml: '[components.a.release]\nHEREcalculation = "xxxxxxx"', hint: /allowed: auto, / },
  { code: "DEFINITION_BAD_ENUM", toml: overlay("type = 'spec-ad-tag'"), hint: /"spec-add-tag"/ },
  { code: "DEFINITION_MISSING_KEY", toml: "[[components.a.HEREoverlays]]\ntag = 'x'", message: /"type" is missing/ },
  { code: "DEFINITION_MISSING_KEY", toml: spec("HEREtype = 'local'"), message: /"path"/ },
  { code: "DEFINITION_MISSING_KEY", toml: "[[components.a.source-files]]\nfilename = 'x'", message: /"origin"/ },
  { code: "DEFINITION_MISSING_KEY", toml: source("origin = { type = 'download' }"), message: /"uri"/ },
  { code: "DEFINITION_MISSING_KEY", toml: source(`${download}\nHEREhash = 'aa'`), message: /"hash-type"/ },
  { code: "DEFINITION_MISSING_KEY", toml: source("origin = { type = 'custom' }"), message: /"script"/ },
  { code: "DEFINITION_MISSING_KEY", toml: "[test-suites.t]\ntype = 'pytest'", message: /table "pytest"/ },
  {
    code: "DEFINITION_MISSING_KEY",
    toml: "[test-suites.t]\ntype = 'pytest'\n[test-suites.t.pytest]\nHEREinstall = 'pyproject'",
  },
  { code: "DEFINITION_BAD_NAME", toml: '[components.HERE"a b"]', message: /blanks/ },
  { code: "DEFINITION_BAD_NAME", toml: '[components.HERE".."]' },
  { code: "DEFINITION_BAD_NAME", toml: '[components.HERE"a/b"]' },
  { code: "DEFINITION_BAD_NAME", toml: "[package-groups.p]\npackages = [HERE'']" },
  { code: "DEFINITION_BAD_COMMIT", toml: spec("type = 'upstream'\nHEREupstream-commit = 'abc12'") },
  { code: "DEFINITION_BAD_COMMIT", toml: spec("type = 'upstream'\nHEREupstream-commit = 'abcdefgh'") },
  {
    code: "DEFINITION_BAD_SNAPSHOT",
    toml: "[default-component-config.spec.upstream-distro]\nHEREsnapshot = 'yesterday'",
  },
  { code: "DEFINITION_BAD_CHANNEL", toml: "[components.a.publish]\nHERErpm-channel = '../x'" },
  { code: "DEFINITION_BAD_CHANNEL", toml: "[components.a.packages.b.publish]\nHEREchannel = '..'" },
  { code: "DEFINITION_BAD_URL", toml: source("origin = { type = 'download', HEREuri = 'x/y' }") },
  { code: "DEFINITION_BAD_URL", toml: "[resources.rpm-repos.r]\nHEREbase-uri = 'ftp://x'\ndisable-gpg-check = true" },
  { code: "DEFINITION_BAD_HASH", toml: source(`${download}\nhash-type = 'SHA256'\nHEREhash = 'aa'`), message: /64/ },
  { code: "DEFINITION_BAD_GLOB", toml: "[component-groups.g]\nspecs = [HERE'a[']" },
  { code: "DEFINITION_BAD_GLOB", toml: "[component-groups.g]\nspecs = [HERE'']" },
  { code: "DEFINITION_BAD_GLOB", toml: "[components.a]\noverlay-files = [HERE'a{b']" },
  { code: "DEFINITION_BAD_GLOB", toml: "[components.a]\noverlay-files = [HERE'']" },
  {
    code: "DEFINITION_BAD_REGEX",
    toml: overlay("").replace("HERE", "type = 'spec-search-replace'\nHEREregex = '(?=x)'"),
  },
  { code: "DEFINITION_PATH_WITHOUT_LOCAL", toml: spec("type = 'upstream'\nHEREpath = 'a.spec'") },
  { code: "DEFINITION_PATH_WITHOUT_LOCAL", toml: spec("HEREpath = 'a.spec'"), hint: /type = "local"/ },
  { code: "DEFINITION_UPSTREAM_KEY_WITHOUT_UPSTREAM", toml: spec("HEREupstream-name = 'b'") },
  { code: "DEFINITION_UPSTREAM_KEY_WITHOUT_UPSTREAM", toml: spec("HEREupstream-commit = 'abcdef0'") },
  {
    code: "DEFINITION_COMPONENT_SNAPSHOT",
    toml: "[components.a.spec.upstream-distro]\nHEREsnapshot = '2026-01-01T00:00:00Z'",
    hint: /upstream-commit/,
  },
  { code: "DEFINITION_REASON_MISSING", toml: "[components.a.build.HEREcheck]\nskip = true", message: /skip_reason/ },
  { code: "DEFINITION_REASON_MISSING", toml: "[components.a.build.HEREfailure]\nexpected = true" },
  { code: "DEFINITION_REASON_MISSING", toml: source(`${download}\nHEREreplace-upstream = true`) },
  { code: "DEFINITION_KEY_NOT_ALLOWED", toml: source(`${download}\nHEREreplace-reason = 'x'`) },
  { code: "DEFINITION_KEY_NOT_ALLOWED", toml: source("origin = { type = 'custom', script = 's', HEREuri = 'x:y' }") },
  { code: "DEFINITION_KEY_NOT_ALLOWED", toml: source("origin = { type = 'download', uri = 'x:y', HEREscript = 's' }") },
  { code: "DEFINITION_KEY_NOT_ALLOWED", toml: "[test-suites.t]\ntype = 'lisa'\n[test-suites.t.HEREpytest]" },
  {
    code: "DEFINITION_DUPLICATE_SOURCE_FILE",
    toml: `${source(download)}\n[[components.a.source-files]]\nHEREfilename = 'x'\n${download}`,
  },
  {
    code: "DEFINITION_DUPLICATE_COMPONENT",
    toml: "[components.a]",
    file: "more.toml",
    files: { "more.toml": "[components.a]" },
    hint: /azldev\.toml:\d+/,
  },
  {
    code: "DEFINITION_DUPLICATE_COMPONENT_GROUP",
    toml: "[component-groups.a]",
    file: "more.toml",
    files: { "more.toml": "[component-groups.a]" },
  },
  { code: "DEFINITION_DUPLICATE_IMAGE", toml: "[images.a]", file: "more.toml", files: { "more.toml": "[images.a]" } },
  {
    code: "DEFINITION_DUPLICATE_PACKAGE_GROUP",
    toml: "[package-groups.a]",
    file: "more.toml",
    files: { "more.toml": "[package-groups.a]" },
  },
  {
    code: "DEFINITION_DUPLICATE_TEST_SUITE",
    toml: "[test-suites.a]\ntype='lisa'",
    file: "more.toml",
    files: { "more.toml": "[test-suites.a]\ntype='lisa'" },
  },
  { code: "DEFINITION_DUPLICATE_PACKAGE", toml: "[package-groups.a]\npackages = ['x', HERE'x']" },
  {
    code: "DEFINITION_PACKAGE_IN_TWO_GROUPS",
    toml: "[package-groups.a]\npackages = ['x']\n[package-groups.b]\npackages = [HERE'x']",
  },
  {
    code: "DEFINITION_GROUP_MEMBER_UNKNOWN",
    toml: "[components.abacus]\n[component-groups.g]\ncomponents = [HERE'abcus']",
    hint: /"abacus"/,
  },
  { code: "DEFINITION_TEST_SUITE_UNKNOWN", toml: "[images.i.tests]\ntest-suites = [{ HEREname = 'x' }]" },
  { code: "DEFINITION_DISTRO_UNKNOWN", toml: "[components.HEREa.spec.upstream-distro]\nname = 'upp'", hint: /"up"/ },
  { code: "DEFINITION_DISTRO_VERSION_UNKNOWN", toml: "[components.HEREa.spec.upstream-distro]\nversion = '8'" },
  {
    code: "DEFINITION_DISTRO_INCOMPLETE",
    toml: "[components.HEREa.spec.upstream-distro]\nname = 'down'\nversion = '1'",
    message: /dist-git-base-uri/,
  },
  {
    code: "DEFINITION_ARCHIVE_MISMATCH",
    toml: "[components.HEREa]\noverlays = [{ type = 'file-remove', file = 'x', archive = 'a.tar' }]",
  },
  { code: "DEFINITION_BAD_ARCHIVE", toml: overlay("archive = 'a.zip'\ntype = 'file-remove'\nfile = 'x'") },
  {
    code: "DEFINITION_METADATA_CONTRADICTION",
    toml: "[components.a.HERE x]".replace(
      "[components.a.HERE x]",
      "[[components.a.overlays]]\ntype = 'spec-remove-tag'\ntag = 'x'\nHEREmetadata = { category = 'upstream-backport', upstream-status = 'upstreamed' }",
    ),
  },
  {
    code: "DEFINITION_BAD_RESOURCE",
    toml: "[resources.rpm-repos.HEREr]\nbase-uri = 'https://x'",
    hint: /disable-gpg-check/,
  },
  {
    code: "DEFINITION_BAD_RESOURCE",
    toml: "[resources.rpm-repo-sets.s]\nHEREtemplate = 'azl-standrd'\nbase-uri = 'https://x'\ndisable-gpg-check = true",
    hint: /"azl-standard"/,
  },
  { code: "DEFINITION_BAD_INPUT", toml: "[distros.down.versions.2]\ninputs.rpm-build = [{ HERErepo = 'x' }]" },
  {
    code: "DEFINITION_BAD_INPUT",
    toml: "[resources.rpm-repos.r]\nbase-uri = 'https://x'\ngpg-key = 'k.asc'\n[distros.down.versions.2]\ninputs.rpm-build = [HERE{ repo = 'r' }]",
    hint: /https URL/,
  },
  {
    code: "DEFINITION_INCLUDE_MISSING",
    toml: "[project]",
    file: "more.toml",
    files: { "more.toml": "includes = ['nothere.toml']" },
  },
  {
    code: "DEFINITION_INCLUDE_CYCLE",
    toml: "[project]",
    file: "more.toml",
    files: { "more.toml": "includes = ['azldev.toml']" },
  },
  {
    code: "DEFINITION_INCLUDE_CYCLE",
    toml: "[project]",
    file: "more.toml",
    files: { "more.toml": "includes = ['x/a.toml', 'x/*.toml']", "x/a.toml": "" },
  },
  { code: "DEFINITION_OVERLAY_FILE_MISSING", toml: "[components.a]\nHEREoverlay-files = ['x.toml']" },
  {
    code: "DEFINITION_OVERLAY_FILE_EMPTY",
    toml: "[components.a]\noverlay-files = ['o/*']",
    file: "o/x.toml",
    files: { "o/x.toml": "metadata = { category = 'azl-pruning', upstream-status = 'unknown' }" },
  },
  {
    code: "DEFINITION_OVERLAY_FILE_METADATA",
    toml: "[components.a]\noverlay-files = ['o/*']",
    file: "o/x.toml",
    files: {
      "o/x.toml":
        "metadata = { category = 'azl-pruning', upstream-status = 'unknown' }\n[[overlays]]\ntype = 'spec-remove-tag'\ntag = 'x'\n[overlays.metadata]\ncategory = 'azl-pruning'\nupstream-status = 'unknown'",
    },
  },
  {
    code: "DEFINITION_SPEC_PATH_MISMATCH",
    toml: "[components.HEREa.spec]\ntype = 'local'\npath = 'b.spec'\n[component-groups.g]\nspecs = ['s/*.spec']",
    files: { "s/a.spec": "" },
  },
];

/** Loads the case's tree and gives its error and the place that HERE marked. */
async function fail(one: Case): Promise<{ error: DefinitionError; line: number; column: number }> {
  const includes = one.files?.["more.toml"] === undefined ? "" : 'includes = ["more.toml"]\n';
  const body = one.toml.startsWith("[project]") ? one.toml.slice("[project]".length) : one.toml;
  const marked = `${includes}${smallProject(body)}`;
  const before = marked.split("HERE")[0] ?? "";
  const root = definitionTree({ "azldev.toml": marked.replace("HERE", ""), ...one.files });
  const error = await loadProject(root).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DefinitionError)) throw new Error(`no definition error but ${String(error)}`);
  return { error, line: before.split("\n").length, column: before.length - before.lastIndexOf("\n") };
}

describe("each mistake has its code, its place and its hint", () => {
  for (const [index, one] of cases.entries()) {
    it(`${index} ${one.code}`, async () => {
      const { error, line, column } = await fail(one);
      expect(error.code, error.message).toBe(one.code);
      expect(error.issues).toHaveLength(1);
      expect(error.where).toMatchObject({ file: one.file ?? "azldev.toml" });
      if (one.toml.includes("HERE")) expect(error.where).toEqual({ file: "azldev.toml", line, column });
      if (one.message !== undefined) expect(error.message).toMatch(one.message);
      if (one.hint !== undefined) expect(error.hints.join("\n")).toMatch(one.hint);
      expect(error.exitCode).toBe(2);
    });
  }
});

describe("keys of overlays, type by type", () => {
  const required: Readonly<Record<string, readonly string[]>> = {
    "spec-add-tag": ["tag", "value"],
    "spec-insert-tag": ["tag", "value"],
    "spec-set-tag": ["tag", "value"],
    "spec-update-tag": ["tag", "value"],
    "spec-remove-tag": ["tag"],
    "spec-prepend-lines": ["lines"],
    "spec-append-lines": ["lines"],
    "spec-search-replace": ["regex"],
    "spec-remove-section": ["section"],
    "spec-remove-subpackage": ["package"],
    "patch-add": ["source"],
    "patch-remove": ["file"],
    "file-prepend-lines": ["file", "lines"],
    "file-search-replace": ["file", "regex"],
    "file-add": ["file", "source"],
    "file-remove": ["file"],
    "file-rename": ["file", "replacement"],
  };
  const line = (key: string) => (key === "lines" ? "lines = ['x']" : `${key} = 'x'`);
  const toml = (type: string, keys: readonly string[]) =>
    smallProject(`[[components.a.overlays]]\ntype = "${type}"\n${keys.map(line).join("\n")}`);

  for (const [type, keys] of Object.entries(required)) {
    it(`${type} needs ${keys.join(" and ")}`, async () => {
      const project = await loadProject(definitionTree({ "azldev.toml": toml(type, keys) }));
      expect(project.components.get("a")?.config.overlays).toHaveLength(1);
      for (const missing of keys) {
        const root = definitionTree({
          "azldev.toml": toml(
            type,
            keys.filter((key) => key !== missing),
          ),
        });
        const message = `${type} needs "${missing}"`;
        await expect(loadProject(root)).rejects.toMatchObject({ code: "DEFINITION_OVERLAY_KEY_MISSING", message });
      }
    });
  }

  const forbidden: readonly (readonly [string, readonly string[], string, string])[] = [
    ["spec-remove-subpackage", ["package", "section"], "section", "DEFINITION_OVERLAY_KEY_FORBIDDEN"],
    ["spec-append-lines", ["lines", "package"], "package", "DEFINITION_OVERLAY_KEY_MISSING"],
    ["spec-search-replace", ["regex", "package"], "package", "DEFINITION_OVERLAY_KEY_MISSING"],
  ];
  for (const [type, keys, , code] of forbidden) {
    it(`${type} with ${keys.join(" and ")} is refused`, async () => {
      await expect(loadProject(definitionTree({ "azldev.toml": toml(type, keys) }))).rejects.toMatchObject({ code });
    });
  }

  const paths: readonly (readonly [string, string])[] = [
    ["type = 'file-add'\nsource = 'x'\nfile = '/etc/x'", "DEFINITION_BAD_PATH"],
    ["type = 'file-add'\nsource = 'x'\nfile = 'a/../../x'", "DEFINITION_BAD_PATH"],
    ["type = 'file-rename'\nfile = 'x'\nreplacement = 'a/b'", "DEFINITION_BAD_PATH"],
    ["type = 'patch-remove'\nfile = 'a['", "DEFINITION_BAD_GLOB"],
    ["type = 'spec-add-tag'\ntag = 'a'\nvalue = 'b'\narchive = 'x.tar'", "DEFINITION_OVERLAY_KEY_FORBIDDEN"],
  ];
  for (const [keys, code] of paths) {
    it(`${keys.replaceAll("\n", ", ")}: ${code}`, async () => {
      const root = definitionTree({ "azldev.toml": smallProject(`[[components.a.overlays]]\n${keys}`) });
      await expect(loadProject(root)).rejects.toMatchObject({ code });
    });
  }
});

describe("a load as a whole", () => {
  it("reports all issues together, by file and place", async () => {
    const root = definitionTree({
      "azldev.toml": `includes = ["b.toml", "a.toml"]\n${smallProject("[components.x]\nbad = 1\nworse = 2")}`,
      "a.toml": "[components.y.release]\ncalculation = 'never'",
      "b.toml": "[components.z.spec]\npath = 'x'",
    });
    const error = await loadProject(root).catch((thrown: unknown) => thrown);
    if (!(error instanceof DefinitionError)) throw new Error("no error");
    expect(error.issues.map(({ code, where }) => `${where.file}:${where.line} ${code}`)).toEqual([
      "azldev.toml:20 DEFINITION_UNKNOWN_KEY",
      "azldev.toml:21 DEFINITION_UNKNOWN_KEY",
      "b.toml:2 DEFINITION_PATH_WITHOUT_LOCAL",
      "a.toml:2 DEFINITION_BAD_ENUM",
    ]);
    expect(error.hints).toHaveLength(3);
    expect(error.hints.join("\n")).toContain(
      'b.toml:2:1: "path" is for local specs only (say type = "local" beside it)',
    );
    expect(JSON.stringify(error.issues) + error.hints.join()).not.toContain(root);
  });

  it("DEFINITION_NOT_FOUND without azldev.toml", async () => {
    await expect(loadProject(definitionTree({ "x/y": "" }))).rejects.toMatchObject({ code: "DEFINITION_NOT_FOUND" });
  });

  it("DEFINITION_UNREADABLE when azldev.toml is a folder", async () => {
    const root = definitionTree({});
    mkdirSync(join(root, "azldev.toml"));
    await expect(loadProject(root)).rejects.toMatchObject({ code: "DEFINITION_UNREADABLE" });
  });

  it("DEFINITION_NOT_UTF8", async () => {
    const root = definitionTree({ "azldev.toml": Uint8Array.of(0x23, 0xff, 0x0a) });
    await expect(loadProject(root)).rejects.toMatchObject({ code: "DEFINITION_NOT_UTF8" });
  });

  it("DEFINITION_SPEC_TYPE_MISSING when nothing says where a spec comes from", async () => {
    const toml = smallProject("[components.a]").replace(/^default-component-config.*$/m, "");
    await expect(loadProject(definitionTree({ "azldev.toml": toml }))).rejects.toMatchObject({
      code: "DEFINITION_SPEC_TYPE_MISSING",
    });
  });

  it("DEFINITION_DISTRO_UNKNOWN for a project without default distribution", async () => {
    await expect(loadProject(definitionTree({ "azldev.toml": "" }))).rejects.toMatchObject({
      code: "DEFINITION_DISTRO_UNKNOWN",
      hints: ["set project.default-distro"],
    });
  });

  it("DEFINITION_PATH_ESCAPE for includes beyond the boundary, by path or by link", async () => {
    const root = definitionTree({
      "p/azldev.toml": `includes = ["../other.toml"]\n${smallProject()}`,
      "q/azldev.toml": `includes = ["link.toml", "dir/*.toml"]\n${smallProject()}`,
      "other.toml": "",
      "outside/x.toml": "",
    });
    symlinkSync(join(root, "other.toml"), join(root, "q/link.toml"));
    symlinkSync(join(root, "outside"), join(root, "q/dir"));
    await expect(loadProject(join(root, "p"))).rejects.toMatchObject({ code: "DEFINITION_PATH_ESCAPE" });
    const error = await loadProject(join(root, "q")).catch((thrown: unknown) => thrown);
    if (!(error instanceof DefinitionError)) throw new Error("no error");
    expect(error.issues.map((issue) => issue.code)).toEqual(["DEFINITION_PATH_ESCAPE", "DEFINITION_PATH_ESCAPE"]);
    await expect(loadProject(join(root, "q"), { boundary: root })).resolves.toBeDefined();
  });

  it("DEFINITION_TOO_LARGE beyond each limit", async () => {
    const root = definitionTree({
      "azldev.toml": `includes = ["x/**/*.toml"]\n${smallProject("[components.a]\nbuild.with = ['x', 'y']")}`,
      "x/a.toml": "# a",
      "x/b.toml": "# b",
    });
    for (const limits of [{ files: 2 }, { fileBytes: 100 }, { totalBytes: 400 }, { entries: 1 }, { values: 5 }]) {
      await expect(loadProject(root, { limits }), JSON.stringify(limits)).rejects.toMatchObject({
        code: "DEFINITION_TOO_LARGE",
      });
    }
    await expect(loadProject(root)).resolves.toBeDefined();
  });

  it("is a WeirError", async () => {
    const error = await loadProject(definitionTree({ "azldev.toml": "x = 1" })).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WeirError);
  });
});
