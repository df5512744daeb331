import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { definitionTree, smallProject } from "../../../test/support/definition-tree.ts";
import { loadProject, type Project, type ResolvedComponent } from "./index.ts";

async function load(more: string, files: Readonly<Record<string, string>> = {}): Promise<Project> {
  return loadProject(definitionTree({ "azldev.toml": smallProject(more), ...files }));
}

function component(project: Project, name: string): ResolvedComponent {
  const found = project.components.get(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

describe("finding files", () => {
  it("walks up to azldev.toml", async () => {
    const root = definitionTree({ "azldev.toml": smallProject("[components.a]"), "x/y/z": "" });
    const project = await loadProject(join(root, "x/y"));
    expect(project.root).toBe(root);
    expect([...project.components.keys()]).toEqual(["a"]);
  });

  it("reads includes depth first, folder by folder, each folder's files before its subfolders", async () => {
    const files = ["b.toml", "a.toml", "n/c.toml", "n/n/d.toml", "m/e.toml"];
    const root = definitionTree({
      "azldev.toml": `includes = ["first.toml", "t/**/*.toml", "none/*.toml"]\n${smallProject()}`,
      "first.toml": 'includes = ["second.toml"]',
      "second.toml": "",
      "third.md": "",
      ...Object.fromEntries(files.map((name) => [`t/${name}`, ""])),
    });
    mkdirSync(join(root, "t/folder.toml"));
    const names = ["first.toml", "second.toml", "t/a.toml", "t/b.toml", "t/m/e.toml", "t/n/c.toml", "t/n/n/d.toml"];
    expect((await loadProject(root)).files).toEqual(["azldev.toml", ...names]);
  });

  it("resolves patterns against the including file, through .. and braces and escapes", async () => {
    const root = definitionTree({
      "azldev.toml": `includes = ["sub/x.toml", "{b,a}?.toml", 'l\\[1\\].toml']\n${smallProject()}`,
      "sub/x.toml": 'includes = ["../side/[!a].toml", "y.toml"]',
      "sub/y.toml": "",
      "side/a.toml": "",
      "side/b.toml": "",
      "a1.toml": "",
      "b1.toml": "",
      "l[1].toml": "",
    });
    const names = ["sub/x.toml", "side/b.toml", "sub/y.toml", "a1.toml", "b1.toml", "l[1].toml"];
    expect((await loadProject(root)).files).toEqual(["azldev.toml", ...names]);
  });

  it("takes glob characters in the folder's own name literally", async () => {
    const root = definitionTree({
      "we[i]rd{1,2}/azldev.toml": `includes = ["*.x.toml"]\n${smallProject()}`,
      "we[i]rd{1,2}/a.x.toml": "",
    });
    expect((await loadProject(join(root, "we[i]rd{1,2}"))).files).toEqual(["azldev.toml", "a.x.toml"]);
  });

  it("follows links inside the boundary and does not run in circles", async () => {
    const root = definitionTree({
      "azldev.toml": `includes = ["t/**/*.toml"]\n${smallProject()}`,
      "t/a/x.toml": "",
      "other/y.toml": "",
    });
    symlinkSync(root, join(root, "t/a/loop"));
    symlinkSync(join(root, "other"), join(root, "t/link"));
    expect((await loadProject(root)).files).toEqual(["azldev.toml", "t/a/x.toml", "t/link/y.toml"]);
  });

  it("reads further root files last, and they win", async () => {
    const root = definitionTree({
      "azldev.toml": smallProject("[components.a]"),
      "override.toml": '[distros.up]\ndist-git-base-uri = "git://mirror.example/$pkg"',
    });
    const project = await loadProject(root, { configFiles: [join(root, "override.toml")] });
    expect(component(project, "a").upstream?.distGitUri).toBe("git://mirror.example/a");
    expect(project.files).toEqual(["azldev.toml", "override.toml"]);
  });

  it("ignores unknown keys when permissive, but not wrong types", async () => {
    const root = definitionTree({ "azldev.toml": smallProject("[components.a]\nnew-key = 1") });
    await expect(loadProject(root, { permissive: true })).resolves.toBeDefined();
    const wrong = definitionTree({ "azldev.toml": smallProject("[components.a]\noverlays = 1") });
    await expect(loadProject(wrong, { permissive: true })).rejects.toMatchObject({ code: "DEFINITION_WRONG_TYPE" });
  });
});

describe("merging files", () => {
  it("lets what is set later win, and keeps what later files leave empty", async () => {
    const root = definitionTree({
      "azldev.toml": `includes = ["a.toml", "b.toml"]\n${smallProject("[components.c]")}`,
      "a.toml":
        '[project]\ndescription = "A"\n[distros.up]\ndefault-version = "8"\n[distros.up.versions.8]\ndist-git-branch = "u8"',
      "b.toml":
        '[project]\ndescription = ""\nrendered-specs-dir = "r"\n[distros.up.versions.9]\ndist-git-branch = "nine"',
    });
    const project = await loadProject(root);
    expect(project.description).toBe("A");
    expect(project.renderedSpecsDir).toBe(join(root, "r"));
    expect(project.lockDir).toBe(join(root, "locks"));
    // A version is replaced as a whole, so its release-ver is gone.
    expect(component(project, "c").upstream).toMatchObject({ version: "9", branch: "nine", releaseVersion: "" });
  });

  it("takes the default version of the project's distribution", async () => {
    const toml = smallProject("[components.c]\n[distros.down]\ndefault-version = '1'").replace(', version = "1"', "");
    const project = await loadProject(definitionTree({ "azldev.toml": toml }));
    expect(project.defaultDistro).toEqual({ name: "down", version: "1" });
    expect(project.releaseVersion).toBe("1.0");
  });

  it("routes packages: group, default, older key", async () => {
    const project = await load(`
[default-package-config]
publish = { channel = "sdk" }
[package-groups.base]
packages = ["a", "b"]
default-package-config.publish = { rpm-channel = "base", debuginfo-channel = "debug", channel = "old" }
[package-groups.later]
packages = ["c"]
default-package-config.publish.channel = "later"`);
    expect(project.defaultPublish).toEqual({ "rpm-channel": "sdk" });
    expect(project.packageChannels.get("b")).toEqual({ "rpm-channel": "base", "debuginfo-channel": "debug" });
    expect(project.packageChannels.get("c")).toEqual({ "rpm-channel": "later" });
    expect(project.packageChannels.size).toBe(3);
  });

  it("gives images with absolute definitions, sorted", async () => {
    const project = await load("[images.z]");
    expect(project.images.get("z")?.definition).toBeUndefined();
    const root = definitionTree({
      "azldev.toml": `includes = ["i/i.toml"]\n${smallProject("[images.z]")}`,
      "i/i.toml":
        '[images.a]\ndescription = "A"\ndefinition = { type = "kiwi", path = "a.kiwi", profile = "p" }\ncapabilities.systemd = false',
    });
    const images = (await loadProject(root)).images;
    expect([...images.keys()]).toEqual(["a", "z"]);
    expect(images.get("a")).toEqual({
      name: "a",
      description: "A",
      definition: { type: "kiwi", path: join(root, "i/a.kiwi"), profile: "p" },
      capabilities: { systemd: false },
      publish: { channels: [] },
      origin: { file: "i/i.toml", line: 1, column: 9 },
    });
  });
});

describe("inheritance", () => {
  it("goes distribution, project, groups by name, component; texts win, lists append, maps merge", async () => {
    const layer = (name: string, extra = "") => `
build.with = ["${name}"]
build.defines = { shared = "${name}", ${name} = "1" }
release.calculation = "${extra}"`;
    const project = await load(`
[distros.down.versions.2]
[default-component-config]${layer("project", "static")}
[component-groups.z]
components = ["c"]
[component-groups.z.default-component-config]${layer("z")}
[component-groups.a]
components = ["c", "bare"]
[component-groups.a.default-component-config]${layer("a", "manual")}
[components.c]${layer("own")}
[components.bare]
[components.alone]`);
    expect(component(project, "c").config.build.with).toEqual(["project", "a", "z", "own"]);
    expect(component(project, "c").config.build.defines).toEqual({
      shared: "own",
      project: "1",
      a: "1",
      z: "1",
      own: "1",
    });
    expect(component(project, "c").config.release.calculation).toBe("manual");
    expect(component(project, "c").groups).toEqual(["a", "z"]);
    expect(component(project, "bare").config.build.with).toEqual(["project", "a"]);
    expect(component(project, "alone").config.release.calculation).toBe("static");
    expect(project.groups).toEqual(
      new Map([
        ["a", ["bare", "c"]],
        ["z", ["c"]],
      ]),
    );
  });

  it("cannot unset: false and empty never win", async () => {
    const project = await load(`
[default-component-config.build.check]
skip = true
skip_reason = "all"
[components.a.build.check]
skip = false
skip_reason = ""`);
    expect(component(project, "a").config.build.check).toEqual({ skip: true, skip_reason: "all" });
  });

  it("replaces values of maps as a whole", async () => {
    const project = await load(`
[default-component-config.packages.p.publish]
rpm-channel = "x"
debuginfo-channel = "y"
[default-component-config.build.defines]
gone = "1"
[components.a.packages.p.publish]
rpm-channel = "z"
[components.a.build.defines]
gone = ""`);
    expect(component(project, "a").config.packages).toEqual({ p: { publish: { "rpm-channel": "z" } } });
    expect(component(project, "a").config.build.defines).toEqual({ gone: "" });
    expect(component(project, "a").origins.has("packages.p.publish.debuginfo-channel")).toBe(false);
  });

  it("fills the format's defaults", async () => {
    expect(component(await load("[components.a]"), "a").config).toEqual({
      spec: { type: "upstream", "upstream-distro": { name: "up", version: "9" } },
      release: { calculation: "auto" },
      build: { with: [], without: [], defines: {}, undefines: [], check: { skip: false } },
      overlays: [],
      "source-files": [],
      packages: {},
      publish: {},
      render: { "skip-file-filter": false },
    });
  });

  it("makes local specs and overlay sources absolute, each against its own file", async () => {
    const root = definitionTree({
      "azldev.toml": `includes = ["c/*.toml"]\n${smallProject("[default-component-config]\noverlays = [{ type = 'patch-add', source = 'top.patch' }]")}`,
      "c/c.toml":
        "[components.a]\nspec = { type = 'local', path = 'a.spec' }\noverlays = [{ type = 'patch-add', source = 'p/own.patch' }]",
    });
    const { config, upstream } = component(await loadProject(root), "a");
    expect(config.spec).toMatchObject({ type: "local", path: join(root, "c/a.spec") });
    expect(config.overlays.map((one) => one.source)).toEqual([join(root, "top.patch"), join(root, "c/p/own.patch")]);
    expect(upstream).toBeUndefined();
  });

  it("knows where each value was written", async () => {
    const root = definitionTree({
      "azldev.toml": `includes = ["c.toml"]\n${smallProject("[default-component-config.build]\nwith = ['x']")}`,
      "c.toml":
        "[components.a]\nbuild.with = [\n  'y',\n  'z',\n]\n[[components.a.overlays]]\ntype = 'spec-remove-tag'\ntag = 't'\n",
    });
    const { origin, origins } = component(await loadProject(root), "a");
    expect(origin).toEqual({ file: "c.toml", line: 1, column: 13 });
    const at = (key: string) => {
      const place = origins.get(key);
      return place && `${place.file}:${place.line}:${place.column}`;
    };
    expect(at("build.with[0]")).toBe("azldev.toml:20:9");
    expect(at("build.with[1]")).toBe("c.toml:3:3");
    expect(at("build.with[2]")).toBe("c.toml:4:3");
    expect(at("overlays[0].tag")).toBe("c.toml:8:1");
    expect(at("spec.type")).toBe("azldev.toml:9:35");
    expect(at("release.calculation")).toBeUndefined();
  });
});

describe("overlay files", () => {
  const metadata = "[metadata]\ncategory = 'azl-pruning'\nupstream-status = 'inapplicable'\n";
  const remove = (tag: string) => `${metadata}[[overlays]]\ntype = 'spec-remove-tag'\ntag = '${tag}'\n`;

  it("come behind inline overlays, by base name, each file once, with the file's metadata", async () => {
    const root = definitionTree({
      "azldev.toml": `includes = ["c/*.toml"]\n${smallProject()}`,
      "c/c.toml":
        "[components.a]\noverlay-files = ['o/**/*.toml', 'o/2.toml']\noverlays = [{ type = 'spec-remove-tag', tag = 'inline' }]",
      "c/o/z/1.toml": `${metadata}[[overlays]]\ntype = 'patch-add'\nsource = 'x.patch'\n`,
      "c/o/2.toml": remove("two"),
    });
    const { config, origins } = component(await loadProject(root), "a");
    expect(config.overlays.map((one) => one.tag ?? one.source)).toEqual(["inline", join(root, "c/o/z/x.patch"), "two"]);
    expect(config.overlays[2]?.metadata).toEqual({ category: "azl-pruning", "upstream-status": "inapplicable" });
    expect(origins.get("overlays[2].tag")).toEqual({ file: "c/o/2.toml", line: 6, column: 1 });
    expect(origins.get("overlays[1].metadata.category")).toEqual({ file: "c/o/z/1.toml", line: 2, column: 1 });
  });

  it("are relative to the component's file even if inherited; a nearer list replaces, an empty one ends them", async () => {
    const root = definitionTree({
      "azldev.toml": `includes = ["*/c.toml"]\n${smallProject("[default-component-config]\noverlay-files = ['o/*.toml']")}`,
      "a/c.toml": "[components.a]",
      "a/o/x.toml": remove("x"),
      "b/c.toml": "[components.b]\noverlay-files = []",
      "b/o/x.toml": "not even TOML",
      "d/c.toml": "[components.d]\noverlay-files = ['y.toml']",
      "d/y.toml": remove("y"),
    });
    const project = await loadProject(root);
    const tags = (name: string) => component(project, name).config.overlays.map((one) => one.tag);
    expect([tags("a"), tags("b"), tags("d")]).toEqual([["x"], [], ["y"]]);
  });
});

describe("upstream", () => {
  const address = async (toml: string) => component(await load(toml), "a").upstream;

  it("is the distribution named, in the version named or its default", async () => {
    expect(await address("[components.a]")).toEqual({
      distro: "up",
      version: "9",
      name: "a",
      distGitUri: "https://git.example/a.git",
      branch: "u9",
      lookasideUri: "https://cache.example/a/$filename/$hashtype/$hash/$filename",
      snapshot: undefined,
      commit: undefined,
      releaseVersion: "9",
    });
    const raw =
      "[distros.up.versions.raw]\ndist-git-branch = 'main'\n[components.a.spec.upstream-distro]\nversion = 'raw'";
    expect(await address(raw)).toMatchObject({ version: "raw", branch: "main" });
  });

  it("escapes the name like the reference implementation", async () => {
    const named = (name: string) => `[components.a.spec]\ntype = "upstream"\nupstream-name = "${name}"`;
    expect((await address(named("lib+x")))?.distGitUri).toBe("https://git.example/lib+x.git");
    expect((await address(named("a$&b?(c)%")))?.distGitUri).toBe("https://git.example/a$&b%3F%28c%29%25.git");
  });

  it("takes a snapshot from defaults, a commit from the component", async () => {
    const toml = `
[default-component-config.spec.upstream-distro]
snapshot = "2026-02-24T00:00:00-08:00"
[components.a.spec]
type = "upstream"
upstream-commit = "0123abc"`;
    expect(await address(toml)).toMatchObject({ snapshot: "2026-02-24T00:00:00-08:00", commit: "0123abc" });
  });

  it("falls back to the project's distribution as a whole", async () => {
    const toml = `
[project]
default-distro = { name = "up", snapshot = "2026-01-01T00:00:00Z" }
[distros.up]
default-version = "9"
dist-git-base-uri = "https://git.example/$pkg.git"
[distros.up.versions.9]
dist-git-branch = "u9"
[components.a]
spec.type = "upstream"`;
    const found = component(await loadProject(definitionTree({ "azldev.toml": toml })), "a");
    expect(found.upstream).toMatchObject({ distro: "up", version: "9", snapshot: "2026-01-01T00:00:00Z" });
    expect(found.origins.get("spec.upstream-distro.name")?.line).toBe(3);
    expect(found.origins.get("spec.upstream-distro.version")?.line).toBe(5);
  });

  it("resolves templates that are paths against the file that says them", async () => {
    const root = definitionTree({
      "azldev.toml": `includes = ["d/up.toml"]\n${smallProject("[components.a]")}`,
      "d/up.toml": '[distros.up]\ndist-git-base-uri = "../git/$pkg.git"\nlookaside-base-uri = "cache/$pkg/$filename"',
    });
    expect(component(await loadProject(root), "a").upstream).toMatchObject({
      distGitUri: join(root, "git/a.git"),
      lookasideUri: join(root, "d/cache/a/$filename"),
    });
  });

  it("leaves scp-like addresses alone", async () => {
    const toml = smallProject("[components.a]").replace("https://git.example/$pkg.git", "git@git.example:rpms/$pkg");
    const project = await loadProject(definitionTree({ "azldev.toml": toml }));
    expect(component(project, "a").upstream?.distGitUri).toBe("git@git.example:rpms/a");
  });
});

describe("local specs found by groups", () => {
  it("become components, but for excluded ones, and join those defined", async () => {
    const project = await load(
      `[component-groups.local]
specs = ["specs/**/*.spec"]
excluded-paths = ["specs/old/**"]
default-component-config.release.calculation = "manual"
[components.b.build]
with = ["x"]`,
      { "specs/a/a.spec": "", "specs/b.x.spec": "", "specs/b.spec": "", "specs/old/c.spec": "", "specs/a/readme": "" },
    );
    expect([...project.components.keys()]).toEqual(["a", "b", "b.x"]);
    const b = component(project, "b");
    expect(b.config.spec).toEqual({ type: "local", path: join(project.root, "specs/b.spec") });
    expect(b.config.release.calculation).toBe("manual");
    expect(b.config.build.with).toEqual(["x"]);
    expect(b.origins.get("spec.path")).toEqual({ file: "azldev.toml", line: 19, column: 10 });
    expect(project.groups.get("local")).toEqual(["a", "b", "b.x"]);
  });
});

describe("locks", () => {
  const commit = "0123456789abcdef0123456789abcdef01234567";
  const lock = `# Managed by azldev\nversion = 1\nimport-commit = '${"a".repeat(40)}'\nupstream-commit = '${commit}'\nmanual-bump = 2\n`;

  it("give the commit, from the project's lock folder, unless they are not wanted", async () => {
    const toml = smallProject("[components.a]\n[components.b]");
    const root = definitionTree({ "azldev.toml": toml, "locks/a.lock": lock, "locks/gone.lock": "not TOML" });
    const project = await loadProject(root);
    expect(component(project, "a").upstream?.commit).toBe(commit);
    expect(component(project, "a").lock).toEqual({
      upstreamCommit: commit,
      importCommit: "a".repeat(40),
      manualBump: 2,
    });
    expect(component(project, "b").lock).toBeUndefined();
    const without = await loadProject(root, { locks: false });
    expect(component(without, "a").upstream?.commit).toBeUndefined();
    const elsewhere = toml.replace("[project]", '[project]\nlock-dir = "l"');
    const moved = await loadProject(definitionTree({ "azldev.toml": elsewhere, "l/b.lock": lock }));
    expect(component(moved, "b").upstream?.commit).toBe(commit);
  });

  it.each([
    ["DEFINITION_LOCK_VERSION", "version = 2"],
    ["DEFINITION_MISSING_KEY", ""],
    ["DEFINITION_UNKNOWN_KEY", "version = 1\ncommit = 'x'"],
    ["DEFINITION_BAD_COMMIT", "version = 1\nupstream-commit = 'x'"],
    ["DEFINITION_SYNTAX", "version ="],
    ["DEFINITION_LOCK_STALE", lock],
  ])("%s", async (code, content) => {
    const pin = "[components.a.spec]\ntype = 'upstream'\nupstream-commit = 'fedcba9'";
    const root = definitionTree({ "azldev.toml": smallProject(pin), "locks/a.lock": content });
    await expect(loadProject(root)).rejects.toMatchObject({ code, where: { file: "locks/a.lock" } });
  });

  it("do not lead out of the project", async () => {
    const toml = smallProject("[components.a]").replace("[project]", '[project]\nlock-dir = "/etc"');
    await expect(loadProject(definitionTree({ "azldev.toml": toml }))).rejects.toMatchObject({
      code: "DEFINITION_PATH_ESCAPE",
    });
  });
});

describe("a project", () => {
  it("is the same each time, components sorted by name and made once", async () => {
    const root = definitionTree({
      "azldev.toml": smallProject("[components.b]\n[components.a]\n[components.10]\n[components.2]"),
    });
    const [one, two] = [await loadProject(root), await loadProject(root)];
    expect([...one.components.keys()]).toEqual(["10", "2", "a", "b"]);
    expect([...one.components.values()]).toEqual([...two.components.values()]);
    expect(one.components.get("a")).toBe(one.components.get("a"));
    expect(one.components.get("constructor")).toBeUndefined();
    expect(one.components.size).toBe(4);
    const visited: string[] = [];
    one.components.forEach((value, name) => visited.push(`${name}=${value.name}`));
    expect(visited).toEqual(["10=10", "2=2", "a=a", "b=b"]);
  });

  it("takes names that JavaScript's objects know", async () => {
    const project = await load(
      '[components.__proto__.build]\ndefines = { __proto__ = "x", constructor = "y" }\n[components.toString]',
    );
    expect([...project.components.keys()]).toEqual(["__proto__", "toString"]);
    const defines = component(project, "__proto__").config.build.defines;
    expect(Object.entries(defines)).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
    expect(({} as { x?: string }).x).toBeUndefined();
  });
});
