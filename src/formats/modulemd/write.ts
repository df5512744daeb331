import { compareText } from "../../core/index.ts";
import type {
  ModuleDefaults,
  ModuleDependencies,
  ModuleObsoletes,
  ModuleRequirement,
  Modules,
  ModuleStream,
  ModuleTranslations,
  YamlValue,
} from "./types.ts";
import { writeYaml } from "./yaml-write.ts";

type Field = readonly [string, YamlValue | undefined];

/**
 * modules.yaml in libmodulemd's shape and order: defaults, streams, translations, obsoletes, each sorted by what identifies it. What is a
 * set is written sorted, so equal contents give equal bytes however they were listed; `skips` are not written.
 */
export function writeModules(modules: Omit<Modules, "skips">): string {
  const defaults = [...modules.defaults].sort((a, b) => compareText(a.module, b.module)).map(defaultsFields);
  const streams = [...modules.streams].sort(compareStreams).map(streamFields);
  const translations = sortByStream(modules.translations).map(translationsFields);
  const obsoletes = sortByStream(modules.obsoletes).map(obsoletesFields);
  return [
    ...defaults.map((fields) => document("modulemd-defaults", "1", fields)),
    ...streams.map(([version, fields]) => document("modulemd", version, fields)),
    ...translations.map((fields) => document("modulemd-translations", "1", fields)),
    ...obsoletes.map((fields) => document("modulemd-obsoletes", "1", fields)),
  ].join("");
}

/** By name, stream, version as a number, context, arch. */
export function compareStreams(a: ModuleStream, b: ModuleStream): number {
  return (
    compareText(a.name, b.name) ||
    compareText(a.stream, b.stream) ||
    compareNumbers(a.version, b.version) ||
    compareText(a.context, b.context) ||
    compareText(a.arch, b.arch)
  );
}

function compareNumbers(a: string, b: string): number {
  const [left, right] = [BigInt(a), BigInt(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function sortByStream<T extends { readonly module: string; readonly stream: string; readonly modified: string }>(
  list: readonly T[],
): T[] {
  const context = (item: T) => ("context" in item && typeof item.context === "string" ? item.context : "");
  return [...list].sort(
    (a, b) =>
      compareText(a.module, b.module) ||
      compareText(a.stream, b.stream) ||
      compareText(context(a), context(b)) ||
      compareText(a.modified, b.modified),
  );
}

function document(kind: string, version: string, data: readonly Field[]): string {
  const value = record([
    ["document", kind],
    ["version", version],
    ["data", record(data)],
  ]);
  return `---\n${writeYaml(value)}...\n`;
}

/** A map of the fields that have a value, in their order. */
function record(fields: readonly Field[]): Map<string, YamlValue> {
  const map = new Map<string, YamlValue>();
  for (const [key, value] of fields) if (value !== undefined) map.set(key, value);
  return map;
}

function streamFields(stream: ModuleStream): [string, Field[]] {
  const rest = new Map(stream.rest);
  const take = (key: string): Field => {
    const value = rest.get(key);
    rest.delete(key);
    return [key, value];
  };
  const artifacts = rest.get("artifacts");
  rest.delete("artifacts");
  const more = artifacts instanceof Map ? [...(artifacts as ReadonlyMap<string, YamlValue>)] : [];
  const before: Field[] = [
    ["name", stream.name],
    ["stream", stream.stream],
    ["version", stream.version],
    ["context", optional(stream.context)],
    ["static_context", stream.staticContext ? "true" : undefined],
    ["arch", optional(stream.arch)],
    ["summary", stream.summary],
    ["description", stream.description],
    take("servicelevels"),
    take("eol"),
    [
      "license",
      sets([
        ["module", stream.licenses.module],
        ["content", stream.licenses.content],
      ]),
    ],
    ["xmd", stream.xmd],
    ["dependencies", dependencies(stream.dependencies, stream.documentVersion)],
    take("references"),
    ["profiles", stream.profiles.length === 0 ? undefined : profiles(stream.profiles)],
    ["api", sets([["rpms", stream.api]])],
    ["filter", sets([["rpms", stream.filter]])],
    ["demodularized", sets([["rpms", stream.demodularized]])],
    take("buildopts"),
    take("components"),
  ];
  const rpms = set(stream.artifacts);
  const known: Field = [
    "artifacts",
    rpms === undefined && more.length === 0 ? undefined : record([["rpms", rpms], ...more]),
  ];
  const unknown = [...rest].sort((a, b) => compareText(a[0], b[0]));
  return [String(stream.documentVersion), [...before, known, ...unknown]];
}

function optional(text: string): string | undefined {
  return text === "" ? undefined : text;
}

function set(items: readonly string[]): string[] | undefined {
  return items.length === 0 ? undefined : [...new Set(items)].sort(compareText);
}

function sets(fields: readonly (readonly [string, readonly string[]])[]): YamlValue | undefined {
  const map = record(fields.map(([key, items]) => [key, set(items)]));
  return map.size === 0 ? undefined : map;
}

function dependencies(list: readonly ModuleDependencies[], version: 1 | 2): YamlValue | undefined {
  if (list.length === 0) return undefined;
  const written = list.map((alternative) =>
    record([
      ["buildrequires", requirements(alternative.buildrequires, version)],
      ["requires", requirements(alternative.requires, version)],
    ]),
  );
  return version === 1 ? written[0] : written;
}

function requirements(list: readonly ModuleRequirement[], version: 1 | 2): YamlValue | undefined {
  if (list.length === 0) return undefined;
  const sorted = [...list].sort((a, b) => compareText(a.module, b.module));
  return record(
    sorted.map(({ module, streams }) => [module, version === 1 ? (streams[0] ?? "") : (set(streams) ?? [])]),
  );
}

function profiles(list: ModuleStream["profiles"]): YamlValue {
  const sorted = [...list].sort((a, b) => compareText(a.name, b.name));
  return record(
    sorted.map(({ name, description, rpms }) => [
      name,
      record([
        ["description", optional(description)],
        ["rpms", set(rpms) ?? []],
      ]),
    ]),
  );
}

function defaultsFields(defaults: ModuleDefaults): Field[] {
  const sorted = [...defaults.profiles].sort((a, b) => compareText(a.stream, b.stream));
  return [
    ["module", defaults.module],
    ["modified", defaults.modified],
    ["stream", defaults.stream],
    [
      "profiles",
      sorted.length === 0 ? undefined : record(sorted.map((each) => [each.stream, set(each.profiles) ?? []])),
    ],
    ["intents", defaults.intents],
  ];
}

function obsoletesFields(obsoletes: ModuleObsoletes): Field[] {
  const { obsoletedBy } = obsoletes;
  return [
    ["modified", obsoletes.modified],
    ["reset", obsoletes.reset ? "true" : undefined],
    ["module", obsoletes.module],
    ["stream", obsoletes.stream],
    ["context", obsoletes.context],
    ["eol_date", obsoletes.eolDate],
    ["message", optional(obsoletes.message)],
    [
      "obsoleted_by",
      obsoletedBy &&
        record([
          ["module", obsoletedBy.module],
          ["stream", obsoletedBy.stream],
        ]),
    ],
  ];
}

function translationsFields(translations: ModuleTranslations): Field[] {
  return [
    ["module", translations.module],
    ["stream", translations.stream],
    ["modified", translations.modified],
    ["translations", translations.translations],
  ];
}
