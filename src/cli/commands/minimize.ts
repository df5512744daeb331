import { readFile } from "node:fs/promises";
import { makeReport, type Skip, WeirError } from "../../core/index.ts";
import type { Pool } from "../../engine/pool/index.ts";
import {
  type Demand,
  matchesGlob,
  type Measure,
  type MinimalDocument,
  minimizeClosure,
  ServiceScan,
  solutionDocument,
} from "../../engine/solve/index.ts";
import { openStoredPieces, verifyStored } from "../../formats/rpmmd/index.ts";
import { CommandOptions, type CommandContext, type CommandInput, type CommandOutcome } from "../command.ts";
import { type OpenedQuestion, openQuestion } from "../open-question.ts";
import { formatBytes, problemText, solutionReport } from "./solve-view.ts";

const mostShown = 15;

export async function minimize(input: CommandInput, context: CommandContext): Promise<CommandOutcome> {
  const { options } = input;
  const measure = (options.text("by") ?? "bytes") as Measure;
  const budgets = budgetsOf(options);
  const steps = numberOf(options, "steps", "--steps") ?? 100_000;
  const weak = options.flag("weak");
  const opened = await openQuestion(
    { args: input.args, options: questionOptions(options, weak) },
    context,
    [...new Set(input.args)].map((text) => ({ action: "install" as const, text })),
  );
  const { pool, arch, save: after } = opened;
  const skips: Skip[] = [...opened.skips];
  const without = forbidden(pool, options.list("forbid"), skips);
  const answer = await opened.ask({ ...opened.question, without });
  if (answer.problems.length > 0) {
    const { requests, problems } = answer;
    const document = solutionDocument(answer.result, { arch, requests, repositories: opened.repositories, problems });
    return { report: solutionReport(document, skips), exitCode: 1, text: problemText(problems), after };
  }
  const wantsServices = measure === "services" || budgets.services !== undefined;
  const services = wantsServices ? await servicesOf(opened, context, skips) : undefined;
  const demands = answer.question.requests.flatMap((request) =>
    request.jobs.map(({ select }, index): Demand => {
      const dependency = select.kind === "provides" ? select.dependency : 0;
      return { text: request.text, packages: request.candidates[index]?.packages ?? [], dependency };
    }),
  );
  const preferred = preferredOf(pool, options.list("prefer"));
  const step = context.progress.step("look for the smallest closure");
  let document: MinimalDocument;
  try {
    document = minimizeClosure(pool, {
      arch,
      demands,
      usual: answer.result.packages,
      measure,
      weak,
      budgets,
      steps,
      ...(preferred === undefined ? {} : { preferred }),
      ...(services === undefined ? {} : { services }),
    });
  } catch (error) {
    step.end("failed");
    throw error;
  }
  step.end("done");
  const missed = document.status === "impossible" || document.budgets.some(({ state }) => state !== "met");
  const report = makeReport("minimal", "", {
    summary: summaryOf(document),
    tables: [
      {
        id: "packages",
        title: "Packages",
        columns: ["package", "repository", "size", "installed", "services"],
        rows: document.install.map((item) => [
          item.nevra,
          item.repo,
          item.size,
          item.installedSize,
          item.services.join(" "),
        ]),
      },
      {
        id: "choices",
        title: document.choices.length === 0 ? "" : "Choices taken another way than usual",
        columns: ["for", "of", "taken", "instead of", "saved"],
        rows: document.choices.map((item) => [
          item.need,
          item.by,
          item.taken.join(" "),
          item.instead.join(" "),
          item.saved,
        ]),
      },
    ],
    skips,
    data: document,
  });
  return { report, text: textOf(document, skips), exitCode: missed ? 1 : 0, after };
}

function questionOptions(options: CommandOptions, weak: boolean): CommandOptions {
  const kept = ["arch", "platform", "releasever"].flatMap((name) => {
    const value = options.text(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return new CommandOptions({
    ...Object.fromEntries(kept),
    repo: options.list("repo"),
    enableModule: options.list("enableModule"),
    disableModule: options.list("disableModule"),
    lowMemory: options.flag("lowMemory"),
    weak,
  });
}

function budgetsOf(options: CommandOptions): Partial<Record<Measure, number>> {
  const found: Partial<Record<Measure, number>> = {};
  const bytes = numberOf(options, "budgetBytes", "--budget-bytes");
  const packages = numberOf(options, "budgetPackages", "--budget-packages");
  const services = numberOf(options, "budgetServices", "--budget-services");
  if (bytes !== undefined) found.bytes = bytes;
  if (packages !== undefined) found.packages = packages;
  if (services !== undefined) found.services = services;
  return found;
}

const units: Readonly<Record<string, number>> = { "": 1, k: 1e3, M: 1e6, G: 1e9 };

function numberOf(options: CommandOptions, name: string, flag: string): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const match = /^(\d{1,12}(?:\.\d{1,3})?)([kMG]?)B?$/.exec(text);
  const value = Math.round(Number(match?.[1]) * (units[match?.[2] ?? ""] ?? 1));
  if (match === null || !Number.isSafeInteger(value)) {
    throw new WeirError("USAGE_NUMBER_MALFORMED", `${JSON.stringify(text)} is no number`, {
      where: flag,
      hints: ["write digits, with k, M or G after them for thousands, millions, billions: 250M"],
    });
  }
  return value;
}

/** Packages that the patterns of `--forbid` name, by name or NEVRA. */
function forbidden(pool: Pool, patterns: readonly string[], skips: Skip[]): number[] {
  if (patterns.length === 0) return [];
  const { columns } = pool;
  const used = new Set<string>();
  const found: number[] = [];
  for (let pkg = 2; pkg < columns.count; pkg++) {
    const texts = [columns.strings.text(columns.name[pkg] as number), pool.nevra(pkg)];
    const hits = patterns.filter((pattern) => texts.some((text) => matchesGlob(pattern, text)));
    for (const pattern of hits) used.add(pattern);
    if (hits.length > 0) found.push(pkg);
  }
  for (const pattern of patterns)
    if (!used.has(pattern)) skips.push({ subject: `--forbid ${pattern}`, reason: "no package has such a name" });
  return found;
}

function preferredOf(pool: Pool, names: readonly string[]): Uint8Array | undefined {
  if (names.length === 0) return undefined;
  const { columns } = pool;
  const wanted = new Set(names.map((name) => columns.strings.find(name)).filter((id) => id > 0));
  const unknown = names.find((name) => columns.strings.find(name) <= 0);
  if (unknown !== undefined) {
    throw new WeirError("MINIMIZE_PREFERENCE_UNKNOWN", `no package is called ${unknown}`, {
      where: "--prefer",
      hints: ["name packages without version"],
    });
  }
  const marked = new Uint8Array(columns.count);
  for (let pkg = 2; pkg < columns.count; pkg++) if (wanted.has(columns.name[pkg] as number)) marked[pkg] = 1;
  return marked;
}

/** Service units by package, from the repositories' file lists. */
export async function servicesOf(
  { pool, sources }: OpenedQuestion,
  context: CommandContext,
  skips: Skip[],
): Promise<Map<number, readonly string[]>> {
  const found = new Map<number, readonly string[]>();
  for (const [repository, source] of sources.entries()) {
    const entry = source.entry("filelists");
    const step = context.progress.step(`look for services in ${source.id}`);
    try {
      if (entry === undefined) throw new WeirError("RPMMD_NO_DATA", "it has no file lists");
      const bytes = await readFile(await source.file("filelists", { verify: false }));
      verifyStored(bytes, entry);
      const scan = new ServiceScan();
      for await (const piece of openStoredPieces(bytes, entry, { pieceSize: 1 << 20 })) {
        context.signal.throwIfAborted();
        scan.push(piece);
      }
      scan.finish();
      let packages = 0;
      for (let pkg = 2; pkg < pool.columns.count; pkg++) {
        if (pool.columns.repository[pkg] !== repository) continue;
        packages++;
        const units = scan.found.get(pool.columns.checksumOf(pkg).replace(/^[^:]*:/, ""));
        if (units !== undefined) found.set(pkg, units);
      }
      if (scan.packages < packages) {
        const reason = `its file lists name ${scan.packages} of ${packages} packages, so services may be missing`;
        skips.push({ subject: source.id, reason });
      }
      step.end("done");
    } catch (error) {
      step.end("failed");
      if (!(error instanceof WeirError) && (error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      skips.push({ subject: source.id, reason: "its file lists cannot be read, so its services are not known" });
    }
  }
  return found;
}

const amounts: Readonly<Record<Measure, (value: number) => string>> = {
  bytes: (value) => `${formatBytes(value)} installed`,
  packages: (value) => `${value} packages`,
  services: (value) => `${value} services`,
};

function summaryOf(document: MinimalDocument): string[] {
  const { totals, usual, status, measure } = document;
  if (status === "impossible") return ["There is no closure under these constraints."];
  const proof =
    status === "optimal"
      ? "nothing is smaller, which is proven"
      : `nothing is smaller than ${amounts[measure](document.bound)}, which is proven`;
  const services = totals.services < 0 ? "" : `, ${totals.services} services`;
  const lines = [
    `${totals.packages} packages, ${formatBytes(totals.installedSize)} installed${services}; by ${measure} ${proof}.`,
    `The usual answer has ${usual.packages} packages, ${formatBytes(usual.installedSize)} installed${usual.services < 0 ? "" : `, ${usual.services} services`}.`,
  ];
  for (const { measure: what, limit, value, least, state, giveUp } of document.budgets) {
    const say = amounts[what];
    if (state === "met") lines.push(`Budget of ${say(limit)}: met with ${say(value)}.`);
    else if (state === "impossible") {
      const instead = giveUp.length === 0 ? "no single request stands in the way" : `give up ${giveUp.join(" or ")}`;
      lines.push(`Budget of ${say(limit)}: impossible, the least is ${say(least)}; ${instead}.`);
    } else
      lines.push(
        `Budget of ${say(limit)}: not met by what was found (${say(value)}); the least by itself is ${say(least)}.`,
      );
  }
  return lines;
}

function textOf(document: MinimalDocument, skips: readonly Skip[]): string {
  const lines = summaryOf(document);
  const list = (title: string, items: readonly string[]): void => {
    if (items.length === 0) return;
    lines.push("", title, ...items.slice(0, mostShown).map((item) => `  ${item}`));
    if (items.length > mostShown) lines.push(`  and ${items.length - mostShown} more`);
  };
  const savings = document.choices.map((item) => {
    const sign = item.saved < 0 ? "+" : "−";
    return `${sign}${formatBytes(Math.abs(item.saved))}: ${item.taken.join(", ")} instead of ${item.instead.join(", ")}, for ${item.need}`;
  });
  list("Choices taken another way than usual:", savings);
  list("Left out of the usual answer:", document.leftOut);
  list("In their place:", document.instead);
  const largest = [...document.install].sort((a, b) => b.installedSize - a.installedSize);
  list(
    "Packages, largest first:",
    largest.map((item) => `${item.nevra}  ${formatBytes(item.installedSize)}`),
  );
  if (skips.length > 0) lines.push("", "Not judged:", ...skips.map(({ subject, reason }) => `  ${subject}: ${reason}`));
  return `${lines.join("\n")}\n`;
}
