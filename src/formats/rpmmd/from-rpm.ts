import { compareVersion } from "../../core/index.ts";
import type { ChangelogEntry, Dependency, RpmPackage } from "../rpm/index.ts";
import { sense } from "../rpm/index.ts";
import type { PackageFile, PackageMetadata } from "./types.ts";

/** What a package's header does not say and repository metadata needs. */
export interface PackageFacts {
  /** sha256 of the package file, hex. */
  readonly pkgid: string;
  /** Path relative to the repository's root. */
  readonly location: string;
  /** Bytes of the package file. */
  readonly size: number;
  /** Time of the file, seconds since the epoch. For reproducible metadata hand in the build time. */
  readonly fileTime: number;
  readonly headerRange: { readonly start: number; readonly end: number };
  /** Changelog entries kept, newest first; default 10, Infinity keeps all. */
  readonly changelogLimit?: number;
}

const directoryMode = 0o040000;
const typeMask = 0o170000;
const ghostFlag = 64;
export const missingOk = 1 << 19;
const postTrans = 1 << 5;
const preTrans = 1 << 7;
export const preBits = sense.prereq | sense.scriptPre | sense.scriptPost | postTrans | preTrans;

/**
 * What createrepo_c would say of a package: its rules for which requirements are kept, `pre`, the single libc.so.6 requirement and
 * the changelog. `files` holds all files and folders.
 */
export function fromRpm(pkg: RpmPackage, facts: PackageFacts): PackageMetadata {
  const paths = new Set(pkg.files.map((file) => file.path));
  const provides = pkg.provides.map((dependency) => plain(dependency, false));
  return {
    name: pkg.name,
    epoch: pkg.epoch,
    version: pkg.version,
    release: pkg.release,
    arch: pkg.arch,
    summary: pkg.summary,
    description: pkg.description,
    license: pkg.license,
    url: pkg.url,
    vendor: pkg.vendor,
    packager: pkg.packager,
    group: pkg.group,
    buildHost: pkg.buildHost,
    sourceRpm: pkg.sourceRpm,
    pkgid: facts.pkgid,
    location: facts.location,
    size: { package: facts.size, installed: pkg.installedSize, archive: pkg.archiveSize },
    time: { file: facts.fileTime, build: pkg.buildTime },
    headerRange: facts.headerRange,
    provides,
    ...requirements(pkg, paths),
    conflicts: pkg.conflicts.map((dependency) => plain(dependency, false)),
    obsoletes: pkg.obsoletes.map((dependency) => plain(dependency, false)),
    suggests: pkg.suggests.map((dependency) => plain(dependency, false)),
    supplements: pkg.supplements.map((dependency) => plain(dependency, false)),
    enhances: pkg.enhances.map((dependency) => plain(dependency, false)),
    files: pkg.files.map((file): PackageFile => ({ path: file.path, type: fileType(file.mode, file.flags) })),
    changelog: changelogFromRpm(pkg.changelog, facts.changelogLimit),
  };
}

/** What a file is to repository metadata, by mode and RPMFILE flags. */
export function fileType(mode: number, flags: number): PackageFile["type"] {
  if ((mode & typeMask) === directoryMode) return "dir";
  return (flags & ghostFlag) !== 0 ? "ghost" : "file";
}

/** Whether createrepo_c lists a path in primary.xml and not in filelists.xml alone. */
export function isPrimaryFile(path: string): boolean {
  return path.startsWith("/etc/") || path === "/usr/lib/sendmail" || path.includes("bin/");
}

function plain(dependency: Dependency, pre: boolean): Dependency {
  const bits = dependency.flags & (sense.less | sense.greater | sense.equal);
  const flags = bits | (pre ? sense.prereq : 0);
  const { name, op, evr } = dependency;
  if (op === undefined || evr === undefined || evr === "") return { name, flags: pre ? sense.prereq : 0 };
  return { name, op, evr: evr.startsWith("0:") ? evr.slice(2) : evr, flags };
}

function requirements(pkg: RpmPackage, paths: ReadonlySet<string>) {
  const provided = new Set(pkg.provides.map(keyOf));
  const last = new Map<string, string>();
  const requires: Dependency[] = [];
  const recommends: Dependency[] = [];
  let libc: Dependency | undefined;
  for (const dependency of pkg.requires) {
    const { name, flags } = dependency;
    if (name.startsWith("rpmlib(")) continue;
    if (name.startsWith("/") && paths.has(name) && isPrimaryFile(name)) continue;
    if (provided.has(keyOf(dependency))) continue;
    const pre = (flags & preBits) !== 0;
    const key = `${keyOf(dependency)}\0${pre}`;
    if (last.get(name) === key) continue;
    const kept = plain(dependency, pre);
    if ((flags & missingOk) !== 0) recommends.push(plain(dependency, false));
    else if (name.startsWith("libc.so.6")) {
      if (libc === undefined || isOlderLibc(libc.name, name)) libc = kept;
    } else {
      requires.push(kept);
      last.set(name, key);
    }
  }
  if (libc !== undefined) requires.push(libc);
  recommends.push(...pkg.recommends.map((dependency) => plain(dependency, false)));
  return { requires, recommends };
}

function keyOf(dependency: Dependency): string {
  return `${dependency.name}\0${dependency.op ?? ""}\0${dependency.evr ?? ""}`;
}

/** Whether libc.so.6(`b`) asks for a newer symbol version than libc.so.6(`a`). */
export function isOlderLibc(a: string, b: string): boolean {
  const [versionA, versionB] = [symbolVersion(a), symbolVersion(b)];
  if (versionB === undefined) return false;
  return versionA === undefined || compareVersion(versionA, versionB) < 0;
}

const symbolVersions = new Map<string, string | undefined>();

/** A distribution has a few dozen of these names. */
function symbolVersion(name: string): string | undefined {
  if (symbolVersions.has(name)) return symbolVersions.get(name);
  const found = /^[^(]*\([^)0-9]*([0-9][^)]*)\)/.exec(name)?.[1];
  if (symbolVersions.size < 1000 && name.length < 100) symbolVersions.set(name, found);
  return found;
}

/** The newest entries, oldest first; entries of one time are told apart by adding seconds to the newer ones. */
function changelogFromRpm(entries: readonly ChangelogEntry[], limit = 10): ChangelogEntry[] {
  const kept: { time: number; author: string; text: string }[] = [];
  let lastTime = 0;
  for (const entry of entries.slice(0, limit)) {
    if (entry.time === lastTime) {
      let clash = entry.time;
      for (let index = kept.length - 1; index >= 0; index--) {
        const newer = kept[index];
        if (newer === undefined || newer.time !== clash) break;
        newer.time++;
        clash++;
      }
    } else lastTime = entry.time;
    kept.push({ time: entry.time, author: entry.author.replace(/ +$/, ""), text: entry.text });
  }
  return kept.reverse();
}
