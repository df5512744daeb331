/** Page size that rpm's databases have. */
const PAGE = 4096;

/** Pages of a database in the making; numbers count from 1, page 1 is kept for the schema. */
export class SqliteFile {
  readonly #pages: Buffer[] = [Buffer.alloc(PAGE)];

  /** Adds a page and gives its number. */
  add(page: Buffer): number {
    this.#pages.push(page);
    return this.#pages.length;
  }

  /** A table of records, keys from 1 in the given order or as given. Gives the root page. */
  table(records: readonly Buffer[]): number {
    return this.#bulk(
      records.map((record, i) => this.#tableCell(record, i + 1)),
      tableShape,
    );
  }

  /** An index of records that are sorted already. Gives the root page. */
  index(records: readonly Buffer[]): number {
    return this.#bulk(
      records.map((record) => this.#indexCell(record)),
      indexShape,
    );
  }

  /** Writes the schema with its root in page 1, and the file's header. Nothing can be added afterwards. */
  finish(schema: readonly Buffer[]): Buffer {
    const cells = schema.map((record, i) => this.#tableCell(record, i + 1));
    const levels = layOut(cells, tableShape, PAGE - 100);
    const [top] = levels.at(-1) ?? [];
    if (!top) throw new Error("a tree has a root");
    const children = this.#writeLevels(levels.slice(0, -1), tableShape);
    const first = this.#pages[0] ?? Buffer.alloc(PAGE);
    fillPage(first, 100, top, children, tableShape);
    writeFileHeader(first, this.#pages.length);
    return Buffer.concat(this.#pages);
  }

  #bulk(cells: readonly Cell[], shape: Shape): number {
    const roots = this.#writeLevels(layOut(cells, shape, PAGE), shape);
    return roots[0] ?? 0;
  }

  /** Writes levels from the leaves up and gives the page numbers of the last one. */
  #writeLevels(levels: readonly (readonly Node[])[], shape: Shape): number[] {
    let children: number[] = [];
    for (const level of levels) {
      const below = children;
      children = level.map((node) => {
        const page = Buffer.alloc(PAGE);
        fillPage(page, 0, node, below, shape);
        return this.add(page);
      });
    }
    return children;
  }

  #tableCell(record: Buffer, rowid: number): Cell {
    return { leaf: this.#cell(record, PAGE - 35, rowid), inner: undefined, rowid };
  }

  #indexCell(record: Buffer): Cell {
    const cell = this.#cell(record, Math.floor(((PAGE - 12) * 64) / 255) - 23, undefined);
    return { leaf: cell, inner: cell, rowid: 0 };
  }

  /** Length, number of the row in tables, and what of the record lies in its cell; the rest is put on overflow pages. */
  #cell(record: Buffer, most: number, rowid: number | undefined): Buffer {
    const head = varintSize(record.length) + (rowid === undefined ? 0 : varintSize(rowid));
    const local = record.length <= most ? record.length : localSize(record.length, most);
    const cell = Buffer.allocUnsafe(head + local + (local < record.length ? 4 : 0));
    let at = putVarint(cell, 0, record.length);
    if (rowid !== undefined) at = putVarint(cell, at, rowid);
    record.copy(cell, at, 0, local);
    if (local < record.length) cell.writeUInt32BE(this.#overflow(record, local), at + local);
    return cell;
  }

  /** Puts a record's bytes from `start` on pages of their own; gives the number of the first. */
  #overflow(record: Buffer, start: number): number {
    const first = this.#pages.length + 1;
    for (let at = start; at < record.length; at += PAGE - 4) {
      const page = Buffer.alloc(PAGE);
      const isLast = at + PAGE - 4 >= record.length;
      page.writeUInt32BE(isLast ? 0 : this.#pages.length + 2, 0);
      record.copy(page, 4, at, Math.min(at + PAGE - 4, record.length));
      this.add(page);
    }
    return first;
  }
}

function localSize(length: number, most: number): number {
  const least = Math.floor(((PAGE - 12) * 32) / 255) - 23;
  const wanted = least + ((length - least) % (PAGE - 4));
  return wanted <= most ? wanted : least;
}

/** A cell as it stands in a leaf; of indexes, also what stands in an inner page behind the left child, of tables the number that does. */
interface Cell {
  readonly leaf: Buffer;
  readonly inner: Buffer | undefined;
  readonly rowid: number;
}

function innerOf(cell: Cell): Buffer {
  if (cell.inner) return cell.inner;
  const bytes = Buffer.allocUnsafe(varintSize(cell.rowid));
  putVarint(bytes, 0, cell.rowid);
  return bytes;
}

/** Tables keep all rows in leaves and repeat their numbers above; indexes move entries up. */
interface Shape {
  readonly leafKind: number;
  readonly innerKind: number;
  readonly movesUp: boolean;
}

const tableShape: Shape = { leafKind: 13, innerKind: 5, movesUp: false };
const indexShape: Shape = { leafKind: 10, innerKind: 2, movesUp: true };

/** A page to be: its cells; of inner ones, places of the children in the level below, one more than cells. */
interface Node {
  readonly cells: readonly Buffer[];
  readonly children: readonly number[];
}

/**
 * Distributes cells over pages, leaves first, then level by level up to one root. Each page is filled before the next is begun; the last
 * two of a level share so that none is without cells.
 */
function layOut(cells: readonly Cell[], shape: Shape, rootRoom: number): Node[][] {
  const leaves = pack(cells, (cell) => cell.leaf.length + 2, PAGE - 8, shape.movesUp ? 1 : 0);
  const levels: Node[][] = [leaves.groups.map((group) => ({ cells: group.map((cell) => cell.leaf), children: [] }))];
  let between = shape.movesUp ? leaves.between : leaves.groups.slice(0, -1).map((group) => group.at(-1) as Cell);
  const isTooLarge = (level: readonly Node[]) =>
    level.length > 1 || sizeOf(level[0]) > rootRoom - (levels.length === 1 ? 8 : 12);
  while (isTooLarge(levels.at(-1) ?? [])) {
    const inner = pack(
      between,
      (cell) => (cell.inner?.length ?? varintSize(cell.rowid)) + 6,
      PAGE - 12 - (PAGE - rootRoom),
      1,
    );
    let child = 0;
    levels.push(
      inner.groups.map((group) => {
        const children = Array.from({ length: group.length + 1 }, () => child++);
        return { cells: group.map(innerOf), children };
      }),
    );
    between = inner.between;
  }
  return levels;
}

function sizeOf(node: Node | undefined): number {
  return (node?.cells ?? []).reduce((sum, cell) => sum + cell.length + 2, 0);
}

/** Groups items greedily; `gap` items (0 or 1) stand between groups and go up. Every group but the only one has an item. */
function pack<T>(
  items: readonly T[],
  size: (item: T) => number,
  room: number,
  gap: 0 | 1,
): { readonly groups: T[][]; readonly between: T[] } {
  const groups: T[][] = [[]];
  const between: T[] = [];
  let used = 0;
  for (let i = 0; i < items.length; i++) {
    const item = items[i] as T;
    const current = groups.at(-1) as T[];
    if (used + size(item) <= room || current.length === 0) {
      current.push(item);
      used += size(item);
      continue;
    }
    if (gap === 0) groups.push([item]);
    else if (i + 1 < items.length) {
      between.push(item);
      groups.push([]);
    } else {
      between.push(current.pop() as T);
      groups.push([item]);
    }
    used = gap === 0 ? size(item) : 0;
  }
  return { groups, between };
}

function fillPage(page: Buffer, start: number, node: Node, below: readonly number[], shape: Shape): void {
  const isInner = node.children.length > 0;
  page.writeUInt8(isInner ? shape.innerKind : shape.leafKind, start);
  page.writeUInt16BE(node.cells.length, start + 3);
  let content = PAGE;
  let pointer = start + (isInner ? 12 : 8);
  for (const [i, cell] of node.cells.entries()) {
    content -= cell.length + (isInner ? 4 : 0);
    if (isInner) page.writeUInt32BE(below[node.children[i] ?? -1] ?? 0, content);
    page.set(cell, content + (isInner ? 4 : 0));
    page.writeUInt16BE(content, pointer);
    pointer += 2;
  }
  page.writeUInt16BE(content, start + 5);
  if (isInner) page.writeUInt32BE(below[node.children.at(-1) ?? -1] ?? 0, start + 8);
}

/** Version of SQLite that the file claims to be written by: any with schema format 4. */
const WRITER = 3_040_001;

function writeFileHeader(page: Buffer, pageCount: number): void {
  page.write("SQLite format 3\0", 0, "latin1");
  page.writeUInt16BE(PAGE, 16);
  // Both 1: a rollback journal, so that a read-only root needs no -wal or -shm beside it.
  page.set([1, 1, 0, 64, 32, 32], 18);
  page.writeUInt32BE(1, 24);
  page.writeUInt32BE(pageCount, 28);
  page.writeUInt32BE(1, 40);
  page.writeUInt32BE(4, 44);
  page.writeUInt32BE(1, 56);
  page.writeUInt32BE(1, 92);
  page.writeUInt32BE(WRITER, 96);
}

/** Writes a number as bytes of seven bits, the highest first; gives the place behind it. */
function putVarint(buffer: Buffer, at: number, value: number): number {
  let scale = 1;
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) scale *= 128;
  let next = at;
  for (; scale > 1; scale /= 128) buffer[next++] = (Math.floor(value / scale) & 127) | 128;
  buffer[next++] = value & 127;
  return next;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) size++;
  return size;
}

export type RecordValue = null | number | string | Uint8Array;

/** Serial type of a value, and the bytes that it takes. */
function typeOf(value: RecordValue): readonly [type: number, size: number] {
  if (value === null) return [0, 0];
  if (typeof value === "number") {
    if (value === 0 || value === 1) return [8 + value, 0];
    const size = value < 0x80 ? 1 : value < 0x8000 ? 2 : value < 0x800000 ? 3 : 4;
    return [size, size];
  }
  if (typeof value === "string") {
    const size = Buffer.byteLength(value);
    return [13 + size * 2, size];
  }
  return [12 + value.length * 2, value.length];
}

/** A record of NULL, non-negative integers below 2^31, texts and blobs (file format, section 2.1). */
export function writeRecord(values: readonly RecordValue[]): Buffer {
  const types = values.map(typeOf);
  let headSize = 0;
  let bodySize = 0;
  for (const [type, size] of types) {
    headSize += varintSize(type);
    bodySize += size;
  }
  headSize += headSize < 127 ? 1 : 2;
  const record = Buffer.allocUnsafe(headSize + bodySize);
  let at = putVarint(record, 0, headSize);
  for (const [type] of types) at = putVarint(record, at, type);
  for (const [i, value] of values.entries()) {
    const size = types[i]?.[1] ?? 0;
    if (size === 0) continue;
    if (typeof value === "number") record.writeIntBE(value, at, size);
    else if (typeof value === "string") record.write(value, at);
    else if (value !== null) record.set(value, at);
    at += size;
  }
  return record;
}
