import type { Measurement } from "./types.ts";

/** The middle value; of an even count the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export function medianOf(rounds: readonly Measurement[]): Measurement {
  return {
    wall: median(rounds.map((round) => round.wall)),
    cpu: median(rounds.map((round) => round.cpu)),
    maxRss: median(rounds.map((round) => round.maxRss)),
  };
}

/** Each round of a peer against Weir's run of the same round: what disturbs the machine for a while disturbs both. */
export function ratioOf(weir: readonly Measurement[], peer: readonly Measurement[], what: "wall" | "cpu"): number {
  return median(peer.map((round, index) => round[what] / (weir[index]?.[what] ?? Number.NaN)));
}
