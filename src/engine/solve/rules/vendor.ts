import type { StringHeap } from "../../../core/index.ts";

/** Which vendors count as one. */
export class VendorClasses {
  readonly #strings: StringHeap;
  readonly #classes: readonly (readonly string[])[];
  readonly #known = new Map<number, number[]>();

  constructor(strings: StringHeap, classes: readonly (readonly string[])[]) {
    this.#strings = strings;
    this.#classes = classes;
  }

  /** Whether two vendors, ids of texts, share a class, or are equal. */
  same(a: number, b: number): boolean {
    if (a === b) return true;
    const others = this.#classesOf(b);
    return this.#classesOf(a).some((index) => others.includes(index));
  }

  #classesOf(vendor: number): number[] {
    let found = this.#known.get(vendor);
    if (found === undefined) {
      const text = this.#strings.text(vendor).toLowerCase();
      found = [];
      for (const [index, patterns] of this.#classes.entries()) {
        // The first pattern that fits decides.
        const fitting = patterns.find((pattern) => fits(text, pattern.replace(/^!/, "").toLowerCase()));
        if (fitting !== undefined && !fitting.startsWith("!") && vendor !== 0) found.push(index);
      }
      this.#known.set(vendor, found);
    }
    return found;
  }
}

/** Whether a text fits a pattern of letters, `?` and `*`. */
function fits(text: string, pattern: string): boolean {
  let at = 0;
  let place = 0;
  let star = -1;
  let mark = 0;
  while (at < text.length) {
    if (place < pattern.length && pattern[place] === "*") {
      star = place++;
      mark = at;
    } else if (place < pattern.length && (pattern[place] === "?" || pattern[place] === text[at])) {
      place++;
      at++;
    } else if (star >= 0) {
      place = star + 1;
      at = ++mark;
    } else return false;
  }
  while (pattern[place] === "*") place++;
  return place === pattern.length;
}
