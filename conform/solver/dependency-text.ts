import { WeirError } from "../../src/core/index.ts";
import { type DependencyId, type PackageColumns, relationOp } from "../../src/formats/rpmmd/index.ts";
import { escapeHex, unescapeHex } from "./words.ts";

/** How deep parentheses and operators may nest in a dependency of a case. */
const deepest = 200;

/** An empty text that is not "none": cases write it `\00`. */
const emptyText = "\0";

/** Operators in the order they are tried: a longer one stands before what it begins with. */
const operators: readonly (readonly [text: string, op: number])[] = [
  ["=", relationOp.equal],
  ["<=>", relationOp.less | relationOp.equal | relationOp.greater],
  ["<=", relationOp.less | relationOp.equal],
  [">=", relationOp.greater | relationOp.equal],
  [">", relationOp.greater],
  ["<>", relationOp.less | relationOp.greater],
  ["&", relationOp.and],
  ["|", relationOp.or],
  ["+", relationOp.with],
  ["-", relationOp.without],
  ["<NAMESPACE>", relationOp.namespace],
  [".", relationOp.arch],
  ["<MULTIARCH>", relationOp.multiarch],
  ["<IF>", relationOp.if],
  ["compat >=", relationOp.compat],
  ["<ELSE>", relationOp.else],
  ["<UNLESS>", relationOp.unless],
  ["<", relationOp.less],
];
const unsupported = ["<FILECONFLICT>", "<KIND>", "<CONDA>", "<ERROR>"];

/**
 * Reads a dependency as test cases write it: `name op evr`, `A & B`, `A | B`, `A + B` (with), `A - B` (without), `A <IF> B <ELSE> C`,
 * `A <UNLESS> B`, `namespace:n(x)`, `A . arch`, `name:any`, `\xx` for a byte. An operator takes all to its right; evrs end at a blank.
 * Errors: `CASE_DEPENDENCY`, also for operators that are not RPM's.
 */
export function parseCaseDependency(columns: PackageColumns, text: string): DependencyId {
  const reader = new DependencyReader(columns, text);
  const id = reader.read(false, 0);
  if (!reader.atEnd) throw reader.wrong("nothing more was expected");
  return id;
}

/** The operator a text begins with. */
export function caseOperator(text: string): number | undefined {
  return operators.find(([operator]) => text.startsWith(operator))?.[1];
}

/** An operator as cases write it. */
export function caseOperatorText(op: number): string {
  return operators.find(([, code]) => code === op)?.[0] ?? `<${op}>`;
}

class DependencyReader {
  readonly #columns: PackageColumns;
  readonly #text: string;
  #at = 0;

  constructor(columns: PackageColumns, text: string) {
    this.#columns = columns;
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  wrong(what: string): WeirError {
    return new WeirError("CASE_DEPENDENCY", `${JSON.stringify(this.#text.slice(0, 200))}: ${what}`, {
      hints: [`look at character ${this.#at + 1}`],
    });
  }

  /** `asEvr`: what a comparison compares with, one operand. */
  read(asEvr: boolean, depth: number): DependencyId {
    if (depth > deepest) throw this.wrong("it is nested too deep");
    this.#skipBlanks();
    let namespace = 0;
    const named = /^namespace:[^(]*(?=\()/.exec(this.#text.slice(this.#at, this.#at + 200));
    if (named !== null) {
      namespace = this.#columns.strings.internText(named[0]);
      this.#at += named[0].length;
    }
    let id: DependencyId;
    if (this.#text[this.#at] === "(") {
      this.#at++;
      id = this.read(false, depth + 1);
      if (this.#text[this.#at] !== ")") throw this.wrong("a parenthesis is not closed");
      this.#at++;
    } else id = this.#word(!asEvr);
    if (namespace !== 0) id = this.#columns.relation(namespace, relationOp.namespace, id);
    for (;;) {
      this.#skipBlanks();
      if (this.atEnd || this.#text[this.#at] === ")") return id;
      if (asEvr && !this.#text.startsWith("compat >= ", this.#at)) return id;
      if (unsupported.some((operator) => this.#text.startsWith(operator, this.#at)))
        throw this.wrong("the operator is none of RPM's");
      const found = operators.find(([operator]) => this.#text.startsWith(operator, this.#at));
      if (found === undefined) throw this.wrong("an operator was expected");
      this.#at += found[0].length;
      id = this.#columns.relation(id, found[1], this.read(found[1] < 8, depth + 1));
    }
  }

  #skipBlanks(): void {
    while (this.#text[this.#at] === " " || this.#text[this.#at] === "\t") this.#at++;
  }

  #word(isName: boolean): DependencyId {
    const start = this.#at;
    let open = 0;
    let end = start;
    for (; end < this.#text.length; end++) {
      const character = this.#text[end] as string;
      if (character <= " ") break;
      if (character === "(") open++;
      else if (character === ")" && open-- <= 0) break;
    }
    this.#at = end;
    let word = this.#text.slice(start, end);
    const any = isName && word.length > 4 && word.endsWith(":any");
    if (any) word = word.slice(0, -4);
    const { strings } = this.#columns;
    let id: number;
    if (word === "<NULL>") id = 0;
    else id = strings.internText(word === "\\00" || word === "" ? emptyText : unescapeHex(word));
    return any ? this.#columns.relation(id, relationOp.multiarch, strings.internText("any")) : id;
  }
}

/** A dependency as {@link parseCaseDependency} reads it. */
export function caseDependencyText(columns: PackageColumns, id: DependencyId): string {
  if (id >= 0) return nameText(columns, id, true);
  return relationText(columns, ~id, false, 0);
}

function relationText(columns: PackageColumns, index: number, parentheses: boolean, depth: number): string {
  if (depth > deepest * 5) return "…";
  const op = columns.relationOp[index] as number;
  const left = columns.relationName[index] as number;
  const right = columns.relationEvr[index] as number;
  const part = (id: DependencyId, around: boolean, isName: boolean): string =>
    id >= 0 ? nameText(columns, id, isName) : relationText(columns, ~id, around, depth + 1);
  if (op === relationOp.namespace && left > 0 && columns.strings.text(left).startsWith("namespace:"))
    return `${columns.strings.text(left)}(${part(right, false, true)})`;
  if (op === relationOp.multiarch && left >= 0 && columns.strings.text(right) === "any")
    return `${nameText(columns, left, true)}:any`;
  const opOf = (id: DependencyId): number => (id < 0 ? (columns.relationOp[~id] as number) : 0);
  const isComparison = (code: number): boolean => code > 0 && code < 8;
  const aroundLeft = left < 0 && !(op > 7 && op !== relationOp.compat && isComparison(opOf(left)));
  const chained =
    (op > 7 && isComparison(opOf(right))) ||
    ((op === relationOp.and || op === relationOp.or) && opOf(right) === op) ||
    (isComparison(op) && opOf(right) === relationOp.compat);
  const text = `${part(left, aroundLeft, true)} ${caseOperatorText(op)} ${part(right, right < 0 && !chained, false)}`;
  return parentheses ? `(${text})` : text;
}

function nameText(columns: PackageColumns, id: number, isName: boolean): string {
  if (id === 0) return "<NULL>";
  const text = columns.strings.text(id);
  if (text === emptyText) return "\\00";
  const any = isName && text.length > 4 && text.endsWith(":any");
  if (!any && !needsEscape(text)) return text;
  let out = "";
  for (const [index, character] of [...text].entries()) {
    const bad = (index === 0 && "[(<=>!".includes(character)) || /[\0-\x20\\()]/.test(character);
    out += bad ? escapeHex(character) : character;
  }
  if (out.startsWith("namespace:")) out = `namespace\\3a${out.slice(10)}`;
  return any ? `${out.slice(0, -4)}\\3aany` : out;
}

/** One pair of parentheses after the first character may stand as it is, again and again, but not nested. */
function needsEscape(text: string): boolean {
  if ("[(<=>!".includes(text[0] as string) || text.startsWith("namespace:")) return true;
  let open = 0;
  for (const character of text) {
    if (/[\0-\x20\\]/.test(character)) return true;
    if (character === "(") open = open === 0 ? 1 : -1;
    else if (character === ")") open = open === 1 ? 0 : -1;
  }
  return open !== 0;
}
