import type { RepositorySource } from "../adapters/repository/index.ts";
import type { Skip } from "../core/index.ts";
import type { Pool } from "../engine/pool/index.ts";
import {
  activeModules,
  type Answer,
  ask,
  filterByModules,
  type ModuleChoices,
  type Question,
  type RequestGroup,
  type SolutionDocument,
  type Wish,
} from "../engine/solve/index.ts";
import type { CommandContext, CommandInput } from "./command.ts";
import { cacheFolder, machineArch } from "./folders.ts";
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
  /** Without `hints` problems are told and nothing is tried. */
  ask(question: Question, hints?: boolean): Answer;
  /** Keeps the pool for the next time; after the answer was given. */
  save(): Promise<void>;
}

/** Opens the repositories, modules, groups and installed packages that the options name. */
export async function openQuestion(
  input: CommandInput,
  context: CommandContext,
  wishes: readonly Wish[],
): Promise<OpenedQuestion> {
  const { options } = input;
  const arch = options.text("arch") ?? machineArch();
  const opened = await openPool(options.list("repo"), input, context, arch);
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
    best: options.flag("best"),
    allowErasing: options.flag("allowErasing"),
    exclude: options.list("exclude"),
    excludeOf: new Map(
      sources.flatMap((source, index) => (source.excludes.length > 0 ? [[index, source.excludes]] : [])),
    ),
    onlyOf: new Map(
      sources.flatMap((source, index) => (source.includepkgs.length > 0 ? [[index, source.includepkgs]] : [])),
    ),
    groups,
    ...(modules === undefined ? {} : { modules }),
  };
  return {
    arch,
    pool,
    sources,
    question,
    enabledModules: [...options.list("enableModule")],
    repositories,
    skips,
    ask: (asked, hints = true) =>
      ask(pool, asked, {
        hints,
        dateOf: (index) => dayOf(sources[index]),
        enableModule: (before, stream) => {
          const changed = enable(stream);
          return changed === undefined ? undefined : { ...before, modules: changed };
        },
      }),
    save: async () => {
      if (saved === undefined) await opened.save();
    },
  };
}

function countOf(pool: Pool, repository: number): number {
  let count = 0;
  for (let pkg = 2; pkg < pool.columns.count; pkg++) if (pool.columns.repository[pkg] === repository) count++;
  return count;
}

/** The day a repository was made: of its revision where that is a time, else of its primary metadata. */
function dayOf(source: RepositorySource | undefined): string | undefined {
  const revision = source?.repomd.revision ?? "";
  const seconds = /^\d{9,11}$/.test(revision) ? Number(revision) : source?.entry("primary")?.timestamp;
  if (seconds === undefined || !(seconds > 0 && seconds < 1e11)) return undefined;
  return new Date(seconds * 1000).toISOString().slice(0, 10);
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
  enable(stream: string): Question["modules"];
}> {
  const { options } = input;
  const enabled = options.list("enableModule");
  const nothing = { question: undefined, skips: [], enable: () => undefined };
  if (enabled.length === 0 && !sources.some((source) => source.entry("modules") !== undefined)) return nothing;
  const { openModules } = await import("./open-modules.ts");
  const { streams, defaults, skips } = await openModules(sources, cacheFolder());
  const free = new Set(sources.flatMap((source, index) => (source.moduleHotfixes ? [index] : [])));
  const platform = options.text("platform");
  const choose = (enable: readonly string[]): NonNullable<Question["modules"]> => {
    const choices: ModuleChoices = {
      enable,
      disable: options.list("disableModule"),
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
