import { relationOp } from "../../../formats/rpmmd/index.ts";
import { compareEvrIds } from "../../pool/index.ts";
import type { Workspace } from "../rules/workspace.ts";

/** What several packages provide in a version, or below one, by name. A kernel has tens of thousands of these. */
export class SharedProvides {
  readonly #work: Workspace;
  readonly #packages: number;
  #count = 0;
  readonly #place: Int32Array;
  readonly #evr: Int32Array;
  readonly #below: Uint8Array;
  /** The entry before of the same name, plus 1. */
  readonly #before: Int32Array;
  /** For each name its last entry, plus 1; of names that several packages have. */
  readonly #several: number[] = [];

  constructor(work: Workspace, packages: readonly number[]) {
    this.#work = work;
    this.#packages = packages.length;
    const { lists, list } = work.columns;
    let most = 0;
    for (const pkg of packages) for (let at = list.provides[pkg] as number; lists[at] !== 0; at++) most++;
    this.#place = new Int32Array(most);
    this.#evr = new Int32Array(most);
    this.#below = new Uint8Array(most);
    this.#before = new Int32Array(most);
    this.#collect(packages);
  }

  #collect(packages: readonly number[]): void {
    const { lists, list, relationOp: ops, relationName, relationEvr, strings } = this.#work.columns;
    const last = this.#work.scratch(strings.count);
    const names: number[] = [];
    for (const [place, pkg] of packages.entries()) {
      for (let at = list.provides[pkg] as number; lists[at] !== 0; at++) {
        const index = ~(lists[at] as number);
        if (index < 0) continue;
        const op = ops[index] as number;
        const name = relationName[index] as number;
        const evr = relationEvr[index] as number;
        const isBelow = op === relationOp.less;
        if (name < 0 || evr < 0) continue;
        if (!isBelow && op !== relationOp.equal && op !== (relationOp.equal | relationOp.less)) continue;
        if (op === relationOp.equal && this.#isHash(evr)) continue;
        const before = last[name] as number;
        if (before === 0) names.push(name);
        const entry = this.#count++;
        this.#place[entry] = place;
        this.#evr[entry] = evr;
        this.#below[entry] = isBelow ? 1 : 0;
        this.#before[entry] = before;
        last[name] = entry + 1;
      }
    }
    for (const name of names) {
      const entry = last[name] as number;
      last[name] = 0;
      let other = entry;
      while (other !== 0 && this.#place[other - 1] === this.#place[entry - 1])
        other = this.#before[other - 1] as number;
      if (other !== 0) this.#several.push(entry);
    }
  }

  /** For each package, how many steps it is behind in all; empty where none is behind. */
  stepsBehind(): number[] {
    const behind = Array.from({ length: this.#packages }, () => 0);
    let any = false;
    for (const last of this.#several) {
      const other = this.#before[last - 1] as number;
      if (this.#before[other - 1] === 0) any = this.#countPair(other - 1, last - 1, behind) || any;
      else any = this.#countGroup(last, behind) || any;
    }
    return any ? behind : [];
  }

  #countPair(a: number, b: number, behind: number[]): boolean {
    const order = this.#compare(a, b);
    if (order !== 1 && order !== -1) return false;
    const place = this.#place[order < 0 ? b : a] as number;
    behind[place] = (behind[place] as number) + 1;
    return true;
  }

  #countGroup(last: number, behind: number[]): boolean {
    const group: number[] = [];
    for (let entry = last; entry !== 0; entry = this.#before[entry - 1] as number) group.push(entry - 1);
    group.reverse().sort((a, b) => this.#compare(a, b));
    let steps = 0;
    for (const [at, entry] of group.entries()) {
      const before = group[at - 1];
      const place = this.#place[entry] as number;
      if (before !== undefined && this.#place[before] !== place && this.#compare(before, entry) === -1) steps++;
      behind[place] = (behind[place] as number) + steps;
    }
    return steps > 0;
  }

  /** Newest first; what is below a version comes after the version. */
  #compare(a: number, b: number): number {
    const [x, y] = [this.#evr[a] as number, this.#evr[b] as number];
    const order = x === y ? 0 : compareEvrIds(this.#work.columns.strings, y, x, "tell");
    if (order !== 0 || this.#below[a] === this.#below[b]) return order;
    return this.#below[b] === 1 ? -1 : 1;
  }

  /** Hashes have no order. */
  #isHash(evr: number): boolean {
    const { bytes, offsets } = this.#work.columns.strings;
    const start = offsets[evr] as number;
    const end = offsets[evr + 1] as number;
    if (end - start < 4) return false;
    for (let at = start; at < end; at++) {
      const code = bytes[at] as number;
      if (!((code >= 48 && code <= 57) || (code >= 97 && code <= 102))) return false;
    }
    return true;
  }
}
