import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { azureLinuxTree } from "../../../test/support/tools.ts";
import { definitionSchemas, listComponents, loadProject, loadWeirToml, type Project, showComponent } from "./index.ts";

const example = join(import.meta.dirname, "../../../examples/downstream");

function schemaErrors(schema: string, text: string): unknown {
  const validate = new Ajv2020({ validateFormats: false }).compile(definitionSchemas().get(schema) ?? {});
  return validate(JSON.parse(JSON.stringify(parse(text)))) ? undefined : validate.errors;
}

describe("the example world", () => {
  it("loads, with its weir.toml, and every value has a place or is a default", async () => {
    const project = await loadProject(example);
    expect(project.components.size).toBeGreaterThan(10);
    expect(await loadWeirToml(example, project)).toBeDefined();
    for (const name of project.components.keys()) {
      const report = showComponent(project, name);
      expect(JSON.stringify(report)).not.toContain(project.root);
      const defaults = (report.tables[0]?.rows ?? []).filter(([, , from]) => from === "default").map(([key]) => key);
      const known = ["release.calculation", "build.check.skip", "render.skip-file-filter"];
      expect(known, name).toEqual(expect.arrayContaining(defaults));
    }
  });

  it("is valid by the published schemas", async () => {
    for (const name of (await loadProject(example)).files) {
      const schema = name.includes("/overlays/") ? "overlay-file-1.schema.json" : "definition-1.schema.json";
      expect(schemaErrors(schema, readFileSync(join(example, name), "utf8")), name).toBeUndefined();
    }
    expect(schemaErrors("project-1.schema.json", readFileSync(join(example, "weir.toml"), "utf8"))).toBeUndefined();
  });
});

describe("a large tree", () => {
  it("of 7,500 components, 200 files and 33,000 packages loads and lists in little time", async () => {
    const root = mkdtempSync(join(tmpdir(), "weir-large-"));
    try {
      writeLargeTree(root);
      const start = performance.now();
      const project = await loadProject(root);
      const report = listComponents(project);
      const seconds = (performance.now() - start) / 1000;
      expect(project.components.size).toBe(7500);
      expect(project.packageChannels.size).toBe(33_000);
      expect(report.tables[0]?.rows).toHaveLength(7500);
      // About 0.3 s on an idle machine; the bound leaves room for a busy one.
      expect(seconds).toBeLessThan(2.5);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});

function writeLargeTree(root: string): void {
  const own = Array.from({ length: 200 }, (_, index) => `own${index}`);
  const bare = Array.from({ length: 7300 }, (_, index) => `bare${index}`);
  const packages = Array.from({ length: 33_000 }, (_, index) => `    "package-${index}", # srpm: bare${index % 7300}`);
  writeFileSync(
    join(root, "azldev.toml"),
    `includes = ["comps/components.toml", "packages.toml"]
[project]
default-distro = { name = "d", version = "1" }
[distros.d]
dist-git-base-uri = "https://git.example/$pkg"
[distros.d.versions.1]
dist-git-branch = "b"
default-component-config.spec = { type = "upstream" }
`,
  );
  writeFileSync(join(root, "packages.toml"), `[package-groups.all]\npackages = [\n${packages.join("\n")}\n]\n`);
  mkdirSync(join(root, "comps"));
  const group = `[component-groups.g]\ncomponents = ${JSON.stringify(bare.slice(0, 180))}\n`;
  const includes = 'includes = ["**/*.comp.toml"]\n';
  writeFileSync(
    join(root, "comps/components.toml"),
    includes + group + bare.map((name) => `[components.${name}]`).join("\n"),
  );
  for (const name of own) {
    mkdirSync(join(root, "comps", name));
    const overlay = `[[components.${name}.overlays]]\ntype = "spec-search-replace"\nregex = "^${name}$"\nreplacement = "x"\n`;
    writeFileSync(join(root, "comps", name, `${name}.comp.toml`), `[components.${name}]\n${overlay}${overlay}`);
  }
}

const tree = azureLinuxTree();

describe.skipIf(tree.missing !== undefined)(`the real tree (${tree.missing ?? "present"})`, () => {
  const root = tree.path ?? "";
  const count = (project: Project, what: (name: string) => boolean) =>
    [...project.components.keys()].filter(what).length;

  it("resolves to the numbers that were counted by hand", async () => {
    const project = await loadProject(root);
    const config = (name: string) => {
      const component = project.components.get(name);
      if (component === undefined) throw new Error(name);
      return component.config;
    };
    expect({
      files: project.files.length,
      components: project.components.size,
      overlaid: count(project, (name) => config(name).overlays.length > 0),
      overlays: [...project.components.values()].reduce((sum, one) => sum + one.config.overlays.length, 0),
      pins: count(project, (name) => config(name).spec["upstream-commit"] !== undefined),
      renamed: count(project, (name) => config(name).spec["upstream-name"] !== undefined),
      local: count(project, (name) => config(name).spec.type === "local"),
      manual: count(project, (name) => config(name).release.calculation === "manual"),
      skipped: count(project, (name) => config(name).build.check.skip),
      images: project.images.size,
    }).toEqual({
      files: 213,
      components: 7583,
      overlaid: 97,
      overlays: 233,
      pins: 54,
      renamed: 13,
      local: 3,
      manual: 36,
      skipped: 187,
      images: 5,
    });
    const types: Record<string, number> = {};
    for (const { config: one } of project.components.values()) {
      for (const { type } of one.overlays) types[type] = (types[type] ?? 0) + 1;
    }
    expect(types).toEqual({
      "spec-search-replace": 93,
      "spec-add-tag": 22,
      "spec-append-lines": 18,
      "file-add": 16,
      "spec-remove-tag": 15,
      "spec-update-tag": 14,
      "spec-remove-section": 12,
      "spec-insert-tag": 11,
      "file-search-replace": 10,
      "patch-add": 9,
      "spec-prepend-lines": 5,
      "file-rename": 3,
      "spec-set-tag": 2,
      "file-remove": 2,
      "patch-remove": 1,
    });
    expect(project.packageChannels.get("7zip")).toEqual({ "rpm-channel": "rpm-sdk" });
    expect(project.components.get("kernel")?.upstream).toBeDefined();
    expect([...project.components.values()].filter((one) => one.upstream?.version === "rawhide")).toHaveLength(2);
  });

  it("gives every value of every component a place", async () => {
    const project = await loadProject(root);
    for (const name of project.components.keys()) {
      const { config, origins } = project.components.get(name) ?? {};
      if (config?.overlays.length === 0) continue;
      const rows = showComponent(project, name).tables[0]?.rows ?? [];
      for (const [key, , from] of rows) if (from === "default") expect(origins?.has(String(key))).toBe(false);
      expect(rows.filter(([, , from]) => from === "default").length, name).toBeLessThanOrEqual(3);
    }
  });

  it("loads and lists soon", async () => {
    const start = performance.now();
    listComponents(await loadProject(root));
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it("is valid by the published schema", async () => {
    const validate = new Ajv2020().compile(definitionSchemas().get("definition-1.schema.json") ?? {});
    for (const name of (await loadProject(root)).files) {
      expect(
        validate(parse(readFileSync(join(root, name), "utf8"))),
        `${name}: ${JSON.stringify(validate.errors)}`,
      ).toBe(true);
    }
  });
});
