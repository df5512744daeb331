import { compareEvrIds, type Pool } from "../../pool/index.ts";
import type { JobAction, JobFlag, SolverFlags, SolverJob } from "../jobs.ts";
import type { ActiveModules, ModuleFilter } from "../modules/index.ts";
import { packagesOf, selectPackages } from "../selection/index.ts";
import { type ReadRequest, type RequestGroup, readRequest } from "./requests.ts";

/** What people ask of a package. */
export type RequestAction =
  | "install"
  | "remove"
  | "update"
  | "downgrade"
  | "lock"
  | "favor"
  | "disfavor"
  | "multiversion";

export interface Wish {
  readonly action: RequestAction;
  /** `*` stands for all packages. */
  readonly text: string;
}

/** What is asked of a pool. */
export interface Question {
  readonly wishes: readonly Wish[];
  /** Everything is brought to what the repositories have, downgrades included. */
  readonly distroSync?: boolean;
  /** Follow recommends and supplements. */
  readonly weak: boolean;
  /** The best candidate or a problem. */
  readonly best?: boolean;
  /** Installed packages may be removed where they are in the way. */
  readonly allowErasing?: boolean;
  /** Patterns of packages that must not be chosen, and for some repositories by their index. */
  readonly exclude: readonly string[];
  readonly excludeOf?: ReadonlyMap<number, readonly string[]>;
  /** Of these repositories only what matches is used. */
  readonly onlyOf?: ReadonlyMap<number, readonly string[]>;
  readonly groups: readonly RequestGroup[];
  readonly modules?: { readonly filter: ModuleFilter; readonly active: ActiveModules };
  /** Only these packages may be chosen. */
  readonly only?: readonly number[];
  /** These may not. */
  readonly without?: readonly number[];
}

/** A question as the solver takes it. */
export interface PreparedQuestion {
  readonly jobs: readonly SolverJob[];
  readonly flags: SolverFlags;
  /** The wishes with what they became, in order. */
  readonly requests: readonly ReadRequest[];
  /** For each job the request it is part of, -1 for none. */
  readonly requestOfJob: readonly number[];
  readonly considered: Uint8Array | undefined;
  /** The pattern that takes a package out. */
  readonly excluded: ReadonlyMap<number, string>;
}

const actions: Readonly<Record<RequestAction, JobAction>> = {
  install: "install",
  remove: "erase",
  update: "update",
  downgrade: "install",
  lock: "lock",
  favor: "favor",
  disfavor: "disfavor",
  multiversion: "multiversion",
};

/** Makes jobs of wishes. The pool's `considered` is set for good: packages that are left out still count as providers, forbidden ones. */
export function prepareQuestion(pool: Pool, question: Question): PreparedQuestion {
  const { considered, excluded } = consider(pool, question);
  pool.considered = considered;
  const jobs: SolverJob[] = [];
  const requestOfJob: number[] = [];
  const requests: ReadRequest[] = [];
  for (const [index, wish] of question.wishes.entries()) {
    const request = requestFor(pool, wish, question);
    requests.push(request);
    for (const job of request.jobs) {
      jobs.push(job);
      requestOfJob.push(index);
    }
  }
  if (question.distroSync === true) {
    jobs.push({ action: "distupgrade", select: { kind: "all" } });
    requestOfJob.push(-1);
  }
  const flags: SolverFlags = {
    allowDowngrade: true,
    allowVendorChange: true,
    bestObeyPolicy: true,
    keepOrphans: true,
    yumObsoletes: true,
    implicitObsoleteUsesColours: true,
    ...(question.weak ? {} : { ignoreRecommended: true }),
    ...(question.allowErasing === true ? { allowUninstall: true } : {}),
  };
  return { jobs, flags, requests, requestOfJob, considered, excluded };
}

function requestFor(pool: Pool, wish: Wish, question: Question): ReadRequest {
  const action = actions[wish.action];
  const flags: JobFlag[] =
    question.best === true && (wish.action === "install" || wish.action === "update") ? ["forcebest"] : [];
  if (wish.text === "*") {
    const job: SolverJob = { action, select: { kind: "all" }, flags };
    return { text: wish.text, jobs: [job], candidates: [{ packages: [] }] };
  }
  const request = readRequest(pool, wish.text, action, flags, question.groups);
  return wish.action === "downgrade" ? olderThanInstalled(pool, request) : request;
}

/** Of each name the newest version below the installed one. */
function olderThanInstalled(pool: Pool, request: ReadRequest): ReadRequest {
  const packages = new Set(request.candidates.flatMap((item) => item.packages));
  const { columns } = pool;
  const jobs: SolverJob[] = [];
  for (const installed of packages) {
    if (!pool.isInstalled(installed)) continue;
    const older = [...packages].filter(
      (pkg) =>
        !pool.isInstalled(pkg) &&
        columns.name[pkg] === columns.name[installed] &&
        columns.arch[pkg] === columns.arch[installed] &&
        newer(pool, pkg, installed) < 0,
    );
    const [best] = older.sort((a, b) => newer(pool, b, a) || a - b);
    if (best !== undefined)
      jobs.push({ action: "install", select: { kind: "package", package: best }, flags: ["setevr"] });
  }
  return {
    ...request,
    jobs,
    candidates: jobs.map(({ select }) => ({ packages: select.kind === "package" ? [select.package] : [] })),
  };
}

function consider(pool: Pool, question: Question): Pick<PreparedQuestion, "considered" | "excluded"> {
  const excluded = new Map<number, string>();
  const { columns } = pool;
  const base = question.modules?.filter.considered;
  const patterns = [...(question.excludeOf ?? new Map<number, readonly string[]>())];
  if (
    base === undefined &&
    question.exclude.length + patterns.length === 0 &&
    question.only === undefined &&
    question.without === undefined &&
    question.onlyOf === undefined
  )
    return { considered: undefined, excluded };
  pool.considered = undefined;
  const considered = base === undefined ? new Uint8Array(columns.count).fill(1) : Uint8Array.from(base);
  const out = (pkg: number, pattern: string): void => {
    if (pool.isInstalled(pkg)) return;
    considered[pkg] = 0;
    if (!excluded.has(pkg)) excluded.set(pkg, pattern);
  };
  for (const pattern of question.exclude) for (const pkg of matching(pool, pattern)) out(pkg, pattern);
  for (const [repository, list] of patterns) {
    for (const pattern of list)
      for (const pkg of matching(pool, pattern)) if (columns.repository[pkg] === repository) out(pkg, pattern);
  }
  for (const [repository, list] of question.onlyOf ?? []) {
    const kept = new Set(list.flatMap((pattern) => matching(pool, pattern)));
    for (let pkg = 2; pkg < columns.count; pkg++)
      if (columns.repository[pkg] === repository && !kept.has(pkg)) out(pkg, `all but ${list.join(" ")}`);
  }
  if (question.only !== undefined) {
    const kept = new Set(question.only);
    for (let pkg = 2; pkg < columns.count; pkg++) if (!kept.has(pkg) && !pool.isInstalled(pkg)) considered[pkg] = 0;
    for (const pkg of kept) considered[pkg] = 1;
  }
  for (const pkg of question.without ?? []) out(pkg, pool.nevra(pkg));
  return { considered, excluded };
}

function matching(pool: Pool, pattern: string): number[] {
  const options = { name: true, canon: true, dotArch: true, glob: true, withBadArch: true, flat: true } as const;
  return selectPackages(pool, pattern, options).flatMap(({ select }) => packagesOf(pool, select));
}

function newer(pool: Pool, a: number, b: number): number {
  const { strings, evr } = pool.columns;
  return compareEvrIds(strings, evr[a] as number, evr[b] as number, "order");
}
