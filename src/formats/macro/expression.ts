import { compareEvr, type Evr, parseEvr, WeirError } from "../../core/index.ts";

/** A value of rpm's expression language. */
type Value = number | string | Evr;

const maxDepth = 100;

/**
 * Evaluates an expression of `%if`, `%[…]` or `%{expr:…}`: integers, "strings", v"versions" in rpm's order, `! && || < <= == != >= > + - * / ?:`.
 * With `expand`, macros are expanded where they stand, and only on the side that counts. Gives an integer or a string.
 * Errors: `EXPRESSION_SYNTAX` (with the column in the hint).
 */
export function evaluateExpression(text: string, expand?: (text: string) => string): number | string {
  const parser = new ExpressionParser(text, expand);
  const value = parser.ternary(true);
  parser.finish();
  return typeof value === "object" ? formatVersion(value) : value;
}

/** How `%if` reads a result. */
export function isTrue(value: number | string): boolean {
  return typeof value === "number" ? value !== 0 : value !== "";
}

function formatVersion(evr: Evr): string {
  return `${evr.epoch ? `${evr.epoch}:` : ""}${evr.version}${evr.release === undefined ? "" : `-${evr.release}`}`;
}

class ExpressionParser {
  readonly #text: string;
  readonly #expand: ((text: string) => string) | undefined;
  #position = 0;
  #depth = 0;

  constructor(text: string, expand: ((text: string) => string) | undefined) {
    this.#text = text;
    this.#expand = expand;
  }

  finish(): void {
    this.#skipBlanks();
    if (this.#position < this.#text.length) throw this.#error("more text than an expression");
  }

  ternary(live: boolean): Value {
    if (++this.#depth > maxDepth) throw this.#error("too deeply nested");
    let value = this.#or(live);
    if (this.#take("?")) {
      const condition = truth(value);
      const yes = this.ternary(live && condition);
      if (!this.#take(":")) throw this.#error("a ':' is missing");
      const no = this.ternary(live && !condition);
      value = condition ? yes : no;
    }
    this.#depth--;
    return value;
  }

  #or(live: boolean): Value {
    let value = this.#and(live);
    while (this.#take("||")) {
      const known = truth(value);
      const right = this.#and(live && !known);
      if (!known) value = right;
    }
    return value;
  }

  #and(live: boolean): Value {
    let value = this.#compare(live);
    while (this.#take("&&")) {
      const known = truth(value);
      const right = this.#compare(live && known);
      if (known) value = right;
    }
    return value;
  }

  #compare(live: boolean): Value {
    let value = this.#sum(live);
    for (;;) {
      const operator = this.#comparison();
      if (operator === undefined) return value;
      const right = this.#sum(live);
      if (!live) {
        value = 0;
        continue;
      }
      const order = this.#order(value, right);
      const holds =
        operator === "=="
          ? order === 0
          : operator === "!="
            ? order !== 0
            : operator === "<"
              ? order < 0
              : operator === "<="
                ? order <= 0
                : operator === ">"
                  ? order > 0
                  : order >= 0;
      value = holds ? 1 : 0;
    }
  }

  #order(left: Value, right: Value): number {
    if (typeof left === "number" && typeof right === "number") return left - right;
    if (typeof left === "string" && typeof right === "string") return left < right ? -1 : left > right ? 1 : 0;
    if (typeof left === "object" && typeof right === "object") return compareEvr(left, right);
    throw this.#error("both sides of a comparison must be of one type");
  }

  #sum(live: boolean): Value {
    let value = this.#product(live);
    for (;;) {
      const plus = this.#take("+");
      if (!plus && !this.#take("-")) return value;
      const right = this.#product(live);
      if (!live) value = 0;
      else if (typeof value === "number" && typeof right === "number")
        value = this.#integer(plus ? value + right : value - right);
      else if (plus && typeof value === "string" && typeof right === "string") value += right;
      else throw this.#error("only integers (and strings, with +) can be added");
    }
  }

  #product(live: boolean): Value {
    let value = this.#unary(live);
    for (;;) {
      const times = this.#take("*");
      if (!times && !this.#take("/")) return value;
      const right = this.#unary(live);
      if (!live) {
        value = 0;
        continue;
      }
      if (typeof value !== "number" || typeof right !== "number") throw this.#error("only integers can be multiplied");
      if (!times && right === 0) throw this.#error("division by zero");
      value = this.#integer(times ? value * right : value / right);
    }
  }

  #integer(value: number): number {
    return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(value))) || 0;
  }

  #unary(live: boolean): Value {
    this.#skipBlanks();
    if (++this.#depth > maxDepth) throw this.#error("too deeply nested");
    let value: Value;
    if (this.#text[this.#position] === "!" && this.#text[this.#position + 1] !== "=") {
      this.#position++;
      value = truth(this.#unary(live)) ? 0 : 1;
    } else if (this.#take("-")) {
      const operand = this.#unary(live);
      if (typeof operand !== "number") throw this.#error("only an integer can be negated");
      value = operand === 0 ? 0 : -operand;
    } else {
      value = this.#primary(live);
    }
    this.#depth--;
    return value;
  }

  #primary(live: boolean): Value {
    this.#skipBlanks();
    const text = this.#text;
    const char = text[this.#position];
    if (char === undefined) throw this.#error("the expression ends too early");
    if (char === "(") {
      this.#position++;
      const value = this.ternary(live);
      if (!this.#take(")")) throw this.#error("a ')' is missing");
      return value;
    }
    if (char === '"') return this.#quoted(live);
    if (char === "v" && text[this.#position + 1] === '"') {
      this.#position++;
      return parseEvr(this.#quoted(live));
    }
    return this.#number(live);
  }

  #quoted(live: boolean): string {
    const start = this.#position + 1;
    let i = start;
    while (i < this.#text.length && this.#text[i] !== '"') i = this.#afterMacro(i);
    if (i >= this.#text.length) throw this.#error("a string has no closing quote");
    this.#position = i + 1;
    return this.#value(this.#text.slice(start, i), live);
  }

  /** Index behind the character at `i`, or behind the whole macro that starts there. */
  #afterMacro(i: number): number {
    if (this.#expand === undefined || this.#text[i] !== "%") return i + 1;
    let j = i + 1;
    while (this.#text[j] === "!" || this.#text[j] === "?") j++;
    const opening = this.#text[j];
    if (opening === "%") return j + 1;
    const closing = opening === "{" ? "}" : opening === "(" ? ")" : opening === "[" ? "]" : undefined;
    if (closing === undefined) {
      while (j < this.#text.length && /[\w*#-]/.test(this.#text[j] as string)) j++;
      return j;
    }
    let depth = 0;
    for (; j < this.#text.length; j++) {
      if (this.#text[j] === "\\") j++;
      else if (this.#text[j] === opening) depth++;
      else if (this.#text[j] === closing && --depth === 0) return j + 1;
    }
    throw this.#error(`a '${closing}' is missing`);
  }

  #number(live: boolean): number {
    const start = this.#position;
    let i = start;
    while (i < this.#text.length) {
      const char = this.#text[i] as string;
      if (char === "%" && this.#expand !== undefined) i = this.#afterMacro(i);
      else if (/[0-9A-Za-z_\ufdd0\ufdd1]/.test(char)) i++;
      else break;
    }
    if (i === start) throw this.#error(`unexpected '${this.#text[start]}'`);
    this.#position = i;
    const word = this.#value(this.#text.slice(start, i), live);
    if (!live && this.#expand !== undefined) return 0;
    const digits = word.replace(/\ufdd0\d+\ufdd1/g, "");
    // A word that is nothing but a taint counts as 0; the caller keeps the mark.
    if (digits === "" && word !== "") return 0;
    if (!/^\d+$/.test(digits)) {
      this.#position = start;
      throw this.#error(`the bare word ${digits.slice(0, 60)} is no value`, 'put strings in quotes: "…"');
    }
    return this.#integer(Number(digits));
  }

  #value(raw: string, live: boolean): string {
    if (this.#expand === undefined) return raw;
    return live ? this.#expand(raw) : "";
  }

  #take(operator: string): boolean {
    this.#skipBlanks();
    if (!this.#text.startsWith(operator, this.#position)) return false;
    this.#position += operator.length;
    return true;
  }

  #comparison(): string | undefined {
    this.#skipBlanks();
    for (const operator of ["==", "!=", "<=", ">=", "<", ">"]) if (this.#take(operator)) return operator;
    if (this.#text[this.#position] === "=") throw this.#error("a single = compares nothing", "write ==");
    return undefined;
  }

  #skipBlanks(): void {
    while (this.#position < this.#text.length) {
      const code = this.#text.charCodeAt(this.#position);
      if (code !== 32 && code !== 9 && code !== 10 && code !== 13) return;
      this.#position++;
    }
  }

  #error(what: string, hint?: string): WeirError {
    const shown = this.#text.length > 200 ? `${this.#text.slice(0, 200)}…` : this.#text;
    return new WeirError("EXPRESSION_SYNTAX", `${what} in the expression: ${shown.trim()}`, {
      hints: [hint ?? `look at column ${this.#position + 1} of the expression`],
    });
  }
}

function truth(value: Value): boolean {
  return typeof value === "object" ? true : isTrue(value);
}
