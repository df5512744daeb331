import { compareText, compareVersion, editDistance, WeirError } from "../../../core/index.ts";
import type { ModuleDefaults, ModuleStream } from "../../../formats/modulemd/index.ts";

/** What of a module stream matters for solving. */
export type StreamFacts = Pick<
  ModuleStream,
  "name" | "stream" | "version" | "context" | "dependencies" | "artifacts"
> & {
  readonly demodularized: readonly string[];
};

export interface ModuleChoices {
  /** `name:stream`. */
  readonly enable?: readonly string[];
  /** Names of modules without an active stream; `*` for all that are not enabled. */
  readonly disable?: readonly string[];
  /** The platform's stream, `el9`; any where it is not given. */
  readonly platform?: string;
}

export interface ActiveModules {
  /**
   * For each module at most one stream, in one context: all its builds whose needs are met, since packages of older ones may be used too.
   * Sorted by name, then newest first.
   */
  readonly active: readonly StreamFacts[];
  /** Default streams that are not active, and why. */
  readonly left: readonly { readonly stream: string; readonly reason: string }[];
}

const platform = "platform";
const mostSteps = 20_000;
const deepest = 100;

/**
 * The active stream of each module: the enabled one, or the default one unless the module is disabled, and the streams those need. Of several
 * builds of a stream one whose needs are met counts, the newest version, then the last context. A default stream whose needs are not met is
 * left out. Errors: `MODULE_UNKNOWN`, `MODULE_STREAM_UNKNOWN`, `MODULE_CHOICE_MALFORMED`, `MODULE_UNMET`.
 */
export function activeModules(
  streams: readonly StreamFacts[],
  defaults: readonly Pick<ModuleDefaults, "module" | "stream">[],
  choices: ModuleChoices,
): ActiveModules {
  const byModule = new Map<string, StreamFacts[]>();
  for (const stream of streams) {
    const known = byModule.get(stream.name);
    if (known === undefined) byModule.set(stream.name, [stream]);
    else known.push(stream);
  }
  const enabled = enabledStreams(choices.enable ?? [], byModule);
  const disabled = new Set(choices.disable ?? []);
  const preferred = new Map<string, string>();
  for (const [module, stream] of defaultStreams(defaults)) {
    if (!disabled.has(module) && !disabled.has("*")) preferred.set(module, stream);
  }
  return new Choice(byModule, enabled, preferred, disabled, choices.platform).run();
}

function enabledStreams(
  texts: readonly string[],
  byModule: ReadonlyMap<string, readonly StreamFacts[]>,
): Map<string, string> {
  const enabled = new Map<string, string>();
  for (const text of texts) {
    const [name = "", stream, ...rest] = text.split(":");
    if (name === "" || stream === undefined || stream === "" || rest.length > 0)
      throw new WeirError("MODULE_CHOICE_MALFORMED", `not a module stream: ${text}`, {
        hints: ["write name:stream, for example nodejs:20"],
      });
    const builds = byModule.get(name);
    if (builds === undefined) {
      const near = [...byModule.keys()].filter((known) => editDistance(known, name, 2) <= 2).sort(compareText);
      throw new WeirError("MODULE_UNKNOWN", `there is no module ${name}`, {
        hints: near.length > 0 ? [`did you mean ${near.join(" or ")}?`] : [],
      });
    }
    const known = [...new Set(builds.map((build) => build.stream))].sort(compareVersion);
    if (!known.includes(stream)) {
      throw new WeirError("MODULE_STREAM_UNKNOWN", `module ${name} has no stream ${stream}`, {
        hints: [`its streams are ${known.join(", ")}`],
      });
    }
    const before = enabled.get(name);
    if (before !== undefined && before !== stream) {
      throw new WeirError(
        "MODULE_CHOICE_MALFORMED",
        `two streams of module ${name} are enabled: ${before}, ${stream}`,
        {
          hints: ["one stream of a module can be active"],
        },
      );
    }
    enabled.set(name, stream);
  }
  return enabled;
}

/** Repositories that name different defaults leave a module without one. */
function defaultStreams(defaults: readonly Pick<ModuleDefaults, "module" | "stream">[]): Map<string, string> {
  const found = new Map<string, string | undefined>();
  for (const { module, stream } of defaults) {
    if (stream === undefined) continue;
    found.set(module, found.has(module) && found.get(module) !== stream ? undefined : stream);
  }
  return new Map([...found].flatMap(([module, stream]) => (stream === undefined ? [] : [[module, stream]])));
}

class Choice {
  readonly #byModule: ReadonlyMap<string, readonly StreamFacts[]>;
  readonly #enabled: ReadonlyMap<string, string>;
  readonly #defaults: ReadonlyMap<string, string>;
  readonly #disabled: ReadonlySet<string>;
  readonly #platform: string | undefined;
  readonly #active = new Map<string, StreamFacts>();
  #steps = 0;
  #depth = 0;

  constructor(
    byModule: ReadonlyMap<string, readonly StreamFacts[]>,
    enabled: ReadonlyMap<string, string>,
    defaults: ReadonlyMap<string, string>,
    disabled: ReadonlySet<string>,
    machine: string | undefined,
  ) {
    this.#byModule = byModule;
    this.#enabled = enabled;
    this.#defaults = defaults;
    this.#disabled = disabled;
    this.#platform = machine;
  }

  run(): ActiveModules {
    const left: { stream: string; reason: string }[] = [];
    for (const [name, stream] of [...this.#enabled].sort(([a], [b]) => compareText(a, b))) {
      const reason = this.#activate(name, stream);
      if (reason !== undefined) {
        throw new WeirError("MODULE_UNMET", `module stream ${name}:${stream} cannot be enabled: ${reason}`, {
          hints: ["enable the stream that it needs, or take another stream"],
        });
      }
    }
    for (const [name, stream] of [...this.#defaults].sort(([a], [b]) => compareText(a, b))) {
      if (this.#enabled.has(name) || !this.#byModule.has(name)) continue;
      const reason = this.#activate(name, stream);
      if (reason !== undefined) left.push({ stream: `${name}:${stream}`, reason });
    }
    const chosen = [...this.#active.values()].sort((a, b) => compareText(a.name, b.name));
    return { active: chosen.flatMap((build) => this.#buildsLike(build)), left };
  }

  #buildsLike(chosen: StreamFacts): StreamFacts[] {
    const { name, stream, context } = chosen;
    const alike = (this.#byModule.get(name) ?? []).filter((build) => {
      if (build === chosen) return true;
      if (build.stream !== stream || build.context !== context) return false;
      return build.dependencies.length === 0 || build.dependencies.some((needs) => this.#areMet(needs.requires));
    });
    return alike.sort((a, b) => compareVersion(b.version, a.version));
  }

  /** Whether needs are met as it is. */
  #areMet(needs: readonly { readonly module: string; readonly streams: readonly string[] }[]): boolean {
    return needs.every(({ module, streams }) => {
      const active = this.#active.get(module)?.stream ?? (module === platform ? this.#platform : undefined);
      if (active === undefined) return module === platform && !this.#byModule.has(platform);
      return fits(streams, active);
    });
  }

  /** Makes a stream active with all it needs; gives the reason where that cannot be, and then changes nothing. */
  #activate(name: string, stream: string): string | undefined {
    if (++this.#steps > mostSteps || this.#depth >= deepest) return "streams need each other in too many ways";
    this.#depth++;
    const reason = this.#tryBuilds(name, stream);
    this.#depth--;
    return reason;
  }

  #tryBuilds(name: string, stream: string): string | undefined {
    const known = this.#active.get(name);
    if (known !== undefined) return known.stream === stream ? undefined : `stream ${known.stream} of it is active`;
    const builds = (this.#byModule.get(name) ?? []).filter((build) => build.stream === stream);
    builds.sort((a, b) => compareVersion(b.version, a.version) || compareText(b.context, a.context));
    let reason = `nothing has module stream ${name}:${stream}`;
    for (const build of builds) {
      for (const needs of build.dependencies.length > 0 ? build.dependencies : [{ requires: [] }]) {
        const before = new Map(this.#active);
        this.#active.set(name, build);
        const unmet = needs.requires
          .map((need) => this.#require(need.module, need.streams))
          .find((text) => text !== undefined);
        if (unmet === undefined) return undefined;
        reason = unmet;
        this.#active.clear();
        for (const [module, facts] of before) this.#active.set(module, facts);
      }
    }
    return reason;
  }

  #require(module: string, streams: readonly string[]): string | undefined {
    const text = streams.length === 0 ? module : `${module}:${streams.join(" or ")}`;
    if (module === platform && !this.#byModule.has(platform)) {
      return this.#platform === undefined || fits(streams, this.#platform)
        ? undefined
        : `it needs ${text}, this is ${this.#platform}`;
    }
    const known = this.#active.get(module);
    if (known !== undefined)
      return fits(streams, known.stream) ? undefined : `it needs ${text}, ${module}:${known.stream} is active`;
    const fixed = this.#enabled.get(module);
    if (fixed !== undefined && !fits(streams, fixed)) return `it needs ${text}, ${module}:${fixed} is enabled`;
    if (fixed === undefined && this.#disabled.has(module)) return `it needs ${text}, which is disabled`;
    const there = [...new Set((this.#byModule.get(module) ?? []).map((build) => build.stream))].filter((stream) =>
      fits(streams, stream),
    );
    const first = fixed ?? this.#defaults.get(module);
    there.sort((a, b) => Number(b === first) - Number(a === first) || compareVersion(b, a));
    let reason = `it needs ${text}, which no repository has`;
    for (const stream of there) {
      const unmet = this.#activate(module, stream);
      if (unmet === undefined) return undefined;
      reason = `it needs ${text}: ${unmet}`;
    }
    return reason;
  }
}

/** Whether a stream is among those that will do: all where none is named, but those with a minus. */
function fits(streams: readonly string[], stream: string): boolean {
  if (streams.includes(`-${stream}`)) return false;
  return streams.includes(stream) || streams.every((other) => other.startsWith("-"));
}
