import type { Comparison, Dependency } from "../rpm/index.ts";
import { sense } from "../rpm/index.ts";
import { id } from "./primary-names.ts";
import type { XmlScanner } from "./scan.ts";

const comparisons: Readonly<Record<string, { readonly op: Comparison; readonly bits: number }>> = {
  LT: { op: "<", bits: sense.less },
  LE: { op: "<=", bits: sense.less | sense.equal },
  EQ: { op: "=", bits: sense.equal },
  GE: { op: ">=", bits: sense.greater | sense.equal },
  GT: { op: ">", bits: sense.greater },
};

/** Turns `<rpm:entry>` into dependencies; a dependency seen before is the same object again. */
export class DependencyReader {
  readonly #xml: XmlScanner;
  readonly #made: Dependency[] = [];
  #keys = new Int32Array(6 << 12);
  #slots = new Int32Array(1 << 13);
  #shared = 0;

  constructor(xml: XmlScanner) {
    this.#xml = xml;
  }

  read(): Dependency {
    const xml = this.#xml;
    let name = -1;
    let flags = -1;
    let epoch = -1;
    let version = -1;
    let release = -1;
    let pre = -1;
    for (let index = 0; index < xml.attributes; index++) {
      switch (xml.attributeName(index)) {
        case id.name:
          name = xml.attributeId(index);
          break;
        case id.flags:
          flags = xml.attributeId(index);
          break;
        case id.epoch:
          epoch = xml.attributeId(index);
          break;
        case id.ver:
          version = xml.attributeId(index);
          break;
        case id.rel:
          release = xml.attributeId(index);
          break;
        case id.pre:
          pre = xml.attributeId(index);
          break;
        default:
      }
    }
    if (name < 0) throw xml.malformed("an entry without a name");
    const hash = mix(name, flags, epoch, version, release, pre);
    const mask = this.#slots.length - 1;
    const keys = this.#keys;
    let slot = hash & mask;
    for (let probe = 0; probe < 48; probe++) {
      const index = (this.#slots[slot] as number) - 1;
      if (index < 0) break;
      const key = index * 6;
      if (
        keys[key] === name &&
        keys[key + 1] === flags &&
        keys[key + 2] === epoch &&
        keys[key + 3] === version &&
        keys[key + 4] === release &&
        keys[key + 5] === pre
      ) {
        return this.#made[index] as Dependency;
      }
      slot = (slot + 1) & mask;
    }
    const made = this.#make(name, flags, epoch, version, release, pre);
    if (this.#slots[slot] !== 0) return made;
    const index = this.#made.length;
    this.#made.push(made);
    if (index * 6 + 6 > keys.length) {
      this.#keys = new Int32Array(keys.length * 2);
      this.#keys.set(keys);
    }
    this.#keys.set([name, flags, epoch, version, release, pre], index * 6);
    this.#slots[slot] = index + 1;
    if (++this.#shared * 2 > mask) this.#grow();
    return made;
  }

  #make(name: number, flags: number, epoch: number, version: number, release: number, pre: number): Dependency {
    const xml = this.#xml;
    const text = (index: number) => (index < 0 ? "" : xml.strings.text(index));
    const preBit = text(pre) === "1" ? sense.prereq : 0;
    if (flags < 0 || text(version) === "") return { name: text(name), flags: preBit };
    const comparison = Object.hasOwn(comparisons, text(flags)) ? comparisons[text(flags)] : undefined;
    if (comparison === undefined) throw xml.malformed(`unknown comparison ${text(flags).slice(0, 20)}`);
    const epochText = text(epoch);
    const evr = `${epochText === "" || epochText === "0" ? "" : `${epochText}:`}${text(version)}${release < 0 ? "" : `-${text(release)}`}`;
    return { name: text(name), op: comparison.op, evr, flags: comparison.bits | preBit };
  }

  #grow(): void {
    // The slots are rebuilt from the keys, so that growing needs no stored hashes.
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    const keys = this.#keys;
    for (let index = 0; index < this.#made.length; index++) {
      const key = index * 6;
      let slot =
        mix(
          keys[key] as number,
          keys[key + 1] as number,
          keys[key + 2] as number,
          keys[key + 3] as number,
          keys[key + 4] as number,
          keys[key + 5] as number,
        ) & mask;
      for (let probe = 0; probe < 48; probe++) {
        if (slots[slot] === 0) {
          slots[slot] = index + 1;
          break;
        }
        slot = (slot + 1) & mask;
      }
    }
    this.#slots = slots;
  }
}

function mix(name: number, flags: number, epoch: number, version: number, release: number, pre: number): number {
  let hash = Math.imul(name ^ 0x9e3779b9, 0x85ebca6b);
  hash = Math.imul((hash ^ flags) + version, 0xc2b2ae35);
  hash = Math.imul((hash ^ (hash >>> 13) ^ epoch) + release, 0x27d4eb2f) ^ pre;
  return hash ^ (hash >>> 15);
}
