import { describe, expect, it } from "vitest";
import { Clauses } from "./clauses.ts";
import { Engine } from "./engine.ts";

/** Numbers from 0 up to a limit, the same for a seed. */
function dice(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % limit;
  };
}

function solvable(formula: readonly (readonly number[])[], variables: number): boolean {
  for (let bits = 0; bits < 1 << variables; bits++) {
    const holds = (literal: number): boolean => (bits >> (Math.abs(literal) - 1)) % 2 === (literal > 0 ? 1 : 0);
    if (formula.every((clause) => clause.some(holds))) return true;
  }
  return false;
}

/** Decides variables in order, each false first; gives whether there is an answer, and checks it. */
function solve(formula: readonly (readonly number[])[], variables: number): boolean {
  const clauses = new Clauses();
  for (const clause of formula) clauses.add(clause);
  const engine = new Engine(clauses, variables + 1);
  engine.watch();
  for (const [index, clause] of formula.entries()) {
    if (clause.length !== 1) continue;
    const [literal = 0] = clause;
    if (engine.valueOf(literal) < 0) return false;
    if (engine.valueOf(literal) === 0) engine.assign(literal, 1, index + 1);
  }
  let level = engine.decide(1, 0);
  while (level !== 0) {
    let open = 0;
    for (let variable = 1; variable <= variables && open === 0; variable++)
      if (engine.valueOf(variable) === 0) open = variable;
    if (open === 0) break;
    level = engine.decide(level, -open);
  }
  if (level === 0) return false;
  for (const clause of formula) expect(clause.some((literal) => engine.valueOf(literal) > 0)).toBe(true);
  return true;
}

describe("Engine", () => {
  it("agrees with brute force on random formulas", () => {
    const roll = dice(7);
    let yes = 0;
    for (let round = 0; round < 400; round++) {
      const variables = 3 + roll(7);
      const formula = Array.from({ length: Math.round(variables * (1 + roll(4))) }, () => {
        const chosen = new Set<number>();
        const size = 1 + roll(round % 3 === 0 ? 3 : 4);
        while (chosen.size < Math.min(size, variables)) chosen.add(1 + roll(variables));
        return [...chosen].map((variable) => (roll(2) === 0 ? variable : -variable));
      });
      const expected = solvable(formula, variables);
      if (expected) yes++;
      expect(solve(formula, variables)).toBe(expected);
    }
    expect(yes).toBeLessThan(300);
    expect(yes).toBeGreaterThan(100);
  });

  it("says what a learnt clause follows from", () => {
    const clauses = new Clauses();
    for (const clause of [
      [-1, 2, 3],
      [-1, -2, 3],
      [-1, 2, -3],
      [-1, -2, -3],
    ])
      clauses.add(clause);
    const engine = new Engine(clauses, 4);
    engine.watch();
    expect(engine.decide(engine.decide(1, 1), 2)).toBe(1);
    expect(engine.valueOf(-1)).toBe(1);
    const learnt = clauses.count - 1;
    expect(clauses.literalsOf(learnt)).toEqual([-1]);
    const behind = new Set<number>();
    const follow = (clause: number): void => {
      if (clause < engine.learntFrom) behind.add(clause);
      else for (const reason of engine.learntReasons(clause)) follow(reason);
    };
    follow(learnt);
    expect([...behind].sort((a, b) => a - b)).toEqual([1, 2, 3, 4]);
    clauses.off[2] = 1;
    engine.reset();
    engine.refreshLearnt();
    expect(clauses.off[learnt]).toBe(1);
  });
});

describe("Clauses", () => {
  it("sorts by literals and drops repetitions", () => {
    const clauses = new Clauses();
    const list = Int32Array.from([0, 5, 6, 0]);
    clauses.addList(-3, list, 1);
    clauses.addPair(-3);
    clauses.addPair(-4, -2);
    clauses.addPair(-3, 5);
    clauses.addPair(-3, -1);
    clauses.addList(-3, list, 1);
    clauses.addPair(-4, -2);
    clauses.unify(1, 7);
    const all = Array.from({ length: clauses.count - 1 }, (_, index) => clauses.literalsOf(index + 1));
    expect(all).toEqual([[-4, -2], [-3, -1], [-3], [-3, 5], [-3, 5, 6]]);
  });
});
