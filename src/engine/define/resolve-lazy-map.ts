/** A read-only map whose values are made from a source when they are first asked for, and kept. */
export class LazyMap<S, T> implements ReadonlyMap<string, T> {
  readonly #names: readonly string[];
  readonly #sources: ReadonlyMap<string, S>;
  readonly #make: (source: S) => T;
  readonly #made = new Map<string, T>();

  constructor(names: readonly string[], sources: ReadonlyMap<string, S>, make: (source: S) => T) {
    this.#names = names;
    this.#sources = sources;
    this.#make = make;
  }

  get size(): number {
    return this.#names.length;
  }

  has(name: string): boolean {
    return this.#sources.has(name);
  }

  get(name: string): T | undefined {
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const source = this.#sources.get(name);
    if (source === undefined) return undefined;
    const made = this.#make(source);
    this.#made.set(name, made);
    return made;
  }

  *entries(): MapIterator<[string, T]> {
    for (const name of this.#names) yield [name, this.get(name) as T];
  }

  *keys(): MapIterator<string> {
    yield* this.#names;
  }

  *values(): MapIterator<T> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[string, T]> {
    return this.entries();
  }

  forEach(visit: (value: T, name: string, map: ReadonlyMap<string, T>) => void): void {
    for (const [name, value] of this.entries()) visit(value, name, this);
  }
}
