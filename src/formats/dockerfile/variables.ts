/** Characters one expansion may give, all expansions of a file together, how deep defaults may nest, and variables of one scope. */
export const maxExpansion = 1 << 16;
const maxTotal = 1 << 23;
const maxDepth = 8;
const maxVariables = 2000;

/**
 * Known variables; undefined for one that is set to something known only when it runs. All scopes of a file share one allowance for what
 * expansions give, since a short text can ask for the same long value again and again; when it is spent, values are unknown.
 */
export class Variables extends Map<string, string | undefined> {
  #allowance: { left: number } = { left: maxTotal };

  override get(name: string): string | undefined {
    const value = super.get(name);
    return value === undefined || this.spend(value.length) ? value : undefined;
  }

  override set(name: string, value: string | undefined): this {
    return this.size < maxVariables || this.has(name) ? super.set(name, value) : this;
  }

  /** Takes from the allowance; false where it is spent. */
  spend(characters: number): boolean {
    this.#allowance.left -= characters;
    return this.#allowance.left >= 0;
  }

  /** A scope of its own that starts with the same variables. */
  copy(): Variables {
    const scope = new Variables();
    scope.#allowance = this.#allowance;
    for (const [name, value] of this) scope.set(name, value);
    return scope;
  }

  /** An empty scope under the same allowance. */
  fresh(): Variables {
    const scope = new Variables();
    scope.#allowance = this.#allowance;
    return scope;
  }
}

/**
 * The value of `$name` or `${name…}` that starts at `at` (on the dollar), and where it ends. The value is undefined where it is not
 * known. Understands `:-`, `-`, `:=`, `=`, `:+`, `+`, `:?`, `?`. A variable never set may still come from the image or the command line:
 * its value is unknown, but a default that stands beside it is the best guess there is.
 */
export function expandVariable(
  text: string,
  at: number,
  variables: Variables,
  depth = 0,
): { readonly value: string | undefined; readonly end: number } | undefined {
  const next = text[at + 1];
  if (next === undefined) return undefined;
  if (next !== "{") {
    const name = /^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-])/.exec(text.slice(at + 1, at + 257))?.[0];
    if (name === undefined) return undefined;
    return { value: variables.get(name), end: at + 1 + name.length };
  }
  const close = closingBrace(text, at + 2);
  if (close < 0) return { value: undefined, end: text.length };
  const end = close + 1;
  const match = /^([A-Za-z_][A-Za-z0-9_]*)(:?[-=+?])?([\s\S]*)$/.exec(text.slice(at + 2, close));
  if (!match || (match[2] === undefined && match[3] !== "")) return { value: undefined, end };
  const [, name = "", operator = "", word = ""] = match;
  const value = variables.get(name);
  if (operator === "") return { value, end };
  if (variables.has(name) && value === undefined) return { value: undefined, end };
  const isSet = value !== undefined && (value !== "" || !operator.startsWith(":"));
  const alternative = () => (depth >= maxDepth ? undefined : expandText(word, variables, depth + 1));
  if (operator.endsWith("+")) return { value: isSet ? alternative() : value === undefined ? undefined : "", end };
  if (isSet) return { value, end };
  return { value: operator.endsWith("?") ? undefined : alternative(), end };
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === "\\") at++;
    else if (char === "{" && text[at - 1] === "$") depth++;
    else if (char === "}" && --depth === 0) return at;
  }
  return -1;
}

/** A text with its variables expanded and quotes removed, or undefined where something in it is not known. */
export function expandText(text: string, variables: Variables, depth = 0, escape = "\\"): string | undefined {
  let result = "";
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (quote === "'") {
      if (char === "'") quote = "";
      else result += char;
    } else if (char === escape && at + 1 < text.length) {
      at++;
      if (quote === '"' && !`"$\`${escape}`.includes(text[at] as string)) result += char;
      result += text[at];
    } else if (char === quote) quote = "";
    else if (quote === "" && (char === "'" || char === '"')) quote = char;
    else if (char === "`" && escape !== "`") return undefined;
    else if (char === "$") {
      if (text[at + 1] === "(") return undefined;
      const expanded = expandVariable(text, at, variables, depth);
      if (!expanded) result += char;
      else if (expanded.value === undefined) return undefined;
      else {
        result += expanded.value;
        at = expanded.end - 1;
      }
    } else result += char;
    if (result.length > maxExpansion) return undefined;
  }
  return result;
}
