import { compareText, formatNevra } from "../../core/index.ts";
import { formatDependency } from "../../formats/rpm/index.ts";
import type { PackageMetadata } from "../../formats/rpmmd/index.ts";
import type { PackageIndex } from "./package-index.ts";
import { parseSoname } from "./sonames.ts";
import type { Change } from "./types.ts";

/** Facts about how a package was made, or for software centres; nobody's program needs them. */
const descriptive =
  /^(?:bundled|config|debuginfo|application|metainfo|mimehandler|font|rpmlib|group|license)\(|^(?:application|metainfo|font)\(\)$/;

/**
 * Provided names that nothing provides any more, sonames and their versions as one change each, with those who require them.
 * `libraries`: for each soname before, those of the same library after.
 */
export function compareProvides(
  pkg: PackageMetadata,
  before: PackageIndex,
  after: PackageIndex,
  libraries: ReadonlyMap<string, readonly string[]>,
): Change[] {
  const changes: Change[] = [];
  const lost = new Map<string, string[]>();
  const own = new Set([pkg.name, ...isaNames(pkg)]);
  for (const { name } of pkg.provides) {
    if (after.has(name) || own.has(name) || descriptive.test(name)) continue;
    const library = parseSoname(name);
    const key = library ? `soname ${library.soname}` : name;
    const list = lost.get(key);
    if (!list) lost.set(key, [name]);
    else if (!list.includes(name)) list.push(name);
  }
  for (const [key, names] of lost) {
    const consumers = before.requirers(names, pkg.name);
    const soname = key.startsWith("soname ") ? key.slice(7) : undefined;
    if (soname === undefined) {
      changes.push({ rule: "COMPAT004", breaks: true, subject: key, what: "provided by nothing any more", consumers });
      continue;
    }
    const base = names.some((name) => parseSoname(name)?.version === "");
    if (base) {
      const next = libraries.get(soname) ?? [];
      const what =
        next.length > 0 ? `soname ${soname} → ${next.join(", ")}` : `soname ${soname} is provided by nothing any more`;
      changes.push({ rule: "COMPAT005", breaks: true, subject: soname, what, consumers });
      continue;
    }
    for (const name of names) {
      const version = parseSoname(name)?.version ?? "";
      const secret = /PRIVATE/.test(version);
      changes.push({
        rule: "COMPAT007",
        breaks: !secret,
        subject: version,
        what: `version node ${version} of ${soname} is gone${secret ? " (private)" : ""}`,
        consumers: before.requirers([name], pkg.name),
      });
    }
  }
  return changes;
}

function isaNames(pkg: PackageMetadata): string[] {
  return [
    `${pkg.name}(x86-64)`,
    `${pkg.name}(x86-32)`,
    `${pkg.name}(aarch-64)`,
    `${pkg.name}(riscv-64)`,
    `${pkg.name}(ppc-64)`,
    `${pkg.name}(s390-64)`,
  ];
}

/** Requirements of the distribution after that only the distribution before could meet. */
export function findLeftBehind(before: PackageIndex, after: PackageIndex): { nevra: string; capability: string }[] {
  const found: { nevra: string; capability: string }[] = [];
  for (const pkg of after.packages()) {
    const seen = new Set<string>();
    for (const dependency of pkg.requires) {
      const { name } = dependency;
      if (seen.has(name) || name.startsWith("(") || name.startsWith("rpmlib(") || after.has(name) || !before.has(name))
        continue;
      // A path outside what primary metadata lists cannot be judged without full file lists.
      if (name.startsWith("/") && !after.repository.filesComplete) continue;
      seen.add(name);
      found.push({ nevra: formatNevra(pkg), capability: formatDependency(dependency) });
    }
  }
  return found.sort((a, b) => compareText(a.nevra, b.nevra) || compareText(a.capability, b.capability));
}
