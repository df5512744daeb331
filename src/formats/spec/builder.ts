import { formatEvr } from "../../core/index.ts";
import { type Dependency, sense } from "../rpm/index.ts";
import type { SpecDependency, SpecPackage } from "./types.ts";

export const packageDependencyTags = {
  requires: "requires",
  prereq: "requires",
  provides: "provides",
  conflicts: "conflicts",
  obsoletes: "obsoletes",
  recommends: "recommends",
  suggests: "suggests",
  supplements: "supplements",
  enhances: "enhances",
} as const;

export type DependencyKind = (typeof packageDependencyTags)[keyof typeof packageDependencyTags];

/** A package while its sections are read. */
export class PackageBuilder {
  readonly name: string;
  readonly line: number;
  /** Values of tags that stand alone, by lower-case name. */
  readonly values = new Map<string, string>();
  built = false;
  readonly files: string[] = [];
  readonly #dependencies: Record<DependencyKind, SpecDependency[]> = {
    requires: [],
    provides: [],
    conflicts: [],
    obsoletes: [],
    recommends: [],
    suggests: [],
    supplements: [],
    enhances: [],
  };
  readonly #seen = new Set<string>();

  constructor(name: string, line: number) {
    this.name = name;
    this.line = line;
  }

  /** Adds unless the same is there already. */
  add(kind: DependencyKind, dependency: SpecDependency): void {
    const key = `${kind}\0${dependency.name}\0${dependency.op ?? ""}\0${dependency.evr ?? ""}\0${dependency.flags}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#dependencies[kind].push(dependency);
  }

  finish(main: PackageBuilder, name: string, arch: string, isa: string): SpecPackage {
    const value = (tag: string) => this.values.get(tag) ?? main.values.get(tag) ?? "";
    const own = this.values.get("buildarch")?.split(/[\s,]+/)[0];
    const packageArch = own === "noarch" ? "noarch" : arch;
    const evr = { epoch: Number(value("epoch")) || 0, version: value("version"), release: value("release") };
    const self: Dependency = { name, op: "=", evr: formatEvr(evr), flags: sense.equal };
    this.add("provides", { ...self, line: this.line });
    if (packageArch !== "noarch" && isa !== "") this.add("provides", { ...self, name: name + isa, line: this.line });
    return {
      name,
      ...evr,
      arch: packageArch,
      summary: this.values.get("summary") ?? "",
      built: this.built,
      files: this.files,
      ...this.#dependencies,
    };
  }
}
