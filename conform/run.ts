// Holds Weir against other solvers and their suites. Usage: npm run conform -- solver|evr|solve-diff …, see docs/guides/conformance.md
import { parseArgs } from "node:util";
import { WeirError } from "../src/core/index.ts";

const usage = `usage: npm run conform -- solver DIR [--case NAME…] [--exact] [--results FILE]
       npm run conform -- evr DIR [--results FILE]
       npm run conform -- fuzz [--seed N] [--count N] [--exact] [--freeze DIR] [--tools DIR] [--results FILE]
       npm run conform -- solve-diff REPO… [--seed N] [--count N] [--installed] [--arch ARCH] [--peer libsolv|dnf]… [--freeze DIR] [--results FILE]
       npm run conform -- definition [FILE.jsonl] [--results FILE]
       npm run conform -- overlays --git GITDIR --cases FILE.jsonl[.gz] [--results FILE]
       npm run conform -- specs --tree DIR --macros DIR --truth FILE.jsonl[.gz] [--results FILE]
       npm run conform -- rpm-tests DIR [--results FILE]
`;

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof WeirError)) throw error;
  const where =
    error.where === undefined ? "" : `${typeof error.where === "string" ? error.where : error.where.file}: `;
  const hints = error.hints.map((hint) => `  → ${hint}\n`).join("");
  process.stderr.write(`error ${where}${error.message} [${error.code}]\n${hints}`);
  process.exitCode = error.exitCode;
}

async function main(args: readonly string[]): Promise<number> {
  const [suite, ...rest] = args;
  switch (suite) {
    case "solver":
      return solverSuite(rest);
    case "evr":
      return evrSuite(rest);
    case "fuzz":
      return fuzzSuite(rest);
    case "solve-diff":
      return diffSuite(rest);
    case "definition":
      return definitionSuite(rest);
    case "overlays":
      return overlaySuite(rest);
    case "specs":
      return specSuite(rest);
    case "rpm-tests":
      return rpmTestSuite(rest);
    default:
      process.stderr.write(usage);
      return 2;
  }
}

async function solverSuite(args: readonly string[]): Promise<number> {
  const { values, positionals } = options(args);
  const [directory] = positionals;
  if (directory === undefined || positionals.length > 1) {
    process.stderr.write(usage);
    return 2;
  }
  const { conformSolver } = await import("./solver/command.ts");
  const { solveCase } = await import("./solver/solve-case.ts");
  return conformSolver(solveCase, {
    directory,
    results: values.results,
    only: values.case ?? [],
    strictness: values.exact === true ? "all" : "text",
  });
}

async function evrSuite(args: readonly string[]): Promise<number> {
  const { values, positionals } = options(args);
  const [directory] = positionals;
  if (directory === undefined || positionals.length > 1) {
    process.stderr.write(usage);
    return 2;
  }
  const { conformEvr } = await import("./evr/command.ts");
  const { solveCase } = await import("./solver/solve-case.ts");
  return conformEvr(solveCase, directory, values.results);
}

async function fuzzSuite(args: readonly string[]): Promise<number> {
  const { values } = options(args);
  const { conformFuzz } = await import("./fuzz/command.ts");
  const { solveCase } = await import("./solver/solve-case.ts");
  return conformFuzz(solveCase, {
    seed: wholeNumber("seed", values.seed ?? "1"),
    count: wholeNumber("count", values.count ?? "200"),
    tools: values.tools,
    results: values.results,
    freeze: values.freeze,
    strictness: values.exact === true ? "all" : "text",
  });
}

async function diffSuite(args: readonly string[]): Promise<number> {
  const { values, positionals } = options(args);
  if (positionals.length === 0) {
    process.stderr.write(usage);
    return 2;
  }
  const { conformSolveDiff } = await import("./diff/command.ts");
  return conformSolveDiff({
    directories: positionals,
    arch: values.arch ?? "x86_64",
    seed: wholeNumber("seed", values.seed ?? "1"),
    count: wholeNumber("count", values.count ?? "100"),
    peers: values.peer,
    tools: values.tools,
    installed: values.installed === true,
    freeze: values.freeze,
    results: values.results,
  });
}

async function definitionSuite(args: readonly string[]): Promise<number> {
  const { values, positionals } = options(args);
  const { conformDefinition } = await import("./definition/command.ts");
  return conformDefinition(positionals[0], values.results);
}

async function overlaySuite(args: readonly string[]): Promise<number> {
  const { values, positionals } = options(args);
  if (values.git === undefined || values.cases === undefined || positionals.length > 0) {
    process.stderr.write(usage);
    return 2;
  }
  const { conformOverlays } = await import("./overlays/command.ts");
  return conformOverlays({ git: values.git, cases: values.cases, results: values.results });
}

async function specSuite(args: readonly string[]): Promise<number> {
  const { values, positionals } = options(args);
  const { tree, macros, truth, results } = values;
  if (tree === undefined || macros === undefined || truth === undefined || positionals.length > 0) {
    process.stderr.write(usage);
    return 2;
  }
  const { conformSpecs } = await import("./specs/command.ts");
  return conformSpecs({ tree, macros, truth, results });
}

async function rpmTestSuite(args: readonly string[]): Promise<number> {
  const { values, positionals } = options(args);
  const [directory] = positionals;
  if (directory === undefined || positionals.length > 1) {
    process.stderr.write(usage);
    return 2;
  }
  const { conformRpmTests } = await import("./rpm-tests/command.ts");
  return conformRpmTests(directory, values.results);
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 1_000_000)
    throw new WeirError("CONFORM_USAGE", `--${name} takes a whole number up to a million`);
  return value;
}

function options(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        results: { type: "string" },
        case: { type: "string", multiple: true },
        exact: { type: "boolean" },
        seed: { type: "string" },
        count: { type: "string" },
        arch: { type: "string" },
        peer: { type: "string", multiple: true },
        freeze: { type: "string" },
        installed: { type: "boolean" },
        tools: { type: "string" },
        git: { type: "string" },
        cases: { type: "string" },
        tree: { type: "string" },
        macros: { type: "string" },
        truth: { type: "string" },
      },
    });
  } catch (error) {
    throw new WeirError("CONFORM_USAGE", error instanceof Error ? error.message : String(error), { hints: [usage] });
  }
}
