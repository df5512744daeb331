import { compareText } from "../../core/index.ts";

const longest = 64;

/** The candidate nearest to a misspelt name, if one is near enough: at most a third of the letters differ. */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > longest) return undefined;
  const wanted = name.toLowerCase();
  let limit = Math.max(1, Math.floor(name.length / 3));
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    if (candidate === name || candidate.length > longest || Math.abs(candidate.length - name.length) > limit) continue;
    const distance = editDistance(wanted, candidate.toLowerCase(), limit);
    if (distance > limit) continue;
    if (
      distance < bestDistance ||
      (best !== undefined && distance === bestDistance && compareText(candidate, best) < 0)
    ) {
      best = candidate;
      bestDistance = distance;
      limit = distance;
    }
  }
  return best;
}

/** Optimal string alignment distance (insert, delete, replace, swap of neighbours), or more than `limit` as soon as that is certain. */
export function editDistance(a: string, b: string, limit: number): number {
  let older = new Uint16Array(b.length + 1);
  let previous = Uint16Array.from({ length: b.length + 1 }, (_, index) => index);
  let current = new Uint16Array(b.length + 1);
  for (let i = 1; i <= a.length; i++) {
    current[0] = i;
    let smallest = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let cost = Math.min(
        (previous[j] as number) + 1,
        (current[j - 1] as number) + 1,
        (previous[j - 1] as number) + (same ? 0 : 1),
      );
      const swapped =
        i > 1 && j > 1 && a.charCodeAt(i - 1) === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1);
      if (swapped) cost = Math.min(cost, (older[j - 2] as number) + 1);
      current[j] = cost;
      if (cost < smallest) smallest = cost;
    }
    if (smallest > limit) return smallest;
    [older, previous, current] = [previous, current, older];
  }
  return previous[b.length] as number;
}
