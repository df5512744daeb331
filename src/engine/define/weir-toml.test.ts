import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { definitionTree, smallProject } from "../../../test/support/definition-tree.ts";
import { DefinitionError, loadProject, loadWeirToml } from "./index.ts";

const header = 'schema = "weir/project/1"\n';

async function load(toml: string, project = "") {
  const root = definitionTree({ "azldev.toml": smallProject(project), "weir.toml": header + toml });
  return { root, weir: await loadWeirToml(root, await loadProject(root)) };
}

describe("weir.toml", () => {
  it("is optional", async () => {
    expect(await loadWeirToml(definitionTree({ "azldev.toml": "" }))).toBeUndefined();
  });

  it("gives what it says, paths absolute, names sorted, the rest empty", async () => {
    const { root, weir } = await load(
      `
legacy = "../legacy"
macros = ["macros"]
[base]
version = "1"
release = "2"
[base.packages.sh]
summary = "Shell"
license = "MIT"
commands = ["sh"]
links = { "/bin/x" = "sh" }
[base.packages.c]
summary = "C"
license = "MIT"
[profiles.p]
image = "i"
services.enable = ["a.service"]
[channels.debug]
needs = ["base"]
[channels.base]
description = "B"
[audit]
dockerfiles = ["d/*.Dockerfile"]
paths = { "/a" = "/b" }
[compat.renames.x]
to = ["y"]
[compat.dropped.z]
reason = "gone"`,
      "[images.i]",
    );
    expect(weir?.legacy).toBe(join(root, "../legacy"));
    expect(weir?.macros).toEqual([join(root, "macros")]);
    expect([...(weir?.base.packages.keys() ?? [])]).toEqual(["c", "sh"]);
    expect(weir?.base.packages.get("sh")).toMatchObject({
      commands: ["sh"],
      links: new Map([["/bin/x", "sh"]]),
      files: [],
      origin: { file: "weir.toml", line: 8, column: 16 },
    });
    expect(weir?.profiles.get("p")).toMatchObject({
      image: "i",
      enable: ["a.service"],
      disable: [],
      weakDependencies: false,
    });
    expect([...(weir?.channels ?? [])]).toEqual([
      ["base", { description: "B", needs: [] }],
      ["debug", { description: "", needs: ["base"] }],
    ]);
    expect(weir?.audit.dockerfiles).toEqual([join(root, "d/*.Dockerfile")]);
    expect(weir?.audit.paths).toEqual(new Map([["/a", "/b"]]));
    expect(weir?.compat.renames.get("x")).toEqual({ to: ["y"], reason: "" });
    expect(weir?.compat.dropped.get("z")).toBe("gone");
    expect(weir?.buildrootProvides.size).toBe(0);
  });

  it.each([
    ["DEFINITION_UNKNOWN_KEY", "lagacy = 'x'", 2],
    ["DEFINITION_WRONG_TYPE", "macros = 'x'", 2],
    ["DEFINITION_MISSING_KEY", "[profiles.p]", 2],
    ["DEFINITION_MISSING_KEY", "[base.packages.p]\nsummary = 's'", 2],
    ["DEFINITION_MISSING_KEY", "[compat.renames.a]\nto = []", 3],
    ["DEFINITION_BAD_ENUM", "[base.packages.p]\nsummary = 's'\nlicense = 'l'\ninterpreter = 'perl'", 5],
    ["DEFINITION_BAD_PATH", "[base.packages.p]\nsummary = 's'\nlicense = 'l'\nfiles = ['usr']", 5],
    ["DEFINITION_BAD_PATH", "[base.packages.p]\nsummary = 's'\nlicense = 'l'\nfiles = ['/a/../../b']", 5],
    ["DEFINITION_BAD_CHANNEL", "[channels.'a/b']", 2],
    ["DEFINITION_CHANNEL_UNKNOWN", "[channels.base]\nneeds = ['bas']", 3],
    ["DEFINITION_IMAGE_UNKNOWN", "[profiles.p]\nimage = 'im'", 3],
  ])("%s: %s", async (code, toml, line) => {
    const error = await load(toml, "[images.imp]").catch((thrown: unknown) => thrown);
    if (!(error instanceof DefinitionError)) throw new Error(`no definition error but ${String(error)}`);
    expect(error.code).toBe(code);
    expect(error.where).toMatchObject({ file: "weir.toml", line });
  });

  it("lays itself over what it includes, key by key, each path relative to its own file", async () => {
    const root = definitionTree({
      "p/azldev.toml": smallProject(),
      "p/weir.toml": `${header}includes = ["../base.toml", "more/*.toml"]\n[base]\nrelease = "2"\n[base.packages.sh]\ncommands = ["dash"]`,
      "p/more/a.toml": 'macros = ["m"]\n[base.packages.sh]\nversion = "9"',
      "base.toml":
        '[base]\nversion = "1"\nrelease = "1"\n[base.packages.sh]\nsummary = "S"\nlicense = "MIT"\ncommands = ["sh", "bash"]',
    });
    const weir = await loadWeirToml(join(root, "p"));
    expect(weir?.base).toMatchObject({ version: "1", release: "2" });
    expect(weir?.base.packages.get("sh")).toMatchObject({ summary: "S", version: "9", commands: ["dash"] });
    expect(weir?.base.packages.get("sh")?.origin).toEqual({ file: "weir.toml", line: 5, column: 16 });
    expect(weir?.macros).toEqual([join(root, "p/more/m")]);
  });

  it.each([
    ["DEFINITION_INCLUDE_MISSING", "no.toml", ""],
    ["DEFINITION_INCLUDE_CYCLE", "weir.toml", ""],
    ["DEFINITION_UNKNOWN_KEY", "x.toml", header],
    ["DEFINITION_MISSING_KEY", "x.toml", "[profiles.p]"],
    ["DEFINITION_PATH_ESCAPE", "../../../../../../../etc/passwd", ""],
  ])("%s when it includes %s", async (code, include, content) => {
    const root = definitionTree({
      "p/azldev.toml": "",
      "p/weir.toml": `${header}includes = ["${include}"]`,
      "p/x.toml": content,
    });
    await expect(loadWeirToml(join(root, "p"))).rejects.toMatchObject({ code });
  });

  it("refuses another version of its format", async () => {
    const root = definitionTree({ "azldev.toml": "", "weir.toml": 'schema = "weir/project/2"' });
    await expect(loadWeirToml(root)).rejects.toMatchObject({ code: "DEFINITION_BAD_ENUM" });
    const none = definitionTree({ "azldev.toml": "", "weir.toml": "" });
    await expect(loadWeirToml(none)).rejects.toMatchObject({ code: "DEFINITION_MISSING_KEY" });
  });

  it("wants described what packages are published to, if it describes channels at all", async () => {
    const project =
      "[default-package-config]\npublish.rpm-channel = 'sdk'\n[package-groups.g]\npackages = ['x']\ndefault-package-config.publish.rpm-channel = 'none'";
    await expect(load("[channels.sdkk]", project)).rejects.toMatchObject({
      code: "DEFINITION_CHANNEL_UNKNOWN",
      hints: ['did you mean "sdkk"?'],
    });
    await expect(load("[channels.sdk]", project)).resolves.toBeDefined();
    await expect(load("", project)).resolves.toBeDefined();
  });
});
