/** Known variables; undefined for one that is set to something known only when it runs. */
export type Variables = ReadonlyMap<string, string | undefined>;

/** Characters one expansion may give, and how deep defaults may nest. */
export const maxExpansion = 1 << 16;
const maxDepth = 8;

/**
 * The value of `$name` or `${name…}` that starts at `at` (on the dollar), and where it ends. The value is undefined where it is not
 * known: an unset variable in a `closed` world is empty, otherwise unknown. Understands `:-`, `-`, `:=`, `=`, `:+`, `+`, `:?`, `?`.
 */
export function expandVariable(
  text: string,
  at: number,
  variables: Variables,
  closed: boolean,
  depth = 0,
): { readonly value: string | undefined; readonly end: number } | undefined {
  const next = text[at + 1];
  if (next === undefined) return undefined;
  if (next !== "{") {
    const name = /^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-])/.exec(text.slice(at + 1, at + 257))?.[0];
    if (name === undefined) return undefined;
    return { value: lookUp(name, variables, closed), end: at + 1 + name.length };
  }
  const end = closingBrace(text, at + 2);
  if (end < 0) return { value: undefined, end: text.length };
  const inner = text.slice(at + 2, end);
  const match = /^([A-Za-z_][A-Za-z0-9_]*)(:?[-=+?])?([\s\S]*)$/.exec(inner);
  if (!match || (match[2] === undefined && match[3] !== "")) return { value: undefined, end: end + 1 };
  const [, name = "", operator, word = ""] = match;
  const value = lookUp(name, variables, closed);
  if (operator === undefined) return { value, end: end + 1 };
  const known = variables.has(name) || closed;
  if (!known || (variables.has(name) && value === undefined)) {
    // An unset argument may still be given from outside: a default is the best guess there is for one never set.
    if (variables.has(name) || operator.endsWith("+")) return { value: undefined, end: end + 1 };
  }
  const isSet = variables.has(name) && (operator.startsWith(":") ? value !== "" : true);
  const alternative = () => (depth >= maxDepth ? undefined : expandText(word, variables, closed, depth + 1));
  if (operator.endsWith("+")) return { value: isSet ? alternative() : "", end: end + 1 };
  if (isSet) return { value, end: end + 1 };
  return { value: operator.endsWith("?") ? undefined : alternative(), end: end + 1 };
}

function lookUp(name: string, variables: Variables, closed: boolean): string | undefined {
  if (variables.has(name)) return variables.get(name);
  return closed && /^[A-Za-z_]/.test(name) ? "" : undefined;
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
export function expandText(
  text: string,
  variables: Variables,
  closed: boolean,
  depth = 0,
  escape = "\\",
): string | undefined {
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
      const expanded = expandVariable(text, at, variables, closed, depth);
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
