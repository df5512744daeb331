/**
 * Texts as numbers: each different text is kept once, as UTF-8 bytes in one heap, and has an id from 0 up (0 is the empty text). The parts
 * are plain arrays that can be written to a file and read back as views, without work per text.
 */
export class StringHeap {
  /** The bytes of all texts, one after the other. Only the first `offsets[count]` are in use. */
  bytes: Uint8Array;
  /** Where each text begins in `bytes`; `offsets[id + 1]` is its end. */
  offsets: Uint32Array;
  /** How many ids there are. */
  count: number;
  /** Open-addressed hash table of ids, 0 for a free place; its length is a power of two. */
  table: Int32Array;
  /** Texts that found no place near where they belong, which takes somebody who made them collide. Made again after loading. */
  #crowded: Map<string, number> | undefined;
  #texts: (string | undefined)[] = [];

  constructor(parts?: StringHeapParts) {
    this.bytes = parts?.bytes ?? Buffer.alloc(1 << 12);
    this.offsets = parts?.offsets ?? new Uint32Array(1 << 8);
    this.count = parts?.count ?? 1;
    this.table = parts?.table ?? new Int32Array(1 << 9);
  }

  /** Makes room for so many more texts and bytes at once. */
  reserve(texts: number, bytes: number): void {
    const neededBytes = (this.offsets[this.count] as number) + bytes;
    if (neededBytes > this.bytes.length) this.bytes = copied(this.bytes, roomFor(neededBytes));
    const needed = this.count + texts + 2;
    if (needed > this.offsets.length) this.offsets = copied(this.offsets, new Uint32Array(needed));
    let places = this.table.length;
    while (isFull(needed, places)) places *= 2;
    if (places > this.table.length) this.#rehash(places);
  }

  /** The id of the bytes `start`..`end` of `source`, new or known. */
  intern(source: Uint8Array, start: number, end: number): number {
    return this.internHashed(source, start, end, hashBytes(source, start, end));
  }

  /** As {@link intern}, for a caller that has {@link hashBytes} of the range already. */
  internHashed(source: Uint8Array, start: number, end: number, hash: number): number {
    if (start === end) return 0;
    const place = this.#place(source, start, end, hash);
    if (place < 0) return this.#internCrowded(source, start, end);
    const known = this.table[place] as number;
    if (known !== 0) return known;
    const id = this.append(source, start, end);
    this.table[place] = id;
    if (isFull(this.count, this.table.length)) this.#rehash(this.table.length * 2);
    return id;
  }

  /** Keeps the range under an id of its own without looking whether it is there: for texts that never repeat. {@link find} does not see it. */
  append(source: Uint8Array, start: number, end: number): number {
    const id = this.count;
    const at = this.offsets[id] as number;
    const next = at + end - start;
    if (next > this.bytes.length) this.bytes = copied(this.bytes, roomFor(capacity(next)));
    if (id + 2 > this.offsets.length) this.offsets = copied(this.offsets, new Uint32Array(capacity(id + 2)));
    if (end - start > 64) this.bytes.set(source.subarray(start, end), at);
    else {
      const bytes = this.bytes;
      for (let from = start, to = at; from < end; from++, to++) bytes[to] = source[from] as number;
    }
    this.offsets[id + 1] = next;
    this.count = id + 1;
    return id;
  }

  /** The id of a text, new or known. */
  internText(text: string): number {
    const bytes = Buffer.from(text);
    return this.intern(bytes, 0, bytes.length);
  }

  /** The id of a text, -1 where it was never interned. */
  find(text: string): number {
    const bytes = Buffer.from(text);
    return this.findHashed(bytes, 0, bytes.length, hashBytes(bytes, 0, bytes.length));
  }

  /** As {@link find}, of a range whose {@link hashBytes} the caller has. */
  findHashed(source: Uint8Array, start: number, end: number, hash: number): number {
    if (start === end) return 0;
    const place = this.#place(source, start, end, hash);
    if (place < 0) return this.#inCrowd().get(latin1(source, start, end)) ?? -1;
    const known = this.table[place] as number;
    return known === 0 ? -1 : known;
  }

  /** The text of an id. */
  text(id: number): string {
    let text = this.#texts[id];
    if (text === undefined) {
      const start = this.offsets[id] as number;
      const end = this.offsets[id + 1] as number;
      text = Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, end - start).toString("utf8");
      this.#texts[id] = text;
    }
    return text;
  }

  /** Length in bytes. */
  lengthOf(id: number): number {
    return (this.offsets[id + 1] as number) - (this.offsets[id] as number);
  }

  /** The first byte, 0 for the empty text. */
  firstByte(id: number): number {
    const start = this.offsets[id] as number;
    return start === this.offsets[id + 1] ? 0 : (this.bytes[start] as number);
  }

  /** Where the range is or belongs in the table; -1 where the table has no place for it. */
  #place(source: Uint8Array, start: number, end: number, hash: number): number {
    const { bytes, offsets, table } = this;
    const mask = table.length - 1;
    const length = end - start;
    let place = spread(hash) & mask;
    for (let step = 0; step < mostSteps; step++) {
      const id = table[place] as number;
      if (id === 0) return place;
      const at = offsets[id] as number;
      if ((offsets[id + 1] as number) - at === length) {
        let same = 0;
        while (same < length && bytes[at + same] === source[start + same]) same++;
        if (same === length) return place;
      }
      place = (place + 1) & mask;
    }
    return -1;
  }

  #rehash(places: number): void {
    const table = new Int32Array(places);
    this.table = table;
    this.#crowded = undefined;
    const { bytes, offsets, count } = this;
    const mask = places - 1;
    for (let id = 1; id < count; id++) {
      let place = spread(hashBytes(bytes, offsets[id] as number, offsets[id + 1] as number)) & mask;
      let step = 0;
      while (table[place] !== 0 && step++ < mostSteps) place = (place + 1) & mask;
      if (step < mostSteps) table[place] = id;
    }
  }

  #internCrowded(source: Uint8Array, start: number, end: number): number {
    const crowd = this.#inCrowd();
    const text = latin1(source, start, end);
    let id = crowd.get(text);
    if (id === undefined) {
      id = this.append(source, start, end);
      crowd.set(text, id);
      if (isFull(this.count, this.table.length)) this.#rehash(this.table.length * 2);
    }
    return id;
  }

  #inCrowd(): Map<string, number> {
    if (this.#crowded === undefined) {
      const { bytes, offsets, count, table } = this;
      const placed = new Uint8Array(count);
      for (const id of table) placed[id] = 1;
      this.#crowded = new Map();
      for (let id = 1; id < count; id++) {
        const [start, end] = [offsets[id] as number, offsets[id + 1] as number];
        if (placed[id] === 0) this.#crowded.set(latin1(bytes, start, end), id);
      }
    }
    return this.#crowded;
  }
}

/** The arrays a heap consists of. */
export interface StringHeapParts {
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
  readonly count: number;
  readonly table: Int32Array;
}

/**
 * Where {@link hashBytes} starts. A scanner that hashes while it reads takes each four bytes as one little-endian number, the up to three left as one
 * each, and does `hash = mixHash(hash, number)` for each.
 */
export const hashStart = 0x2f;

/** Puts the next number into a hash. */
export function mixHash(hash: number, number: number): number {
  const mixed = Math.imul(hash ^ number, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

/** The hash of a range, 32 bits. */
export function hashBytes(source: Uint8Array, start: number, end: number): number {
  let hash = hashStart;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const low = (source[at] as number) | ((source[at + 1] as number) << 8);
    hash = mixHash(hash, low | ((source[at + 2] as number) << 16) | ((source[at + 3] as number) << 24));
  }
  for (; at < end; at++) hash = mixHash(hash, source[at] as number);
  return hash;
}

/** So far from its place a text is looked for in the table. Two fifths of the places are free, so only made-up texts come near. */
const mostSteps = 128;

function isFull(texts: number, places: number): boolean {
  return texts * 5 > places * 3;
}

function spread(hash: number): number {
  return hash ^ (hash >>> 7);
}

function latin1(source: Uint8Array, start: number, end: number): string {
  return Buffer.from(source.buffer, source.byteOffset + start, end - start).toString("latin1");
}

/** Of the class that sources have too, which keeps loops over both of one kind. */
function roomFor(bytes: number): Buffer {
  return Buffer.from(new ArrayBuffer(bytes));
}

function capacity(needed: number): number {
  return Math.max(256, Math.ceil(needed * 1.6));
}

function copied<T extends Uint8Array | Uint32Array>(old: Uint8Array | Uint32Array, larger: T): T {
  larger.set(old);
  return larger;
}
