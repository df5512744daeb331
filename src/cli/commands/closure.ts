import { makeReport, WeirError } from "../../core/index.ts";
import { closureDocument, solutionDocument } from "../../engine/solve/index.ts";
import type { CommandContext, CommandInput, CommandOutcome } from "../command.ts";
import { openQuestion, requestHint, splitArguments } from "../open-question.ts";
import { formatBytes, problemText, solutionReport, treeLines } from "./solve-view.ts";

export async function closure(input: CommandInput, context: CommandContext): Promise<CommandOutcome> {
  const { where, requests } = splitArguments(input, context);
  const texts = [...new Set(requests)];
  if (texts.length === 0) {
    throw new WeirError("USAGE_REQUEST_MISSING", "nothing is asked for", {
      hints: [requestHint("closure", where)],
    });
  }
  const opened = await openQuestion(
    input,
    context,
    texts.map((text) => ({ action: "install" as const, text })),
    where,
  );
  const answer = await opened.ask(opened.question);
  const { save: after, arch } = opened;
  const skips = [...opened.skips];
  if (answer.problems.length > 0) {
    const document = solutionDocument(answer.result, {
      arch,
      requests: answer.requests,
      repositories: opened.repositories,
      problems: answer.problems,
    });
    return { report: solutionReport(document, skips), exitCode: 1, text: problemText(answer.problems), after };
  }
  const services = input.options.flag("services")
    ? await (await import("./minimize.ts")).servicesOf(opened, context, skips)
    : undefined;
  const { document, tree } = closureDocument(answer, arch, texts, services);
  const { totals } = document;
  const units = services === undefined ? "" : `, ${totals.services} services`;
  const summary = `${totals.packages} packages, ${formatBytes(totals.size)} to download, ${formatBytes(totals.installedSize)} installed${units}.`;
  const report = makeReport("closure", "", {
    summary: [summary],
    tables: [
      {
        id: "repositories",
        title: "Repositories",
        columns: ["repository", "packages", "size", "installed"],
        rows: document.repositories.map((item) => [item.id, item.packages, item.size, item.installedSize]),
      },
      {
        id: "packages",
        title: "Packages",
        columns: [
          "package",
          "repository",
          "size",
          "installed",
          "with what it brings",
          "brought by",
          ...(services === undefined ? [] : ["services"]),
        ],
        rows: document.packages.map((item) => [
          item.nevra,
          item.repo,
          item.size,
          item.installedSize,
          item.withBrought,
          item.by,
          ...(services === undefined ? [] : [item.services.join(" ")]),
        ]),
      },
    ],
    skips,
    data: document,
  });
  if (!input.options.flag("tree")) return { report, exitCode: 0, after };
  return { report, exitCode: 0, after, text: `${[summary, ...treeLines(tree)].join("\n")}\n` };
}
