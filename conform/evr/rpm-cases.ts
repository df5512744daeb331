import { WeirError } from "../../src/core/index.ts";

/** `rpmvercmp(a, b)` is `order`. */
export interface VersionCase {
  readonly line: number;
  readonly a: string;
  readonly b: string;
  readonly order: number;
}

/** The active `RPMVERCMP(a, b, order)` lines of rpm's tests/rpmvercmp.at. */
export function readVersionCases(text: string): VersionCase[] {
  const cases: VersionCase[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const found = /^RPMVERCMP\(([^,]*),\s*([^,]*),\s*(-?1|0)\)/.exec(line);
    if (found === null) continue;
    const [, a = "", b = "", order = ""] = found;
    cases.push({ line: index + 1, a: a.trim(), b: b.trim(), order: Number(order) });
  }
  return cases;
}

/** A name alone, or with a comparison and a version. */
export type Range = readonly [name: string, op?: string, evr?: string];

/** Whether what is provided meets what is required. */
export interface RangeCase {
  readonly line: number;
  readonly provides: Range;
  readonly requires: Range;
  readonly matches: boolean;
}

/** The `((provides), (requires), match)` tuples of rpm's tests/rpmdepmatch.at. */
export function readRangeCases(text: string): RangeCase[] {
  const cases: RangeCase[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const found = /^\s*\(\(([^)]*)\),\s*\(([^)]*)\),\s*([01])\),/.exec(line);
    if (found === null) continue;
    const [, provides = "", requires = "", matches] = found;
    cases.push({ line: index + 1, provides: strings(provides), requires: strings(requires), matches: matches === "1" });
  }
  return cases;
}

function strings(tuple: string): Range {
  const found = [...tuple.matchAll(/'([^']*)'/g)].map((match) => match[1] as string);
  return found as unknown as Range;
}

/** Two labels, each epoch, version and release as text. */
export interface LabelCase {
  readonly line: number;
  readonly a: string;
  readonly b: string;
  readonly order: number;
}

/** The comparisons of the test "labelCompare" in rpm's tests/rpmpython.at, with the values they are expected to print. */
export function readLabelCases(text: string): LabelCase[] {
  const start = text.indexOf("RPMPY_TEST([labelCompare],[");
  if (start < 0) return [];
  const end = text.indexOf("\n)", start);
  const body = text.slice(start, end < 0 ? undefined : end);
  const firstLine = text.slice(0, start).split("\n").length;
  const values = new Map<string, string>();
  for (const [, name = "", value = ""] of body.matchAll(/^(\w+) = '?([^'\n]*?)'?$/gm)) values.set(name, value);
  for (const [, key = "", name = ""] of body.matchAll(/^h\['(\w+)'\] = (\w+)$/gm))
    values.set(`h['${key}']`, values.get(name) ?? "");
  const expected = (body.split("],\n[")[1] ?? "").match(/-?\d+/g) ?? [];
  const cases: LabelCase[] = [];
  for (const match of body.matchAll(/rpm\.labelCompare\(([^\n]*?(?:\n\s[^\n]*?)?)\)\)\n?/g)) {
    const labels = labelsOf(`${match[1] ?? ""})`, values);
    const order = expected[cases.length];
    if (labels === undefined || order === undefined) break;
    const line = firstLine + body.slice(0, match.index).split("\n").length - 1;
    cases.push({ line, a: labels[0], b: labels[1], order: Number(order) });
  }
  if (cases.length !== expected.length)
    throw new WeirError(
      "CONFORM_CASES",
      `${expected.length} labels are compared there, ${cases.length} were understood`,
    );
  return cases;
}

/** Both arguments: tuples of epoch, version, release, or texts. */
function labelsOf(text: string, values: ReadonlyMap<string, string>): [string, string] | undefined {
  const valueOf = (item: string): string | undefined => {
    const bare = item.trim().replace(/^str\((.*)\)$/, "$1");
    if (bare === "None") return "";
    const quoted = /^(['"])(.*)\1$/.exec(bare);
    return quoted !== null ? quoted[2] : values.get(bare);
  };
  const tuples = [...text.matchAll(/\(((?:str\([^()]*\)|[^()])*)\)/g)].filter((match) => match[1]?.includes(","));
  if (tuples.length === 2) {
    const labels = tuples.map((match) => {
      const [epoch, version, release] = (match[1] ?? "").split(",").map(valueOf);
      return version === undefined ? undefined : `${epoch ? `${epoch}:` : ""}${version}-${release ?? ""}`;
    });
    const [a, b] = labels;
    return a === undefined || b === undefined ? undefined : [a, b];
  }
  const [a, b] = [...text.matchAll(/"([^"]*)"/g)].map((match) => match[1] as string);
  return a === undefined || b === undefined ? undefined : [a, b];
}
