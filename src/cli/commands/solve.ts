import { resolve } from "node:path";
import { WeirError } from "../../core/index.ts";
import type { SolutionDocument, SolveProblem } from "../../engine/solve/index.ts";
import { readRepository } from "../../formats/rpmmd/index.ts";
import type { CommandContext, CommandInput, CommandOutcome } from "../command.ts";
import { problemText, solutionReport } from "./solve-view.ts";

export async function solve(input: CommandInput, context: CommandContext): Promise<CommandOutcome> {
  const { solve: run } = await import("../../engine/solve/index.ts");
  const requests = [...new Set(input.args)];
  if (requests.length === 0) {
    throw new WeirError("USAGE_REQUEST_MISSING", "nothing is asked for", {
      hints: ["name packages: weir solve bash --repo DIR"],
    });
  }
  const where = input.options.list("repo");
  if (where.length === 0) {
    throw new WeirError("USAGE_REPOSITORY_MISSING", "there is no repository to solve over", {
      hints: ["give one with --repo DIR"],
    });
  }
  const arch = input.options.text("arch") ?? machineArch();
  const repositories = await Promise.all(
    where.map((dir) => readRepository(resolve(context.cwd, dir), { id: dir, filelists: true })),
  );
  const solution = run({
    install: requests,
    repositories,
    arch,
    weak: !input.options.off("weak"),
    exclude: input.options.list("exclude"),
  });
  const install = solution.install.map(({ nevra, repository, package: pkg, reason }) => ({
    nevra,
    repo: repository,
    reason,
    size: pkg.size.package,
    installedSize: pkg.size.installed,
  }));
  return outcomeOf({
    schema: "weir/solution/1",
    arch,
    requests,
    repositories: repositories.map(({ id, revision, packages }) => ({ id, revision, packages: packages.length })),
    install,
    changes: [],
    totals: {
      packages: install.length,
      size: install.reduce((sum, item) => sum + item.size, 0),
      installedSize: install.reduce((sum, item) => sum + item.installedSize, 0),
    },
    problems: solution.problems.map(asProblem),
  });
}

function outcomeOf(document: SolutionDocument): CommandOutcome {
  const report = solutionReport(document);
  if (document.problems.length === 0) return { report, exitCode: 0 };
  return { report, exitCode: 1, text: problemText(document.problems) };
}

function asProblem(problem: SolveProblem): SolutionDocument["problems"][number] {
  return {
    subject: (problem.chain[0] ?? "").replace(/ is requested$/, ""),
    message: problem.message,
    chain: problem.chain,
    tree: [{ text: problem.chain[0] ?? "", children: problem.chain.slice(1).map((text) => ({ text, children: [] })) }],
    hints: problem.hints.map((text) => ({ text, verified: false })),
    causes: [],
  };
}

const archNames: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64", ia32: "i686", ppc64: "ppc64le" };

/** This machine's architecture as rpm names it. */
export function machineArch(): string {
  return archNames[process.arch] ?? process.arch;
}
