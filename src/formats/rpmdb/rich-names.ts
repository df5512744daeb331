/**
 * Names by which rpm finds a rich dependency in its index: each simple name within, `!name` where it stands under a condition. Sorted,
 * each once. Text that is no rich dependency gives none.
 */
export function richDependencyNames(text: string): string[] {
  const names: string[] = [];
  const state = { negated: false };
  const tokens = tokenize(text);
  if (tokens === undefined || readGroup(tokens, 0, names, state) !== tokens.length) return [];
  return [...new Set(names)].sort(compareBytes).map((name) => (name.startsWith(" ") ? name.slice(1) : name));
}

const operators = new Set(["and", "or", "if", "unless", "else", "with", "without"]);
const comparisons = new Set(["<", "<=", "=", "==", ">=", ">"]);
const DEPTH_MOST = 64;

/** Parentheses and words; a name may hold balanced parentheses itself. */
function tokenize(text: string): string[] | undefined {
  const tokens: string[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at] as string;
    if (/\s/.test(char)) at++;
    else if (char === "(" || char === ")") {
      tokens.push(char);
      at++;
    } else {
      let depth = 0;
      const start = at;
      for (; at < text.length; at++) {
        const next = text[at] as string;
        if (next === "(") depth++;
        else if (next === ")" && depth-- === 0) break;
        else if (/\s/.test(next)) break;
      }
      tokens.push(text.slice(start, at));
    }
  }
  return tokens;
}

/** Reads a group from its parenthesis; gives the place behind it, -1 for nonsense. */
function readGroup(
  tokens: readonly string[],
  start: number,
  names: string[],
  state: { negated: boolean },
  depth = 0,
): number {
  if (tokens[start] !== "(" || depth > DEPTH_MOST) return -1;
  let at = start + 1;
  let conditionStart = names.length;
  let last = "";
  for (;;) {
    if (tokens[at] === "(") {
      at = readGroup(tokens, at, names, state, depth + 1);
      if (at < 0) return -1;
    } else {
      const name = tokens[at++];
      if (name === undefined || name === ")") return -1;
      if (!name.startsWith("rpmlib(")) names.push((state.negated ? "!" : " ") + name);
      if (comparisons.has(tokens[at] ?? "")) at += 2;
    }
    const operator = tokens[at++];
    if (operator === ")") {
      if (last === "if" || last === "unless") state.negated = !state.negated;
      return at;
    }
    if (operator === undefined || !operators.has(operator)) return -1;
    if (operator === "if" || operator === "unless") {
      conditionStart = names.length;
      state.negated = !state.negated;
    } else if (operator === "else") {
      for (const name of names.slice(conditionStart)) names.push((name.startsWith("!") ? " " : "!") + name.slice(1));
      state.negated = !state.negated;
    }
    last = operator;
  }
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
