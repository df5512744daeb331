import {
  compareText,
  formatNevra,
  messageOf,
  type Progress,
  type Skip,
  silentProgress,
  WeirError,
} from "../../core/index.ts";
import type { PackageMetadata } from "../../formats/rpmmd/index.ts";
import { compareContents } from "./contents-diff.ts";
import { Consumers } from "./consumers.ts";
import { compareProvides, findLeftBehind } from "./metadata-diff.ts";
import { PackageIndex } from "./package-index.ts";
import { mapIndexes } from "./package-map.ts";
import { comparePaths } from "./path-diff.ts";
import { parseSoname } from "./sonames.ts";
import { compareSystem } from "./system-diff.ts";
import {
  type CuratedFates,
  type Change,
  type CompatResult,
  type CompatSide,
  type OpenedPackage,
  type PackageComparison,
  type PackageFate,
  type PackageMap,
  type Verdict,
  verdicts,
} from "./types.ts";

export interface CompareOptions extends CuratedFates {
  readonly before: CompatSide;
  readonly after: CompatSide;
  readonly progress?: Progress;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Compares two distributions package by package: what somebody who relies on the one before can miss in the one after. Metadata always;
 * files, ELF symbols, presets and users where package files can be opened. A package of which no file could be compared is
 * `not-compared`, never compatible.
 */
export async function compareDistributions(options: CompareOptions): Promise<CompatResult> {
  const before = new PackageIndex(options.before.repository);
  const after = new PackageIndex(options.after.repository);
  const skips: Skip[] = [];
  const map = mapIndexes(before, after, options);
  const consumers = new Consumers(before, options.before.open, skips);
  const system = await compareSystem(before, after, options.before.open, options.after.open, skips);
  const progress = (options.progress ?? silentProgress).step("compare packages", map.packages.length);
  const packages: PackageComparison[] = [];
  const taken = new Set<string>();
  const comparer = new Comparer(options, before, after, map, consumers, skips);
  try {
    for (const [done, fate] of map.packages.entries()) {
      options.signal?.throwIfAborted();
      progress.update({ done, note: fate.name });
      for (const name of fate.to) taken.add(name);
      for (const pkg of companions(before.byName.get(fate.name) ?? [])) {
        packages.push(await comparer.compare(pkg, fate, system.get(fate.name) ?? []));
      }
    }
    progress.end("done");
  } catch (error) {
    progress.end("failed");
    throw error;
  }
  for (const [name, list] of after.byName) {
    if (taken.has(name) || before.byName.has(name)) continue;
    for (const pkg of list) packages.push(added(pkg));
  }
  packages.sort(
    (a, b) =>
      compareText(a.name, b.name) ||
      compareText(a.before ?? "", b.before ?? "") ||
      compareText(a.after[0] ?? "", b.after[0] ?? ""),
  );
  const totals = Object.fromEntries(verdicts.map((verdict) => [verdict, 0])) as Record<Verdict, number>;
  for (const { verdict } of packages) totals[verdict]++;
  return {
    schema: "weir/compat/1",
    before: options.before.repository.id,
    after: options.after.repository.id,
    packages,
    totals,
    comparedFiles: packages.reduce((sum, pkg) => sum + pkg.comparedFiles, 0),
    leftBehind: findLeftBehind(before, after),
    skips: uniqueSkips(skips),
  };
}

class Comparer {
  readonly #options: CompareOptions;
  readonly #before: PackageIndex;
  readonly #after: PackageIndex;
  readonly #libraries: ReadonlyMap<string, readonly string[]>;
  readonly #consumers: Consumers;
  readonly #skips: Skip[];

  constructor(
    options: CompareOptions,
    before: PackageIndex,
    after: PackageIndex,
    map: PackageMap,
    consumers: Consumers,
    skips: Skip[],
  ) {
    this.#options = options;
    this.#before = before;
    this.#after = after;
    this.#libraries = new Map(map.libraries.map(({ soname, to }) => [soname, to]));
    this.#consumers = consumers;
    this.#skips = skips;
  }

  async compare(pkg: PackageMetadata, fate: PackageFate, system: readonly Change[]): Promise<PackageComparison> {
    const successors = this.#successors(pkg, fate);
    const changes: Change[] = [...system];
    const nevra = formatNevra(pkg);
    const base = {
      name: pkg.name,
      before: nevra,
      after: successors.map((successor) => formatNevra(successor)),
      fate: fate.fate,
      evidence: fate.evidence,
    };
    if (fate.fate === "dropped" || successors.length === 0) {
      const users = this.#before.requirers([pkg.name], pkg.name);
      changes.push({
        rule: "COMPAT002",
        breaks: !fate.meant,
        subject: pkg.name,
        what: fate.meant ? "given up on purpose" : fate.sourceKept ? "the source package no longer builds it" : "gone",
        consumers: users,
      });
    } else if (fate.fate === "older") {
      changes.push({
        rule: "COMPAT017",
        breaks: false,
        subject: pkg.name,
        what: `${fate.before} → ${fate.after}`,
        consumers: [],
      });
    } else if (fate.fate !== "kept") {
      const named = this.#after.has(pkg.name);
      const users = named ? [] : this.#before.requirers([pkg.name], pkg.name);
      const what = `${fate.fate} → ${fate.to.join(", ")}${named ? "" : ", which does not provide the old name"}`;
      changes.push({ rule: "COMPAT003", breaks: users.length > 0, subject: pkg.name, what, consumers: users });
    }
    for (const item of compareProvides(pkg, this.#before, this.#after, this.#libraries)) changes.push(item);
    for (const item of comparePaths(pkg, successors, this.#before, this.#after)) changes.push(item);
    if (successors.length === 0) return finish(base, "removed", changes, 0);
    const contents = await this.#contents(pkg, successors, nevra);
    if (typeof contents !== "string") for (const item of contents.changes) changes.push(item);
    const breaks = changes.some((change) => change.breaks);
    const compared = typeof contents === "string" ? 0 : contents.comparedFiles;
    if (breaks) return finish(base, "break", changes, compared);
    const reason =
      typeof contents === "string"
        ? contents
        : compared === 0
          ? "no file is on both sides: only dependencies and paths were compared"
          : undefined;
    if (reason !== undefined) {
      this.#skips.push({ subject: nevra, reason });
      return { ...finish(base, "not-compared", changes, compared), reason };
    }
    if (fate.fate !== "kept" && fate.fate !== "older") return finish(base, "renamed", changes, compared);
    const same =
      typeof contents !== "string" && contents.identical && changes.length === 0 && sameProvides(pkg, successors);
    return finish(base, same ? "identical" : "additive", changes, compared);
  }

  #successors(pkg: PackageMetadata, fate: PackageFate): PackageMetadata[] {
    return fate.to.flatMap((name) => {
      const list = this.#after.byName.get(name) ?? [];
      const main = list[0];
      const same = list.find((candidate) => candidate.arch === pkg.arch);
      const found = same ?? (is32(pkg.arch) ? undefined : main);
      return found ? [found] : [];
    });
  }

  /** The comparison, or why there is none. */
  async #contents(pkg: PackageMetadata, successors: readonly PackageMetadata[], nevra: string) {
    const { before, after } = this.#options;
    if (!before.open || !after.open) return "no package files at hand: only metadata was compared";
    try {
      const old = await before.open(pkg);
      if (!old) return "the package file before is not at hand";
      const opened: OpenedPackage[] = [];
      for (const successor of successors) {
        const now = await after.open(successor);
        if (!now) return `the package file of ${formatNevra(successor)} is not at hand`;
        opened.push(now);
      }
      const elsewhere: OpenedPackage[] = [];
      for (const moved of this.#movedLibraries(pkg, successors)) {
        const now = await after.open(moved);
        if (now) elsewhere.push(now);
      }
      return await compareContents(old, opened, elsewhere, this.#consumers, this.#skips);
    } catch (error) {
      if (!(error instanceof WeirError) || error.code === "INTERRUPTED") throw error;
      return `${nevra} could not be read: ${messageOf(error)}`;
    }
  }

  /** Packages after, other than the successors, that now provide one of the package's sonames. */
  #movedLibraries(pkg: PackageMetadata, successors: readonly PackageMetadata[]): PackageMetadata[] {
    const own = new Set(successors.flatMap((successor) => successor.provides.map((dependency) => dependency.name)));
    const found = new Set<PackageMetadata>();
    for (const { name } of pkg.provides) {
      if (own.has(name) || parseSoname(name)?.version !== "") continue;
      const provider = this.#after.provides.get(name)?.[0];
      if (provider) found.add(provider);
    }
    return [...found];
  }
}

function finish(
  base: Pick<PackageComparison, "name" | "before" | "after" | "fate" | "evidence">,
  verdict: Verdict,
  changes: readonly Change[],
  comparedFiles: number,
): PackageComparison {
  const seen = new Set<string>();
  const unique = changes.filter((change) => {
    const key = `${change.rule}\n${change.subject}\n${change.what}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
  unique.sort(
    (a, b) => compareText(a.rule, b.rule) || compareText(a.subject, b.subject) || compareText(a.what, b.what),
  );
  return { ...base, verdict, changes: unique, comparedFiles };
}

function added(pkg: PackageMetadata): PackageComparison {
  return {
    name: pkg.name,
    verdict: "added",
    before: undefined,
    after: [formatNevra(pkg)],
    fate: undefined,
    comparedFiles: 0,
    changes: [],
    evidence: [],
  };
}

/** The main package of a name and its 32-bit companion; other machines are other distributions. */
function companions(list: readonly PackageMetadata[]): readonly PackageMetadata[] {
  return list.filter((pkg, index) => index === 0 || is32(pkg.arch));
}

function is32(arch: string): boolean {
  return /^i[3-6]86$/.test(arch);
}

function sameProvides(pkg: PackageMetadata, successors: readonly PackageMetadata[]): boolean {
  const names = (packages: readonly PackageMetadata[]) =>
    [...new Set(packages.flatMap((one) => one.provides.map((dependency) => dependency.name)))]
      .sort(compareText)
      .join("\n");
  return names([pkg]) === names(successors);
}

function uniqueSkips(skips: readonly Skip[]): Skip[] {
  const byText = new Map(skips.map((skip) => [`${skip.subject}\n${skip.reason}`, skip]));
  return [...byText.keys()].sort(compareText).map((key) => byText.get(key) as Skip);
}
