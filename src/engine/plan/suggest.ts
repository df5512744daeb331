import { compareText, editDistance } from "../../core/index.ts";

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
    if (name.length > 200) return [];
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
