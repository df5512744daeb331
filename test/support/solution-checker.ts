import { compareEvr, parseEvr } from "../../src/core/index.ts";
import { parseRich, type Rich } from "../../src/engine/solve/index.ts";
import type { Dependency } from "../../src/formats/rpm/index.ts";
import type { PackageMetadata } from "../../src/formats/rpmmd/index.ts";

type Range = Pick<Dependency, "name" | "op" | "evr">;

/** Judges a set of packages by brute force and none of the solver's code but the parser: sentences about what is wrong, empty when sound. */
export function complaintsAbout(
  packages: readonly PackageMetadata[],
  requests: readonly Range[],
  assume: readonly string[] = [],
): string[] {
  const complaints: string[] = [];
  const index = new Map<string, PackageMetadata[]>();
  for (const pkg of packages) {
    for (const name of new Set([
      pkg.name,
      ...pkg.provides.map((item) => item.name),
      ...pkg.files.map((item) => item.path),
    ])) {
      index.set(name, [...(index.get(name) ?? []), pkg]);
    }
  }
  const met = (range: Range, list: readonly PackageMetadata[] = index.get(range.name) ?? []) =>
    assume.includes(range.name) || list.some((pkg) => provides(pkg, range));
  const holds = (dependency: Range): boolean => {
    if (!dependency.name.startsWith("(")) return met(dependency);
    const rich = parseRich(dependency.name);
    return rich !== undefined && evaluate(rich, packages, met);
  };
  for (const request of requests) if (!holds(request)) complaints.push(`${request.name} was requested`);
  for (const pkg of packages) {
    const others = packages.filter((other) => other !== pkg);
    for (const need of pkg.requires) {
      if (!need.name.startsWith("rpmlib(") && !holds(need))
        complaints.push(`${pkg.name} requires ${need.name} ${need.op ?? ""} ${need.evr ?? ""}`);
    }
    for (const bad of pkg.conflicts) {
      const rich = bad.name.startsWith("(") ? parseRich(bad.name) : undefined;
      const hit = rich
        ? evaluate(rich, packages, met)
        : (index.get(bad.name) ?? []).some((other) => other !== pkg && provides(other, bad));
      if (hit) complaints.push(`${pkg.name} conflicts with ${bad.name}`);
    }
    for (const bad of pkg.obsoletes) {
      const hit = others.some(
        (other) => other.name === bad.name && other.name !== pkg.name && inRange(ownRange(other), bad),
      );
      if (hit) complaints.push(`${pkg.name} obsoletes ${bad.name}`);
    }
    if (others.some((other) => other.name === pkg.name)) complaints.push(`two of ${pkg.name}`);
  }
  return complaints;
}

function evaluate(
  rich: Rich,
  packages: readonly PackageMetadata[],
  met: (range: Range, list?: readonly PackageMetadata[]) => boolean,
): boolean {
  const is = (node: Rich): boolean => evaluate(node, packages, met);
  switch (rich.kind) {
    case "leaf":
      return packages.length === 1 ? met(rich.capability, packages) : met(rich.capability);
    case "and":
      return rich.items.every(is);
    case "or":
      return rich.items.some(is);
    case "with":
      return packages.some((pkg) => rich.items.every((item) => evaluate(item, [pkg], met)));
    case "without":
      return packages.some((pkg) => evaluate(rich.what, [pkg], met) && !evaluate(rich.but, [pkg], met));
    case "if":
      return is(rich.condition) ? is(rich.what) : rich.otherwise === undefined || is(rich.otherwise);
    case "unless":
      return is(rich.condition) ? rich.otherwise !== undefined && is(rich.otherwise) : is(rich.what);
  }
}

function ownRange(pkg: PackageMetadata): Range {
  return { name: pkg.name, op: "=", evr: `${pkg.epoch}:${pkg.version}-${pkg.release}` };
}

function provides(pkg: PackageMetadata, range: Range): boolean {
  if (pkg.files.some((file) => file.path === range.name)) return true;
  return [...pkg.provides, ownRange(pkg)].some((provide) => provide.name === range.name && inRange(provide, range));
}

function inRange(a: Range, b: Range): boolean {
  if (a.op === undefined || b.op === undefined) return true;
  const order = compareEvr(parseEvr(a.evr ?? ""), parseEvr(b.evr ?? ""));
  const anyRelease = [a, b].find((side) => !side.evr?.includes("-"));
  if (order === 0 && (a.evr?.includes("-") || b.evr?.includes("-")) && anyRelease?.op?.endsWith("=")) return true;
  if (order === 0) return a.op[0] === b.op[0] || (a.op.endsWith("=") && b.op.endsWith("="));
  return order < 0 ? a.op[0] === ">" || b.op[0] === "<" : a.op[0] === "<" || b.op[0] === ">";
}
