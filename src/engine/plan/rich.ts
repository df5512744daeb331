/** A dependency as a tree; leaves are plain `name op evr` texts. Follows rpm's boolean dependencies. */
export type Rich =
  | { readonly kind: "leaf"; readonly text: string }
  | { readonly kind: "and" | "or" | "with"; readonly parts: readonly Rich[] }
  | { readonly kind: "without"; readonly left: Rich; readonly right: Rich }
  | {
      readonly kind: "if" | "unless";
      readonly left: Rich;
      readonly condition: Rich;
      readonly otherwise: Rich | undefined;
    };

const maxDepth = 50;

/** Reads `(a and (b if c))`; undefined where it is malformed or too deep. */
export function parseRich(text: string): Rich | undefined {
  const state = { tokens: tokenize(text), position: 0 };
  const rich = parseGroup(state, 0);
  return rich !== undefined && state.position === state.tokens.length ? rich : undefined;
}

/** Parentheses that group stand alone; those inside a name (`pkgconfig(x)`) belong to it. */
function tokenize(text: string): string[] {
  const tokens: string[] = [];
  let i = 0;
  while (i < text.length) {
    const char = text[i] as string;
    if (char === " " || char === "\t" || char === "\n") {
      i++;
      continue;
    }
    if (char === "(" || char === ")") {
      tokens.push(char);
      i++;
      continue;
    }
    const start = i;
    let depth = 0;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 32 || code === 9 || code === 10) break;
      if (code === 40) depth++;
      else if (code === 41 && --depth < 0) break;
    }
    tokens.push(text.slice(start, i));
  }
  return tokens;
}

interface State {
  readonly tokens: readonly string[];
  position: number;
}

const words = new Set(["and", "or", "with", "without", "if", "unless", "else"]);
const comparisons = new Set(["<", "<=", "=", ">=", ">"]);

function parseGroup(state: State, depth: number): Rich | undefined {
  if (depth > maxDepth || state.tokens[state.position] !== "(") return undefined;
  state.position++;
  const first = parseOperand(state, depth);
  if (first === undefined) return undefined;
  let rich = first;
  const word = state.tokens[state.position];
  if (word !== ")") {
    if (word === undefined || !words.has(word)) return undefined;
    if (word === "and" || word === "or" || word === "with") {
      const parts = [first];
      while (state.tokens[state.position] === word) {
        state.position++;
        const next = parseOperand(state, depth);
        if (next === undefined) return undefined;
        parts.push(next);
      }
      rich = { kind: word, parts };
    } else {
      state.position++;
      const right = parseOperand(state, depth);
      if (right === undefined || word === "else") return undefined;
      if (word === "without") rich = { kind: "without", left: first, right };
      else {
        let otherwise: Rich | undefined;
        if (state.tokens[state.position] === "else") {
          state.position++;
          otherwise = parseOperand(state, depth);
          if (otherwise === undefined) return undefined;
        }
        rich = { kind: word as "if" | "unless", left: first, condition: right, otherwise };
      }
    }
  }
  if (state.tokens[state.position] !== ")") return undefined;
  state.position++;
  return rich;
}

function parseOperand(state: State, depth: number): Rich | undefined {
  const token = state.tokens[state.position];
  if (token === undefined || token === ")") return undefined;
  if (token === "(") return parseGroup(state, depth + 1);
  state.position++;
  const op = state.tokens[state.position];
  if (op === undefined || !comparisons.has(op)) return { kind: "leaf", text: token };
  const evr = state.tokens[state.position + 1];
  if (evr === undefined || evr === ")" || evr === "(") return undefined;
  state.position += 2;
  return { kind: "leaf", text: `${token} ${op} ${evr}` };
}
