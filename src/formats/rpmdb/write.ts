import { compareText, WeirError } from "../../core/index.ts";
import { type RpmHeader, tag } from "../rpm/index.ts";
import { type IndexTable, indexTables, rowsOf } from "./index-rows.ts";
import { installedHeader } from "./installed-header.ts";
import { SqliteFile, writeRecord } from "./sqlite-write.ts";
import type { PackageToRecord } from "./types.ts";

/**
 * A database of installed packages as rpm 4.16 and newer keep it (`rpmdb.sqlite`), with all of rpm's indexes. Packages get their numbers
 * in the given order, from 1. Equal input gives equal bytes; it needs no `-wal` or `-shm` beside it. Errors: `RPMDB_NO_REGION` for a
 * package whose header is not one immutable region (made before rpm 4).
 */
export function writeRpmdb(packages: readonly PackageToRecord[]): Uint8Array {
  const headers = packages.map((item) => {
    const { where } = item.header;
    if (item.header.entry(0).tag !== tag.headerImmutable) {
      throw new WeirError("RPMDB_NO_REGION", "the package's header has no immutable region", {
        where,
        hints: ["build the package again with a newer rpm"],
      });
    }
    return installedHeader(item, where);
  });
  const file = new SqliteFile();
  const schema: Buffer[] = [];
  const add = (type: "table" | "index", name: string, table: string, root: number, sql: string) =>
    schema.push(writeRecord([type, name, table, root, sql]));
  const blobs = headers.map((header) => writeRecord([null, header.blob]));
  add(
    "table",
    "Packages",
    "Packages",
    file.table(blobs),
    "CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT,blob BLOB NOT NULL)",
  );
  const sequence = packages.length === 0 ? [] : [writeRecord(["Packages", packages.length])];
  add("table", "sqlite_sequence", "sqlite_sequence", file.table(sequence), "CREATE TABLE sqlite_sequence(name,seq)");
  for (const table of indexTables) addIndexTable(file, table, headers, add);
  return file.finish(schema);
}

type AddToSchema = (type: "table" | "index", name: string, table: string, root: number, sql: string) => void;

interface Row {
  readonly key: string | Uint8Array;
  /** Orders as the key's bytes do. */
  readonly order: string;
  readonly number: number;
  readonly rowid: number;
}

function addIndexTable(file: SqliteFile, table: IndexTable, headers: readonly RpmHeader[], add: AddToSchema): void {
  const rows: Row[] = [];
  const records: Buffer[] = [];
  for (const [i, header] of headers.entries()) {
    for (const [key, index] of rowsOf(header, table)) {
      records.push(writeRecord([key, i + 1, index]));
      const order = typeof key === "string" ? byteOrder(key) : Buffer.from(key).toString("latin1");
      rows.push({ key, order, number: i + 1, rowid: records.length });
    }
  }
  const { name } = table;
  add(
    "table",
    name,
    name,
    file.table(records),
    `CREATE TABLE '${name}' (key '${table.keyType}' NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL, FOREIGN KEY (hnum) REFERENCES 'Packages'(hnum))`,
  );
  if (table.keyIndex) {
    const sorted = sortRows(rows);
    const root = file.index(sorted.map((row) => writeRecord([row.key, row.rowid])));
    add("index", `${name}_key_idx`, name, root, `CREATE INDEX '${name}_key_idx' ON '${name}'(key ASC)`);
  }
  if (table.numberIndex) {
    const root = file.index(rows.map((row) => writeRecord([row.number, row.rowid])));
    add("index", `${name}_hnum_idx`, name, root, `CREATE INDEX '${name}_hnum_idx' ON '${name}'(hnum ASC)`);
  }
}

/** By key, then by row. Equal keys are gathered first: there are far fewer keys than rows. */
function sortRows(rows: readonly Row[]): Row[] {
  const byKey = new Map<string, Row[]>();
  for (const row of rows) {
    const same = byKey.get(row.order);
    if (same) same.push(row);
    else byKey.set(row.order, [row]);
  }
  return [...byKey.keys()].sort(compareText).flatMap((key) => byKey.get(key) ?? []);
}

/** A string that orders as the UTF-8 bytes of the text do. */
function byteOrder(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 127) return Buffer.from(text).toString("latin1");
  }
  return text;
}
