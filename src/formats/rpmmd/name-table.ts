/** Start and factor of the hash that the scanner makes of names and values as it reads them (FNV-1a). */
export const hashSeed = 0x811c9dc5 | 0;
export const hashFactor = 0x01000193;
const tableSlots = 1024;

/** Names an XmlScanner knows, by their part after the prefix; each has its index as id. */
export class NameTable {
  readonly names: readonly string[];
  readonly #bytes: readonly Uint8Array[];
  readonly #slots = new Int16Array(tableSlots).fill(-1);

  constructor(names: readonly string[]) {
    this.names = names;
    this.#bytes = names.map((name) => Buffer.from(name));
    for (const [id, bytes] of this.#bytes.entries()) {
      let hash = hashSeed;
      for (const byte of bytes) hash = Math.imul(hash ^ byte, hashFactor);
      let slot = slotOf(hash);
      while (this.#slots[slot] !== -1) slot = (slot + 1) & (tableSlots - 1);
      this.#slots[slot] = id;
    }
  }

  /** Id of the name at `start..end`, -1 for one not in the table. */
  id(bytes: Buffer, start: number, end: number, hash: number): number {
    for (let slot = slotOf(hash); ; slot = (slot + 1) & (tableSlots - 1)) {
      const id = this.#slots[slot] as number;
      if (id < 0) return -1;
      const name = this.#bytes[id] as Uint8Array;
      if (name.length !== end - start) continue;
      let at = 0;
      while (at < name.length && name[at] === bytes[start + at]) at++;
      if (at === name.length) return id;
    }
  }
}

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 10) ^ (hash >>> 20)) & (tableSlots - 1);
}
