import { compareText, formatEvr, type Place } from "../../core/index.ts";
import { formatDependency } from "../../formats/rpm/index.ts";
import type { PackageMetadata } from "../../formats/rpmmd/index.ts";
import type { EvaluatedSpec, SpecPackage } from "../../formats/spec/index.ts";
import { capabilitiesOfFile, packagesByName } from "./name-rules.ts";
import { type Need, overlaps } from "./range.ts";
import { parseRich, type Rich } from "./rich.ts";

/** A need with the place that wrote it. */
export interface PlacedNeed {
  readonly need: Need;
  readonly place: Place;
  /** Counts only if one of these is installed too, or with `unless` if none is. */
  readonly when?: readonly string[];
  readonly unless?: readonly string[];
  /** Filled on first use. */
  answer?: Answer;
}

/** A need as text, and who meets it. */
export interface Answer {
  readonly capability: string;
  readonly resolution: Resolution;
}

/** A binary package that can be installed into a buildroot. */
export interface UniversePackage {
  readonly name: string;
  /** Build node that gives it; -1 for a prebuilt one. */
  readonly node: number;
  readonly nevra: string;
  readonly needs: readonly PlacedNeed[];
}

export type Resolution =
  | { readonly kind: "package"; readonly package: number; readonly rule: string | undefined }
  | { readonly kind: "assumed" }
  | { readonly kind: "missing"; readonly reason: string };

interface Provider extends Need {
  readonly package: number;
  readonly rule: string | undefined;
}

/** All packages, and who provides what. */
export class Universe {
  readonly packages: UniversePackage[] = [];
  readonly #providers = new Map<string, Provider[]>();
  readonly #byName = new Map<string, number>();
  readonly #cache = new Map<string, Resolution>();
  readonly #assumed: ReadonlySet<string>;
  readonly #assumedStarts: readonly string[];

  constructor(assume: readonly string[]) {
    this.#assumed = new Set(assume.filter((one) => !one.endsWith("*")));
    this.#assumedStarts = assume.filter((one) => one.endsWith("*")).map((one) => one.slice(0, -1));
  }

  /** Adds a package of a build node. With `indexed` false it is found only through its node, as a bootstrap build's packages are. */
  addBuilt(
    node: number,
    one: SpecPackage,
    specFile: string,
    known: PackageMetadata | undefined,
    extra: readonly string[],
    indexed: boolean,
  ): number {
    const index = this.packages.length;
    const needs = flattenNeeds(one.requires.map((need) => ({ need, place: { file: specFile, line: need.line } })));
    const declared = new Set(one.requires.map(formatDependency));
    if (known !== undefined) {
      const place = { file: known.location };
      needs.push(
        ...flattenNeeds(
          known.requires.filter((need) => !declared.has(formatDependency(need))).map((need) => ({ need, place })),
        ),
      );
    }
    const nevra = `${one.name}-${formatEvr(one)}.${one.arch}`;
    this.packages.push({ name: one.name, node, nevra, needs });
    if (!indexed) return index;
    this.#byName.set(one.name, index);
    for (const provide of one.provides) this.#provide(provide, index, undefined);
    for (const name of extra) this.#provide({ name }, index, "a provide that was handed in");
    for (const path of one.files) {
      if (!/[*?[{]/.test(path)) this.#provide({ name: path }, index, undefined);
      for (const capability of capabilitiesOfFile(path))
        this.#provide({ name: capability }, index, `its %files lists ${path}`);
    }
    if (known !== undefined) {
      for (const provide of known.provides) {
        if (provide.name !== one.name) this.#provide(provide, index, "an earlier build provides it");
      }
      for (const file of known.files) this.#provide({ name: file.path }, index, "an earlier build holds the file");
    }
    return index;
  }

  addPrebuilt(one: PackageMetadata): void {
    const index = this.packages.length;
    const place = { file: one.location };
    this.packages.push({
      name: one.name,
      node: -1,
      nevra: `${one.name}-${formatEvr(one)}.${one.arch}`,
      needs: flattenNeeds(one.requires.map((need) => ({ need, place }))),
    });
    if (!this.#byName.has(one.name)) this.#byName.set(one.name, index);
    for (const provide of one.provides) this.#provide(provide, index, undefined);
    for (const file of one.files) this.#provide({ name: file.path }, index, undefined);
  }

  #provide(provide: Need, index: number, rule: string | undefined): void {
    const entry: Provider = { name: provide.name, op: provide.op, evr: provide.evr, package: index, rule };
    const list = this.#providers.get(provide.name);
    if (list === undefined) this.#providers.set(provide.name, [entry]);
    else list.push(entry);
  }

  names(): Iterable<string> {
    return this.#providers.keys();
  }

  isAssumed(name: string): boolean {
    const bare = name.replace(/\([a-z0-9]+-(?:32|64)\)$/, "");
    return (
      this.#assumed.has(name) || this.#assumed.has(bare) || this.#assumedStarts.some((start) => name.startsWith(start))
    );
  }

  /** Whether an installed package provides it; `installed` says which are. */
  isInstalled(name: string, installed: (index: number) => boolean): boolean {
    return this.isAssumed(name) || (this.#providers.get(name) ?? []).some((one) => installed(one.package));
  }

  /** Who meets a need: a component's package first, then a prebuilt one, then the buildroot itself. */
  resolve(need: Need): Resolution {
    const key = formatDependency(need);
    let found = this.#cache.get(key);
    if (found === undefined) {
      found = this.#resolve(need);
      this.#cache.set(key, found);
    }
    return found;
  }

  /** The answer to a need, alternatives of an `or` included; worked out once. */
  answer(one: PlacedNeed): Answer {
    one.answer ??= { capability: formatDependency(one.need), resolution: this.#resolveAny(one.need) };
    return one.answer;
  }

  #resolveAny(need: Need): Resolution {
    const alternatives = alternativesOf(need.name);
    if (alternatives === undefined) return this.resolve(need);
    for (const one of alternatives) {
      const resolution = this.resolve(one);
      if (resolution.kind !== "missing") return resolution;
    }
    return { kind: "missing", reason: "nothing provides any side of it" };
  }

  #resolve(need: Need): Resolution {
    const all = this.#providers.get(need.name) ?? [];
    const fitting = all.filter((one) => overlaps(one, need));
    const best = this.#choose(need.name, fitting);
    if (best !== undefined) return best;
    for (const name of packagesByName(need.name)) {
      const index = this.#byName.get(name);
      if (index !== undefined) return { kind: "package", package: index, rule: `the name rule ${need.name} → ${name}` };
    }
    if (this.isAssumed(need.name)) return { kind: "assumed" };
    const other = all[0];
    if (other !== undefined) {
      const has = `${other.op ?? ""} ${other.evr ?? ""}`;
      const who = this.packages[other.package]?.name ?? "";
      return { kind: "missing", reason: `${who} provides ${has} only` };
    }
    return { kind: "missing", reason: "nothing provides it" };
  }

  #choose(name: string, fitting: readonly Provider[]): Resolution | undefined {
    if (fitting.length === 0) return undefined;
    const rank = (one: Provider) => {
      const found = this.packages[one.package] as UniversePackage;
      return (found.node < 0 ? 2 : 0) + (found.name === name ? 0 : 1);
    };
    const sorted = [...fitting].sort(
      (a, b) =>
        rank(a) - rank(b) ||
        compareText(
          (this.packages[a.package] as UniversePackage).name,
          (this.packages[b.package] as UniversePackage).name,
        ) ||
        a.package - b.package,
    );
    const first = sorted[0] as Provider;
    const firstName = (this.packages[first.package] as UniversePackage).name;
    const others = new Set(
      sorted
        .filter((one) => rank(one) === rank(first))
        .map((one) => (this.packages[one.package] as UniversePackage).name),
    );
    others.delete(firstName);
    const choice =
      others.size === 0
        ? undefined
        : `the first by name of ${others.size + 1} providers: ${[firstName, ...others].slice(0, 4).join(", ")}`;
    return { kind: "package", package: first.package, rule: first.rule ?? choice };
  }
}

/** Name → index of the packages of a spec that come out of its build. */
export function builtPackages(spec: EvaluatedSpec): SpecPackage[] {
  return spec.packages.filter((one) => one.built);
}

/** Rich dependencies become plain ones, with conditions where they have any; rpm's own features are left out. */
export function flattenNeeds(needs: readonly { readonly need: Need; readonly place: Place }[]): PlacedNeed[] {
  const flat: PlacedNeed[] = [];
  for (const { need, place } of needs) {
    if (need.name.startsWith("rpmlib(")) continue;
    if (!need.name.startsWith("(")) {
      flat.push({ need: { name: need.name, op: need.op, evr: need.evr }, place });
      continue;
    }
    const rich = parseRich(need.name);
    if (rich === undefined) flat.push({ need: { name: need.name }, place });
    else flattenRich(rich, place, {}, flat);
  }
  return flat;
}

function flattenRich(
  rich: Rich,
  place: Place,
  condition: { readonly when?: readonly string[]; readonly unless?: readonly string[] },
  into: PlacedNeed[],
): void {
  switch (rich.kind) {
    case "leaf": {
      const [name = "", op, evr] = rich.text.split(" ");
      const need: Need = op === undefined ? { name } : { name, op: op as NonNullable<Need["op"]>, evr };
      into.push({ need, place, ...condition });
      return;
    }
    case "and":
    case "with":
      for (const part of rich.parts) flattenRich(part, place, condition, into);
      return;
    case "or":
      // Kept whole: which side counts depends on what can be had.
      into.push({ need: { name: formatRich(rich) }, place, ...condition });
      return;
    case "without":
      flattenRich(rich.left, place, condition, into);
      return;
    case "if":
    case "unless": {
      const leaves = leavesOf(rich.condition);
      const yes = rich.kind === "if" ? { when: leaves } : { unless: leaves };
      const no = rich.kind === "if" ? { unless: leaves } : { when: leaves };
      flattenRich(rich.left, place, { ...condition, ...yes }, into);
      if (rich.otherwise !== undefined) flattenRich(rich.otherwise, place, { ...condition, ...no }, into);
    }
  }
}

function leavesOf(rich: Rich): string[] {
  switch (rich.kind) {
    case "leaf":
      return [rich.text.split(" ")[0] ?? ""];
    case "and":
    case "or":
    case "with":
      return rich.parts.flatMap(leavesOf);
    default:
      return leavesOf(rich.left);
  }
}

/** The alternatives of an `or`, as plain needs; undefined for anything else. */
export function alternativesOf(name: string): Need[] | undefined {
  if (!name.startsWith("(")) return undefined;
  const rich = parseRich(name);
  if (rich?.kind !== "or") return undefined;
  return rich.parts.flatMap((part) => {
    const flat: PlacedNeed[] = [];
    flattenRich(part, { file: "" }, {}, flat);
    return flat.slice(0, 1).map((one) => one.need);
  });
}

function formatRich(rich: Rich): string {
  switch (rich.kind) {
    case "leaf":
      return rich.text;
    case "and":
    case "or":
    case "with":
      return `(${rich.parts.map(formatRich).join(` ${rich.kind} `)})`;
    case "without":
      return `(${formatRich(rich.left)} without ${formatRich(rich.right)})`;
    default: {
      const rest = rich.otherwise === undefined ? "" : ` else ${formatRich(rich.otherwise)}`;
      return `(${formatRich(rich.left)} ${rich.kind} ${formatRich(rich.condition)}${rest})`;
    }
  }
}
