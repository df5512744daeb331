const probeLimit = 48;

/**
 * Strings of a buffer, each distinct run of bytes made into text once. Ids count from 0 in the order of first sight. Text with hostile
 * collisions is simply not shared: probing is bounded.
 */
export class StringPool {
  readonly #bytes: Buffer;
  #slots = new Int32Array(1 << 12);
  #mask = (1 << 12) - 1;
  #starts = new Int32Array(1 << 11);
  #lengths = new Int32Array(1 << 11);
  #hashes = new Int32Array(1 << 11);
  #shared = 0;
  readonly texts: string[] = [];

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Id of the text at `start..end`; `hash` must depend on these bytes alone. `decode` makes the text on first sight. */
  id(start: number, end: number, hash: number, decode: (start: number, end: number) => string): number {
    const bytes = this.#bytes;
    const length = end - start;
    let slot = (hash ^ (hash >>> 15)) & this.#mask;
    for (let probe = 0; probe < probeLimit; probe++) {
      const id = (this.#slots[slot] as number) - 1;
      if (id < 0) return this.#add(slot, start, length, hash, decode);
      if (this.#hashes[id] === hash && this.#lengths[id] === length) {
        let other = this.#starts[id] as number;
        let at = start;
        while (at < end && bytes[at] === bytes[other]) {
          at++;
          other++;
        }
        if (at === end) return id;
      }
      slot = (slot + 1) & this.#mask;
    }
    return this.#add(-1, start, length, hash, decode);
  }

  text(id: number): string {
    return this.texts[id] as string;
  }

  #add(slot: number, start: number, length: number, hash: number, decode: (start: number, end: number) => string) {
    const id = this.texts.length;
    this.texts.push(decode(start, start + length));
    if (id >= this.#starts.length) this.#growEntries();
    this.#starts[id] = start;
    this.#lengths[id] = length;
    this.#hashes[id] = hash;
    if (slot >= 0) {
      this.#slots[slot] = id + 1;
      if (++this.#shared * 2 > this.#mask) this.#growSlots();
    }
    return id;
  }

  #growEntries(): void {
    this.#starts = grown(this.#starts);
    this.#lengths = grown(this.#lengths);
    this.#hashes = grown(this.#hashes);
  }

  #growSlots(): void {
    const old = this.#slots;
    const mask = old.length * 2 - 1;
    const slots = new Int32Array(old.length * 2);
    for (const entry of old) {
      if (entry === 0) continue;
      const hash = this.#hashes[entry - 1] as number;
      let slot = (hash ^ (hash >>> 15)) & mask;
      let probe = 0;
      while (slots[slot] !== 0 && probe++ < probeLimit) slot = (slot + 1) & mask;
      if (slots[slot] === 0) slots[slot] = entry;
    }
    this.#slots = slots;
    this.#mask = mask;
  }
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
