import { compareText } from "../../core/index.ts";

/** Names near to another, for "did you mean": at most `limit`, nearest first. */
export class Suggestions {
  readonly #byStart = new Map<string, string[]>();

  constructor(names: Iterable<string>) {
    for (const name of names) {
      for (const key of keysOf(name)) {
        const list = this.#byStart.get(key);
        if (list === undefined) this.#byStart.set(key, [name]);
        else list.push(name);
      }
    }
  }

  near(name: string, limit = 2): string[] {
    const seen = new Set<string>();
    const found: { name: string; distance: number }[] = [];
    const most = name.length < 5 ? 1 : name.length < 10 ? 2 : 3;
    for (const key of keysOf(name)) {
      for (const candidate of (this.#byStart.get(key) ?? []).slice(0, 2000)) {
        if (candidate === name || seen.has(candidate)) continue;
        seen.add(candidate);
        const distance = editDistance(name, candidate, most);
        if (distance <= most) found.push({ name: candidate, distance });
      }
    }
    found.sort((a, b) => a.distance - b.distance || compareText(a.name, b.name));
    return found.slice(0, limit).map((one) => one.name);
  }
}

function keysOf(name: string): string[] {
  return [`^${name.slice(0, 3)}`, `$${name.slice(-4)}`];
}

/** Levenshtein distance, or more than `most` as soon as that is sure. */
export function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most || a.length > 200) return most + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1;
      const value = Math.min(
        (row[j - 1] as number) + 1,
        (previous[j] as number) + 1,
        (previous[j - 1] as number) + cost,
      );
      row.push(value);
      best = Math.min(best, value);
    }
    if (best > most) return most + 1;
    previous = row;
  }
  return previous[b.length] as number;
}
