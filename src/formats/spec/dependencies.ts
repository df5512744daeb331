import type { Comparison } from "../rpm/index.ts";

const comparisons = new Map<string, Comparison>([
  ["<", "<"],
  ["<=", "<="],
  ["=<", "<="],
  ["=", "="],
  ["==", "="],
  [">=", ">="],
  ["=>", ">="],
  [">", ">"],
]);

export interface ParsedDependency {
  readonly name: string;
  readonly op: Comparison | undefined;
  readonly evr: string | undefined;
}

/**
 * Splits the value of a dependency tag as rpm does: commas and blanks separate, an operator that stands alone binds a version to the name
 * before it, a parenthesis at the start of a word opens a rich dependency, kept whole. A rich dependency that never closes runs to the end.
 */
export function parseDependencyList(text: string): ParsedDependency[] {
  const dependencies: ParsedDependency[] = [];
  let i = 0;
  const skip = () => {
    while (i < text.length && isSeparator(text.charCodeAt(i))) i++;
  };
  const word = () => {
    const start = i;
    while (i < text.length && !isSeparator(text.charCodeAt(i))) i++;
    return text.slice(start, i);
  };
  for (;;) {
    skip();
    if (i >= text.length) return dependencies;
    if (text.charCodeAt(i) === 40) {
      const start = i;
      let depth = 0;
      for (; i < text.length; i++) {
        const code = text.charCodeAt(i);
        if (code === 40) depth++;
        else if (code === 41 && --depth === 0) break;
      }
      i = Math.min(i + 1, text.length);
      dependencies.push({ name: text.slice(start, i).replace(/\s+/g, " "), op: undefined, evr: undefined });
      continue;
    }
    const name = word();
    const mark = i;
    while (i < text.length && isBlank(text.charCodeAt(i))) i++;
    const op = comparisons.get(word());
    if (op === undefined) {
      i = mark;
      dependencies.push({ name, op: undefined, evr: undefined });
      continue;
    }
    skip();
    const evr = word();
    dependencies.push(evr === "" ? { name, op: undefined, evr: undefined } : { name, op, evr });
  }
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

function isSeparator(code: number): boolean {
  return code === 32 || code === 9 || code === 44 || code === 10 || code === 13;
}

const qualifierBits: Readonly<Record<string, number>> = {
  pre: 1 << 9,
  post: 1 << 10,
  preun: 1 << 11,
  postun: 1 << 12,
  verify: 1 << 13,
  pretrans: 1 << 7,
  posttrans: 1 << 5,
  preuntrans: 1 << 20,
  postuntrans: 1 << 21,
  interp: 1 << 8,
  missingok: 1 << 19,
  meta: 1 << 29,
};

/** RPMSENSE bits of `Requires(pre,post)`; unknown words add none. */
export function qualifierFlags(qualifier: string | undefined): number {
  if (qualifier === undefined) return 0;
  let flags = 0;
  for (const word of qualifier.split(",")) flags |= qualifierBits[word.trim().toLowerCase()] ?? 0;
  return flags;
}
