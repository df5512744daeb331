import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { componentOf, hostBuilds, textPackage } from "../../../test/support/flow-components.ts";
import { missingTool } from "../../../test/support/tools.ts";
import { createProgress, type ProgressEvent } from "../../core/index.ts";
import type { BuildNode, BuildPlan } from "../plan/index.ts";
import { buildAll, type BuildAllOptions, type ComponentSources } from "./index.ts";

const missing = missingTool("rpmbuild", "bwrap");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "weir-all-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** `[id, needs, spec lines, %build script]`; the component is the id without a mark. */
type Line = readonly [id: string, needs: readonly string[], extra?: string, script?: string];

function world(lines: readonly Line[]): { plan: BuildPlan; components: Map<string, ComponentSources> } {
  const components = new Map<string, ComponentSources>();
  const nodes = lines.map(([id, needs, extra = "", script = ""]): BuildNode => {
    const name = id.replace(/#.*/, "");
    const spec = textPackage(name, extra, script);
    const { node, rendered, sources } = componentOf(spec);
    if (!components.has(name)) {
      components.set(name, {
        rendered: { ...rendered, remoteSources: [], commit: undefined, edits: [], fingerprint: "" },
        sources,
      });
    }
    const edges = needs.map((on) => ({
      on,
      capability: on,
      place: { file: "x" },
      kind: "build" as const,
      package: on,
    }));
    const dynamicBuildRequires = spec.includes("%generate_buildrequires");
    return {
      ...node,
      id,
      component: name,
      nevr: `${name}-1-1`,
      dynamicBuildRequires,
      edges,
      packages: [name],
      wave: 0,
    };
  });
  return { plan: { schema: "weir/plan/1", arch: "x86_64", nodes, cycles: [], external: [], skips: [] }, components };
}

async function set(name: string) {
  const { build: _, ...room } = await hostBuilds(join(folder, name));
  const events: ProgressEvent[] = [];
  const options: BuildAllOptions = { ...room, progress: createProgress((event) => events.push(event)) };
  return { options, events };
}

describe("buildAll", () => {
  it.skipIf(missing)("builds what a failure does not touch, and names what it does", async () => {
    const { options, events } = await set("failure");
    const { plan, components } = world([
      ["one", []],
      ["bad", [], "", "false"],
      ["two", ["one"], "BuildRequires: one"],
      ["three", ["bad", "two"], "BuildRequires: bad, two"],
      ["four", ["three"], "BuildRequires: three"],
    ]);
    const outcome = await buildAll(plan, components, options);
    expect(outcome.built.map((node) => node.node)).toEqual(["one", "two"]);
    expect(outcome.failed).toMatchObject([{ node: "bad", error: { code: "BUILD_FAILED" } }]);
    expect(outcome.blocked).toEqual([
      { node: "three", because: "bad" },
      { node: "four", because: "bad" },
    ]);
    expect(outcome.packages.map(({ artifact }) => artifact.nevra)).toEqual(["one-1-1.noarch", "two-1-1.noarch"]);
    expect(
      events
        .filter((event) => event.type === "end")
        .map((event) => event.outcome)
        .sort(),
    ).toEqual(["done", "done", "failed", "failed", "skipped", "skipped"]);
    const again = await buildAll(plan, components, options);
    expect(again.built.every((node) => node.reused)).toBe(true);
  });

  it.skipIf(missing)("lets a node see what its edges reach, and nothing else", async () => {
    const { options } = await set("sight");
    const { plan, components } = world([
      ["one", []],
      ["hidden", []],
      ["two", ["one"], "BuildRequires: one\nRequires: one"],
      ["three", ["two"], "BuildRequires: two", "test -e /usr/share/one/text && ! test -e /usr/share/hidden"],
      ["four", ["two"], "BuildRequires: hidden"],
    ]);
    const outcome = await buildAll(plan, components, options);
    expect(outcome.built.map((node) => node.node)).toEqual(["one", "hidden", "two", "three"]);
    expect(outcome.failed).toMatchObject([{ node: "four", error: { code: "BUILDROOT_UNSOLVABLE" } }]);
  });

  it.skipIf(missing)("uses bootstrap builds for later nodes only", async () => {
    const { options } = await set("bootstrap");
    const kiln =
      "%bcond_with bootstrap\n%if %{without bootstrap}\nBuildRequires: stone\n%else\nProvides: from-bootstrap\n%endif";
    const { plan, components } = world([
      ["kiln#bootstrap", [], kiln],
      ["stone", ["kiln#bootstrap"], "BuildRequires: from-bootstrap"],
      ["kiln", ["stone"], kiln],
      ["last", ["kiln", "kiln#bootstrap"], "BuildRequires: kiln"],
    ]);
    const plain = {
      ...plan,
      nodes: plan.nodes.map((node) => (node.id === "kiln#bootstrap" ? { ...node, buildRequires: [] } : node)),
    };
    const outcome = await buildAll(plain, components, { ...options, jobs: 4 });
    expect(outcome.failed).toEqual([]);
    expect(outcome.packages.map(({ artifact }) => artifact.nevra)).toEqual([
      "stone-1-1.noarch",
      "kiln-1-1.noarch",
      "last-1-1.noarch",
    ]);
    const complete = outcome.built.find((node) => node.node === "kiln");
    const last = outcome.built.find((node) => node.node === "last");
    expect(last?.inputs["package kiln.noarch"]).toBe(`kiln-1-1.noarch ${complete?.rpms[0]?.sha256}`);
  });

  it.skipIf(missing)("finds what generated requirements ask for beyond the plan", async () => {
    const { options } = await set("generated");
    const asks = (what: string) => `%generate_buildrequires\necho ${what}\n`;
    const { plan, components } = world([
      ["a-asks", [], asks("z-given")],
      ["b-asks", [], asks("nothing-like-it")],
      ["z-given", [], "", "sleep 0.5"],
      ["z-needs", ["a-asks"], "BuildRequires: a-asks"],
    ]);
    const outcome = await buildAll(plan, components, { ...options, jobs: 3 });
    expect(outcome.built.map((node) => node.node)).toEqual(["a-asks", "z-given", "z-needs"]);
    expect(outcome.built[0]?.inputs).toHaveProperty("package z-given.noarch");
    expect(outcome.failed).toMatchObject([{ node: "b-asks", error: { code: "BUILDROOT_UNSOLVABLE" } }]);
  });

  it.skipIf(missing)("takes those first that most waits for", async () => {
    const { options, events } = await set("order");
    const { plan, components } = world([
      ["a", []],
      ["b", []],
      ["c", ["b"], "BuildRequires: b"],
      ["d", ["c"], "BuildRequires: c"],
    ]);
    await buildAll(plan, components, { ...options, jobs: 1 });
    const started = events.flatMap((event) => (event.type === "start" && event.parent === 1 ? [event.title] : []));
    expect(started).toEqual(["b", "c", "a", "d"]);
  });

  it.skipIf(missing)("stops as a whole when it is interrupted", async () => {
    const { options } = await set("interrupted");
    const controller = new AbortController();
    const { plan, components } = world([
      ["one", [], "", "sleep 60"],
      ["two", [], "", "sleep 60"],
      ["three", ["one"]],
    ]);
    const running = buildAll(plan, components, { ...options, signal: controller.signal });
    setTimeout(() => controller.abort(), 800);
    await expect(running).rejects.toMatchObject({ code: "INTERRUPTED" });
  });

  it("refuses a plan whose components are not there", async () => {
    const { options } = await set("unknown");
    const { plan } = world([["one", []]]);
    await expect(buildAll(plan, new Map(), options)).rejects.toMatchObject({
      code: "BUILD_COMPONENT_UNKNOWN",
      where: "one",
    });
  });
});
