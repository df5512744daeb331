import { describe, expect, it } from "vitest";
import { type TinyPackage, tinyRepository } from "../../../test/support/universe.ts";
import { WeirError } from "../../core/index.ts";
import { relationOp } from "../../formats/rpmmd/index.ts";
import { addMetadata, Pool } from "../pool/index.ts";
import { verifySolution } from "./check.ts";
import type { JobAction, JobFlag, SolverFlags, SolverJob, SolverResult, Selection } from "./jobs.ts";
import { parseCapability } from "./rich.ts";
import { runSolver } from "./run.ts";

interface Universe {
  readonly installed?: readonly TinyPackage[];
  readonly [repository: string]: readonly TinyPackage[] | undefined;
}

function poolOf(universe: Universe, priorities: Readonly<Record<string, number>> = {}): Pool {
  const pool = new Pool(undefined, { arch: "x86_64" });
  for (const [id, packages] of Object.entries(universe)) {
    const { index } = pool.addRepository({ id, priority: priorities[id] ?? 0, subPriority: 0 });
    if (id === "installed") pool.installed = index;
    addMetadata(pool, index, tinyRepository(id, packages ?? []).packages);
  }
  pool.prepare();
  return pool;
}

/** `install a`, `erase b = 1 [cleandeps]`, `update *`, `install provides v`. */
function jobOf(pool: Pool, text: string): SolverJob {
  const [, action = "", what = "", flags = ""] = /^(\S+) (.*?)(?: \[(.*)\])?$/.exec(text) ?? [];
  const parsed = parseCapability(what.replace(/^provides /, ""));
  let select: Selection = { kind: "all" };
  if (what !== "*" && parsed !== undefined)
    select = { kind: what.startsWith("provides ") ? "provides" : "name", dependency: pool.columns.fromRich(parsed) };
  return {
    action: action as JobAction,
    select,
    flags: flags.split(",").filter((flag) => flag !== "") as JobFlag[],
  };
}

function solveAll(pool: Pool, jobs: readonly string[], flags: SolverFlags = {}): SolverResult {
  return runSolver(
    pool,
    jobs.map((text) => jobOf(pool, text)),
    flags,
  );
}

function stepsOf({ pool, steps }: SolverResult): string[] {
  const text = (pkg: number): string => pool.nevra(pkg).replace(/-1\.x86_64$/, "");
  return steps.map(({ type, package: pkg, other }) =>
    [type, text(pkg), ...(other === 0 ? [] : [text(other)])].join(" "),
  );
}

const a12: readonly TinyPackage[] = [["a-1"], ["a-2"]];

const cases: readonly (readonly [
  what: string,
  universe: Universe,
  jobs: readonly string[],
  expected: readonly string[],
  flags?: SolverFlags,
])[] = [
  ["installs the newest", { r: a12 }, ["install a"], ["install a-2"]],
  ["keeps what is installed", { installed: [["a-1"]], r: a12 }, ["install a"], []],
  ["updates", { installed: [["a-1"]], r: a12 }, ["update a"], ["upgrade a-1 a-2"]],
  [
    "updates all",
    { installed: [["a-1"], ["b-1"]], r: [["a-2"], ["b-3"]] },
    ["update *"],
    ["upgrade a-1 a-2", "upgrade b-1 b-3"],
  ],
  ["does not downgrade, but where asked", { installed: [["a-3"]], r: a12 }, ["update a"], []],
  ["downgrades to what is named", { installed: [["a-3"]], r: a12 }, ["install a = 1-1"], ["downgrade a-3 a-1"]],
  [
    "brings all to the repositories",
    { installed: [["a-3"], ["o-1"]], r: a12 },
    ["distupgrade *"],
    ["downgrade a-3 a-2"],
    { keepOrphans: true },
  ],
  [
    "replaces what is obsolete",
    { installed: [["a-1"]], r: [["b-1", "obsoletes a < 2", "provides a = 2"]] },
    ["update *"],
    ["obsolete a-1 b-1", "install b-1"],
  ],
  [
    "erases what needs it",
    { installed: [["a-1", "requires b"], ["b-1"]] },
    ["erase b"],
    ["erase a-1", "erase b-1"],
    { allowUninstall: true },
  ],
  [
    "erases what only that needed",
    { installed: [["a-1", "requires b"], ["b-1"], ["c-1", "requires d"], ["d-1"]] },
    ["erase a [cleandeps]"],
    ["erase a-1", "erase b-1"],
  ],
  [
    "but not what was wished for",
    { installed: [["a-1", "requires b"], ["b-1"]] },
    ["erase a [cleandeps]", "userinstalled b"],
    ["erase a-1"],
  ],
  ["locks", { installed: [["a-1"]], r: a12 }, ["update *", "lock a"], []],
  [
    "puts versions side by side",
    { installed: [["k-1"]], r: [["k-2"]] },
    ["multiversion k", "install k = 2"],
    ["multiinstall k-2"],
  ],
  [
    "favours",
    {
      r: [
        ["a-1", "requires v"],
        ["b-1", "provides v"],
        ["c-1", "provides v"],
      ],
    },
    ["install a", "favor c"],
    ["install a-1", "install c-1"],
  ],
  [
    "disfavours",
    {
      r: [
        ["a-1", "requires v"],
        ["b-1", "provides v"],
        ["c-1", "provides v"],
      ],
    },
    ["install a", "disfavor b"],
    ["install a-1", "install c-1"],
  ],
  [
    "leaves out of weak dependencies what is excluded from them",
    { r: [["a-1", "recommends b", "recommends c"], ["b-1"], ["c-1"]] },
    ["install a", "excludefromweak b"],
    ["install a-1", "install c-1"],
  ],
  [
    "takes recommends like requirements if told so",
    { r: [["a-2", "recommends b"], ["a-1"], ["b-1", "conflicts a = 2-1"]] },
    ["install a"],
    ["install a-1"],
    { strongRecommends: true },
  ],
  ["repairs what is broken", { installed: [["a-1", "requires b"]], r: [["b-1"]] }, ["verify *"], ["install b-1"]],
  ["leaves alone what is broken", { installed: [["a-1", "requires b"]], r: [["b-1"]] }, ["update *"], []],
  ["gives up weak jobs", { r: [["a-1", "requires x"], ["b-1"]] }, ["install a [weak]", "install b"], ["install b-1"]],
  [
    "brings all parts of what was split",
    {
      installed: [["a-1"]],
      r: [
        ["b-1", "obsoletes a"],
        ["c-1", "obsoletes a"],
      ],
    },
    ["update *"],
    ["obsolete a-1 b-1", "install b-1", "install c-1"],
    { yumObsoletes: true },
  ],
];

describe("runSolver", () => {
  const filled = cases.map(
    ([what, universe, jobs, expected, flags]) => [what, universe, jobs, expected, flags ?? {}] as const,
  );
  it.each(filled)("%s", (_, universe, jobs, expected, flags) => {
    const result = solveAll(poolOf(universe), jobs, flags);
    expect(result.problems).toEqual([]);
    expect(stepsOf(result)).toEqual(expected);
    expect(verifySolution(result.pool, result)).toEqual([]);
  });

  it("prefers repositories of higher priority to versions", () => {
    const pool = poolOf({ r: [["a-1"]], s: [["a-2"]] }, { r: 5 });
    expect(stepsOf(solveAll(pool, ["install a"]))).toEqual(["install a-1"]);
  });

  it("insists on the best where told so", () => {
    const pool = poolOf({ r: [["a-1"], ["a-2", "requires x"]] });
    expect(stepsOf(solveAll(pool, ["install a"]))).toEqual(["install a-1"]);
    const { problems, rules } = solveAll(pool, ["install a [forcebest]"]);
    expect(problems).toHaveLength(1);
    const behind = problems[0]?.proof.flatMap((rule) => rules.infos(rule).map((info) => info.type)) ?? [];
    expect(behind).toContain("nothing-provides");
    expect(behind).toContain("best");
  });

  it("keeps vendors unless told otherwise", () => {
    const make = (): Pool => {
      const pool = poolOf({ installed: [["a-1"]], r: [["a-2"]] });
      pool.columns.vendor[2] = pool.columns.strings.internText("One");
      pool.columns.vendor[3] = pool.columns.strings.internText("Two Inc");
      return pool;
    };
    expect(stepsOf(solveAll(make(), ["update *"]))).toEqual([]);
    expect(stepsOf(solveAll(make(), ["update *"], { allowVendorChange: true }))).toEqual(["upgrade a-1 a-2"]);
    expect(stepsOf(solveAll(make(), ["update *"], { vendorClasses: [["one", "two*"]] }))).toEqual(["upgrade a-1 a-2"]);
  });

  it("keeps word sizes apart where told so", () => {
    const pool = poolOf({ r: [["a-1-1.i686"], ["a-1-1.x86_64"]] });
    const flags = { implicitObsoleteUsesColours: true };
    const both = solveAll(pool, ["install a = 1 [setarch]"], flags);
    expect(stepsOf(both)).toEqual(["install a-1"]);
  });

  it("finds several problems, and what can be done without them", () => {
    const pool = poolOf({ r: [["a-1", "requires x"], ["b-1"], ["c-1", "conflicts d"], ["d-1"]] });
    const result = solveAll(pool, ["install a", "install b", "install c", "install d"]);
    expect(result.problems.map((problem) => [...problem.elements].sort((a, b) => b - a))).toEqual([[-1], [-3, -4]]);
    expect(stepsOf(result)).toEqual(["install b-1"]);
    expect(verifySolution(pool, result)).toEqual([]);
    const { retry } = result;
    for (const element of [~2, ~3]) retry.enable(element);
    expect(retry.solve()).toBe(false);
    expect(retry.problems[0]?.elements.length).toBe(2);
    retry.disable(~2);
    expect(retry.solve()).toBe(true);
    expect(retry.decided(5)).toBe(1);
  });

  it("tells what a decision rests on", () => {
    const pool = poolOf({ r: [["a-1", "requires b"], ["b-1"]] });
    const { decisions, rules } = solveAll(pool, ["install a"]);
    const ofB = decisions.find(({ literal }) => literal === 3);
    expect(rules.infos(ofB?.rule ?? 0)).toEqual([expect.objectContaining({ type: "requires", from: 2 })]);
  });

  it("says the same every time, also after other questions", () => {
    const universe: Universe = {
      r: [["a-1", "requires v"], ["b-1", "provides v"], ["c-1", "provides v", "recommends d"], ["d-1"]],
    };
    const pool = poolOf(universe);
    const first = stepsOf(solveAll(pool, ["install a"]));
    solveAll(pool, ["install d", "install c"]);
    expect(stepsOf(solveAll(pool, ["install a"]))).toEqual(first);
    expect(stepsOf(solveAll(poolOf(universe), ["install a"]))).toEqual(first);
  });

  it("takes ten thousand alternatives, and circles of conditions", () => {
    const pool = poolOf({
      r: [
        ["a-1", "requires (c if b)"],
        ["b-1", "requires (a if c)"],
        ["c-1", "requires (b if a)"],
      ],
    });
    const { columns } = pool;
    let chain = columns.strings.internText("c");
    for (let index = 0; index < 10_000; index++)
      chain = columns.relation(columns.strings.internText(`none${index}`), relationOp.or, chain);
    const pkg = columns.addPackage(
      0,
      columns.strings.internText("z"),
      columns.strings.internText("1-1"),
      columns.arch[2] ?? 0,
    );
    columns.setList("provides", pkg, [columns.strings.internText("z")]);
    columns.setList("requires", pkg, [chain]);
    for (const kind of ["recommends", "suggests", "supplements", "enhances", "conflicts"] as const) {
      const none = columns.relation(columns.strings.internText("nothing"), relationOp.and, chain);
      columns.setList(kind, pkg, kind === "conflicts" ? [none] : [chain, none]);
    }
    pool.prepare();
    expect(stepsOf(solveAll(pool, ["install z"]))).toContain("install c-1");
    expect(stepsOf(solveAll(pool, ["install a", "install b"]))).toEqual([
      "install a-1",
      "install b-1",
      "install c-1",
      "install z-1",
    ]);
  });

  it("uses helpers where rich dependencies would multiply", () => {
    const parts = Array.from({ length: 40 }, (_, index) => `(a${index} and b${index})`);
    const packages: TinyPackage[] = [
      ["top-1", `requires (${parts.join(" or ")})`, `conflicts (${parts.slice(1, 3).join(" or ")})`],
    ];
    for (let index = 3; index < 40; index++) packages.push([`a${index}-1`], [`b${index}-1`]);
    const result = solveAll(poolOf({ r: packages }), ["install top"]);
    expect(result.problems).toEqual([]);
    expect(verifySolution(result.pool, result)).toEqual([]);
    expect(result.packages.length).toBeGreaterThan(2);
  });
});

/** Numbers from 0 up to a limit, the same for a seed. */
function dice(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % limit;
  };
}

describe("whatever is asked of whatever there is", () => {
  it("gets a sound answer or a problem", () => {
    const roll = dice(20);
    const one = <Item>(items: readonly Item[]): Item => items[roll(items.length)] as Item;
    const names = ["a", "b", "c", "d", "e"];
    const capability = (): string =>
      `${one([...names, "v", "w"])}${roll(2) === 0 ? "" : ` ${one(["<", ">=", "="])} ${1 + roll(3)}`}`;
    const dependency = (): string =>
      roll(4) === 0
        ? `(${capability()} ${one(["and", "or", "if", "unless", "with", "without"])} ${capability()})`
        : capability();
    const packageOf = (): TinyPackage => {
      const lines: string[] = roll(3) === 0 ? [`provides ${one(["v", "w"])} = ${1 + roll(3)}`] : [];
      for (const kind of [
        "requires",
        "requires",
        "conflicts",
        "obsoletes",
        "recommends",
        "suggests",
        "supplements",
        "enhances",
      ])
        if (roll(4) === 0) lines.push(`${kind} ${kind === "obsoletes" ? capability() : dependency()}`);
      return [`${one(names)}-${1 + roll(3)}-1.${one(["x86_64", "noarch", "i686"])}`, ...lines];
    };
    const actions = [
      "install",
      "install",
      "erase",
      "update",
      "distupgrade",
      "verify",
      "lock",
      "multiversion",
      "favor",
      "disfavor",
      "allowuninstall",
      "userinstalled",
      "droporphaned",
      "blacklist",
    ];
    const flagNames: (keyof SolverFlags)[] = [
      "allowDowngrade",
      "allowUninstall",
      "ignoreRecommended",
      "bestObeyPolicy",
      "keepOrphans",
      "focusNew",
      "focusBest",
      "focusInstalled",
      "yumObsoletes",
      "urpmReorder",
      "strongRecommends",
      "strictRepoPriority",
      "implicitObsoleteUsesColours",
      "forbidRichSelfConflicts",
    ];
    let solved = 0;
    for (let round = 0; round < 700; round++) {
      const list = (most: number): TinyPackage[] => Array.from({ length: roll(most) }, packageOf);
      const seen = new Set<string>();
      const installed = list(5).filter(([spec]) => !seen.has(spec.charAt(0)) && seen.add(spec.charAt(0)));
      const pool = poolOf({ installed, r: list(9), s: list(6) }, { s: roll(2) });
      const jobs = Array.from({ length: 1 + roll(3) }, () => {
        const all = roll(5) === 0;
        return `${one(actions)} ${all ? "*" : roll(2) === 0 ? one(names) : `provides ${dependency()}`}${one(["", "", " [weak]", " [forcebest]", " [cleandeps]", " [targeted]"])}`;
      }).filter((text) => !/^(install|blacklist) \*/.test(text));
      const flags = Object.fromEntries(
        flagNames.filter(() => roll(5) === 0).map((name) => [name, true]),
      ) as SolverFlags;
      let result: SolverResult;
      try {
        result = solveAll(pool, jobs, flags);
      } catch (error) {
        expect(error).toBeInstanceOf(WeirError);
        continue;
      }
      if (result.problems.length === 0) solved++;
      expect([round, jobs, flags, verifySolution(pool, result)]).toEqual([round, jobs, flags, []]);
      expect(result.recommended.length + result.suggested.length).toBeGreaterThanOrEqual(0);
    }
    expect(solved).toBeGreaterThan(300);
  });
});
