import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { definitionTree, smallProject } from "../../../test/support/definition-tree.ts";
import { definitionSchemas, listComponents, loadProject, selectComponents, showComponent } from "./index.ts";

const root = join(import.meta.dirname, "../../..");

async function project() {
  return loadProject(
    definitionTree({
      "azldev.toml": smallProject(`
[component-groups.core]
components = ["bash", "zsh"]
[component-groups.empty]
[components.bash]
[components.zsh]
release.calculation = "manual"
overlays = [{ type = "spec-remove-tag", tag = "Epoch" }]
[components.bash-completion.spec]
type = "upstream"
upstream-name = "bash_completion"
upstream-commit = "0123abcdef"
[components.own.spec]
type = "local"
path = "own/own.spec"
[[components.own.overlays]]
type = "patch-add"
source = "own/a.patch"
`),
    }),
  );
}

describe("component list", () => {
  it("gives a row for each component and data of the published schema", async () => {
    const report = listComponents(await project());
    expect(report.kind).toBe("components");
    expect(report.summary).toEqual(["4 of 4 components: 3 upstream, 1 local; 2 with overlays."]);
    expect(report.tables[0]?.rows).toEqual([
      ["bash", "upstream", "up 9", "", 0, "auto", "core", "azldev.toml:22"],
      ["bash-completion", "upstream", "up 9 (bash_completion)", "0123abcdef", 0, "auto", "", "azldev.toml:26"],
      ["own", "local", "", "", 1, "auto", "", "azldev.toml:30"],
      ["zsh", "upstream", "up 9", "", 1, "manual", "core", "azldev.toml:23"],
    ]);
    expect(report.data).toMatchObject({
      schema: "weir/components/1",
      components: [
        {
          name: "bash",
          type: "upstream",
          upstream: { distro: "up", version: "9", name: "bash", branch: "u9", commit: null, snapshot: null },
          overlays: 0,
          release: "auto",
          groups: ["core"],
          origin: { file: "azldev.toml", line: 22 },
        },
        { name: "bash-completion" },
        { name: "own", upstream: null },
        { name: "zsh" },
      ],
    });
    const validate = new Ajv2020().compile(definitionSchemas().get("components-1.schema.json") ?? {});
    expect(validate(report.data), JSON.stringify(validate.errors)).toBe(true);
  });

  it("filters by name, glob, group, type and overlays", async () => {
    const loaded = await project();
    const names = (filter: Parameters<typeof selectComponents>[1]) =>
      selectComponents(loaded, filter).map((one) => one.name);
    expect(names({ names: ["bash*"] })).toEqual(["bash", "bash-completion"]);
    expect(names({ names: ["own", "z*", "none*"] })).toEqual(["own", "zsh"]);
    expect(names({ groups: ["core"] })).toEqual(["bash", "zsh"]);
    expect(names({ groups: ["empty"] })).toEqual([]);
    expect(names({ groups: ["core"], overlays: true })).toEqual(["zsh"]);
    expect(names({ overlays: false })).toEqual(["bash", "bash-completion"]);
    expect(names({ type: "local" })).toEqual(["own"]);
    expect(names({ names: [] })).toEqual([]);
  });

  it("knows what was meant", async () => {
    const loaded = await project();
    const failing = (filter: Parameters<typeof selectComponents>[1]) => () => selectComponents(loaded, filter);
    expect(failing({ names: ["bahs"] })).toThrow(
      expect.objectContaining({ code: "COMPONENT_UNKNOWN", hints: ['did you mean "bash"?'] }),
    );
    expect(failing({ names: ["qqqqqqqqq"] })).toThrow(
      expect.objectContaining({ code: "COMPONENT_UNKNOWN", hints: ["list them with: weir component list"] }),
    );
    expect(failing({ groups: ["cor"] })).toThrow(
      expect.objectContaining({ code: "COMPONENT_GROUP_UNKNOWN", hints: ['did you mean "core"?'] }),
    );
    expect(failing({ names: ["a["] })).toThrow(expect.objectContaining({ code: "COMPONENT_BAD_PATTERN" }));
  });
});

describe("component show", () => {
  it("gives each value with its place, defaults named as such, and no absolute path", async () => {
    const loaded = await project();
    const report = showComponent(loaded, "own");
    expect(report.tables[0]?.rows).toEqual([
      ["spec.path", "own/own.spec", "azldev.toml:32:1"],
      ["spec.type", "local", "azldev.toml:31:1"],
      ["spec.upstream-distro.name", "up", "azldev.toml:8:74"],
      ["spec.upstream-distro.version", "9", "azldev.toml:8:87"],
      ["release.calculation", "auto", "default"],
      ["build.check.skip", false, "default"],
      ["overlays[0].type", "patch-add", "azldev.toml:34:1"],
      ["overlays[0].source", "own/a.patch", "azldev.toml:35:1"],
      ["render.skip-file-filter", false, "default"],
    ]);
    expect(report.tables).toHaveLength(1);
    expect(JSON.stringify(report)).not.toContain(loaded.root);
    const zsh = showComponent(loaded, "zsh");
    expect(zsh.summary).toEqual(["zsh is defined at azldev.toml:23:13; groups: core."]);
    expect(zsh.tables[1]?.rows).toContainEqual(["distGitUri", "https://git.example/zsh.git"]);
  });

  it("knows what was meant", async () => {
    const loaded = await project();
    expect(() => showComponent(loaded, "own1")).toThrow(
      expect.objectContaining({ code: "COMPONENT_UNKNOWN", hints: ['did you mean "own"?'] }),
    );
  });
});

describe("published schemas", () => {
  for (const [name, schema] of definitionSchemas()) {
    it(`schemas/${name} is what the code says`, () => {
      expect(JSON.parse(readFileSync(join(root, "schemas", name), "utf8"))).toEqual(schema);
      expect(new Ajv2020({ strict: true }).compile(schema)).toBeTypeOf("function");
    });
  }
});
