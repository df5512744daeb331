import { openRepositories, type RepositorySource } from "../../adapters/repository/index.ts";
import { type Finding, makeReport, type Skip, WeirError } from "../../core/index.ts";
import { type LoadedPool, loadPool, type Pool } from "../../engine/pool/index.ts";
import { type ClosureRepository, keepNewest, matchesGlob, repoclosure as judge } from "../../engine/solve/index.ts";
import type { RepoclosureDocument } from "../../engine/solve/index.ts";
import type { CommandContext, CommandInput, CommandOutcome } from "../command.ts";
import { cacheFolder, machineArch } from "../folders.ts";
import { poolSource } from "../open-pool.ts";
import { commandRules } from "../rules.ts";

const mostShown = 20;
const mostCauses = 25;
const mostEvidence = 100;

interface Opened {
  readonly loaded: LoadedPool;
  readonly repositories: readonly ClosureRepository[];
  readonly skips: readonly Skip[];
}

export async function repoclosure(input: CommandInput, context: CommandContext): Promise<CommandOutcome> {
  const { options } = input;
  const arch = options.text("arch") ?? machineArch();
  const old = options.list("against");
  const subset = options.list("checkSubset");
  const now = await open(input.args, input, context, arch);
  const before = old.length === 0 ? undefined : await open(old, input, context, arch);
  const step = context.progress.step("judge packages");
  let document: RepoclosureDocument;
  try {
    document = judge(now.loaded.pool, {
      arch,
      repositories: now.repositories,
      subset,
      ...(before === undefined ? {} : { against: { pool: before.loaded.pool, repositories: before.repositories } }),
    });
  } catch (error) {
    step.end("failed");
    throw error;
  }
  step.end("done");
  if (document.packages === 0) throw nothingToJudge(subset, arch);
  const skips: Skip[] = [...now.skips, ...(before?.skips ?? [])];
  for (const { nevra, reason } of document.unjudged) skips.push({ subject: nevra, reason });
  if (!options.flag("filelists")) skips.push(...pathSkips(document));
  const bad = document.changes === undefined ? document.broken.length : document.changes.newlyBroken.length;
  const report = makeReport("repoclosure", "", {
    summary: summaryOf(document),
    findings: findingsOf(document),
    skips,
    data: document,
  });
  return { report, text: textOf(document, skips), exitCode: bad > 0 ? 1 : 0, after: () => save([now, before]) };
}

function nothingToJudge(subset: readonly string[], arch: string): WeirError {
  if (subset.length > 0) {
    return new WeirError("CLOSURE_SUBSET_EMPTY", `no package matches ${subset.join(" ")}`, {
      where: "--check-subset",
      hints: ["give shell patterns for names, or for name-version-release.arch as a whole"],
    });
  }
  return new WeirError("REPO_EMPTY", "there is no package to judge", {
    hints: [`name repositories with packages for ${arch} or noarch, or another --arch`],
  });
}

async function open(
  where: readonly string[],
  input: CommandInput,
  context: CommandContext,
  arch: string,
): Promise<Opened> {
  const { options } = input;
  const skips: Skip[] = [];
  const releasever = options.text("releasever");
  const sources = await openRepositories(where, {
    cwd: context.cwd,
    cacheFolder: cacheFolder(),
    network: context.network,
    signal: context.signal,
    progress: context.progress,
    arch,
    ...(releasever === undefined ? {} : { releasever }),
    onSkip: (skip) => skips.push(skip),
  });
  // A pool that other commands completed from file lists would answer differently: only those asked for take part.
  const withFiles = options.flag("filelists");
  const loaded = await loadPool(
    sources.map((source) => {
      const { filelists, ...rest } = poolSource(source);
      return withFiles && filelists !== undefined ? { ...rest, filelists } : rest;
    }),
    {
      arch,
      cacheFolder: cacheFolder(),
      signal: context.signal,
      progress: context.progress,
      ...(options.flag("lowMemory") ? { lowMemory: true } : {}),
    },
  );
  if (withFiles) await loaded.completeFiles();
  const { columns } = loaded.pool;
  const counts = sources.map(() => 0);
  for (let pkg = 2; pkg < columns.count; pkg++) {
    const index = columns.repository[pkg] as number;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  const repositories = sources.map(({ id, repomd }, index) => {
    return { id, revision: repomd.revision, packages: counts[index] ?? 0 };
  });
  // What is kept for the next time is the whole.
  if (options.flag("newest") || sources.some(leavesOut)) await loaded.save();
  if (sources.some(leavesOut)) leaveOut(loaded.pool, sources);
  if (options.flag("newest")) keepNewest(loaded.pool);
  return { loaded, repositories, skips };
}

function leavesOut({ excludes, includepkgs }: RepositorySource): boolean {
  return excludes.length > 0 || includepkgs.length > 0;
}

/** Takes packages out that `.repo` files exclude. */
function leaveOut(pool: Pool, sources: readonly RepositorySource[]): void {
  const { columns } = pool;
  const considered = new Uint8Array(columns.count).fill(1);
  for (let pkg = 2; pkg < columns.count; pkg++) {
    const source = sources[columns.repository[pkg] as number];
    if (source === undefined || !leavesOut(source)) continue;
    const texts = [columns.strings.text(columns.name[pkg] as number), pool.nevra(pkg)];
    const isIn = (patterns: readonly string[]) =>
      patterns.some((pattern) => texts.some((text) => matchesGlob(pattern, text)));
    if (isIn(source.excludes) || (source.includepkgs.length > 0 && !isIn(source.includepkgs))) considered[pkg] = 0;
  }
  pool.considered = considered;
  pool.prepare();
}

async function save(opened: readonly (Opened | undefined)[]): Promise<void> {
  for (const one of opened) await one?.loaded.save();
}

/** Paths that nothing was found for without file lists. */
function pathSkips(document: RepoclosureDocument): Skip[] {
  const paths = document.causes.flatMap(({ wanted }) => wanted.filter((text) => text.startsWith("/")));
  const shown = paths.slice(0, mostShown).join(" ");
  if (paths.length === 0) return [];
  return [
    {
      subject: paths.length > mostShown ? `${shown} …` : shown,
      reason: "primary metadata has no such path, and file lists were not read: --filelists reads them",
    },
  ];
}

function summaryOf(document: RepoclosureDocument): string[] {
  const { packages, broken, causes, changes } = document;
  const state =
    broken.length === 0
      ? `${packages} packages, each can be installed.`
      : `${broken.length} of ${packages} packages cannot be installed, for ${causes.length} ${causes.length === 1 ? "cause" : "causes"}.`;
  if (changes === undefined) return [state];
  const { newlyBroken, newlyHealthy, stillBroken, gone } = changes;
  return [
    state,
    `${newlyBroken.length} newly broken, ${newlyHealthy.length} newly healthy, ${stillBroken.length} still broken, ${gone.length} broken ones gone; ` +
      `${changes.added} packages came, ${changes.removed} went, ${changes.judged} had to be judged anew.`,
  ];
}

/** A finding a cause. With an earlier state those that break nothing newly are for information. */
function findingsOf({ causes, broken, changes }: RepoclosureDocument): Finding[] {
  const fresh = changes === undefined ? undefined : new Set(changes.newlyBroken);
  const chains = new Map(broken.map(({ nevra, chain }) => [nevra, chain]));
  return causes.map((cause): Finding => {
    const rule = cause.kind === "missing" ? commandRules.CLOSURE001 : commandRules.CLOSURE002;
    const mine = fresh === undefined ? cause.breaks : cause.breaks.filter((nevra) => fresh.has(nevra));
    const shown = (mine.length > 0 ? mine : cause.breaks).slice(0, mostEvidence);
    const [first = ""] = shown;
    return {
      rule: rule.id,
      severity: mine.length > 0 ? rule.severity : "info",
      subject: cause.kind === "missing" ? (cause.wanted[0] ?? "") : first,
      message: `${cause.text}; ${counted(cause.breaks.length, "package")} cannot be installed`,
      evidence: shown.map((nevra) => ({ what: nevra, where: (chains.get(nevra) ?? []).join(" → ") })),
    };
  });
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** Causes as people read them, those that break most first. */
function textOf(document: RepoclosureDocument, skips: readonly Skip[]): string {
  const { causes, broken, changes } = document;
  const lines = summaryOf(document);
  const chains = new Map(broken.map(({ nevra, chain }) => [nevra, chain]));
  const fresh = changes === undefined ? undefined : new Set(changes.newlyBroken);
  const told = causes
    .map((cause) => {
      return { cause, mine: fresh === undefined ? cause.breaks : cause.breaks.filter((nevra) => fresh.has(nevra)) };
    })
    .filter(({ mine }) => mine.length > 0)
    .sort((a, b) => b.mine.length - a.mine.length);
  for (const { cause, mine } of told.slice(0, mostCauses)) {
    lines.push("", `${counted(mine.length, "package")}: ${cause.text}`);
    for (const nevra of mine.slice(0, 3)) lines.push(...story(nevra, chains.get(nevra) ?? []));
    if (mine.length > 3) lines.push(`  and ${mine.length - 3} more`);
  }
  if (told.length > mostCauses) lines.push("", `and ${told.length - mostCauses} more causes: -o json has all`);
  if (changes !== undefined && changes.newlyHealthy.length > 0) {
    lines.push("", "Newly healthy:", ...changes.newlyHealthy.slice(0, mostShown).map((nevra) => `  ${nevra}`));
    if (changes.newlyHealthy.length > mostShown) lines.push(`  and ${changes.newlyHealthy.length - mostShown} more`);
  }
  if (skips.length > 0) lines.push("", "Not judged:", ...skips.map(({ subject, reason }) => `  ${subject}: ${reason}`));
  return `${lines.join("\n")}\n`;
}

/** A package and the way down, without the last line: that is the cause, which stands above. */
function story(nevra: string, chain: readonly string[]): string[] {
  const way = chain.slice(0, -1).map((line) => line.replace(/ \([^()]*\)(?= requires)/, ""));
  if (way.length === 0) return [`  ${nevra}`];
  return way.slice(0, 6).map((line, depth) => `  ${"  ".repeat(depth)}${line}`);
}
