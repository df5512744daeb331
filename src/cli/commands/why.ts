import { makeReport, type Table, WeirError } from "../../core/index.ts";
import {
  selectedPackages,
  selectPackages,
  solutionDocument,
  type TreeNode,
  type WhyDocument,
  whyPackage,
} from "../../engine/solve/index.ts";
import type { CommandContext, CommandInput, CommandOutcome } from "../command.ts";
import { openQuestion } from "../open-question.ts";
import { formatBytes, problemText, solutionReport, treeLines } from "./solve-view.ts";

/** Ways that are drawn; the JSON has more. */
const mostWays = 5;

export async function why(input: CommandInput, context: CommandContext): Promise<CommandOutcome> {
  const [wanted = "", ...texts] = input.args;
  const installed = input.options.text("installed");
  if (texts.length === 0 && installed === undefined) {
    throw new WeirError("USAGE_REQUEST_MISSING", "why is a question about an answer, and nothing is asked for", {
      hints: [`name what is to be installed after the package: weir why ${wanted} REQUEST --repo DIR`],
    });
  }
  const wishes = [...new Set(texts)].map((text) => ({ action: "install" as const, text }));
  const opened = await openQuestion(input, context, wishes);
  const answer = await opened.ask(opened.question);
  const after = opened.save;
  if (answer.problems.length > 0) {
    const document = solutionDocument(answer.result, {
      arch: opened.arch,
      requests: answer.requests,
      repositories: opened.repositories,
      problems: answer.problems,
    });
    return { report: solutionReport(document, opened.skips), exitCode: 1, text: problemText(answer.problems), after };
  }
  const { pool } = opened;
  const chosen = new Set(answer.result.packages);
  const named = selectPackages(pool, wanted, {
    name: true,
    provides: true,
    canon: true,
    dotArch: true,
    filelist: true,
  });
  const target = selectedPackages(pool, named).find((pkg) => chosen.has(pkg));
  if (target === undefined) {
    throw new WeirError("WHY_NOT_THERE", `${wanted} is not in the answer`, {
      kind: "refused",
      hints: [
        named.length === 0
          ? `no package is called ${wanted}`
          : "nothing that is asked for needs it: weir solve shows what is there",
      ],
    });
  }
  const solveWithout = (packages: readonly number[]) => opened.askAgain({ ...opened.question, without: packages });
  const options = wishes.length === 0 ? {} : { solveWithout };
  const document = whyPackage(pool, answer.result.packages, answer.requests, target, options);
  const skips = opened.skips;
  return {
    report: makeReport("why", "", {
      summary: [summaryOf(document)],
      tables: tablesOf(document),
      skips,
      data: document,
    }),
    text: textOf(document),
    exitCode: 0,
    after,
  };
}

function summaryOf({ package: name, paths, more, brings }: WhyDocument): string {
  const ways = `${more ? "more than " : ""}${paths.length} way${paths.length === 1 ? "" : "s"} to it`;
  const others = brings.packages.length - 1;
  const alone = others === 0 ? "itself" : `itself and ${others} more`;
  return `${name}: ${ways}; without it ${alone} would go, ${formatBytes(brings.installedSize)}.`;
}

function tablesOf(document: WhyDocument): Table[] {
  return [
    {
      id: "paths",
      title: "What leads to it",
      columns: ["way", "package", "dependency", "to"],
      rows: document.paths.flatMap((path, index) =>
        path.steps.map((step) => [index + 1, step.package, `${step.kind} ${step.dependency}`, step.to]),
      ),
    },
    {
      id: "brings",
      title: "What is there for it alone",
      columns: ["package", "size", "installed"],
      rows: document.brings.packages.map((item) => [item.nevra, item.size, item.installedSize]),
    },
    {
      id: "alternatives",
      title: "Choices taken the other way",
      columns: ["without", "for", "others", "bytes installed", "result"],
      rows: document.alternatives.map((item) => [
        item.without,
        item.dependency,
        item.others.join(" "),
        item.possible ? item.installedSize : null,
        item.possible ? `${item.comes.length} come, ${item.goes.length} go` : item.reason,
      ]),
    },
  ];
}

function textOf(document: WhyDocument): string {
  const lines = [summaryOf(document)];
  for (const path of document.paths.slice(0, mostWays)) {
    let node: TreeNode[] = [];
    for (const step of [...path.steps].reverse())
      node = [{ text: `${step.kind} ${step.dependency}: ${step.to}`, children: node }];
    const first = path.steps[0]?.package;
    const root = first === undefined || first === path.request ? path.request : `${path.request}: ${first}`;
    lines.push("", root === "" ? document.package : root, ...treeLines(node));
  }
  if (document.more || document.paths.length > mostWays) lines.push("", "… and more ways");
  if (document.brings.packages.length > 1) {
    lines.push("", `There for it alone (${formatBytes(document.brings.installedSize)} installed):`);
    const shown = document.brings.packages.slice(1, 21);
    for (const item of shown) lines.push(`  ${item.nevra}  ${formatBytes(item.installedSize)}`);
    const rest = document.brings.packages.length - 1 - shown.length;
    if (rest > 0) lines.push(`  and ${rest} more`);
  }
  if (document.alternatives.length > 0) lines.push("", "The other way:");
  for (const item of document.alternatives) {
    if (!item.possible) {
      lines.push(`  without ${item.without}: ${item.reason}`);
      continue;
    }
    const sign = item.installedSize < 0 ? "−" : "+";
    const change = `${sign}${formatBytes(Math.abs(item.installedSize))}`;
    lines.push(`  without ${item.without}: ${change}, ${few("comes", item.comes)}, ${few("goes", item.goes)}`);
  }
  return `${lines.join("\n")}\n`;
}

function few(verb: string, nevras: readonly string[]): string {
  if (nevras.length === 0) return `nothing ${verb}`;
  const shown = nevras.slice(0, 3).join(", ");
  return `${shown}${nevras.length > 3 ? ` and ${nevras.length - 3} more` : ""} ${nevras.length === 1 ? verb : verb.replace(/e?s$/, verb === "goes" ? "" : "e")}`;
}
