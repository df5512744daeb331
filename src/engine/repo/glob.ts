/**
 * Whether a text meets a glob as fnmatch(3) without flags has it, the way dnf matches names, capabilities and paths: `*` any text (slashes
 * too), `?` any character, `[a-z]` and `[!a-z]` one of some, a backslash takes away a character's meaning. Time is bounded by the product of the
 * lengths.
 */
export function matchesGlob(glob: string, text: string): boolean {
  let [g, t] = [0, 0];
  let [starGlob, starText] = [-1, 0];
  while (t < text.length) {
    const next = glob[g] === "*" ? -1 : matchOne(glob, g, text[t] as string);
    if (glob[g] === "*") {
      starGlob = ++g;
      starText = t;
    } else if (next >= 0) {
      g = next;
      t++;
    } else if (starGlob >= 0) {
      g = starGlob;
      t = ++starText;
    } else return false;
  }
  while (glob[g] === "*") g++;
  return g === glob.length;
}

/** Where the glob goes on when the part at `at` takes the character; -1 when it does not. */
function matchOne(glob: string, at: number, character: string): number {
  const first = glob[at];
  if (first === undefined) return -1;
  if (first === "?") return at + 1;
  if (first === "\\" && at + 1 < glob.length) return glob[at + 1] === character ? at + 2 : -1;
  if (first === "[") {
    const end = glob.indexOf("]", at + (glob[at + 1] === "!" || glob[at + 1] === "^" ? 3 : 2));
    if (end > 0) return inSet(glob.slice(at + 1, end), character) ? end + 1 : -1;
  }
  return first === character ? at + 1 : -1;
}

function inSet(set: string, character: string): boolean {
  const negated = set.startsWith("!") || set.startsWith("^");
  const items = negated ? set.slice(1) : set;
  let found = false;
  for (let i = 0; i < items.length; i++) {
    const low = items[i] as string;
    const isRange = items[i + 1] === "-" && i + 2 < items.length;
    const high = isRange ? (items[i + 2] as string) : low;
    if (character >= low && character <= high) found = true;
    if (isRange) i += 2;
  }
  return found !== negated;
}

/** Whether a text has a character that means something in a glob. */
export function isGlob(text: string): boolean {
  return /[*?[]/.test(text);
}
