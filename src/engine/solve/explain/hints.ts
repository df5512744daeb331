import { compareText, editDistance } from "../../../core/index.ts";
import type { Hint } from "../answer/types.ts";
import type { ExplainContext } from "./context.ts";
import type { ToldProblem } from "./problems.ts";
import type { StoryCause } from "./story.ts";
import { byVersion, instead, leavesOfDependency, repositoryText } from "./words.ts";

/** A change to what was asked, to see whether it helps. */
export type Change =
  | { readonly kind: "replace"; readonly request: string; readonly by: string }
  | { readonly kind: "drop"; readonly request: string }
  | { readonly kind: "enable-module"; readonly stream: string }
  | { readonly kind: "unexclude"; readonly pattern: string }
  | { readonly kind: "allow-erasing" }
  | { readonly kind: "nobest" };

export interface HintContext extends ExplainContext {
  /** Whether there are fewer problems with the change, by that many. */
  helps(change: Change, count: number): boolean;
  /** Module streams that hold a package. */
  streamsOf?(pkg: number): readonly string[];
  /** The pattern of the user's that takes a package out. */
  excludedBy?(pkg: number): string | undefined;
  /** Who has a dependency among repositories that are only looked at: the repository and the package. */
  elsewhere?(dependency: string): string | undefined;
  readonly best: boolean;
  readonly hasInstalled: boolean;
}

const mostHints = 5;
const mostTries = 12;
/** Causes that hints are looked for. */
const mostCauses = 2;

/** What to do about a problem, each tried first where it can be. */
export function hintsFor(told: ToldProblem, context: HintContext): Hint[] {
  const hints: Hint[] = [];
  let tries = 0;
  const add = (text: string, change?: Change, options?: readonly string[]): void => {
    if (hints.length >= mostHints || hints.some((hint) => hint.text === text)) return;
    if (change !== undefined && (tries++ >= mostTries || !context.helps(change, told.count))) return;
    hints.push({ text, verified: change !== undefined, ...(options === undefined ? {} : { options }) });
  };
  for (const cause of told.story.causes.slice(0, mostCauses)) {
    if (cause.kind === "unknown-request") unknownRequest(cause, context, add);
    else if (cause.kind === "excluded") excluded(cause, context, add);
    else if (cause.kind === "nothing-provides") missing(cause, context, add);
  }
  const against = told.story.causes.some(
    (cause) => cause.kind !== "unknown-request" && cause.kind !== "nothing-provides",
  );
  if (context.hasInstalled && against)
    add("allow installed packages to be removed with --allow-erasing", { kind: "allow-erasing" }, ["--allow-erasing"]);
  if (context.best) add("take what can be had in place of the newest with --nobest", { kind: "nobest" }, ["--nobest"]);
  const requests = [...new Set(told.jobs.map((job) => context.requestOf(job)))].sort(compareText);
  for (const request of requests) {
    const name = nameInRequest(request, context);
    if (name !== request)
      add(`another build of ${name} can be installed: ask for ${name}`, { kind: "replace", request, by: name });
  }
  if (requests.length > 1)
    for (const request of requests) add(`without ${request} the rest is possible`, { kind: "drop", request });
  for (const cause of told.story.causes) skew(cause, context, add);
  return hints;
}

type Add = (text: string, change?: Change, options?: readonly string[]) => void;

function unknownRequest(cause: StoryCause, context: HintContext, add: Add): void {
  const { pool } = context;
  const request = context.requestOf(cause.job);
  const name = nameInRequest(request, context);
  const id = pool.columns.strings.find(name);
  const found = id <= 0 ? undefined : instead(pool, id);
  for (const near of found === undefined ? nearestNames(name, context) : [])
    add(`did you mean ${near}?`, { kind: "replace", request, by: near });
  if (found !== undefined && name !== request) {
    const version = found.evr === "" ? pool.nevra(found.pkg) : `${name} ${found.evr}`;
    add(`${repositoryText(pool, found.pkg)} has ${version} for ${archsOf(name, context).join(", ")}`);
  }
  const there = context.elsewhere?.(request);
  if (there !== undefined) add(there);
  const archs = found === undefined ? archsOf(name, context) : [];
  if (archs.length > 0) add(`${name} is there only for ${archs.join(", ")}`);
}

/** The package name that a request is about, as far as one is known: without range, version or architecture. */
function nameInRequest(request: string, context: HintContext): string {
  const [, name] = /^([^<>= ]+) *[<>=]/.exec(request) ?? [];
  if (name !== undefined) return name;
  const dot = request.lastIndexOf(".");
  const bare = dot > 0 ? request.slice(0, dot) : request;
  return bare !== request && isName(bare, context) ? bare : (nameOfNevra(request, context) ?? request);
}

function isName(text: string, { pool }: HintContext): boolean {
  const id = pool.columns.strings.find(text);
  return id > 0 && pool.providersOf(id).some((pkg) => pool.columns.name[pkg] === id);
}

function excluded(cause: StoryCause, context: HintContext, add: Add): void {
  for (const pkg of byVersion(context.pool, cause.members).slice(0, 3)) {
    for (const stream of context.streamsOf?.(pkg) ?? [])
      add(`enable module stream ${stream} with --enable-module ${stream}`, { kind: "enable-module", stream }, [
        "--enable-module",
        stream,
      ]);
    const pattern = context.excludedBy?.(pkg);
    if (pattern !== undefined) add(`do not exclude ${pattern}`, { kind: "unexclude", pattern });
  }
}

function missing(cause: StoryCause, context: HintContext, add: Add): void {
  const { pool } = context;
  for (const leaf of leavesOfDependency(pool, cause.need).slice(0, 2)) {
    if (pool.providersOf(leaf).length > 0) continue;
    const text = pool.columns.dependencyText(leaf);
    const there = context.elsewhere?.(text);
    if (there !== undefined) add(there);
    else if (instead(pool, leaf) === undefined)
      add(`add a repository ${text.startsWith("/") ? "with a package that holds" : "that has"} ${text}`);
  }
}

/** Repositories of different days: what one needs, the other has in another version. */
function skew(cause: StoryCause, context: HintContext, add: Add): void {
  const { pool } = context;
  const [member] = cause.members;
  const other = cause.against !== 0 ? cause.against : standIn(cause, context);
  if (member === undefined || other === undefined) return;
  const [own, its] = [pool.columns.repository[member] as number, pool.columns.repository[other] as number];
  const [day, otherDay] = [context.dateOf?.(own), context.dateOf?.(its)];
  if (own === its || day === undefined || otherDay === undefined || day === otherDay) return;
  const [a, b] = [repositoryText(pool, member), repositoryText(pool, other)];
  add(`${a} is of ${day} and ${b} of ${otherDay}: use repositories of the same day`);
}

/** Who has what is missing in another version. */
function standIn(cause: StoryCause, { pool }: HintContext): number | undefined {
  if (cause.kind !== "nothing-provides") return undefined;
  const leaf = leavesOfDependency(pool, cause.need).find((id) => pool.providersOf(id).length === 0);
  return leaf === undefined ? undefined : instead(pool, leaf)?.pkg;
}

function nameOfNevra(request: string, context: HintContext): string | undefined {
  if (!request.includes("-")) return undefined;
  for (let dash = request.lastIndexOf("-"); dash > 0; dash = request.lastIndexOf("-", dash - 1)) {
    const name = request.slice(0, dash);
    if (isName(name, context)) return name;
  }
  return undefined;
}

function archsOf(name: string, context: HintContext): string[] {
  const { pool } = context;
  const id = pool.columns.strings.find(name);
  if (id <= 0) return [];
  const found = new Set<string>();
  for (let pkg = 2; pkg < pool.columns.count; pkg++)
    if (pool.columns.name[pkg] === id) found.add(pool.columns.strings.text(pool.columns.arch[pkg] as number));
  return [...found].sort(compareText);
}

/** Up to three names of packages that differ by at most two letters, nearest first. */
function nearestNames(name: string, context: HintContext): string[] {
  if (name.length < 3 || name.length > 100) return [];
  const { pool } = context;
  const allowed = name.length < 5 ? 1 : 2;
  const names = new Set<number>();
  for (let pkg = 2; pkg < pool.columns.count; pkg++) {
    const id = pool.columns.name[pkg] as number;
    if (Math.abs(pool.columns.strings.lengthOf(id) - name.length) <= allowed && pool.isInstallable(pkg)) names.add(id);
  }
  const near: { name: string; distance: number }[] = [];
  for (const id of names) {
    const other = pool.columns.strings.text(id);
    const distance = editDistance(name, other, allowed);
    if (distance <= allowed) near.push({ name: other, distance });
  }
  near.sort((a, b) => a.distance - b.distance || compareText(a.name, b.name));
  return near.slice(0, 3).map((item) => item.name);
}
