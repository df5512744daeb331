import { compareText } from "../../core/index.ts";
import { formatDependency } from "./format-dependency.ts";
import type { Comparison } from "./types.ts";

/** A capability: a name, perhaps with a range of versions. */
export interface Capability {
  readonly name: string;
  readonly op?: Comparison;
  readonly evr?: string;
}

/** A rich (boolean) dependency as a tree; see rpm's manual, "Boolean Dependencies". */
export type Rich =
  | { readonly kind: "leaf"; readonly capability: Capability }
  | { readonly kind: "and" | "or" | "with"; readonly items: readonly Rich[] }
  | { readonly kind: "without"; readonly what: Rich; readonly but: Rich }
  | {
      readonly kind: "if" | "unless";
      readonly what: Rich;
      readonly condition: Rich;
      readonly otherwise: Rich | undefined;
    };

const mostDepth = 32;
/** Ten thousand alternatives with long names and versions fit. */
const mostLength = 1 << 20;
const comparisons: ReadonlySet<string> = new Set(["<", "<=", "=", ">=", ">"]);
const operators: ReadonlySet<string> = new Set(["and", "or", "if", "unless", "with", "without", "else"]);

/** Reads `name`, `name op evr` or a rich dependency in parentheses; undefined where the text is none of these. */
export function parseCapability(text: string): Rich | undefined {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed.length > mostLength) return undefined;
  if (trimmed.startsWith("(")) return parseRich(trimmed);
  const words = trimmed.split(/\s+/);
  const [name, op, evr] = words;
  if (name === undefined || (words.length !== 1 && words.length !== 3)) return undefined;
  if (words.length === 1) return { kind: "leaf", capability: { name } };
  const comparison = comparisonOf(op ?? "");
  if (comparison === undefined || evr === undefined) return undefined;
  return { kind: "leaf", capability: { name, op: comparison, evr } };
}

/** Reads a rich dependency, parentheses included; undefined where it is malformed, too long or nested too deeply. */
export function parseRich(text: string): Rich | undefined {
  if (text.length > mostLength) return undefined;
  const reader = new RichReader(text);
  const tree = reader.group(0);
  return tree !== undefined && reader.atEnd() ? tree : undefined;
}

/** The capabilities a tree names, each once, by name. */
export function leavesOf(rich: Rich): Capability[] {
  const found = new Map<string, Capability>();
  const visit = (node: Rich): void => {
    switch (node.kind) {
      case "leaf":
        found.set(formatDependency(node.capability), node.capability);
        break;
      case "without":
        visit(node.what);
        visit(node.but);
        break;
      case "if":
      case "unless":
        visit(node.what);
        visit(node.condition);
        if (node.otherwise) visit(node.otherwise);
        break;
      default:
        for (const item of node.items) visit(item);
    }
  };
  visit(rich);
  return [...found.entries()].sort((a, b) => compareText(a[0], b[0])).map(([, capability]) => capability);
}

function comparisonOf(text: string): Comparison | undefined {
  if (text === "==") return "=";
  return comparisons.has(text) ? (text as Comparison) : undefined;
}

class RichReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    this.#blanks();
    return this.#at === this.#text.length;
  }

  group(depth: number): Rich | undefined {
    if (depth > mostDepth || this.#text[this.#at] !== "(") return undefined;
    this.#at++;
    const first = this.#item(depth);
    if (first === undefined) return undefined;
    const operator = this.#operator();
    if (operator === ")") return first;
    switch (operator) {
      case "and":
      case "or":
      case "with":
        return this.#chain(operator, first, depth);
      case "without": {
        const but = this.#item(depth);
        return but !== undefined && this.#operator() === ")" ? { kind: "without", what: first, but } : undefined;
      }
      case "if":
      case "unless":
        return this.#conditional(operator, first, depth);
      default:
        return undefined;
    }
  }

  #chain(kind: "and" | "or" | "with", first: Rich, depth: number): Rich | undefined {
    const items = [first];
    for (;;) {
      const item = this.#item(depth);
      if (item === undefined) return undefined;
      items.push(item);
      const next = this.#operator();
      if (next === ")") return { kind, items };
      if (next !== kind) return undefined;
    }
  }

  #conditional(kind: "if" | "unless", what: Rich, depth: number): Rich | undefined {
    const condition = this.#item(depth);
    if (condition === undefined) return undefined;
    const next = this.#operator();
    if (next === ")") return { kind, what, condition, otherwise: undefined };
    if (next !== "else") return undefined;
    const otherwise = this.#item(depth);
    if (otherwise === undefined || this.#operator() !== ")") return undefined;
    return { kind, what, condition, otherwise };
  }

  #item(depth: number): Rich | undefined {
    this.#blanks();
    if (this.#text[this.#at] === "(") return this.group(depth + 1);
    const name = this.#word();
    if (name === "" || operators.has(name)) return undefined;
    const start = this.#at;
    const op = comparisonOf(this.#word());
    if (op === undefined) {
      this.#at = start;
      return { kind: "leaf", capability: { name } };
    }
    const evr = this.#word();
    return evr === "" ? undefined : { kind: "leaf", capability: { name, op, evr } };
  }

  /** The next operator word, or `)`, or nothing. */
  #operator(): string {
    this.#blanks();
    if (this.#text[this.#at] === ")") {
      this.#at++;
      return ")";
    }
    const word = this.#word();
    return operators.has(word) ? word : "";
  }

  /** Up to a blank or a closing parenthesis that was not opened inside the word. */
  #word(): string {
    this.#blanks();
    const start = this.#at;
    let open = 0;
    for (; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at] as string;
      if (isBlank(character)) break;
      if (character === "(") open++;
      else if (character === ")" && open-- === 0) break;
    }
    return this.#text.slice(start, this.#at);
  }

  #blanks(): void {
    while (this.#at < this.#text.length && isBlank(this.#text[this.#at] as string)) this.#at++;
  }
}

function isBlank(character: string): boolean {
  return character === " " || character === "\t" || character === "\n" || character === "\r";
}
