import { editDistance, WeirError } from "../../core/index.ts";
import { fileFlag, type PackageDescription, type PackageEntry, type Scriptlet } from "../rpm/index.ts";

/** A package's description as people write it, and what it says of single files of the tree. */
export interface PackFile {
  readonly described: Omit<PackageDescription, "buildTime"> & { readonly buildTime?: number };
  /** Files and folders that are not to be packed: globs. */
  readonly exclude: readonly string[];
  readonly rules: readonly FileRule[];
}

/** What holds for the files that a glob meets; the last rule that says something of a file counts. */
export interface FileRule {
  readonly path: string;
  readonly set: Pick<PackageEntry, "mode" | "user" | "group" | "flags" | "capabilities" | "language">;
}

type Fields = Readonly<Record<string, unknown>>;

const texts = "arch summary description license url vendor packager distribution group sourceRpm buildHost".split(" ");
const lists = "provides requires conflicts obsoletes recommends suggests supplements enhances".split(" ");
const kinds = ["pre", "post", "preun", "postun", "pretrans", "posttrans", "verify"] as const;
const known = ["name", "version", "release", "epoch", "buildTime", "source", "scriptlets", "changelog"]
  .concat(["files", "exclude"])
  .concat(texts, lists);
const flagNames: Readonly<Record<string, number>> = {
  config: fileFlag.config,
  noreplace: fileFlag.noReplace,
  doc: fileFlag.doc,
  license: fileFlag.license,
  readme: fileFlag.readme,
  ghost: fileFlag.ghost,
  missingok: fileFlag.missingOk,
  artifact: fileFlag.artifact,
};

/** Checks a parsed description (TOML or JSON). Errors: `RPM_PACK_FILE`. */
export function readPackFile(value: unknown, where: string): PackFile {
  const top = record(value, "the description", where);
  for (const key of Object.keys(top)) if (!known.includes(key)) throw unknownKey(key, known, where);
  const described: Record<string, unknown> = {
    name: text(top, "name", where) ?? fail("`name` is missing", where),
    version: text(top, "version", where) ?? fail("`version` is missing", where),
    release: text(top, "release", where) ?? "1",
    scriptlets: scriptlets(top.scriptlets, where),
    changelog: records(top.changelog, "changelog", where).map((entry) => ({
      time: number(entry, "time", where) ?? fail("an entry of `changelog` has no `time`", where),
      author: text(entry, "author", where) ?? "",
      text: text(entry, "text", where) ?? "",
    })),
  };
  const put = (key: string, found: unknown) => {
    if (found !== undefined) described[key] = found;
  };
  for (const key of texts) put(key, text(top, key, where));
  for (const key of lists) put(key, textList(top, key, where));
  put("epoch", number(top, "epoch", where));
  put("buildTime", number(top, "buildTime", where));
  if (top.source !== undefined && typeof top.source !== "boolean") fail("`source` is true or false", where);
  put("source", top.source);
  return {
    described: described as unknown as PackFile["described"],
    exclude: textList(top, "exclude", where) ?? [],
    rules: records(top.files, "files", where).map((entry) => ruleOf(entry, where)),
  };
}

const ruleKeys = ["path", "mode", "user", "group", "flags", "capabilities", "language"];

function ruleOf(entry: Fields, where: string): FileRule {
  for (const key of Object.keys(entry)) if (!ruleKeys.includes(key)) throw unknownKey(key, ruleKeys, where);
  const path = text(entry, "path", where) ?? fail("an entry of `files` has no `path`", where);
  const mode = text(entry, "mode", where);
  if (mode !== undefined && !/^0?[0-7]{3,4}$/.test(mode)) fail(`the mode of ${path} is not octal, as "0755"`, where);
  const names = textList(entry, "flags", where);
  const flags = names?.reduce((bits, name) => {
    const bit = Object.hasOwn(flagNames, name) ? flagNames[name] : undefined;
    if (bit === undefined) throw unknownKey(name, Object.keys(flagNames), where);
    return bits | bit;
  }, 0);
  const set: Record<string, unknown> = {};
  for (const key of ["user", "group", "capabilities", "language"]) {
    const found = text(entry, key, where);
    if (found !== undefined) set[key] = found;
  }
  if (mode !== undefined) set.mode = Number.parseInt(mode, 8);
  if (flags !== undefined) set.flags = flags;
  return { path, set };
}

/**
 * The entries of a tree as a description wants them; rules for ghosts that the tree does not have add them. Rules and exclusions are
 * globs over absolute paths. Errors: `RPM_PACK_FILE` for a rule that meets nothing.
 */
export async function applyPackFile(
  entries: readonly PackageEntry[],
  file: Pick<PackFile, "exclude" | "rules">,
  where: string,
): Promise<PackageEntry[]> {
  const { Minimatch } = await import("minimatch");
  const matcher = (glob: string) => new Minimatch(glob, { dot: true, nocomment: true, nonegate: true });
  const excluded = file.exclude.map(matcher);
  const kept = entries.filter((entry) => {
    for (let path = entry.path; path !== ""; path = path.slice(0, path.lastIndexOf("/"))) {
      if (excluded.some((glob) => glob.match(path))) return false;
    }
    return true;
  });
  const result = new Map<string, PackageEntry>(kept.map((entry) => [entry.path, entry]));
  for (const { path, set } of file.rules) {
    const glob = matcher(path);
    const met = [...result.values()].filter((entry) => entry.path === path || glob.match(entry.path));
    const { flags: _, language: __, ...ofInode } = set;
    for (const entry of met) {
      result.set(entry.path, { ...entry, ...set });
      const origin = entry.hardLinkOf === undefined ? undefined : result.get(entry.hardLinkOf);
      if (origin) result.set(origin.path, { ...origin, ...ofInode });
    }
    if (met.length > 0) continue;
    if (((set.flags ?? 0) & fileFlag.ghost) === 0) fail(`no file of the tree is met by ${path}`, where);
    result.set(path, { path, ...set });
  }
  return [...result.values()];
}

function scriptlets(value: unknown, where: string): Scriptlet[] {
  if (value === undefined) return [];
  const table = record(value, "`scriptlets`", where);
  for (const key of Object.keys(table)) if (!kinds.some((kind) => kind === key)) throw unknownKey(key, kinds, where);
  return kinds.flatMap((kind) => {
    const found = table[kind];
    if (found === undefined) return [];
    if (typeof found === "string") return [{ kind, interpreter: ["/bin/sh"], body: found }];
    const one = record(found, `scriptlet ${kind}`, where);
    return [
      {
        kind,
        interpreter: textList(one, "interpreter", where) ?? ["/bin/sh"],
        body: text(one, "body", where) ?? "",
      },
    ];
  });
}

function record(value: unknown, what: string, where: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) fail(`${what} is no table`, where);
  return value as Fields;
}

function records(value: unknown, what: string, where: string): Fields[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) fail(`\`${what}\` is no list of tables`, where);
  return (value as unknown[]).map((item) => record(item, `an entry of \`${what}\``, where));
}

function text(from: Fields, key: string, where: string): string | undefined {
  const value = from[key];
  if (value === undefined || typeof value === "string") return value;
  return fail(`\`${key}\` is no text`, where);
}

function textList(from: Fields, key: string, where: string): readonly string[] | undefined {
  const value = from[key];
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((item): item is string => typeof item === "string")) return value;
  return fail(`\`${key}\` is no list of texts`, where);
}

function number(from: Fields, key: string, where: string): number | undefined {
  const value = from[key];
  if (value === undefined || (typeof value === "number" && Number.isSafeInteger(value))) return value;
  return fail(`\`${key}\` is no whole number`, where);
}

function fail(message: string, where: string): never {
  throw new WeirError("RPM_PACK_FILE", message, { where, hints: ["`weir rpm pack --help` shows an example"] });
}

function unknownKey(key: string, possible: readonly string[], where: string): WeirError {
  const near = possible.find((name) => editDistance(name.toLowerCase(), key.toLowerCase(), 2) <= 2);
  return new WeirError("RPM_PACK_FILE", `\`${key}\` is not known`, {
    where,
    hints: [near === undefined ? `known are ${possible.join(", ")}` : `did you mean \`${near}\`?`],
  });
}
