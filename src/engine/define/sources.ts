import { type Place, WeirError } from "../../core/index.ts";
import type { RemoteSource, SourceFileConfig } from "./types.ts";

/** One file that a `sources` file names. */
export interface SourcesEntry {
  readonly file: string;
  readonly hashType: RemoteSource["hashType"];
  /** As written; case does not count. */
  readonly hash: string;
}

/** A line of a `sources` file; comments and blank lines have no entry. */
export interface SourcesLine {
  readonly raw: string;
  readonly entry: SourcesEntry | undefined;
}

const digits = { md5: 32, sha256: 64, sha512: 128 } as const;

/**
 * Reads dist-git's `sources`: `SHA512 (file) = hash` or the older `md5hash  file`, `#` comments, blank lines.
 * Errors: `SOURCES_BAD_LINE`, `SOURCES_DUPLICATE`, `SOURCES_BAD_FILE_NAME`, `SOURCES_BAD_HASH`.
 */
export function parseSources(text: string, where: string): SourcesLine[] {
  if (text === "") return [];
  const seen = new Map<string, number>();
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n").map((raw, index) => {
    const place = { file: where, line: index + 1 };
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) return { raw, entry: undefined };
    const entry = parseEntry(line, place);
    const before = seen.get(entry.file);
    if (before !== undefined) {
      throw new WeirError("SOURCES_DUPLICATE", `${entry.file} is named twice, first on line ${before}`, {
        where: place,
      });
    }
    seen.set(entry.file, index + 1);
    return { raw, entry };
  });
}

function parseEntry(line: string, where: Place): SourcesEntry {
  const modern = /^([A-Z0-9]+)\s+\(([^)]+)\)\s+=\s+([a-fA-F0-9]+)$/.exec(line);
  const legacy = modern ?? /^([a-fA-F0-9]+)\s+(\S+)$/.exec(line);
  if (!legacy) {
    throw new WeirError("SOURCES_BAD_LINE", `this line names no source: ${line.slice(0, 200)}`, {
      where,
      hints: ["a line is `SHA512 (file) = hash` or `md5hash  file`"],
    });
  }
  const [type = "", file = "", hash = ""] = modern ? modern.slice(1) : ["MD5", legacy[2], legacy[1]];
  return { file: checkFileName(file, where), ...checkHash(type, hash, where) };
}

function checkHash(type: string, hash: string, where: Place | undefined): Pick<SourcesEntry, "hashType" | "hash"> {
  const hashType = type.toLowerCase();
  if (hashType !== "md5" && hashType !== "sha256" && hashType !== "sha512") {
    throw new WeirError("SOURCES_BAD_HASH", `the hash type ${type} is not known`, {
      where,
      hints: ["SHA512, SHA256 and MD5 are"],
    });
  }
  if (hash.length !== digits[hashType] || !/^[0-9a-f]+$/i.test(hash)) {
    throw new WeirError(
      "SOURCES_BAD_HASH",
      `this is no ${type} hash: it has ${hash.length} characters, not ${digits[hashType]}`,
      {
        where,
      },
    );
  }
  return { hashType, hash };
}

/** A name that a file of a source folder may have: one path segment, printable ASCII without blanks and backslashes. */
export function isSafeFileName(name: string): boolean {
  return /^[!-.0-[\]-~]{1,255}$/.test(name) && name !== "." && name !== "..";
}

function checkFileName(name: string, where: Place | undefined): string {
  if (isSafeFileName(name)) return name;
  throw new WeirError("SOURCES_BAD_FILE_NAME", `not a name for a source file: ${JSON.stringify(name.slice(0, 200))}`, {
    where,
    hints: ["one path segment of printable ASCII, without blanks"],
  });
}

/**
 * Brings a component's `source-files` into its `sources`: replaced in place where `replace-upstream` is set, else appended in order;
 * other lines stay as they are. Errors: `SOURCES_CONFLICT`, `SOURCES_NOTHING_TO_REPLACE`, `SOURCES_BAD_HASH`, `SOURCES_BAD_FILE_NAME`.
 */
export function mergeSources(
  lines: readonly SourcesLine[],
  sourceFiles: readonly SourceFileConfig[],
  placeOf: (index: number) => Place | undefined,
): SourcesLine[] {
  const result = [...lines];
  const at = new Map(lines.flatMap((line, index) => (line.entry ? [[line.entry.file, index] as const] : [])));
  sourceFiles.forEach((config, index) => {
    const where = placeOf(index);
    const file = checkFileName(config.filename, where);
    const existing = at.get(file);
    const replace = config["replace-upstream"] === true;
    if (existing !== undefined && !replace) {
      throw new WeirError("SOURCES_CONFLICT", `${file} is in the upstream sources already`, {
        where,
        hints: ["set replace-upstream = true with a replace-reason, or use another file name"],
      });
    }
    if (existing === undefined && replace) {
      throw new WeirError("SOURCES_NOTHING_TO_REPLACE", `the upstream sources have no ${file} to replace`, {
        where,
        hints: ["remove replace-upstream, or correct the file name"],
      });
    }
    const type = config["hash-type"] ?? "";
    if (config.hash === undefined || config.hash === "" || type === "") {
      throw new WeirError("SOURCES_BAD_HASH", `${file} needs hash and hash-type`, { where });
    }
    const entry = { file, ...checkHash(type, config.hash, where) };
    const line = { raw: `${type} (${file}) = ${config.hash}`, entry };
    if (existing === undefined) result.push(line);
    else result[existing] = line;
  });
  return result;
}

/** The text of a `sources` file. */
export function formatSources(lines: readonly SourcesLine[]): string {
  return `${lines.map((line) => line.raw).join("\n")}\n`;
}

/**
 * Where each named source comes from: the `download` origin of a source file, else the lookaside template with `$pkg`, `$filename`,
 * `$hashtype`, `$hash` filled in (percent-encoded unless the template is a path), else an empty URI. Hashes in lower case, order kept.
 */
export function remoteSourcesOf(
  lines: readonly SourcesLine[],
  sourceFiles: readonly SourceFileConfig[],
  lookaside: { readonly template: string; readonly package: string } | undefined,
): RemoteSource[] {
  const origins = new Map(sourceFiles.map((config) => [config.filename, config.origin]));
  return lines.flatMap(({ entry }) => {
    if (!entry) return [];
    const hash = entry.hash.toLowerCase();
    const origin = origins.get(entry.file);
    const download = origin?.type === "download" ? origin.uri : undefined;
    const uri =
      download ?? (lookaside ? fillTemplate(lookaside.template, { ...entry, hash, pkg: lookaside.package }) : "");
    return [{ file: entry.file, hashType: entry.hashType, hash, uri }];
  });
}

function fillTemplate(template: string, values: SourcesEntry & { readonly pkg: string }): string {
  const encode = (text: string) => (template.startsWith("/") ? text : encodeURIComponent(text));
  const known = new Map([
    ["$pkg", values.pkg],
    ["$filename", values.file],
    ["$hashtype", values.hashType],
    ["$hash", values.hash],
  ]);
  return template.replace(/\$(?:pkg|filename|hashtype|hash)/g, (name) => encode(known.get(name) ?? name));
}
