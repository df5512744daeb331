/** A rule for a text beyond its type. `message` says what is wrong with a value, or undefined; `pattern` is what a JSON Schema can say of it. */
export interface TextRule {
  readonly code: string;
  readonly pattern?: string;
  message(value: string): string | undefined;
}

/** The shape of a value in a definition file: the single source of the strict check and of the published JSON Schemas. */
export type Shape =
  | { readonly kind: "text"; readonly values?: readonly string[]; readonly rule?: TextRule }
  | { readonly kind: "flag" }
  | { readonly kind: "number" }
  | { readonly kind: "nullable"; readonly of: Shape }
  | { readonly kind: "list"; readonly of: Shape }
  | { readonly kind: "map"; readonly of: Shape; readonly keys?: TextRule }
  | TableShape;

export interface TableShape {
  readonly kind: "table";
  readonly keys: ReadonlyMap<string, KeyShape>;
}

export interface KeyShape {
  readonly shape: Shape;
  /** An empty text counts as absent, as in the format's reference implementation. */
  readonly required: boolean;
  readonly doc: string;
}

export const flag: Shape = { kind: "flag" };
export const number: Shape = { kind: "number" };
export const anyText: Shape = { kind: "text" };
export const texts: Shape = { kind: "list", of: anyText };

export function text(rule: TextRule): Shape {
  return { kind: "text", rule };
}

export function oneOf(...values: readonly string[]): Shape {
  return { kind: "text", values };
}

export function list(of: Shape): Shape {
  return { kind: "list", of };
}

export function map(of: Shape, keys?: TextRule): Shape {
  return keys === undefined ? { kind: "map", of } : { kind: "map", of, keys };
}

export function nullable(of: Shape): Shape {
  return { kind: "nullable", of };
}

/** A table of `key: [shape, sentence]`; a trailing `!` marks an obligatory key. */
export function table(keys: Readonly<Record<string, readonly [Shape, string]>>): TableShape {
  const entries = Object.entries(keys).map(([key, [shape, doc]]): [string, KeyShape] => {
    const required = key.endsWith("!");
    return [required ? key.slice(0, -1) : key, { shape, required, doc }];
  });
  return { kind: "table", keys: new Map(entries) };
}
