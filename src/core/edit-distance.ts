/**
 * Letters to insert, delete or change to make one text of the other, with `swaps` also two neighbours to swap (optimal string
 * alignment); `limit + 1` for whatever is above the limit. Time is the limit times the shorter length.
 */
export function editDistance(a: string, b: string, limit: number, swaps = false): number {
  const above = limit + 1;
  if (Math.abs(a.length - b.length) > limit) return above;
  let older = new Uint32Array(b.length + 1);
  let previous = Uint32Array.from({ length: b.length + 1 }, (_, index) => index);
  let current = new Uint32Array(b.length + 1);
  for (let i = 1; i <= a.length; i++) {
    // What lies further from the diagonal than the limit is above it.
    const low = Math.max(1, i - limit);
    const high = Math.min(b.length, i + limit);
    current[low - 1] = low === 1 ? i : above;
    let least = current[low - 1] as number;
    for (let j = low; j <= high; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let cost = Math.min(
        (previous[j] as number) + 1,
        (current[j - 1] as number) + 1,
        (previous[j - 1] as number) + (same ? 0 : 1),
      );
      if (
        swaps &&
        i > 1 &&
        j > 1 &&
        a.charCodeAt(i - 1) === b.charCodeAt(j - 2) &&
        a.charCodeAt(i - 2) === b.charCodeAt(j - 1)
      ) {
        cost = Math.min(cost, (older[j - 2] as number) + 1);
      }
      current[j] = cost;
      if (cost < least) least = cost;
    }
    if (high < b.length) current[high + 1] = above;
    if (least > limit) return above;
    [older, previous, current] = [previous, current, older];
  }
  return Math.min(previous[b.length] as number, above);
}
