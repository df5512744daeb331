import { comparisonText, type DependencyId, type PackageColumns, relationOp } from "../../../formats/rpmmd/index.ts";

/** Operators as libsolv's test cases write them. */
const operators: ReadonlyMap<number, string> = new Map([
  [relationOp.and, "&"],
  [relationOp.or, "|"],
  [relationOp.with, "+"],
  [relationOp.without, "-"],
  [relationOp.if, "<IF>"],
  [relationOp.unless, "<UNLESS>"],
  [relationOp.else, "<ELSE>"],
]);
const deepest = 100;

/** A dependency as libsolv's test cases write it; undefined for one that they cannot say, or that nests deeper than 100. */
export function frozenDependency(columns: PackageColumns, id: DependencyId, depth = 0): string | undefined {
  if (id >= 0) return frozenWord(columns.strings.text(id));
  if (depth > deepest) return undefined;
  const op = columns.relationOp[~id] as number;
  const left = columns.relationName[~id] as number;
  const right = columns.relationEvr[~id] as number;
  if (op < 8) {
    if (left < 0 || right < 0) return undefined;
    return `${frozenWord(columns.strings.text(left))} ${comparisonText(op)} ${frozenWord(columns.strings.text(right))}`;
  }
  const sign = operators.get(op);
  const [first, second] = [part(columns, left, depth + 1), part(columns, right, depth + 1)];
  return sign === undefined || first === undefined || second === undefined ? undefined : `${first} ${sign} ${second}`;
}

/** In parentheses where it is more than a word. */
function part(columns: PackageColumns, id: DependencyId, depth: number): string | undefined {
  const text = frozenDependency(columns, id, depth);
  return text === undefined || id >= 0 ? text : `(${text})`;
}

/** A word; what would end it, or mean something, as `\xx`. Pairs of parentheses behind the first character mean nothing. */
export function frozenWord(text: string): string {
  const plain =
    /^(?:[^\s\\()<>=![][^\s\\()]*(?:\([^\s\\()]*\)[^\s\\()]*)*)$/.test(text) && !text.startsWith("namespace:");
  if (plain && !text.endsWith(":any")) return text;
  return text.replace(/[^A-Za-z0-9_./+-]/g, (character) =>
    [...Buffer.from(character)].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join(""),
  );
}
