import type { TinyCase } from "./tiny-case.ts";

/** Takes pieces out of a case as long as it still is what it was chosen for: packages, then single tags, jobs and settings. */
export function shrinkCase(start: TinyCase, isStill: (one: TinyCase) => boolean): TinyCase {
  let best = start;
  const attempt = (one: TinyCase): boolean => {
    if (!isStill(one)) return false;
    best = one;
    return true;
  };
  for (let index = best.solves.length - 1; index >= 0 && best.solves.length > 1; index--)
    attempt({ ...best, solves: best.solves.filter((_, at) => at !== index) });
  const isFixed = (piece: string): boolean => /^(repo|system)/.test(piece) && !piece.startsWith("repo other");
  for (let size = best.setup.length >> 1; size > 1; size >>= 1) {
    for (let from = 0; from < best.setup.length; ) {
      const setup = best.setup.filter((piece, at) => at < from || at >= from + size || isFixed(piece));
      if (setup.length === best.setup.length || !attempt({ ...best, setup })) from += size;
    }
  }
  for (let changed = true; changed; ) {
    changed = false;
    for (let index = best.setup.length - 1; index >= 0; index--) {
      const piece = best.setup[index] as string;
      if (isFixed(piece)) continue;
      if (attempt({ ...best, setup: best.setup.filter((_, at) => at !== index) })) changed = true;
    }
    for (let index = best.setup.length - 1; index >= 0; index--) {
      for (let line = (best.setup[index] as string).split("\n").length - 1; line > 0; line--) {
        const lines = (best.setup[index] as string).split("\n");
        if (lines[line]?.startsWith("#>=Ver:")) continue;
        const shorter = lines.filter((_, at) => at !== line).join("\n");
        if (attempt({ ...best, setup: best.setup.map((old, at) => (at === index ? shorter : old)) })) changed = true;
      }
    }
    for (let solve = 0; solve < best.solves.length; solve++)
      for (let index = (best.solves[solve] as readonly string[]).length - 1; index >= 0; index--) {
        const fewer = (best.solves[solve] as readonly string[]).filter((_, at) => at !== index);
        const next = { ...best, solves: best.solves.map((old, at) => (at === solve ? fewer : old)) };
        if (fewer.length > 0 && attempt(next)) changed = true;
      }
  }
  return best;
}
