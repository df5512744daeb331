import { parseEvr } from "../../core/index.ts";

/** The dist tag at the end of a release: `azl3` of `5.azl3`. */
export function distTag(release: string): string | undefined {
  return /\.([a-z]+\d+)(?:[._~^].*)?$/.exec(release)?.[1];
}

/** Tags that are known to be distributions': others may be snapshots (`git123`) or revisions (`rc1`). */
export function isForeign(tag: string): boolean {
  return /^(?:el|fc|ph|cm|azl|amzn|mga|suse|lp|ol|rhel|alma|rocky)\d+$/.test(tag);
}

/** The epoch and the first number of a version, as one number. */
export function majorOf(evr: string): number {
  const { epoch, version } = parseEvr(evr);
  const first = Number(/^\d{1,15}/.exec(version)?.[0] ?? 0);
  return epoch * 1e15 + first;
}
