import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { definitionTree, smallProject } from "../../../test/support/definition-tree.ts";
import { componentInputs, type InputNode, inputChanges, inputFingerprint } from "./inputs.ts";
import { loadProject } from "./load.ts";
import { explainInputs } from "./why.ts";

async function inputsOf(files: Readonly<Record<string, string>>, name = "a"): Promise<InputNode> {
  const project = await loadProject(definitionTree(files));
  const component = project.components.get(name);
  if (component === undefined) throw new Error(`no component ${name}`);
  return componentInputs(project, component);
}

const one = (more: string) => ({ "azldev.toml": smallProject(more) });
const because = (before: InputNode | undefined, after: InputNode | undefined) =>
  explainInputs({ name: "a", before, after, since: "HEAD" }).summary.slice(1);

describe("a component's inputs", () => {
  it("are the same for equal definitions, whatever describes or routes them", async () => {
    const plain = await inputsOf(one('[components.a]\nbuild.with = ["x"]'));
    const told = await inputsOf(
      one(`[components.a]
build.with = ["x"]
build.hints.expensive = true
publish.rpm-channel = "base"
[components.b]`),
    );
    expect(inputFingerprint(told)).toBe(inputFingerprint(plain));
    expect(inputFingerprint(plain)).toMatch(/^weir1:[0-9a-f]{64}$/);
  });

  it("say which inherited value changed, from what to what and where", async () => {
    const before = await inputsOf(one("[components.a]"));
    const toml = smallProject("[components.a]").replace(
      'version = "9" }',
      'version = "9", snapshot = "2026-01-02T00:00:00Z" }',
    );
    const after = await inputsOf({ "azldev.toml": toml });
    expect(because(before, after)).toEqual([
      "because source/snapshot of distribution down 1 was added: 2026-01-02T00:00:00Z in azldev.toml:8:102.",
    ]);
    const later = await inputsOf({ "azldev.toml": toml.replace("01-02", "02-03") });
    expect(because(after, later)).toEqual([
      "because source/snapshot of distribution down 1 changed from 2026-01-02T00:00:00Z to 2026-02-03T00:00:00Z in azldev.toml:8:102.",
    ]);
  });

  it("tell an overlay put in front from all others having changed", async () => {
    const overlay = (value: string) =>
      `[[components.a.overlays]]\ntype = "spec-add-tag"\ntag = "Requires"\nvalue = "${value}"\n`;
    const before = await inputsOf(one(`[components.a]\n${overlay("x")}${overlay("y")}`));
    const after = await inputsOf(one(`[components.a]\n${overlay("w")}${overlay("x")}${overlay("z")}`));
    const changes = inputChanges(before, after).map(({ path }) => path);
    expect(changes).toEqual(["overlays/0", "overlays/2/value"]);
    expect(because(before, after)[0]).toBe(
      "because overlays/0 of the component was added: tag = Requires, type = spec-add-tag, value = w in azldev.toml:21:1.",
    );
  });

  it("hold the content of added files and of local specs, the commit, and the rebuilds", async () => {
    const root = definitionTree({
      "azldev.toml": smallProject(`[components.a]
[[components.a.overlays]]
type = "patch-add"
source = "p.patch"
[components.l.spec]
type = "local"
path = "l/l.spec"`),
      "p.patch": "1",
      "l/l.spec": "Name: l\n",
      "l/x.txt": "1",
    });
    const read = async (name: string) => {
      const project = await loadProject(root);
      const component = project.components.get(name);
      return component && (await componentInputs(project, component));
    };
    const [a, l] = [await read("a"), await read("l")];
    writeFileSync(join(root, "p.patch"), "2");
    writeFileSync(join(root, "l/x.txt"), "2");
    expect(inputChanges(a, await read("a")).map(({ path }) => path)).toEqual(["overlays/0/source"]);
    expect(inputChanges(l, await read("l")).map(({ path }) => path)).toEqual(["files/x.txt"]);
  });

  it("are told to be new, gone or the same", async () => {
    const inputs = await inputsOf(one("[components.a]"));
    const summary = (before: InputNode | undefined, after: InputNode | undefined) =>
      explainInputs({ name: "a", before, after, since: "v1" }).summary;
    expect(summary(undefined, inputs)).toEqual(["a is new since v1."]);
    expect(summary(inputs, undefined)).toEqual(["a is gone since v1."]);
    expect(summary(inputs, inputs)).toEqual(["Nothing that decides a changed since v1."]);
  });

  it("are refused where they nest deeper than any definition does", () => {
    const deep = (leaf: string) => {
      let node: InputNode = { name: "x", digest: leaf, value: leaf };
      for (let i = 0; i < 70; i++) node = { name: "x", digest: `${leaf}${i}`, children: [node] };
      return node;
    };
    expect(() => inputChanges(deep("a"), deep("b"))).toThrow(
      expect.objectContaining({ code: "COMPONENT_INPUTS_TOO_DEEP" }),
    );
  });
});
