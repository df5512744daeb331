import { compareText, parseEvr } from "../../core/index.ts";
import type { Repository } from "../../formats/rpmmd/index.ts";
import {
  matchesGlob,
  type PackageFate,
  PackageIndex,
  type PackageMap,
  sourceName,
  type VirtualFate,
} from "../compat/index.ts";

/** What an argument of an install command means. */
export type Resolved =
  | { readonly kind: "package"; readonly fate: PackageFate; readonly rest: Rest }
  | { readonly kind: "virtual"; readonly fate: VirtualFate; readonly rest: Rest }
  /** On the target, though the legacy distribution did not have it. */
  | { readonly kind: "target"; readonly name: string; readonly rest: Rest }
  | { readonly kind: "glob"; readonly before: readonly string[]; readonly after: readonly string[] }
  | { readonly kind: "path"; readonly owners: readonly string[]; readonly complete: boolean }
  | { readonly kind: "group" }
  /** A package file or URL; `file` is its last part. */
  | { readonly kind: "file"; readonly file: string }
  | { readonly kind: "unknown" };

/** What stands behind the name: `version`, `version-release`, an architecture, a comparison. */
export interface Rest {
  readonly name: string;
  readonly version: string | undefined;
  readonly release: string | undefined;
  readonly arch: string | undefined;
}

const arches = /\.(noarch|x86_64|aarch64|i686|i386|armv7hl|src)$/;
const maxName = 512;
/** Patterns of one file that are matched against all names. */
const maxGlobs = 500;

/** Names of both distributions. */
export class NameResolver {
  readonly #fates: ReadonlyMap<string, PackageFate>;
  readonly #virtuals: ReadonlyMap<string, VirtualFate>;
  readonly target: PackageIndex;
  readonly #names: readonly string[];

  readonly #before: PackageIndex | undefined;
  #bySource: Map<string, string[]> | undefined;
  #python: { readonly change: { before: string; after: readonly string[] } | undefined } | undefined;
  #globs = 0;

  constructor(map: PackageMap, target: Repository, before?: PackageIndex) {
    this.#before = before;
    this.#fates = new Map(map.packages.map((fate) => [fate.name, fate]));
    this.#virtuals = new Map(map.virtuals.map((fate) => [fate.name, fate]));
    this.target = new PackageIndex(target);
    this.#names = [...this.target.byName.keys()].sort(compareText);
  }

  /** Names of the target's packages that a source package builds, sorted. */
  builtFrom(source: string): readonly string[] {
    if (!this.#bySource) {
      this.#bySource = new Map();
      for (const name of this.#names) {
        const pkg = this.target.main(name);
        const key = pkg ? sourceName(pkg) : "";
        const list = this.#bySource.get(key);
        if (list) list.push(name);
        else this.#bySource.set(key, [name]);
      }
    }
    return this.#bySource.get(source) ?? [];
  }

  /** The legacy distribution's version of Python and the target's, where they differ. */
  get python(): { readonly before: string; readonly after: readonly string[] } | undefined {
    this.#python ??= { change: this.#comparePython() };
    return this.#python.change;
  }

  #comparePython(): { before: string; after: readonly string[] } | undefined {
    const versionsOf = (index: PackageIndex) =>
      (index.provides.get("python(abi)") ?? []).flatMap((pkg) =>
        pkg.provides.flatMap((dependency) => (dependency.name === "python(abi)" ? (dependency.evr ?? []) : [])),
      );
    const [before] = this.#before ? versionsOf(this.#before) : [];
    const after = versionsOf(this.target);
    return before === undefined || after.length === 0 || after.includes(before) ? undefined : { before, after };
  }

  /** Files of a kind in the packages that take a package's place. */
  filesOfSuccessors(name: string, wanted: (path: string) => boolean): string[] {
    const successors = this.#fates.get(name)?.to ?? [];
    const files = successors.flatMap((successor) => this.target.main(successor)?.files ?? []);
    return files.filter((file) => file.type === "file" && wanted(file.path)).map((file) => file.path);
  }

  /** The package after that holds a name: itself or what provides it. */
  targetFor(name: string): string | undefined {
    return this.target.byName.has(name) ? name : this.target.provides.get(name)?.[0]?.name;
  }

  resolve(argument: string): Resolved {
    if (argument.startsWith("@")) return { kind: "group" };
    if (/^[a-z]+:\/\//i.test(argument) || argument.endsWith(".rpm"))
      return { kind: "file", file: argument.replace(/[?#].*$/, "").replace(/^.*\//, "") };
    if (argument.startsWith("/")) {
      const owners = this.target.owners(argument).map((pkg) => pkg.name);
      return {
        kind: "path",
        owners,
        complete: this.target.repository.filesComplete || /\/s?bin\/|^\/etc\//.test(argument),
      };
    }
    if (argument.length > maxName) return { kind: "unknown" };
    if (/[*?[]/.test(argument)) {
      if (++this.#globs > maxGlobs) return { kind: "unknown" };
      const matching = (names: Iterable<string>) => [...names].filter((name) => matchesGlob(name, argument));
      return { kind: "glob", before: matching(this.#fates.keys()), after: matching(this.#names) };
    }
    const comparison = /^(\S+)\s*(?:<=|>=|=|<|>)\s*(\S+)$/.exec(argument);
    if (comparison) {
      const evr = parseEvr(comparison[2] as string);
      return (
        this.#named({ name: comparison[1] as string, version: evr.version, release: evr.release, arch: undefined }) ?? {
          kind: "unknown",
        }
      );
    }
    return this.#split(argument);
  }

  #split(argument: string): Resolved {
    const plain = { name: argument, version: undefined, release: undefined, arch: undefined };
    const direct = this.#named(plain);
    if (direct) return direct;
    const arch = arches.exec(argument)?.[1];
    const bare = arch === undefined ? argument : argument.slice(0, -arch.length - 1);
    if (arch !== undefined) {
      const found = this.#named({ ...plain, name: bare, arch });
      if (found) return found;
    }
    // `name-version` and `name-version-release`: the longest known name wins.
    const parts = bare.split("-");
    for (const count of [1, 2]) {
      if (parts.length <= count) break;
      const name = parts.slice(0, -count).join("-");
      const [version = "", release] = parts.slice(-count);
      if (!/^(?:\d+:)?\w/.test(version) || !/\d/.test(version)) continue;
      const found = this.#named({ name, version: version.replace(/^\d+:/, ""), release, arch });
      if (found) return found;
    }
    return { kind: "unknown" };
  }

  #named(rest: Rest): Resolved | undefined {
    const fate = this.#fates.get(rest.name);
    if (fate) return { kind: "package", fate, rest };
    const virtual = this.#virtuals.get(rest.name);
    if (virtual) return { kind: "virtual", fate: virtual, rest };
    if (this.target.has(rest.name)) return { kind: "target", name: rest.name, rest };
    const by = [...new Set((this.#before?.provides.get(rest.name) ?? []).map((pkg) => pkg.name))];
    if (by.length === 0) return undefined;
    const successors = [...new Set(by.flatMap((name) => this.#fates.get(name)?.to ?? []))].sort(compareText);
    return { kind: "virtual", fate: { name: rest.name, by, to: [], successors }, rest };
  }
}
