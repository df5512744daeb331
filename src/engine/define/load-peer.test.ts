import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { definitionTree, smallProject } from "../../../test/support/definition-tree.ts";
import { azureLinuxTree } from "../../../test/support/tools.ts";
import { type ComponentConfig, loadProject } from "./index.ts";

const program = process.env["WEIR_AZLDEV"] ?? "";
const missing = existsSync(program) ? undefined : "WEIR_AZLDEV names no azldev";

/** Keys of azldev's JSON that are no settings. */
const without = { name: "", renderedSpecDir: "", locked: "" };

/** What azldev resolves a tree to, by component; undefined when it refuses the tree. */
function peer(root: string): Map<string, unknown> | undefined {
  const run = spawnSync(program, ["-C", root, "component", "list", "-a", "-q", "-O", "json"], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (run.status !== 0) return undefined;
  const components = JSON.parse(run.stdout) as { name: string; renderedSpecDir?: string; locked?: unknown }[];
  return new Map(components.map((one) => [one.name, plain({ ...one, ...without })]));
}

/** Brings both sides to one form: azldev's JSON names, nothing that is empty or false. Values of `defines` are kept even if empty. */
function plain(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((one) => plain(one));
  if (typeof value !== "object" || value === null) return value === "" || value === false ? undefined : value;
  const ownNames = key === "defines" || key === "packages";
  const entries = Object.entries(value)
    // The older name of rpm-channel is left out of azldev's JSON.
    .filter(([name]) => name !== "channel")
    .map(([name, inner]): [string, unknown] => [
      ownNames ? name : name.replace(/[-_]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
      key === "defines" ? `=${String(inner)}` : plain(inner, name),
    ])
    .filter(([, inner]) => inner !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Copies the files that a load reads: azldev writes its logs into the tree. */
async function copied(root: string): Promise<string> {
  const { files } = await loadProject(root);
  return definitionTree(Object.fromEntries(files.map((name) => [name, readFileSync(join(root, name))])));
}

async function compare(root: string): Promise<number> {
  for (const name of ["", ...readdirSync(root, { recursive: true, encoding: "utf8" })]) {
    if (statSync(join(root, name)).isDirectory()) chmodSync(join(root, name), 0o777);
  }
  const project = await loadProject(root);
  const theirs = peer(root);
  expect(theirs, "azldev refuses what we load").toBeDefined();
  expect([...(theirs?.keys() ?? [])].sort()).toEqual([...project.components.keys()].sort());
  for (const [name, { config }] of project.components) {
    expect(plain(config satisfies ComponentConfig), name).toEqual(theirs?.get(name));
  }
  return project.components.size;
}

/** One random table of component settings, as dotted keys below `prefix`. */
function layer(prefix: string, own: boolean, next: () => number): string {
  const pick = (...values: readonly string[]) => JSON.stringify(values[Math.floor(next() * values.length)]);
  const some = (most: number, one: () => string) =>
    Array.from({ length: Math.floor(next() * (most + 1)) }, one).join(", ");
  const overlay = () => `{ type = "spec-remove-tag", tag = ${pick("t", "u", "v")} }`;
  const lines = [
    'spec.type = "upstream"',
    `spec.upstream-distro.version = ${pick("", "9")}`,
    ...(own ? [] : [`spec.upstream-distro.snapshot = ${pick("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")}`]),
    `release.calculation = ${pick("", "auto", "manual", "static")}`,
    `build.with = [${some(3, () => pick("w", "x"))}]`,
    `build.undefines = [${some(2, () => pick("w", "x"))}]`,
    `build.defines.a = ${pick("", "1", "2")}`,
    `build.defines."b.c" = ${pick("", "1", "2")}`,
    `build.check = { skip = ${next() < 0.5}, skip_reason = ${pick("r", "s")} }`,
    `build.hints.expensive = ${next() < 0.5}`,
    `publish.rpm-channel = ${pick("", "c", "d")}`,
    `publish.srpm-channel = ${pick("", "c", "d")}`,
    `packages.p.publish.rpm-channel = ${pick("", "c", "d")}`,
    `packages.p.publish.debuginfo-channel = ${pick("", "c", "d")}`,
    `overlays = [${some(3, overlay)}]`,
    `overlay-files = [${some(2, () => pick("o/*.toml", "o/1.toml", "o/**/2*.toml", "none*"))}]`,
    `source-files = [{ filename = ${pick("f", "g")}, origin = { type = "download", uri = "https://x.example/y" } }]`,
    `render.skip-file-filter = ${next() < 0.5}`,
  ];
  const kept = lines.filter(() => next() < 0.4);
  return [`${prefix}.build.without = []`, ...kept.map((line) => `${prefix}.${line}`)].join("\n");
}

describe.skipIf(missing !== undefined)(`against azldev itself (${missing ?? "present"})`, () => {
  it("random layers resolve to the same", async () => {
    let state = 5;
    const next = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const overlayFile = (name: string) =>
      `[metadata]\ncategory = "azl-pruning"\nupstream-status = "unknown"\n[[overlays]]\ntype = "patch-add"\nsource = "${name}.patch"\n`;
    let compared = 0;
    for (let round = 0; round < 40; round++) {
      const members = () => JSON.stringify(["a", "b", "c"].filter(() => next() < 0.6));
      const toml = [
        layer("default-component-config", false, next),
        ...["z", "y"].flatMap((group) => [
          `component-groups.${group}.components = ${members()}`,
          layer(`component-groups.${group}.default-component-config`, false, next),
        ]),
        ...["a", "b", "c"].map((name) => layer(`components.${name}`, true, next)),
        smallProject(),
      ];
      const root = definitionTree({
        "azldev.toml": toml.join("\n"),
        "o/1.toml": overlayFile("one"),
        "o/2.toml": overlayFile("two"),
        "o/z/2a.toml": overlayFile("more"),
      });
      compared += await compare(root);
    }
    expect(compared).toBe(120);
  });

  it("the example world", async () => {
    const root = await copied(join(import.meta.dirname, "../../../examples/downstream"));
    expect(await compare(root)).toBeGreaterThan(10);
  });

  const tree = azureLinuxTree();
  it.skipIf(tree.missing !== undefined)(`the real tree (${tree.missing ?? "present"})`, async () => {
    expect(await compare(await copied(tree.path ?? ""))).toBe(7583);
  });
});
