/** Epoch, version, release. An absent release compares equal to any release; an absent epoch is 0. */
export interface Evr {
  readonly epoch: number;
  readonly version: string;
  readonly release: string | undefined;
}

const DIGIT = 1;
const ALPHA = 2;

function classOf(code: number): number {
  if (code >= 48 && code <= 57) return DIGIT;
  if ((code >= 65 && code <= 90) || (code >= 97 && code <= 122)) return ALPHA;
  return 0;
}

/**
 * Compares two version or release strings as rpm's `rpmvercmp` does: segments of digits or letters, `~` before everything,
 * `^` after the end but before any other separator, a numeric segment newer than an alphabetic one. Gives -1, 0 or 1.
 */
export function compareVersion(a: string, b: string): -1 | 0 | 1 {
  if (a === b) return 0;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    while (i < a.length && !isSignificant(a.charCodeAt(i))) i++;
    while (j < b.length && !isSignificant(b.charCodeAt(j))) j++;
    const x = i < a.length ? a.charCodeAt(i) : 0;
    const y = j < b.length ? b.charCodeAt(j) : 0;
    if (x === TILDE || y === TILDE) {
      if (x !== TILDE) return 1;
      if (y !== TILDE) return -1;
      i++;
      j++;
      continue;
    }
    if (x === CARET || y === CARET) {
      if (x === 0) return -1;
      if (y === 0) return 1;
      if (x !== CARET) return 1;
      if (y !== CARET) return -1;
      i++;
      j++;
      continue;
    }
    if (x === 0 || y === 0) break;
    const kind = classOf(x);
    const startA = i;
    const startB = j;
    while (i < a.length && classOf(a.charCodeAt(i)) === kind) i++;
    while (j < b.length && classOf(b.charCodeAt(j)) === kind) j++;
    if (startB === j) return kind === DIGIT ? 1 : -1;
    const order = kind === DIGIT ? compareDigits(a, startA, i, b, startB, j) : compareCodes(a, startA, i, b, startB, j);
    if (order !== 0) return order;
  }
  const restA = i < a.length;
  const restB = j < b.length;
  if (!restA && !restB) return 0;
  return restA ? 1 : -1;
}

const TILDE = 126;
const CARET = 94;

function isSignificant(code: number): boolean {
  return classOf(code) !== 0 || code === TILDE || code === CARET;
}

function compareDigits(a: string, i: number, endA: number, b: string, j: number, endB: number): -1 | 0 | 1 {
  while (i < endA && a.charCodeAt(i) === 48) i++;
  while (j < endB && b.charCodeAt(j) === 48) j++;
  if (endA - i !== endB - j) return endA - i > endB - j ? 1 : -1;
  return compareCodes(a, i, endA, b, j, endB);
}

function compareCodes(a: string, i: number, endA: number, b: string, j: number, endB: number): -1 | 0 | 1 {
  const x = a.slice(i, endA);
  const y = b.slice(j, endB);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Reads `[epoch:]version[-release]`. A non-numeric epoch counts as 0, as rpm does. */
export function parseEvr(text: string): Evr {
  let rest = text;
  let epoch = 0;
  const colon = rest.indexOf(":");
  if (colon >= 0) {
    const number = rest.slice(0, colon);
    epoch = /^\d+$/.test(number) ? Number(number) : 0;
    rest = rest.slice(colon + 1);
  }
  const dash = rest.lastIndexOf("-");
  if (dash < 0) return { epoch, version: rest, release: undefined };
  return { epoch, version: rest.slice(0, dash), release: rest.slice(dash + 1) };
}

/** `epoch:version-release`, the epoch only when not 0. */
export function formatEvr(evr: Evr): string {
  const release = evr.release === undefined ? "" : `-${evr.release}`;
  return `${evr.epoch === 0 ? "" : `${evr.epoch}:`}${evr.version}${release}`;
}

/** rpm's order: epoch, version, release; the release counts only where both have one. */
export function compareEvr(a: Evr, b: Evr): -1 | 0 | 1 {
  if (a.epoch !== b.epoch) return a.epoch < b.epoch ? -1 : 1;
  const version = compareVersion(a.version, b.version);
  if (version !== 0) return version;
  if (a.release === undefined || b.release === undefined) return 0;
  return compareVersion(a.release, b.release);
}

/** Name, epoch, version, release, architecture of a package. */
export interface Nevra {
  readonly name: string;
  readonly epoch: number;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
}

/** `name-[epoch:]version-release.arch`, the epoch only when not 0. */
export function formatNevra(nevra: Nevra): string {
  return `${nevra.name}-${nevra.epoch === 0 ? "" : `${nevra.epoch}:`}${nevra.version}-${nevra.release}.${nevra.arch}`;
}

/** Reads `name-[epoch:]version-release.arch`, optionally ending in `.rpm`; undefined where the text is none. */
export function parseNevra(text: string): Nevra | undefined {
  const match = /^(.+)-(?:(\d+):)?([^-:]+)-([^-:]+)\.([^.-]+)$/.exec(text.endsWith(".rpm") ? text.slice(0, -4) : text);
  if (!match) return undefined;
  const [, name, epoch, version, release, arch] = match;
  if (!name || !version || !release || !arch) return undefined;
  return { name, epoch: epoch ? Number(epoch) : 0, version, release, arch };
}
