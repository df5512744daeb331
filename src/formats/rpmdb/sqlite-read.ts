import { WeirError } from "../../core/index.ts";

/** The bytes of pages by their number, from 1. */
export interface PageSource {
  readonly pageSize: number;
  readonly pageCount: number;
  /** Bytes at the end of each page that hold no content. */
  readonly reserved: number;
  readonly where: string;
  page(number: number): Uint8Array;
}

export type SqliteValue = number | string | Uint8Array | null;

export interface SqliteRow {
  readonly rowid: number;
  readonly record: Uint8Array;
}

export function damaged(where: string, message: string): WeirError {
  return new WeirError("RPMDB_DAMAGED", `the package database is damaged: ${message}`, {
    where,
    hints: ["copy the database again while nothing is being installed", "`rpm --rebuilddb` may mend it"],
  });
}

/**
 * Rows of a table in the order of their numbers: leaves of its b-tree from left to right, overflow pages joined
 * (https://sqlite.org/fileformat2.html, sections 1.5 and 1.6). No page is visited twice, so that damage cannot make it endless.
 */
export function* tableRows(source: PageSource, root: number): Generator<SqliteRow> {
  const seen = new Uint8Array(source.pageCount + 1);
  const todo: number[] = [root];
  for (let number = todo.pop(); number !== undefined; number = todo.pop()) {
    const bytes = visit(source, seen, number);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const start = number === 1 ? 100 : 0;
    const kind = view.getUint8(start);
    if (kind !== 13 && kind !== 5) throw damaged(source.where, `page ${number} is no part of a table`);
    const cells = view.getUint16(start + 3);
    const pointers = start + (kind === 5 ? 12 : 8);
    if (pointers + cells * 2 > bytes.length) throw damaged(source.where, `page ${number} claims ${cells} cells`);
    if (kind === 5) {
      todo.push(view.getUint32(start + 8));
      for (let i = cells - 1; i >= 0; i--) {
        const at = view.getUint16(pointers + i * 2);
        if (at + 4 > bytes.length) throw damaged(source.where, `a cell lies outside of page ${number}`);
        todo.push(view.getUint32(at));
      }
      continue;
    }
    for (let i = 0; i < cells; i++) {
      const cell = new Cursor(bytes, view.getUint16(pointers + i * 2), source.where);
      const size = cell.varint();
      const rowid = cell.varint();
      yield { rowid, record: payload(source, seen, bytes, cell.at, size) };
    }
  }
}

function visit(source: PageSource, seen: Uint8Array, number: number): Uint8Array {
  if (number < 1 || number > source.pageCount) throw damaged(source.where, `there is no page ${number}`);
  if (seen[number] === 1) throw damaged(source.where, `page ${number} is used twice`);
  seen[number] = 1;
  return source.page(number);
}

function payload(source: PageSource, seen: Uint8Array, page: Uint8Array, at: number, size: number): Uint8Array {
  const usable = source.pageSize - source.reserved;
  if (size > source.pageCount * source.pageSize) throw damaged(source.where, `a record claims ${size} bytes`);
  const most = usable - 35;
  if (size <= most) {
    if (at + size > page.length) throw damaged(source.where, "a record lies outside of its page");
    return page.subarray(at, at + size);
  }
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const wanted = least + ((size - least) % (usable - 4));
  const local = wanted <= most ? wanted : least;
  if (at + local + 4 > page.length) throw damaged(source.where, "a record lies outside of its page");
  const whole = new Uint8Array(size);
  whole.set(page.subarray(at, at + local));
  let next = new DataView(page.buffer, page.byteOffset, page.length).getUint32(at + local);
  for (let filled = local; filled < size; ) {
    const overflow = visit(source, seen, next);
    const take = Math.min(usable - 4, size - filled);
    whole.set(overflow.subarray(4, 4 + take), filled);
    filled += take;
    next = new DataView(overflow.buffer, overflow.byteOffset, overflow.length).getUint32(0);
  }
  return whole;
}

/** Values of a record (file format, section 2.1). Blobs are views. */
export function recordValues(record: Uint8Array, where: string): SqliteValue[] {
  const head = new Cursor(record, 0, where);
  const headEnd = head.varint();
  if (headEnd > record.length) throw damaged(where, "a record's head is longer than the record");
  const view = Buffer.from(record.buffer, record.byteOffset, record.length);
  const values: SqliteValue[] = [];
  let at = headEnd;
  while (head.at < headEnd) {
    const type = head.varint();
    const size = type >= 12 ? Math.floor((type - 12) / 2) : (sizes[type] ?? 0);
    if (at + size > record.length) throw damaged(where, "a value lies outside of its record");
    if (type === 0) values.push(null);
    else if (type === 8 || type === 9) values.push(type - 8);
    else if (type <= 4) values.push(view.readIntBE(at, size));
    else if (type === 5) values.push(view.readIntBE(at, 6));
    else if (type === 6) values.push(Number(view.readBigInt64BE(at)));
    else if (type === 7) values.push(view.readDoubleBE(at));
    else if (type < 12) throw damaged(where, "a value has a reserved type");
    else values.push(type % 2 === 0 ? record.subarray(at, at + size) : view.toString("utf8", at, at + size));
    at += size;
  }
  return values;
}

const sizes = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

class Cursor {
  readonly #bytes: Uint8Array;
  readonly #where: string;
  at: number;

  constructor(bytes: Uint8Array, at: number, where: string) {
    this.#bytes = bytes;
    this.at = at;
    this.#where = where;
  }

  /** Up to nine bytes, seven bits each, the ninth whole; as far as a double is exact. */
  varint(): number {
    let value = 0;
    for (let i = 0; i < 9; i++) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) throw damaged(this.#where, "a number lies outside of its page");
      if (i === 8) return value * 256 + byte;
      value = value * 128 + (byte & 127);
      if (byte < 128) return value;
    }
    return value;
  }
}

/** Checks the header of an SQLite file and gives its pages. `overlay` has newer content of pages (from a write-ahead log). */
export function openPages(
  bytes: Uint8Array,
  where: string,
  overlay: ReadonlyMap<number, Uint8Array> = new Map(),
  count = 0,
): PageSource {
  if (bytes.length < 100) throw damaged(where, "the file is shorter than its header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const pageSize = pageSizeOf(bytes);
  if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0) {
    throw damaged(where, `a page size of ${pageSize}`);
  }
  const reserved = view.getUint8(20);
  if (pageSize - reserved < 480) throw damaged(where, `${reserved} reserved bytes in each page`);
  const pageCount = Math.max(Math.floor(bytes.length / pageSize), count);
  return {
    pageSize,
    pageCount,
    reserved,
    where,
    page(number) {
      const newer = overlay.get(number);
      if (newer) return newer;
      const start = (number - 1) * pageSize;
      if (start + pageSize > bytes.length) throw damaged(where, `the file ends before page ${number}`);
      return bytes.subarray(start, start + pageSize);
    },
  };
}

export function pageSizeOf(bytes: Uint8Array): number {
  const stated = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint16(16);
  return stated === 1 ? 65_536 : stated;
}

/** Root pages of the tables of a database, by name. */
export function tableRoots(source: PageSource): Map<string, number> {
  const roots = new Map<string, number>();
  for (const row of tableRows(source, 1)) {
    const [type, name, , root] = recordValues(row.record, source.where);
    if (type === "table" && typeof name === "string" && typeof root === "number") roots.set(name, root);
  }
  return roots;
}
