import { compareEvr, compareText, formatNevra, WeirError } from "../../core/index.ts";
import { type Capability, type Dependency, parseCapability, parseRich, type Rich } from "../../formats/rpm/index.ts";
import type { PackageMetadata } from "../../formats/rpmmd/index.ts";
import { overlaps } from "../solve/index.ts";
import { isGlob, matchesGlob } from "./glob.ts";

/** Which packages are wanted: those that meet every list, by any of its items. */
export interface RepositoryQuery {
  /** Globs of names, or of name, epoch, version, release and architecture in their usual forms. */
  readonly packages?: readonly string[];
  readonly name?: readonly string[];
  readonly arch?: readonly string[];
  /** Globs of paths. */
  readonly file?: readonly string[];
  readonly whatprovides?: readonly string[];
  readonly whatrequires?: readonly string[];
  readonly whatconflicts?: readonly string[];
  readonly whatobsoletes?: readonly string[];
  readonly whatrecommends?: readonly string[];
  /** Of `whatrequires`: only what requires the capability itself, and not by way of those that have its name. */
  readonly exact?: boolean;
  /** The newest of each name and architecture. */
  readonly latest?: boolean;
}

/**
 * The packages of a repository that meet a query, by name, version and architecture; as `dnf repoquery` answers. Paths are known as far as
 * `files` are. Errors: `REPO_QUERY_BAD`.
 */
export function queryPackages(packages: readonly PackageMetadata[], query: RepositoryQuery): PackageMetadata[] {
  let found: readonly PackageMetadata[] = packages;
  const keep = (list: readonly string[] | undefined, meets: (pkg: PackageMetadata, item: string) => boolean) => {
    if (list !== undefined && list.length > 0) found = found.filter((pkg) => list.some((item) => meets(pkg, item)));
  };
  if (query.packages !== undefined && query.packages.length > 0) {
    const chosen = new Set(
      query.packages.flatMap((text) =>
        text.startsWith("/") ? packages.filter((pkg) => hasFile(pkg, text)) : called(packages, text, true),
      ),
    );
    found = packages.filter((pkg) => chosen.has(pkg));
  }
  keep(query.name, (pkg, glob) => matchesGlob(glob, pkg.name));
  keep(query.arch, (pkg, glob) => matchesGlob(glob, pkg.arch));
  keep(query.file, hasFile);
  if (query.whatprovides !== undefined && query.whatprovides.length > 0) found = providersOf(found, query.whatprovides);
  const depends = (kind: DependencyKind, list: readonly string[] | undefined, exact: boolean) => {
    if (list !== undefined && list.length > 0) found = dependentsOf(found, kind, list, exact);
  };
  depends("requires", query.whatrequires, query.exact ?? false);
  depends("conflicts", query.whatconflicts, false);
  depends("obsoletes", query.whatobsoletes, true);
  depends("recommends", query.whatrecommends, false);
  if (query.latest === true) found = newest(found);
  return [...found].sort(byIdentity);
}

type DependencyKind = "requires" | "conflicts" | "obsoletes" | "recommends";

function byIdentity(a: PackageMetadata, b: PackageMetadata): number {
  return (
    compareText(a.name, b.name) ||
    compareEvr(a, b) ||
    compareText(a.arch, b.arch) ||
    compareText(a.location, b.location)
  );
}

/** Parts of a text as a glob of name, epoch, version, release, architecture; all but the name may be left out. */
type Form = Partial<Record<"epoch" | "version" | "release" | "arch", string>> & { readonly name: string };

/** The ways to read a text, in the order in which dnf tries them. */
const forms: readonly RegExp[] = [
  /^(?<name>[^:(/=<> ]+)-(?:(?<epoch>\d+):)?(?<version>[^-:(/=<> ]+)-(?<release>[^-:(/=<> ]+)\.(?<arch>[^-:.(/=<> ]+)$/,
  /^(?<name>[^:(/=<> ]+)\.(?<arch>[^-:.(/=<> ]+)$/,
  /^(?<name>[^:(/=<> ]+)$/,
  /^(?<name>[^:(/=<> ]+)-(?:(?<epoch>\d+):)?(?<version>[^-:(/=<> ]+)-(?<release>[^-:(/=<> ]+)$/,
  /^(?<name>[^:(/=<> ]+)-(?:(?<epoch>\d+):)?(?<version>[^-:(/=<> ]+)$/,
];

const longest = 4096;

/** The packages that a text names: those of the first way to read it that names any. */
function called(packages: readonly PackageMetadata[], text: string, ignoreCase: boolean): readonly PackageMetadata[] {
  if (text.length > longest) return [];
  for (const form of forms) {
    const parts = form.exec(text)?.groups as Form | undefined;
    if (parts === undefined) continue;
    const found = packages.filter((pkg) => hasForm(pkg, parts, ignoreCase));
    if (found.length > 0) return found;
  }
  return [];
}

function hasForm(pkg: PackageMetadata, form: Form, ignoreCase: boolean): boolean {
  const meets = (glob: string | undefined, text: string) => glob === undefined || matchesGlob(glob, text);
  const isName = ignoreCase
    ? matchesGlob(form.name.toLowerCase(), pkg.name.toLowerCase())
    : matchesGlob(form.name, pkg.name);
  if (!isName || (form.epoch !== undefined && Number(form.epoch) !== pkg.epoch)) return false;
  return meets(form.version, pkg.version) && meets(form.release, pkg.release) && meets(form.arch, pkg.arch);
}

function hasFile(pkg: PackageMetadata, glob: string): boolean {
  return isGlob(glob)
    ? pkg.files.some((file) => matchesGlob(glob, file.path))
    : pkg.files.some((file) => file.path === glob);
}

function capabilityOf(text: string): Capability {
  const parsed = parseCapability(text);
  if (parsed?.kind === "leaf") return parsed.capability;
  throw new WeirError("REPO_QUERY_BAD", `${text} is no capability`, {
    where: text,
    hints: ["give a name, `name >= version` or a path; of a rich dependency one part"],
  });
}

/** Whether a dependency names what a glob of a capability does, and the versions meet. */
function meets(dependency: Capability, wanted: Capability): boolean {
  const sameName = isGlob(wanted.name) ? matchesGlob(wanted.name, dependency.name) : wanted.name === dependency.name;
  return sameName && overlaps(dependency, wanted);
}

function providersOf(packages: readonly PackageMetadata[], texts: readonly string[]): PackageMetadata[] {
  const wanted = texts.map(capabilityOf);
  const found = packages.filter((pkg) => pkg.provides.some((item) => wanted.some((one) => meets(item, one))));
  return found.length > 0 ? found : packages.filter((pkg) => texts.some((glob) => hasFile(pkg, glob)));
}

function dependentsOf(
  packages: readonly PackageMetadata[],
  kind: DependencyKind,
  texts: readonly string[],
  exact: boolean,
): PackageMetadata[] {
  const wanted = texts.map(capabilityOf);
  const providers = exact ? [] : texts.flatMap((text) => called(packages, text, false));
  const provided = new Map<string, Capability[]>();
  for (const pkg of providers) {
    for (const item of pkg.provides) {
      const list = provided.get(item.name);
      if (list === undefined) provided.set(item.name, [item]);
      else list.push(item);
    }
    for (const file of pkg.files) if (!provided.has(file.path)) provided.set(file.path, [{ name: file.path }]);
  }
  const judged = new Map<Dependency, boolean>();
  const judge = (dependency: Dependency): boolean => {
    const known = judged.get(dependency);
    if (known !== undefined) return known;
    const parts = partsOf(dependency);
    const isMet = parts.some((part) => wanted.some((one) => meets(part, one)));
    const byPackage = () => parts.some((part) => provided.get(part.name)?.some((item) => overlaps(item, part)));
    const answer = isMet || byPackage();
    judged.set(dependency, answer);
    return answer;
  };
  return packages.filter((pkg) => pkg[kind].some(judge));
}

function partsOf(dependency: Dependency): readonly Capability[] {
  if (!dependency.name.startsWith("(")) return [dependency];
  const rich = parseRich(dependency.name);
  return rich === undefined ? [] : providable(rich);
}

/** What could meet a rich dependency, its conditions left out. */
function providable(rich: Rich): Capability[] {
  switch (rich.kind) {
    case "leaf":
      return [rich.capability];
    case "and":
    case "or":
    case "with":
      return rich.items.flatMap(providable);
    case "without":
      return providable(rich.what);
    default:
      return [...providable(rich.what), ...(rich.otherwise === undefined ? [] : providable(rich.otherwise))];
  }
}

/** Those that nothing of their name and architecture is newer than. */
export function newest(packages: readonly PackageMetadata[]): PackageMetadata[] {
  const best = new Map<string, PackageMetadata>();
  const keyOf = (pkg: PackageMetadata) => `${pkg.name}\0${pkg.arch}`;
  for (const pkg of packages) {
    const other = best.get(keyOf(pkg));
    if (other === undefined || compareEvr(pkg, other) > 0) best.set(keyOf(pkg), pkg);
  }
  return packages.filter((pkg) => compareEvr(pkg, best.get(keyOf(pkg)) as PackageMetadata) === 0);
}

/** Names of source packages that packages were built from, each once, sorted. */
export function sourcesOf(packages: readonly PackageMetadata[]): string[] {
  const names = packages.map((pkg) =>
    pkg.arch === "src" ? `${formatNevra({ ...pkg, epoch: 0 })}.rpm` : pkg.sourceRpm,
  );
  return [...new Set(names.filter((name) => name !== ""))].sort(compareText);
}
