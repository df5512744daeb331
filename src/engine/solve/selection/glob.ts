/**
 * Whether a text matches a shell pattern: `*` any run, `?` any character, `[a-z]`, `[!a-z]` a class, `\` takes the next as it is. No
 * character is special in the text, `/` and a leading dot neither. Follows POSIX fnmatch without flags. Takes at most the product of both
 * lengths.
 */
export function matchesGlob(pattern: string, text: string, ignoreCase = false): boolean {
  const glob = ignoreCase ? pattern.toLowerCase() : pattern;
  const subject = ignoreCase ? text.toLowerCase() : text;
  let at = 0;
  let place = 0;
  let afterStar = -1;
  let retry = 0;
  while (place < subject.length) {
    if (glob[at] === "*") {
      afterStar = ++at;
      retry = place;
      continue;
    }
    const next = at < glob.length ? oneMatches(glob, at, subject[place] as string) : -1;
    if (next >= 0) {
      at = next;
      place++;
    } else if (afterStar >= 0) {
      at = afterStar;
      place = ++retry;
    } else return false;
  }
  while (glob[at] === "*") at++;
  return at === glob.length;
}

/** Whether a text has a character that makes it a pattern. */
export function isGlob(text: string): boolean {
  return /[[*?]/.test(text);
}

/** Where the pattern goes on after the piece at `at` took the character, -1 where it does not take it. */
function oneMatches(glob: string, at: number, character: string): number {
  const first = glob[at];
  if (first === "?") return at + 1;
  if (first === "[") {
    const negated = glob[at + 1] === "!" || glob[at + 1] === "^";
    let index = at + (negated ? 2 : 1);
    let found = false;
    for (let isFirst = true; index < glob.length && (isFirst || glob[index] !== "]"); isFirst = false) {
      if (glob[index] === "\\" && index + 1 < glob.length) index++;
      const low = glob[index] as string;
      let high = low;
      if (glob[index + 1] === "-" && index + 2 < glob.length && glob[index + 2] !== "]") {
        high = glob[index + 2] as string;
        index += 2;
      }
      if (low <= character && character <= high) found = true;
      index++;
    }
    if (index < glob.length) return found === negated ? -1 : index + 1;
  } else if (first === "\\" && at + 1 < glob.length) return glob[at + 1] === character ? at + 2 : -1;
  return first === character ? at + 1 : -1;
}
