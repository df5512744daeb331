import { basename, join } from "node:path";
import { readdir } from "node:fs/promises";
import { compareText, type Progress, type Skip, WeirError } from "../../core/index.ts";
import { componentInputs, inputFingerprint } from "./inputs.ts";
import { isPinFile } from "./load.ts";
import { nameBelow } from "./load-file.ts";
import { formatLock, formatPin, resolutionHash } from "./lock-file.ts";
import type { ComponentLock, DistGit, DistGitCommit, Project, ResolvedComponent, UpstreamAddress } from "./types.ts";

/**
 * What became of a component's pin: `moved` to another commit, `new` where there was none, `kept`, `held` by a commit that the definition
 * itself names, `local` without any.
 */
export type PinState = "moved" | "new" | "kept" | "held" | "local";

export interface UpdatedPin {
  readonly name: string;
  readonly state: PinState;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** Commits between the two along first parents, newest first; undefined where the older one is not behind the newer. */
  readonly commits: readonly DistGitCommit[] | undefined;
  /** What is wrong with the commit that was pinned: upstream no longer has it, or has it off the branch's first-parent line. */
  readonly trouble: "vanished" | "off-branch" | undefined;
  /** Whether anything is written for it: the commit, a rebuild, or what a lock remembers of the inputs. */
  readonly changed: boolean;
  /** The file that holds the pin, absolute, and its new text; undefined where nothing is to be written. */
  readonly file: { readonly path: string; readonly text: string } | undefined;
}

export interface UpdatePlan {
  /** By name. */
  readonly pins: readonly UpdatedPin[];
  /** Lock files of components that the definition no longer has, absolute. Looked for only when all components are updated. */
  readonly orphans: readonly string[];
  readonly skips: readonly Skip[];
}

export interface UpdateOptions {
  readonly distGit: DistGit;
  /** RFC 3339: resolve at this time instead of the definition's snapshot. */
  readonly snapshot?: string | undefined;
  /** Ask upstream again although nothing that decides the commit changed. */
  readonly force?: boolean;
  /** Count the components up instead of moving their pins: they are rebuilt without a change. Only with lock files. */
  readonly bump?: boolean;
  /** All components were asked for. */
  readonly all: boolean;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

const atOnce = 8;
const longestLine = 20_000;

/**
 * Where the pins of components ought to be: the newest first-parent commit of the branch that is not after the snapshot, or the commit that
 * the definition names. A lock whose resolution inputs did not change keeps its commit, as with azldev, unless upstream lost it. Writes
 * nothing. Errors: `UPDATE_NO_BUMP`, `UPDATE_NO_LOCK`, those of upstream (the first by name, with the number of others as a hint).
 */
export async function planUpdate(
  project: Project,
  components: readonly ResolvedComponent[],
  options: UpdateOptions,
): Promise<UpdatePlan> {
  if (options.bump && project.pins !== "lock-files")
    throw new WeirError("UPDATE_NO_BUMP", "only lock files count rebuilds, and this definition has none", {
      hints: ["raise the Release with an overlay"],
    });
  const step = options.progress.step("update", components.length);
  const pins: UpdatedPin[] = [];
  const skips: Skip[] = [];
  const failures: { readonly name: string; readonly error: unknown }[] = [];
  const queue = [...components];
  const work = async (): Promise<void> => {
    for (let component = queue.shift(); component !== undefined; component = queue.shift()) {
      options.signal.throwIfAborted();
      try {
        pins.push(await (options.bump ? bumped(project, component) : updated(project, component, options, skips)));
      } catch (error) {
        failures.push({ name: component.name, error });
      }
      step.update({ done: pins.length + failures.length, note: component.name });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  if (failures.length > 0) {
    step.end("failed");
    options.signal.throwIfAborted();
    throw firstOf(failures);
  }
  pins.sort((a, b) => compareText(a.name, b.name));
  skips.sort((a, b) => compareText(a.subject, b.subject));
  step.end(pins.some((pin) => pin.changed) ? "done" : "unchanged");
  const orphans = options.all && !options.bump && project.pins === "lock-files" ? await findOrphans(project) : [];
  return { pins, orphans, skips };
}

function firstOf(failures: { readonly name: string; readonly error: unknown }[]): unknown {
  failures.sort((a, b) => compareText(a.name, b.name));
  const error = failures[0]?.error;
  if (!(error instanceof WeirError) || failures.length === 1) return error;
  const others = failures.slice(1, 6).map(({ name }) => name);
  const more = failures.length > 6 ? ` and ${failures.length - 6} more` : "";
  return new WeirError(error.code, error.message, {
    where: error.where,
    kind: error.kind,
    hints: [...error.hints, `also failing: ${others.join(", ")}${more}; nothing was written`],
    cause: error,
  });
}

async function updated(
  project: Project,
  component: ResolvedComponent,
  options: UpdateOptions,
  skips: Skip[],
): Promise<UpdatedPin> {
  const { name, upstream, lock } = component;
  if (upstream === undefined) return localPin(project, component);
  const locks = project.pins === "lock-files";
  const named = component.config.spec["upstream-commit"];
  const ownPin = named !== undefined && !isMovable(project, component);
  const before = locks ? (lock?.upstreamCommit ?? (ownPin ? named : undefined)) : named;
  const hash = component.resolution === undefined ? "" : resolutionHash(component.resolution);
  const address: UpstreamAddress = {
    ...upstream,
    commit: ownPin ? named : undefined,
    snapshot: options.snapshot ?? upstream.snapshot,
  };
  const trouble = before === undefined ? undefined : await troubleWith(before, upstream, options, skips, name);
  const isLost = trouble === "vanished" && ownPin && before?.startsWith(named) === true;
  const isFresh =
    before !== undefined &&
    trouble !== "vanished" &&
    options.force !== true &&
    options.snapshot === undefined &&
    locks &&
    lock?.resolutionHash === hash &&
    (upstream.snapshot !== undefined || ownPin);
  const after =
    isFresh || (isLost && before !== undefined)
      ? before
      : (await options.distGit.resolve(address, options.signal)).commit;
  const isSame = before !== undefined && (before === after || (ownPin && after.startsWith(before)));
  const commits = before === undefined || isSame ? undefined : await between(before, after, upstream, options);
  const state: PinState = ownPin ? "held" : before === undefined ? "new" : isSame ? "kept" : "moved";
  const pin = { name, state, before, after, commits, trouble };
  if (!locks) {
    const path = ownPin ? undefined : pinFile(project, component);
    const changed = !isSame && path !== undefined;
    return { ...pin, changed, file: changed ? { path, text: formatPin(name, after) } : undefined };
  }
  const next: ComponentLock = {
    manualBump: lock?.manualBump ?? 0,
    importCommit: lock?.importCommit ?? after,
    upstreamCommit: after,
    resolutionHash: hash,
  };
  return { ...pin, ...(await lockFile(project, component, next)) };
}

async function localPin(project: Project, component: ResolvedComponent): Promise<UpdatedPin> {
  const pin = {
    name: component.name,
    state: "local" as const,
    before: undefined,
    after: undefined,
    commits: undefined,
    trouble: undefined,
  };
  if (project.pins !== "lock-files") return { ...pin, changed: false, file: undefined };
  const next = { manualBump: component.lock?.manualBump ?? 0, importCommit: undefined, upstreamCommit: undefined };
  return { ...pin, ...(await lockFile(project, component, next)) };
}

async function bumped(project: Project, component: ResolvedComponent): Promise<UpdatedPin> {
  const { name, lock } = component;
  if (lock === undefined)
    throw new WeirError("UPDATE_NO_LOCK", `${name} has no lock whose rebuilds could be counted`, {
      where: component.origin,
      hints: [`lock it first: weir component update ${name}`],
    });
  const next = { ...lock, manualBump: lock.manualBump + 1 };
  const commit = lock.upstreamCommit;
  const state = component.upstream === undefined ? ("local" as const) : ("kept" as const);
  const pin = { name, state, before: commit, after: commit, commits: undefined, trouble: undefined };
  return { ...pin, ...(await lockFile(project, component, next)) };
}

/**
 * A lock's file where something in it changes. azldev's own fingerprint cannot be made here: it stays as long as commit and rebuilds do,
 * and Weir's takes its place when they move.
 */
async function lockFile(
  project: Project,
  component: ResolvedComponent,
  next: ComponentLock,
): Promise<Pick<UpdatedPin, "changed" | "file">> {
  const { lock } = component;
  const moves = lock?.upstreamCommit !== next.upstreamCommit || lock?.manualBump !== next.manualBump;
  const foreign = lock?.inputFingerprint !== undefined && !lock.inputFingerprint.startsWith("weir1:");
  const upstream =
    component.upstream === undefined ? undefined : { ...component.upstream, commit: next.upstreamCommit };
  const inputs = await componentInputs(project, { ...withOrigins(component), upstream, lock: next });
  const fingerprint = foreign && !moves ? lock?.inputFingerprint : inputFingerprint(inputs);
  const whole: ComponentLock = { ...next, ...(fingerprint === undefined ? {} : { inputFingerprint: fingerprint }) };
  const text = formatLock(whole);
  const changed = lock === undefined || formatLock(lock) !== text;
  return {
    changed,
    file: changed ? { path: join(project.lockDir, `${component.name}.lock`), text } : undefined,
  };
}

/** A copy may not lose what getters give. */
function withOrigins(component: ResolvedComponent): ResolvedComponent {
  return {
    ...component,
    get origins() {
      return component.origins;
    },
    get layers() {
      return component.layers ?? new Map<string, string>();
    },
  };
}

/** Whether the commit that the definition names stands in a file whose pins are moved. */
function isMovable(project: Project, component: ResolvedComponent): boolean {
  const file = component.origins.get("spec.upstream-commit")?.file;
  return project.pins === "upstream-commits" && file !== undefined && isPinFile(file);
}

/** The file of a component's pin: where it is, else a new one beside those of others. */
function pinFile(project: Project, component: ResolvedComponent): string {
  const own = component.origins.get("spec.upstream-commit")?.file;
  if (own !== undefined && isPinFile(own)) {
    if (basename(own) === `${component.name}.toml`) return join(project.root, own);
    throw new WeirError("UPDATE_SHARED_PIN_FILE", `the pin of ${component.name} stands in a file of another name`, {
      where: component.origins.get("spec.upstream-commit"),
      hints: [`give it a file of its own: ${component.name}.toml in the same folder`],
    });
  }
  const other = project.files.find(isPinFile);
  if (other === undefined)
    throw new WeirError("UPDATE_NO_PIN_FOLDER", "the definition includes no file from a folder `upstream-commits`", {
      hints: ['add it to `includes`: "upstream-commits/*.toml", and a first file there'],
    });
  return join(project.root, other, "..", `${component.name}.toml`);
}

async function troubleWith(
  commit: string,
  address: UpstreamAddress,
  options: UpdateOptions,
  skips: Skip[],
  name: string,
): Promise<UpdatedPin["trouble"]> {
  try {
    const found = await options.distGit.resolve({ ...address, commit, snapshot: undefined }, options.signal);
    if (!options.distGit.line) return undefined;
    const line = await options.distGit.line(address, { until: found.commit, most: longestLine }, options.signal);
    return line.met || line.commits.length >= longestLine ? undefined : "off-branch";
  } catch (error) {
    if (!(error instanceof WeirError)) throw error;
    if (error.code === "UPSTREAM_COMMIT_MISSING") return "vanished";
    skips.push({ subject: name, reason: `whether upstream still has ${commit.slice(0, 12)}: ${error.message}` });
    return undefined;
  }
}

async function between(
  before: string,
  after: string,
  address: UpstreamAddress,
  options: UpdateOptions,
): Promise<readonly DistGitCommit[] | undefined> {
  const line = await options.distGit.line?.(address, { from: after, until: before, most: longestLine }, options.signal);
  return line?.met === true ? line.commits : undefined;
}

async function findOrphans(project: Project): Promise<string[]> {
  const names = await readdir(project.lockDir).catch(() => [] as string[]);
  return names
    .filter((name) => name.endsWith(".lock") && !project.components.has(basename(name, ".lock")))
    .sort(compareText)
    .map((name) => join(project.lockDir, name));
}

/** Name of a pin's file for people: relative to the project. */
export function pinFileName(project: Project, path: string): string {
  return nameBelow(project.root, path);
}
