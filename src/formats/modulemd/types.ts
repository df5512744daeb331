import type { Skip } from "../../core/index.ts";

/** A YAML value with every scalar as text (the failsafe schema), so that stream `1.10` stays what it is. */
export type YamlValue = string | readonly YamlValue[] | YamlMap;
export type YamlMap = ReadonlyMap<string, YamlValue>;

/** Streams of one module that will do: any where there are none; `-f29` is a stream that will not do. */
export interface ModuleRequirement {
  readonly module: string;
  readonly streams: readonly string[];
}

/** One alternative of what a stream needs: all of its requirements together. */
export interface ModuleDependencies {
  readonly buildrequires: readonly ModuleRequirement[];
  readonly requires: readonly ModuleRequirement[];
}

export interface ModuleProfile {
  readonly name: string;
  readonly description: string;
  readonly rpms: readonly string[];
}

/** One build of a module's stream (modulemd version 1 or 2). Lists keep the document's order. */
export interface ModuleStream {
  /** Version of the document it was read from. Version 1 has one alternative of dependencies, with one stream each. */
  readonly documentVersion: 1 | 2;
  readonly name: string;
  readonly stream: string;
  /** Decimal digits, up to 2^64; `0` where the document has none. */
  readonly version: string;
  readonly context: string;
  readonly staticContext: boolean;
  readonly arch: string;
  readonly summary: string;
  readonly description: string;
  readonly licenses: { readonly module: readonly string[]; readonly content: readonly string[] };
  readonly dependencies: readonly ModuleDependencies[];
  readonly profiles: readonly ModuleProfile[];
  /** NEVRAs with their epoch: `mariadb-3:10.11.6-1.el9.x86_64`. */
  readonly artifacts: readonly string[];
  /** Names of packages: the module's interface, those that are kept back, those given up. */
  readonly api: readonly string[];
  readonly filter: readonly string[];
  readonly demodularized: readonly string[];
  /** As found. */
  readonly xmd: YamlValue | undefined;
  /** Fields of `data` that nothing here interprets (`components`, `references`, `buildopts` …), as found. */
  readonly rest: YamlMap;
}

/** modulemd-defaults, version 1. */
export interface ModuleDefaults {
  readonly module: string;
  /** The default stream, where there is one. */
  readonly stream: string | undefined;
  /** Default profiles of streams; no profile is a choice too. */
  readonly profiles: readonly { readonly stream: string; readonly profiles: readonly string[] }[];
  /** Digits, up to 2^64. */
  readonly modified: string | undefined;
  /** As found. */
  readonly intents: YamlValue | undefined;
}

/** modulemd-obsoletes, version 1. */
export interface ModuleObsoletes {
  readonly module: string;
  readonly stream: string;
  /** Only the build of this context; all of the stream where undefined. */
  readonly context: string | undefined;
  /** When it was said, as found (`2020-05-01T00:00Z`). The latest for a stream counts. */
  readonly modified: string;
  /** Takes back what earlier documents said. */
  readonly reset: boolean;
  readonly message: string;
  readonly eolDate: string | undefined;
  readonly obsoletedBy: { readonly module: string; readonly stream: string } | undefined;
}

/** modulemd-translations, version 1. */
export interface ModuleTranslations {
  readonly module: string;
  readonly stream: string;
  readonly modified: string;
  /** By language, as found. */
  readonly translations: YamlValue;
}

/** What a modules.yaml holds, in the file's order. */
export interface Modules {
  readonly streams: readonly ModuleStream[];
  readonly defaults: readonly ModuleDefaults[];
  readonly obsoletes: readonly ModuleObsoletes[];
  readonly translations: readonly ModuleTranslations[];
  /** Documents that were not read, each with its place and why. */
  readonly skips: readonly Skip[];
}
