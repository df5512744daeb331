import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { RepositorySource } from "../adapters/repository/index.ts";
import type { Skip } from "../core/index.ts";
import { FilelistScan } from "../formats/rpmmd/index.ts";
import type { Pool } from "../engine/pool/index.ts";
import {
  activeModules,
  type Answer,
  type AskOptions,
  ask,
  filterByModules,
  type ModuleChoices,
  type Question,
  type RequestGroup,
  selectedPackages,
  selectPackages,
  type SolutionDocument,
  type Wish,
} from "../engine/solve/index.ts";
import { byVersion } from "../engine/solve/explain/index.ts";
import type { CommandContext, CommandInput } from "./command.ts";
import { cacheFolder, machineArch } from "./folders.ts";
import { openModules } from "./open-modules.ts";
import { openPool } from "./open-pool.ts";

/** A question with all it is asked of. */
export interface OpenedQuestion {
  readonly arch: string;
  readonly pool: Pool;
  readonly sources: readonly RepositorySource[];
  readonly question: Question;
  readonly enabledModules: readonly string[];
  readonly repositories: SolutionDocument["repositories"];
  readonly skips: readonly Skip[];
  /** Reads file lists too where the answer depends on paths that only they have. */
  ask(question: Question): Promise<Answer>;
  /** As `ask`, with what is loaded; problems are told, and nothing is tried. */
  askAgain(question: Question): Answer;
  /** Keeps the pool for the next time; after the answer was given. */
  readonly save: () => Promise<void>;
}

/**
 * Repositories and requests of a command line. `--repo` takes all that follows it: what comes after its first value, and is no address and
 * no folder, is a request.
 */
export function splitArguments(
  input: CommandInput,
  context: CommandContext,
): { readonly where: readonly string[]; readonly requests: readonly string[] } {
  const given = input.options.list("repo");
  const isPlace = (text: string) =>
    existsSync(resolve(context.cwd, text)) || (/[/:=]|\.repo$/.test(text) && !/^[^=]*(?:[<>]|\s=|=\s*\d)/.test(text));
  const where = given.filter((text, index) => index === 0 || isPlace(text));
  return { where, requests: [...input.args, ...given.filter((text) => !where.includes(text))] };
}

/** What to write when no request is left: where `--repo` took everything after it, with the last of it as the request. */
export function requestHint(command: string, where: readonly string[]): string {
  const last = where.at(-1);
  if (where.length < 2 || last === undefined) return `name packages: weir ${command} bash --repo DIR`;
  return `--repo takes every place after it; if ${last} is a package, name it first: weir ${command} ${last} --repo ${where.slice(0, -1).join(" ")}`;
}

/** Opens the repositories, modules, groups and installed packages that the options name. */
export async function openQuestion(
  input: CommandInput,
  context: CommandContext,
  wishes: readonly Wish[],
  where: readonly string[] = input.options.list("repo"),
): Promise<OpenedQuestion> {
  const { options } = input;
  const arch = options.text("arch") ?? machineArch();
  const opened = await openPool(where, input, context, arch);
  const { pool, sources } = opened;
  const repositories = sources.map((source, index) => ({
    id: source.id,
    revision: source.repomd.revision,
    packages: countOf(pool, index),
  }));
  const skips: Skip[] = [...opened.skips];
  const installed = options.text("installed");
  let saved: Promise<void> | undefined;
  if (installed !== undefined) {
    // What is kept is the repositories alone.
    saved = opened.save();
    await saved;
    const { addInstalled } = await import("./open-installed.ts");
    skips.push(...(await addInstalled(pool, installed, context.cwd)));
  }
  pool.providersWithDisabled = true;
  const groups = wishes.some((wish) => wish.text.startsWith("@")) ? await openGroups(sources) : [];
  const { question: modules, enable, skips: moduleSkips } = await modulesFor(input, sources, pool);
  skips.push(...moduleSkips);
  const question: Question = {
    wishes,
    distroSync: options.flag("distroSync"),
    weak: !options.off("weak"),
    best: options.flag("best") && !options.flag("nobest"),
    allowErasing: options.flag("allowErasing"),
    exclude: options.words("exclude"),
    excludeOf: new Map(
      sources.flatMap((source, index) => (source.excludes.length > 0 ? [[index, source.excludes]] : [])),
    ),
    onlyOf: new Map(
      sources.flatMap((source, index) => (source.includepkgs.length > 0 ? [[index, source.includepkgs]] : [])),
    ),
    groups,
    ...(modules === undefined ? {} : { modules }),
  };
  const explaining: AskOptions = {
    dateOf: (index) => dayOf(sources[index]),
    enableModule: (before, stream) => {
      const changed = enable(stream);
      return changed === undefined ? undefined : { ...before, modules: changed };
    },
  };
  return {
    arch,
    pool,
    sources,
    question,
    enabledModules: options.words("enableModule"),
    repositories,
    skips,
    ask: async (asked) => {
      if (await addRequestedPaths(pool, asked.wishes, sources)) pool.prepare();
      const first = ask(pool, asked, { ...explaining, hints: false });
      const again = pool.askedMissing && (await opened.completeFiles());
      if (first.problems.length === 0 && !again) return first;
      const elsewhere = await lookElsewhere(input, context, arch);
      return ask(pool, asked, elsewhere === undefined ? explaining : { ...explaining, elsewhere });
    },
    askAgain: (asked) => ask(pool, asked, { ...explaining, hints: false }),
    save: async () => {
      if (saved === undefined) await opened.save();
    },
  };
}

/** Opens the repositories that are only looked at, and gives who asks them. */
async function lookElsewhere(
  input: CommandInput,
  context: CommandContext,
  arch: string,
): Promise<((dependency: string) => string | undefined) | undefined> {
  const where = input.options.list("lookIn");
  if (where.length === 0) return undefined;
  const { pool } = await openPool(where, input, context, arch);
  const options = { name: true, provides: true, filelist: true, canon: true, dotArch: true, relation: true } as const;
  return (dependency) => {
    const [found] = byVersion(pool, selectedPackages(pool, selectPackages(pool, dependency, options)));
    if (found === undefined) return undefined;
    const { id } = pool.repositories[pool.columns.repository[found] as number] ?? { id: "?" };
    return `${id}, which is not used, has ${dependency} in ${pool.nevra(found)}: add it with --repo`;
  };
}

/** A repository's packages lie side by side. */
function countOf({ columns }: Pool, repository: number): number {
  const all = columns.repository.subarray(2, columns.count);
  const first = all.indexOf(repository);
  return first < 0 ? 0 : all.lastIndexOf(repository) - first + 1;
}

/** The day a repository was made: of its revision where that is a time, else of its primary metadata. */
function dayOf(source: RepositorySource | undefined): string | undefined {
  const revision = source?.repomd.revision ?? "";
  const seconds = /^\d{9,11}$/.test(revision) ? Number(revision) : source?.entry("primary")?.timestamp;
  if (seconds === undefined || !(seconds > 0 && seconds < 1e11)) return undefined;
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

/** Looks in file lists for requested paths that no dependency names: nothing else reads them for that. */
async function addRequestedPaths(
  pool: Pool,
  wishes: readonly Wish[],
  sources: readonly RepositorySource[],
): Promise<boolean> {
  const paths = wishes.map((wish) => wish.text).filter((text) => text.startsWith("/") && !/[[*?\s]/.test(text));
  const unknown = paths.filter((path) => selectPackages(pool, path, { filelist: true, provides: true }).length === 0);
  if (unknown.length === 0) return false;
  const { columns } = pool;
  let added = false;
  for (const [repository, source] of sources.entries()) {
    if (source.entry("filelists") === undefined) continue;
    const scan = new FilelistScan(unknown, `${source.id}: filelists`);
    scan.push(await source.read("filelists"));
    scan.finish();
    for (let pkg = 2; scan.found.size > 0 && pkg < columns.count; pkg++) {
      if (columns.repository[pkg] !== repository) continue;
      const found = scan.found.get(columns.checksumOf(pkg).replace(/^[^:]*:/, ""));
      if (found === undefined) continue;
      const ids = found.map((path) => columns.strings.internText(path));
      columns.setList("files", pkg, [...columns.listOf("files", pkg), ...ids]);
      added = true;
    }
  }
  return added;
}

async function openGroups(sources: readonly RepositorySource[]): Promise<RequestGroup[]> {
  const { parseComps } = await import("../formats/comps/index.ts");
  const groups: RequestGroup[] = [];
  for (const source of sources) {
    if (source.entry("group") === undefined) continue;
    groups.push(...parseComps(await source.read("group"), source.entry("group")?.location ?? source.id).groups);
  }
  return groups;
}

async function modulesFor(
  input: CommandInput,
  sources: readonly RepositorySource[],
  pool: Pool,
): Promise<{
  question: Question["modules"];
  skips: readonly Skip[];
  readonly enable: (stream: string) => Question["modules"];
}> {
  const { options } = input;
  const enabled = options.words("enableModule");
  const nothing = { question: undefined, skips: [], enable: () => undefined };
  if (enabled.length === 0 && !sources.some((source) => source.entry("modules") !== undefined)) return nothing;
  const { streams, defaults, skips } = await openModules(sources, cacheFolder());
  const free = new Set(sources.flatMap((source, index) => (source.moduleHotfixes ? [index] : [])));
  const platform = options.text("platform");
  const choose = (enable: readonly string[]): NonNullable<Question["modules"]> => {
    const choices: ModuleChoices = {
      enable,
      disable: options.words("disableModule"),
      ...(platform === undefined ? {} : { platform }),
    };
    const active = activeModules(streams, defaults, choices);
    return { active, filter: filterByModules(pool, streams, active.active, free) };
  };
  return {
    question: choose(enabled),
    skips,
    enable: (stream) => {
      try {
        const [module] = stream.split(":");
        return choose([...enabled.filter((other) => other.split(":")[0] !== module), stream]);
      } catch {
        return undefined;
      }
    },
  };
}
