import { compareText, editDistance } from "../../core/index.ts";

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
    const distance = editDistance(wanted, candidate.toLowerCase(), limit, true);
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
