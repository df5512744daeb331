import { describe, expect, it } from "vitest";
import { MacroContext } from "../../formats/macro/index.ts";
import { planBuild, planReasons } from "./index.ts";
import { parseRich } from "./rich.ts";
import type { PlanComponent, PlanInput } from "./types.ts";

interface Tiny {
  readonly needs?: string;
  readonly text?: string;
  readonly requires?: string;
  readonly provides?: string;
  readonly version?: string;
}

/** A spec of one package in a few words. */
function tiny(name: string, parts: Tiny = {}): PlanComponent {
  const lines = [
    ...(parts.text?.startsWith("%bcond") ? [parts.text.split("\n")[0] as string] : []),
    `Name: ${name}`,
    `Version: ${parts.version ?? "1"}`,
    "Release: 1",
    "Summary: x",
    "License: MIT",
    ...(parts.needs === undefined ? [] : [`BuildRequires: ${parts.needs}`]),
    ...(parts.requires === undefined ? [] : [`Requires: ${parts.requires}`]),
    ...(parts.provides === undefined ? [] : [`Provides: ${parts.provides}`]),
    ...(parts.text?.startsWith("%bcond")
      ? parts.text.split("\n").slice(1)
      : parts.text === undefined
        ? []
        : [parts.text]),
    "%description",
    "%files",
  ];
  return { component: name, specText: `${lines.join("\n")}\n`, specFile: `${name}.spec` };
}

function plan(components: readonly PlanComponent[], rest: Partial<PlanInput> = {}) {
  return planBuild({ arch: "x86_64", components, macros: new MacroContext(), ...rest });
}

const order = (result: ReturnType<typeof plan>) => result.nodes.map((node) => `${node.wave} ${node.id}`);

function thrown(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe("the order of builds", () => {
  it("follows build needs and the run-time needs of what they install", () => {
    const result = plan([
      tiny("app", { needs: "tool" }),
      tiny("lib"),
      tiny("tool", { requires: "lib >= 1" }),
      tiny("other"),
    ]);
    expect(order(result)).toEqual(["0 lib", "0 tool", "1 app", "0 other"]);
    const app = result.nodes.find((node) => node.id === "app");
    expect(app?.edges).toEqual([
      { on: "tool", capability: "tool", place: { file: "app.spec", line: 6 }, kind: "build", package: "tool" },
      { on: "lib", capability: "lib >= 1", place: { file: "tool.spec", line: 6 }, kind: "runtime", package: "lib" },
    ]);
    expect(result.skips).toEqual([]);
  });

  it("puts the longest chain first and is the same whatever the order of input", () => {
    const parts = [tiny("c", { needs: "b" }), tiny("b", { needs: "z" }), tiny("z"), tiny("a")];
    expect(order(plan(parts))).toEqual(["0 z", "1 b", "0 a", "2 c"]);
    expect(JSON.stringify(plan([...parts].reverse()))).toBe(JSON.stringify(plan(parts)));
  });

  it("says why, in a sentence each", () => {
    const reasons = planReasons(plan([tiny("app", { needs: "tool" }), tiny("tool")]));
    expect(reasons.map((one) => one.reason)).toEqual([
      "tool needs nothing that is built here.",
      "app comes after tool (tool, app.spec:6).",
    ]);
  });

  it("refuses a component given twice", () => {
    expect(thrown(() => plan([tiny("a"), tiny("a")]))).toMatchObject({ code: "PLAN_COMPONENT_TWICE" });
  });
});

describe("who provides what", () => {
  it("knows explicit provides, files, pkgconfig files and names", () => {
    const result = plan([
      tiny("app", { needs: "pkgconfig(flow) /usr/bin/tool python3dist(Eddy.Two) perl(A::B) virtual = 2" }),
      { ...tiny("flow"), specText: `${tiny("flow").specText}/usr/lib64/pkgconfig/flow.pc\n` },
      { ...tiny("tool"), specText: `${tiny("tool").specText}%attr(0755,root,root) /usr/bin/tool\n` },
      tiny("python3-eddy-two"),
      tiny("perl-A-B"),
      tiny("real", { provides: "virtual = 2" }),
    ]);
    expect(result.skips).toEqual([]);
    const edges = result.nodes.find((node) => node.id === "app")?.edges;
    expect(edges?.map((edge) => edge.on)).toEqual(["flow", "perl-A-B", "python3-eddy-two", "real", "tool"]);
    expect(edges?.map((edge) => edge.rule)).toEqual([
      "its %files lists /usr/lib64/pkgconfig/flow.pc",
      "the name rule perl(A::B) → perl-A-B",
      "the name rule python3dist(Eddy.Two) → python3-eddy-two",
      undefined,
      undefined,
    ]);
  });

  it("counts versions", () => {
    const result = plan([tiny("app", { needs: "lib >= 2" }), tiny("lib", { version: "1.9" })]);
    expect(result.skips).toEqual([{ subject: "app", reason: "app.spec:6: needs lib >= 2: lib provides = 1.9-1 only" }]);
  });

  it("never guesses: what is unknown is a skip with a suggestion", () => {
    const result = plan([tiny("app", { needs: "libflwo" }), tiny("libflow")]);
    expect(result.skips).toEqual([
      { subject: "app", reason: "app.spec:6: needs libflwo: nothing provides it; did you mean libflow?" },
    ]);
    expect(result.nodes.find((node) => node.id === "app")?.edges).toEqual([]);
  });

  it("leaves to the buildroot what it is said to have", () => {
    const result = plan([tiny("app", { needs: "gcc, python3dist(x)" })], { assume: ["gcc", "python3dist(*"] });
    expect(result.external).toEqual([
      { capability: "gcc", neededBy: ["app"], providedBy: "the buildroot" },
      { capability: "python3dist(x)", neededBy: ["app"], providedBy: "the buildroot" },
    ]);
    expect(result.skips).toEqual([]);
  });

  it("takes rich dependencies apart", () => {
    const parts = [tiny("a"), tiny("b"), tiny("c")];
    const needs = (text: string) =>
      plan([tiny("app", { needs: text }), ...parts])
        .nodes.find((node) => node.id === "app")
        ?.edges.map((edge) => edge.on);
    expect(needs("(a and b)")).toEqual(["a", "b"]);
    expect(needs("(nope or b)")).toEqual(["b"]);
    expect(needs("(a if c)")).toEqual([]);
    expect(needs("c (a if c else b)")).toEqual(["a", "c"]);
    expect(needs("(a if c else b)")).toEqual(["b"]);
    expect(needs("(a unless c)")).toEqual(["a"]);
    expect(needs("(a >= 1 with a < 2)")).toEqual(["a"]);
  });

  it("notes needs found only by the build, other architectures, unknown values and broken specs", () => {
    const dynamic = tiny("dyn");
    const result = plan([
      { ...dynamic, specText: `${dynamic.specText}%generate_buildrequires\necho x\n` },
      tiny("arm", { text: "ExclusiveArch: aarch64" }),
      tiny("odd", { text: "BuildRequires: x%(date)" }),
      { component: "broken", specText: "Name: x\n", specFile: "broken.spec" },
    ]);
    expect(result.nodes.map((node) => node.id)).toEqual(["dyn", "odd"]);
    expect(result.skips.map((skip) => `${skip.subject}: ${skip.reason}`)).toEqual([
      "arm: ExclusiveArch names aarch64, not x86_64",
      "broken: broken.spec:1: the spec has no Version",
      "dyn: %generate_buildrequires finds more needs when it runs; they are not part of the order",
      "odd: odd.spec:6: BuildRequires x is not fully known: needs a command to run: date",
    ]);
  });
});

describe("cycles", () => {
  const stone = tiny("stone", { text: "%bcond bootstrap 0\n%if %{without bootstrap}\nBuildRequires: kiln\n%endif" });

  it("are broken by a bootstrap build, and the plan says so", () => {
    const result = plan([stone, tiny("kiln", { needs: "stone" }), tiny("user", { needs: "stone" })]);
    expect(order(result)).toEqual(["0 stone#bootstrap", "1 kiln", "2 stone", "3 user"]);
    expect(result.cycles).toEqual([
      {
        components: ["kiln", "stone"],
        cut: ["stone#bootstrap"],
        explanation:
          "stone needs kiln (kiln, stone.spec:8), kiln needs stone (stone, kiln.spec:6). stone is built twice: first with --with bootstrap, which needs no kiln, then whole.",
      },
    ]);
    expect(result.nodes[0]?.with).toEqual(["bootstrap"]);
    expect(planReasons(result)[0]?.reason).toContain("it breaks a cycle: stone needs kiln");
  });

  it("choose the cut that leaves the least", () => {
    const small = tiny("side", {
      text: "%bcond bootstrap 0\nBuildRequires: stone\n%if %{without bootstrap}\nBuildRequires: extra\n%endif",
    });
    const result = plan([stone, tiny("kiln", { needs: "stone side" }), small, tiny("extra", { needs: "side" })]);
    expect(result.cycles.flatMap((cycle) => cycle.cut).sort()).toEqual(["side#bootstrap", "stone#bootstrap"]);
    const position = new Map(result.nodes.map((node, index) => [node.id, index]));
    for (const node of result.nodes) {
      for (const edge of node.edges) expect(position.get(edge.on)).toBeLessThan(position.get(node.id) as number);
    }
  });

  it("fall back on what the buildroot has", () => {
    const result = plan([tiny("gcc", { needs: "gcc" }), tiny("app", { needs: "gcc" })], { assume: ["gcc"] });
    expect(order(result)).toEqual(["0 gcc", "1 app"]);
    expect(result.cycles[0]?.explanation).toContain("the packages of gcc come from the buildroot itself");
  });

  it("without a way out are an error with the shortest cycle", () => {
    const error = thrown(() =>
      plan([tiny("a", { needs: "b" }), tiny("b", { needs: "c a" }), tiny("c", { needs: "a" })]),
    );
    expect(error).toMatchObject({
      code: "PLAN_CYCLE",
      message:
        "builds need each other (the shortest of the cycles among 3 builds): a needs b (b, a.spec:6), b needs a (a, b.spec:6)",
      where: { file: "a.spec", line: 6 },
      hints: [expect.stringContaining("give a a `%bcond bootstrap 0`"), expect.stringContaining("assume")],
    });
  });
});

describe("many components", () => {
  it("are planned quickly", () => {
    const components: PlanComponent[] = [];
    for (let i = 0; i < 1500; i++) {
      components.push(tiny(`p${i}`, i === 0 ? {} : { needs: `p${i >> 1} p${(i / 3) | 0}`, requires: `p${i >> 1}` }));
    }
    const start = performance.now();
    const result = plan(components);
    expect(result.nodes).toHaveLength(1500);
    expect(performance.now() - start).toBeLessThan(40_000);
  });
});

describe("rich dependencies", () => {
  it("are read or refused, never worse", () => {
    expect(parseRich("(a(x) >= 1 and (b if c else d))")).toEqual({
      kind: "and",
      parts: [
        { kind: "leaf", text: "a(x) >= 1" },
        {
          kind: "if",
          left: { kind: "leaf", text: "b" },
          condition: { kind: "leaf", text: "c" },
          otherwise: { kind: "leaf", text: "d" },
        },
      ],
    });
    for (const text of [
      "",
      "(",
      ")",
      "a",
      "(a",
      "(a and)",
      "(a and b or c)",
      "(a if)",
      "()",
      "(a >= )",
      "(a) b",
      "(".repeat(5000),
    ]) {
      expect(parseRich(text)).toBeUndefined();
    }
    const start = performance.now();
    parseRich(`(${"a(".repeat(300_000)}`);
    expect(performance.now() - start).toBeLessThan(40_000);
  });
});
