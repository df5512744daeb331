/**
 * Index of the bracket that closes the one at `start`, or -1. As in rpm a backslash hides the next character and only brackets of the same
 * kind count.
 */
export function matchBracket(text: string, start: number, opening: number, closing: number, end = text.length): number {
  let depth = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 92) i++;
    else if (code === opening) depth++;
    else if (code === closing && --depth === 0) return i;
  }
  return -1;
}

/** Whether rpm would read another line before it looks at this text: an open `%{`, `%(`, `%[` or a backslash at the end. */
export class LineJoiner {
  #braces = 0;
  #parentheses = 0;
  #brackets = 0;
  #continued = false;

  /** Takes the next line, with its newline if it has one; says whether it needs more. */
  add(line: string): boolean {
    this.#continued = false;
    if (this.#braces + this.#parentheses + this.#brackets === 0 && !/[%\\]/.test(line)) return false;
    for (let i = 0; i < line.length; i++) {
      switch (line.charCodeAt(i)) {
        case 92: {
          const next = line.charCodeAt(i + 1);
          if (next === 10) this.#continued = true;
          i++;
          break;
        }
        case 37:
          switch (line.charCodeAt(i + 1)) {
            case 123:
              this.#braces++;
              i++;
              break;
            case 40:
              this.#parentheses++;
              i++;
              break;
            case 91:
              this.#brackets++;
              i++;
              break;
            case 37:
              i++;
              break;
          }
          break;
        case 123:
          if (this.#braces > 0) this.#braces++;
          break;
        case 125:
          if (this.#braces > 0) this.#braces--;
          break;
        case 40:
          if (this.#parentheses > 0) this.#parentheses++;
          break;
        case 41:
          if (this.#parentheses > 0) this.#parentheses--;
          break;
        case 91:
          if (this.#brackets > 0) this.#brackets++;
          break;
        case 93:
          if (this.#brackets > 0) this.#brackets--;
          break;
      }
    }
    return this.#continued || this.#braces + this.#parentheses + this.#brackets > 0;
  }

  reset(): void {
    this.#braces = 0;
    this.#parentheses = 0;
    this.#brackets = 0;
    this.#continued = false;
  }
}

export interface ParsedDefinition {
  readonly name: string;
  readonly options: string | undefined;
  readonly body: string;
  /** First character after it. */
  readonly end: number;
  /** Its brackets do not close. */
  readonly open: boolean;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

export function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
}

/** Reads `NAME[(options)] body` from `start`: what follows `%define` or, in a macro file, the percent sign. With `oneLine` a free newline ends it. Undefined where no name stands. */
export function parseDefinition(
  text: string,
  start: number,
  end = text.length,
  oneLine = true,
): ParsedDefinition | undefined {
  let i = start;
  while (i < end && isBlank(text.charCodeAt(i))) i++;
  // The gap between %define and the name may be a continued line.
  while (i < end && text.charCodeAt(i) === 92 && text.charCodeAt(i + 1) === 10) {
    i += 2;
    while (i < end && isBlank(text.charCodeAt(i))) i++;
  }
  const nameStart = i;
  while (i < end && isWordCode(text.charCodeAt(i))) i++;
  if (i === nameStart) return undefined;
  const name = text.slice(nameStart, i);
  let options: string | undefined;
  if (text.charCodeAt(i) === 40 && i < end) {
    const closing = text.indexOf(")", i);
    if (closing < 0 || closing >= end) return undefined;
    options = text.slice(i + 1, closing);
    i = closing + 1;
  }
  while (i < end && isBlank(text.charCodeAt(i))) i++;
  if (i < end && text.charCodeAt(i) === 123) {
    const closing = matchBracket(text, i, 123, 125, end);
    if (closing < 0) return { name, options, body: text.slice(i + 1, end), end, open: true };
    return { name, options, body: text.slice(i + 1, closing), end: skipNewlines(text, closing + 1, end), open: false };
  }
  let body = "";
  let piece = i;
  let braces = 0;
  let parentheses = 0;
  let brackets = 0;
  for (; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 && oneLine && braces + parentheses + brackets === 0) break;
    switch (code) {
      case 92:
        if (i + 1 < end) {
          body += text.slice(piece, i);
          piece = ++i;
        }
        break;
      case 37:
        switch (i + 1 < end ? text.charCodeAt(i + 1) : 0) {
          case 123:
            braces++;
            i++;
            break;
          case 40:
            parentheses++;
            i++;
            break;
          case 91:
            brackets++;
            i++;
            break;
          case 37:
            i++;
            break;
        }
        break;
      case 123:
        if (braces > 0) braces++;
        break;
      case 125:
        if (braces > 0) braces--;
        break;
      case 40:
        if (parentheses > 0) parentheses++;
        break;
      case 41:
        if (parentheses > 0) parentheses--;
        break;
      case 91:
        if (brackets > 0) brackets++;
        break;
      case 93:
        if (brackets > 0) brackets--;
        break;
    }
  }
  const stop = Math.min(i, end);
  body += text.slice(piece, stop);
  let last = body.length;
  while (last > 0 && (isBlank(body.charCodeAt(last - 1)) || body.charCodeAt(last - 1) === 10)) last--;
  return {
    name,
    options,
    body: body.slice(0, last),
    end: skipNewlines(text, stop, end),
    open: braces + parentheses + brackets > 0,
  };
}

function skipNewlines(text: string, start: number, end: number): number {
  let i = start;
  while (i < end && (text.charCodeAt(i) === 10 || text.charCodeAt(i) === 13)) i++;
  return i;
}
