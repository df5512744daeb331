import { WeirError } from "../../core/index.ts";

/** Character with which `%{quote:…}` encloses an argument until the arguments are split. */
export const quoteMark = "\x1f";

/** Splits at blanks and tabs (not at newlines, as rpm); what stands between quote marks stays one word. */
export function splitArguments(text: string): string[] {
  const words: string[] = [];
  let word = "";
  let inWord = false;
  let quoted = false;
  for (const char of text) {
    if (char === quoteMark) {
      quoted = !quoted;
      inWord = true;
    } else if (!quoted && (char === " " || char === "\t")) {
      if (inWord) words.push(word);
      word = "";
      inWord = false;
    } else {
      word += char;
      inWord = true;
    }
  }
  if (inWord) words.push(word);
  return words;
}

/** The arguments of one call of a parametric macro, as its body sees them. */
export interface Frame {
  readonly name: string;
  readonly all: readonly string[];
  readonly args: readonly string[];
  /** Option letter → argument, undefined for an option that takes none. */
  readonly options: ReadonlyMap<string, string | undefined>;
  /** Names that `%define` added while this frame was on top. */
  defined: string[] | undefined;
}

const none: ReadonlyMap<string, undefined> = new Map();

/** getopt as rpm calls it: options may stand anywhere before `--`, the rest are arguments. Error: `MACRO_OPTION`. */
export function makeFrame(name: string, spec: string, all: readonly string[]): Frame {
  if (spec === "-" || !all.some((word) => word.startsWith("-"))) {
    return { name, all, args: all, options: none, defined: undefined };
  }
  const options = new Map<string, string | undefined>();
  const args: string[] = [];
  for (let i = 0; i < all.length; i++) {
    const word = all[i] as string;
    if (word === "--") {
      args.push(...all.slice(i + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      args.push(word);
      continue;
    }
    for (let j = 1; j < word.length; j++) {
      const letter = word[j] as string;
      const at = letter === ":" ? -1 : spec.indexOf(letter);
      if (at < 0) throw optionError(name, spec, letter, "does not know the option");
      if (spec[at + 1] !== ":") {
        options.set(letter, undefined);
        continue;
      }
      const value = j + 1 < word.length ? word.slice(j + 1) : all[++i];
      if (value === undefined) throw optionError(name, spec, letter, "wants an argument behind");
      options.set(letter, value);
      break;
    }
  }
  return { name, all, args, options, defined: undefined };
}

function optionError(name: string, spec: string, letter: string, what: string): WeirError {
  return new WeirError("MACRO_OPTION", `%${name} ${what} -${letter}`, {
    hints: [spec === "" ? `%${name} takes no options` : `%${name} was defined with the options (${spec})`],
  });
}

/** What `%1`, `%*`, `%#`, `%-f`, `%{-f*}` give in a frame; undefined when unset. */
export function automatic(frame: Frame, name: string): string | undefined {
  const first = name.charCodeAt(0);
  if (first === 45) {
    const letter = name[1];
    if (letter === undefined || !frame.options.has(letter)) return undefined;
    const value = frame.options.get(letter);
    if (name.length === 2) return value === undefined ? `-${letter}` : `-${letter} ${value}`;
    return name.length === 3 && name[2] === "*" ? value : undefined;
  }
  if (name === "*") return frame.args.join(" ");
  if (name === "**") return frame.all.join(" ");
  if (name === "#") return String(frame.args.length);
  if (first >= 48 && first <= 57 && /^\d{1,6}$/.test(name)) {
    const index = Number(name);
    return index === 0 ? frame.name : frame.args[index - 1];
  }
  return undefined;
}
