import { compareText } from "../../../core/index.ts";
import { type DependencyId, type ListKind, relationOp } from "../../../formats/rpmmd/index.ts";
import { type Pool, systemPackage } from "../../pool/index.ts";
import type { Selection, SolverFlags, SolverJob } from "../jobs.ts";
import { packagesOf } from "../selection/index.ts";
import { frozenDependency, frozenWord } from "./dependency.ts";

const tags: readonly (readonly [tag: string, kind: ListKind])[] = [
  ["Prv", "provides"],
  ["Req", "requires"],
  ["Con", "conflicts"],
  ["Obs", "obsoletes"],
  ["Rec", "recommends"],
  ["Sug", "suggests"],
  ["Sup", "supplements"],
  ["Enh", "enhances"],
];

const poolFlags: readonly (keyof SolverFlags)[] = [
  "implicitObsoleteUsesColours",
  "obsoleteUsesColours",
  "obsoleteUsesProvides",
  "implicitObsoleteUsesProvides",
  "forbidSelfConflicts",
  "noInstalledObsoletes",
];

export interface FrozenQuestion {
  readonly jobs: readonly SolverJob[];
  readonly flags: SolverFlags;
  readonly considered: Uint8Array | undefined;
  readonly arch: string;
  /** Lines for the head, without line breaks. */
  readonly comments: readonly string[];
}

/**
 * A question as a test case in libsolv's format, with the packages it can reach, so that it can be asked again without its repositories, here
 * and of libsolv's own tools. What the format cannot say is left out, and named in a comment.
 */
export function freezeQuestion(pool: Pool, question: FrozenQuestion): string {
  const reached = reachable(pool, question.jobs);
  const ids = idsOf(pool);
  const left: string[] = [];
  const lines = question.comments.map((text) => `# ${text.replaceAll(/[\r\n]+/g, " ")}`);
  for (const { index, priority } of pool.repositories) {
    lines.push(`repo ${ids[index]} ${priority} testtags <inline>`, "#>=Ver: 3.0");
    for (const pkg of reached) if (pool.columns.repository[pkg] === index) lines.push(...packageLines(pool, pkg, left));
  }
  lines.push(`system ${question.arch} rpm${pool.installed >= 0 ? ` ${ids[pool.installed]}` : ""}`);
  lines.push(...flagLines(question.flags));
  for (const pkg of reached)
    if (question.considered?.[pkg] === 0) lines.push(`disable pkg ${packageWord(pool, pkg, ids)}`);
  for (const job of question.jobs) {
    const select = selectText(pool, job.select, ids);
    const flags = job.flags === undefined || job.flags.length === 0 ? "" : ` [${job.flags.join(",")}]`;
    if (select === undefined) left.push(`job ${job.action}`);
    else lines.push(`job ${job.action} ${select}${flags}`);
  }
  lines.push(
    ...[...new Set(left)].sort(compareText).map((text) => `# left out, since the format cannot say it: ${text}`),
  );
  return `${lines.join("\n")}\n`;
}

/** Names of repositories as one word each. */
function idsOf(pool: Pool): string[] {
  const taken = new Set<string>();
  return pool.repositories.map(({ id }) => {
    const plain = id.replaceAll(/[^A-Za-z0-9_.@-]/g, "_") || "repo";
    let name = plain;
    for (let number = 2; taken.has(name); number++) name = `${plain}-${number}`;
    taken.add(name);
    return name;
  });
}

/** Packages that what is asked for, what is installed, and what these need or clash with may be met by; ascending. */
function reachable(pool: Pool, jobs: readonly SolverJob[]): number[] {
  const { columns } = pool;
  const reached = new Set<number>();
  const open: number[] = [];
  const take = (pkg: number): void => {
    if (pkg <= systemPackage || reached.has(pkg)) return;
    reached.add(pkg);
    open.push(pkg);
  };
  const follow = (id: DependencyId): void => {
    const parts = [id];
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      if (part < 0 && (columns.relationOp[~part] as number) >= relationOp.and)
        parts.push(columns.relationName[~part] as number, columns.relationEvr[~part] as number);
      else for (const pkg of pool.providersOf(part)) take(pkg);
    }
  };
  for (let pkg = 2; pkg < columns.count; pkg++) if (pool.isInstalled(pkg)) take(pkg);
  for (const { select } of jobs) if (select.kind !== "all") for (const pkg of packagesOf(pool, select)) take(pkg);
  for (;;) {
    for (let pkg = open.pop(); pkg !== undefined; pkg = open.pop()) {
      // Another version may take its place.
      for (const other of pool.providersOf(columns.name[pkg] as number))
        if (columns.name[other] === columns.name[pkg]) take(other);
      for (const kind of ["requires", "conflicts", "obsoletes", "recommends"] as const)
        for (const id of pool.dependencies(pkg, kind)) follow(id);
    }
    for (let pkg = 2; pkg < columns.count; pkg++)
      if (!reached.has(pkg) && comesBecauseOf(pool, pkg, reached)) take(pkg);
    if (open.length === 0) break;
  }
  return [...reached].sort((a, b) => a - b);
}

/** Whether a package obsoletes or supplements one of those. */
function comesBecauseOf(pool: Pool, pkg: number, reached: ReadonlySet<number>): boolean {
  for (const kind of ["obsoletes", "supplements"] as const)
    for (const id of pool.dependencies(pkg, kind))
      if (pool.providersOf(id).some((other) => reached.has(other))) return true;
  return false;
}

function packageLines(pool: Pool, pkg: number, left: string[]): string[] {
  const { columns } = pool;
  const text = (id: number | undefined) => columns.strings.text(id ?? 0);
  const evr = text(columns.evr[pkg]);
  const dash = evr.lastIndexOf("-");
  const version = dash < 0 ? `${evr} -` : `${evr.slice(0, dash)} ${evr.slice(dash + 1)}`;
  const lines = [`#>=Pkg: ${text(columns.name[pkg])} ${version} ${text(columns.arch[pkg]) || "-"}`];
  for (const [tag, kind] of tags) {
    for (const id of pool.dependencies(pkg, kind)) {
      const written = frozenDependency(columns, id);
      if (written === undefined) left.push(`${kind} ${columns.dependencyText(id)}`);
      else lines.push(`#>=${tag}: ${written}`);
    }
  }
  // Of files only those that some dependency names.
  for (const path of pool.dependencies(pkg, "files"))
    if (pool.providersOf(path).length > 0) lines.push(`#>=Fls: ${text(path)}`);
  const vendor = text(columns.vendor[pkg]);
  if (vendor !== "") lines.push(`#>=Vnd: ${vendor}`);
  return lines;
}

function flagLines(flags: SolverFlags): string[] {
  const named = (inPool: boolean) =>
    (Object.keys(flags) as (keyof SolverFlags)[])
      .filter((name) => flags[name] === true && poolFlags.includes(name) === inPool)
      .map((name) => name.toLowerCase().replace("colours", "colors"))
      .sort(compareText);
  const [forPool, forSolver] = [named(true), named(false)];
  return [
    ...(forPool.length > 0 ? [`poolflags ${forPool.join(" ")}`] : []),
    ...(forSolver.length > 0 ? [`solverflags ${forSolver.join(" ")}`] : []),
  ];
}

function packageWord(pool: Pool, pkg: number, ids: readonly string[]): string {
  return `${frozenWord(pool.nevra(pkg))}@${ids[pool.columns.repository[pkg] as number]}`;
}

function selectText(pool: Pool, select: Selection, ids: readonly string[]): string | undefined {
  switch (select.kind) {
    case "package":
      return `pkg ${packageWord(pool, select.package, ids)}`;
    case "oneof":
      return `oneof ${select.packages.map((pkg) => packageWord(pool, pkg, ids)).join(" ") || "nothing"}`;
    case "repository":
      return `repo ${ids[select.repository]}`;
    case "all":
      return "all packages";
    default: {
      const written = frozenDependency(pool.columns, select.dependency);
      return written === undefined ? undefined : `${select.kind} ${written}`;
    }
  }
}
