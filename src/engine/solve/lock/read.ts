import { parse, TomlError } from "smol-toml";
import { compareText, WeirError } from "../../../core/index.ts";
import type { LockedPackage, LockFile } from "./types.ts";

const mostBytes = 64 << 20;

/** Reads a lock file. `where` is for messages. Errors: `LOCK_MALFORMED`, with line and column where the text is no TOML. */
export function parseLock(text: string, where: string): LockFile {
  if (text.length > mostBytes) throw malformed(where, `it has more than ${mostBytes} characters`);
  let value: unknown;
  try {
    value = parse(text, { maxDepth: 16 });
  } catch (error) {
    if (!(error instanceof TomlError)) throw malformed(where, error instanceof Error ? error.message : String(error));
    const [message = ""] = error.message.split("\n");
    throw malformed({ file: where, line: error.line, column: error.column }, message);
  }
  const reader = new Reader(where);
  const top = reader.table(value, "the file");
  if (top.schema !== "weir/lock/1")
    throw malformed(where, `schema is ${JSON.stringify(top.schema)}, not "weir/lock/1"`);
  const packages = reader.tables(top.package, "package").map(
    (item): LockedPackage => ({
      nevra: reader.text(item, "nevra"),
      repository: reader.text(item, "repository"),
      location: reader.text(item, "location"),
      checksum: reader.text(item, "checksum", /^[a-z0-9]+:[0-9a-f]+$/),
      size: reader.size(item, "size"),
    }),
  );
  const seen = new Set<string>();
  for (const { nevra } of packages) {
    if (seen.has(nevra)) throw malformed(where, `${nevra} is locked twice`);
    seen.add(nevra);
  }
  return {
    schema: "weir/lock/1",
    arch: reader.text(top, "arch"),
    requests: reader.texts(top, "requests"),
    weak: reader.flag(top, "weak"),
    exclude: reader.texts(top, "exclude"),
    modules: reader.texts(top, "modules"),
    repositories: reader.tables(top.repository, "repository").map((item) => ({
      id: reader.text(item, "id"),
      revision: reader.text(item, "revision"),
      repomd: reader.text(item, "repomd", /^sha256:[0-9a-f]{64}$/),
    })),
    packages: packages.sort((a, b) => compareText(a.nevra, b.nevra)),
  };
}

type TableValue = Readonly<Record<string, unknown>>;

class Reader {
  readonly #where: string;

  constructor(where: string) {
    this.#where = where;
  }

  table(value: unknown, what: string): TableValue {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw malformed(this.#where, `${what} is no table`);
    return value as TableValue;
  }

  tables(value: unknown, what: string): TableValue[] {
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw malformed(this.#where, `${what} is no list of tables`);
    return value.map((item: unknown) => this.table(item, what));
  }

  text(table: TableValue, key: string, pattern?: RegExp): string {
    const value = table[key];
    if (typeof value !== "string" || value === "") throw malformed(this.#where, `${key} is missing, or no text`);
    if (pattern !== undefined && !pattern.test(value))
      throw malformed(this.#where, `${key} is ${JSON.stringify(value.slice(0, 80))}, which it cannot be`);
    return value;
  }

  texts(table: TableValue, key: string): string[] {
    const value = table[key];
    if (!Array.isArray(value)) throw malformed(this.#where, `${key} is missing, or no list`);
    return value.map((item: unknown) => {
      if (typeof item !== "string") throw malformed(this.#where, `${key} holds what is no text`);
      return item;
    });
  }

  flag(table: TableValue, key: string): boolean {
    const value = table[key];
    if (typeof value !== "boolean") throw malformed(this.#where, `${key} is missing, or neither true nor false`);
    return value;
  }

  size(table: TableValue, key: string): number {
    const value = table[key];
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
      throw malformed(this.#where, `${key} is missing, or no number of bytes`);
    return value;
  }
}

function malformed(where: WeirError["where"], message: string): WeirError {
  return new WeirError("LOCK_MALFORMED", `the lock file cannot be used: ${message}`, {
    where,
    hints: ["write it anew with --update-lock"],
  });
}
