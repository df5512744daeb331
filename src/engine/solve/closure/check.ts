import { type Pool, systemPackage } from "../../pool/index.ts";
import { Cones } from "./cones.ts";
import { Formula } from "./formula.ts";
import { type Deaths, propagateDeaths } from "./propagate.ts";
import { Rounds } from "./rounds.ts";
import { Universe } from "./universe.ts";

/** Which packages of a pool cannot be installed. */
export interface Verdict {
  readonly universe: Universe;
  /** 1 for each package that was looked at, 2 for one whose verdict was taken over from an earlier check. */
  readonly checked: Uint8Array;
  /** 1 for each package checked that cannot be installed. */
  readonly broken: Uint8Array;
  /** Those of them all of whose needs can be met one by one, but not together; ascending. */
  readonly clashing: readonly number[];
  /** What follows from unmet needs and from the clashes. */
  readonly deaths: Deaths;
  /** Packages that it could not tell of within bounds; they count as healthy. */
  readonly undecided: readonly number[];
  /** Searches that it took. */
  readonly rounds: number;
}

/**
 * Packages of a prepared pool that cannot be installed, with whatever else of it: a need that nothing meets, or needs that only packages meet
 * which cannot stand beside each other (conflicts, obsoletes, one version a name). Packages of a lesser architecture than another of their name
 * are not looked at, and are kept out wherever the better one could come in, as the solver does. Weak dependencies do not count. What needs
 * alone say is found in linear time; the rest by installing as many packages at once as go together, again and again.
 */
export function checkPool(pool: Pool): Verdict {
  const universe = new Universe(pool);
  return checkUniverse(universe, candidatesOf(universe));
}

/** Judges the packages of `candidates` alone. `known`: packages that are known to be broken. */
export function checkUniverse(
  universe: Universe,
  candidates: readonly number[],
  known: readonly number[] = [],
): Verdict {
  const first = propagateDeaths(universe, known);
  const checked = new Uint8Array(universe.count);
  const broken = new Uint8Array(universe.count);
  for (const pkg of known) {
    checked[pkg] = 2;
    broken[pkg] = 1;
  }
  const open: number[] = [];
  for (const pkg of candidates) {
    checked[pkg] = 1;
    if (first.dead[pkg] === 1) broken[pkg] = 1;
    else open.push(pkg);
  }
  const search = open.length === 0 ? { broken: [], undecided: [], rounds: 0 } : findClashing(universe, first, open);
  for (const pkg of search.broken) broken[pkg] = 1;
  // What dies of needs once the others are gone is no clash of its own.
  const suspects = [...known, ...search.broken];
  const plain = known.length === 0 ? first : propagateDeaths(universe);
  const clashing = suspects
    .filter((pkg) => plain.dead[pkg] !== 1 && !lacksAll(universe, broken, plain.dead, pkg))
    .sort((a, b) => a - b);
  const deaths = clashing.length === 0 ? plain : propagateDeaths(universe, clashing);
  return { universe, checked, broken, clashing, deaths, undecided: search.undecided, rounds: search.rounds };
}

/** Packages to judge: all that may be installed but those of a lesser architecture than another of their name. Ascending. */
export function candidatesOf(universe: Universe): number[] {
  const lesser = new Set(universe.lesser);
  const found: number[] = [];
  for (let pkg = systemPackage + 1; pkg < universe.count; pkg++)
    if (universe.usable[pkg] === 1 && !lesser.has(pkg)) found.push(pkg);
  return found;
}

function findClashing(
  universe: Universe,
  deaths: Deaths,
  open: readonly number[],
): { readonly broken: number[]; readonly undecided: readonly number[]; readonly rounds: number } {
  const formula = new Formula(universe, deaths, open);
  const rounds = new Rounds(formula);
  const lesser = universe.lesser.filter((pkg) => formula.within[pkg] === 1);
  rounds.assume(lesser.map((pkg) => -pkg));
  // What needs nobody can be installed alone, unless it is ruled out by itself.
  let broken = rounds.run(open.filter((pkg) => needsOthers(universe, pkg) || rounds.engine.valueOf(pkg) < 0));
  if (lesser.length > 0) {
    // What fails now may do with a lesser architecture where the better one is nowhere near.
    // Broken packages keep lesser architectures out like others.
    const cones = new Cones(universe, universe.usable);
    broken = broken.filter((pkg) => {
      rounds.assume(universe.lesserAmong(cones.of(pkg)).map((other) => -other));
      return rounds.run([pkg]).length > 0;
    });
  }
  return {
    broken: broken.sort((a, b) => a - b),
    undecided: rounds.undecided.sort((a, b) => a - b),
    rounds: rounds.rounds,
  };
}

function needsOthers(universe: Universe, pkg: number): boolean {
  if (universe.requiresStart[pkg] !== universe.requiresStart[pkg + 1]) return true;
  return universe.guards.has(pkg) || universe.richConflicts(pkg).length > 0;
}

/** Whether a need of a package is met by broken packages alone. */
function lacksAll(universe: Universe, broken: Uint8Array, dead: Uint8Array, pkg: number): boolean {
  const { requires, requiresStart, needStart, providers, usable } = universe;
  for (let at = requiresStart[pkg] as number; at < (requiresStart[pkg + 1] as number); at++) {
    const need = requires[at] as number;
    let living = false;
    for (let place = needStart[need] as number; place < (needStart[need + 1] as number) && !living; place++) {
      const provider = providers[place] as number;
      living = usable[provider] === 1 && dead[provider] !== 1 && broken[provider] !== 1;
    }
    if (!living) return true;
  }
  return false;
}
