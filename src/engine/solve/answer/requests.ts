import { WeirError } from "../../../core/index.ts";
import { parseRich } from "../../../formats/rpm/index.ts";
import type { Pool } from "../../pool/index.ts";
import type { JobAction, JobFlag, SolverJob } from "../jobs.ts";
import { packagesOf, selectPackages } from "../selection/index.ts";
import type { RequestCandidates } from "./reasons.ts";

/** Something asked for, as jobs. */
export interface ReadRequest {
  readonly text: string;
  readonly jobs: readonly SolverJob[];
  /** What meets each job, in the order of the jobs; empty for what nothing meets. */
  readonly candidates: readonly RequestCandidates[];
}

/** A group of packages that `@id` stands for. */
export interface RequestGroup {
  readonly id: string;
  readonly name: string;
  readonly packages: readonly { readonly name: string; readonly kind: string; readonly requires?: string }[];
}

const asPeopleWrite = {
  name: true,
  provides: true,
  filelist: true,
  canon: true,
  dotArch: true,
  relation: true,
  glob: true,
} as const;
const longest = 4096;

/**
 * What a request means: `@group`; a boolean dependency in parentheses; else what {@link selectPackages} makes of it: a path, a name, with a
 * range of versions or an architecture, something provided, name-version-release.arch, each as a shell pattern too, with a job for each name.
 * What nothing meets is a job still, so that the solver says so. Errors: `SOLVE_REQUEST_MALFORMED`, `SOLVE_GROUP_UNKNOWN`.
 */
export function readRequest(
  pool: Pool,
  text: string,
  action: JobAction,
  flags: readonly JobFlag[],
  groups: readonly RequestGroup[] = [],
): ReadRequest {
  const clean = text.trim();
  if (clean === "" || clean.length > longest || /[\u0000-\u001f]/.test(clean)) throw malformed(text);
  if (clean.startsWith("@")) return groupRequest(pool, clean, action, flags, groups);
  if (clean.startsWith("(")) {
    const tree = parseRich(clean);
    if (tree === undefined) throw malformed(text);
    const dependency = pool.columns.fromRich(tree);
    return asRequest(pool, clean, [{ action, select: { kind: "provides", dependency }, flags }]);
  }
  const onlyInstalled = action === "erase" || action === "userinstalled";
  const name = onlyInstalled ? 0 : plainName(pool, clean);
  if (name > 0) return asRequest(pool, clean, [{ action, select: { kind: "name", dependency: name }, flags }]);
  const selected = selectPackages(pool, clean, { ...asPeopleWrite, installedOnly: onlyInstalled });
  if (selected.length === 0) {
    const hidden = onlyInstalled
      ? []
      : selectPackages(pool, clean, { ...asPeopleWrite, withDisabled: true, withBadArch: true });
    if (hidden.length === 0) {
      const dependency = pool.columns.strings.internText(clean);
      return {
        text: clean,
        jobs: [{ action, select: { kind: "name", dependency }, flags }],
        candidates: [{ packages: [] }],
      };
    }
    return asRequest(
      pool,
      clean,
      hidden.map((item) => ({ action, select: item.select, flags: [...flags, ...item.flags] })),
    );
  }
  return asRequest(
    pool,
    clean,
    selected.map((item) => ({ action, select: item.select, flags: [...flags, ...item.flags] })),
  );
}

/** The name of packages that may be installed; 0 where the text is none. What most requests are, found without looking at every package. */
function plainName(pool: Pool, text: string): number {
  const { strings, name } = pool.columns;
  const id = strings.find(text);
  if (id <= 0) return 0;
  const isUsual = (pkg: number) => name[pkg] === id && (pool.isInstalled(pkg) || pool.isInstallable(pkg));
  return pool.providersOf(id).some(isUsual) ? id : 0;
}

function asRequest(pool: Pool, text: string, jobs: readonly SolverJob[]): ReadRequest {
  return { text, jobs, candidates: jobs.map((job) => ({ packages: newestFirst(pool, packagesOf(pool, job.select)) })) };
}

/** Installed ones last: what a request brings is told before what was there. */
function newestFirst(pool: Pool, packages: readonly number[]): number[] {
  return [...packages].sort((a, b) => Number(pool.isInstalled(a)) - Number(pool.isInstalled(b)) || a - b);
}

function groupRequest(
  pool: Pool,
  text: string,
  action: JobAction,
  flags: readonly JobFlag[],
  groups: readonly RequestGroup[],
): ReadRequest {
  const wanted = text.slice(1);
  const group = groups.find((item) => item.id === wanted) ?? groups.find((item) => item.name === wanted);
  if (group === undefined) {
    throw new WeirError("SOLVE_GROUP_UNKNOWN", `no repository has a group ${wanted}`, {
      hints: groups.length === 0 ? ["none of the repositories has groups"] : near(wanted, groups),
    });
  }
  const members = group.packages.filter((member) => member.kind === "mandatory" || member.kind === "default");
  const jobs = members.flatMap((member): SolverJob[] =>
    selectPackages(pool, member.name, { name: true, installedOnly: action === "erase" }).map(({ select }) => ({
      action,
      select,
      // One member that cannot be had does not take the group away.
      flags: member.kind === "mandatory" ? flags : [...flags, "weak"],
    })),
  );
  return asRequest(pool, text, jobs);
}

function near(wanted: string, groups: readonly RequestGroup[]): string[] {
  const alike = groups.map((group) => group.id).filter((id) => id.includes(wanted) || wanted.includes(id));
  return alike.length === 0 ? [] : [`there is ${alike.slice(0, 3).join(", ")}`];
}

function malformed(text: string): WeirError {
  return new WeirError("SOLVE_REQUEST_MALFORMED", `not a request: ${text}`, {
    hints: ["write a name, `name >= version`, a path, a pattern, or a boolean dependency in parentheses"],
  });
}
