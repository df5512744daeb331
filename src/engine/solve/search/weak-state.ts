import type { DependencyId } from "../../../formats/rpmmd/index.ts";
import type { Engine } from "../clauses/index.ts";
import { isComplex, weakForm } from "../rules/normal-form.ts";
import type { Workspace } from "../rules/workspace.ts";

/** Which packages are recommended, and which suggested, by what is decided so far. */
export class WeakState {
  readonly recommended: Uint8Array;
  readonly suggested: Uint8Array;
  readonly #work: Workspace;
  readonly #engine: Engine;
  /** So much of the trail is taken in; -1 to begin again. */
  #index = 0;
  /** Dependencies that wait for a package to be decided. */
  #waiting = new Map<number, { readonly dependency: DependencyId; readonly into: Uint8Array }[]>();

  constructor(work: Workspace, engine: Engine) {
    this.#work = work;
    this.#engine = engine;
    this.recommended = new Uint8Array(work.count);
    this.suggested = new Uint8Array(work.count);
  }

  /** To be called when decisions were taken back. */
  reverted(): void {
    if (this.#index > this.#engine.decided) this.#index = -1;
  }

  restart(): void {
    this.#index = -1;
  }

  /** Takes in what was decided since the last call. */
  refresh(): void {
    const { columns } = this.#work;
    if (this.#index < 0) {
      this.recommended.fill(0);
      this.suggested.fill(0);
      this.#waiting.clear();
      this.#index = 0;
    }
    while (this.#index < this.#engine.decided) {
      const pkg = this.#engine.trail[this.#index++] as number;
      if (pkg < 0 || pkg >= this.#work.count) continue;
      const waiting = this.#waiting.get(pkg);
      if (waiting !== undefined) {
        this.#waiting.delete(pkg);
        for (const { dependency, into } of waiting) this.#takeComplex(dependency, into);
      }
      this.#take(columns.list.recommends[pkg] as number, this.recommended);
      this.#take(columns.list.suggests[pkg] as number, this.suggested);
    }
  }

  #take(place: number, into: Uint8Array): void {
    const { pool, columns } = this.#work;
    const { lists } = columns;
    for (let at = place; lists[at] !== 0; at++) {
      const dependency = lists[at] as number;
      if (isComplex(pool, dependency)) this.#takeComplex(dependency, into);
      else {
        const from = pool.whatProvides(dependency);
        const providers = pool.providerLists;
        for (let step = from; providers[step] !== 0; step++) into[providers[step] as number] = 1;
      }
    }
  }

  #takeComplex(dependency: DependencyId, into: Uint8Array): void {
    const form = weakForm(this.#work.pool, dependency);
    if (typeof form === "boolean") return;
    for (const block of form) {
      const negative = block.filter((literal) => literal < 0);
      if (negative.some((literal) => this.#engine.valueOf(literal) > 0)) continue;
      if (negative.length === block.length) continue;
      const open = negative.filter((literal) => this.#engine.valueOf(literal) === 0);
      if (open.length === 0) for (const literal of block) if (literal > 0) into[literal] = 1;
      for (const literal of open) this.#wait(-literal, dependency, into);
    }
  }

  #wait(pkg: number, dependency: DependencyId, into: Uint8Array): void {
    const waiting = this.#waiting.get(pkg);
    if (waiting === undefined) this.#waiting.set(pkg, [{ dependency, into }]);
    else if (!waiting.some((entry) => entry.dependency === dependency && entry.into === into))
      waiting.push({ dependency, into });
  }
}
