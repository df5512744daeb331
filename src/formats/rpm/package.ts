import type { RpmHeader } from "./header.ts";
import { tag } from "./tags.ts";
import {
  type ChangelogEntry,
  type Comparison,
  type Dependency,
  type RpmFile,
  type RpmPackage,
  type Scriptlet,
  sense,
} from "./types.ts";
import { WeirError } from "../../core/index.ts";

/** A package without what comes in long lists: files, changelog, scripts. */
export type RpmPackageHead = Omit<RpmPackage, "files" | "changelog" | "scriptlets" | "triggers" | "payload">;

/** The values of a main header, from a package file or from the database of installed packages. */
export function packageOfHeader(header: RpmHeader): RpmPackage {
  return {
    ...packageHeadOf(header),
    files: filesOf(header),
    changelog: changelogOf(header),
    scriptlets: scriptletsOf(header),
    triggers: triggersOf(header),
    payload: {
      format: header.string(tag.payloadFormat) ?? "cpio",
      compressor: header.string(tag.payloadCompressor) ?? "gzip",
    },
  };
}

/** As {@link packageOfHeader}, without the long lists. */
export function packageHeadOf(header: RpmHeader): RpmPackageHead {
  const text = (number: number) => header.string(number) ?? "";
  const isSource = header.has(tag.sourcePackage) || (!header.has(tag.sourceRpm) && header.has(tag.arch));
  return {
    name: required(header, tag.name, "name"),
    epoch: header.number(tag.epoch) ?? 0,
    version: required(header, tag.version, "version"),
    release: required(header, tag.release, "release"),
    arch: isSource ? "src" : (header.string(tag.arch) ?? "(none)"),
    summary: text(tag.summary),
    description: text(tag.description),
    license: text(tag.license),
    url: text(tag.url),
    vendor: text(tag.vendor),
    packager: text(tag.packager),
    group: text(tag.group),
    buildTime: header.number(tag.buildTime) ?? 0,
    buildHost: text(tag.buildHost),
    sourceRpm: text(tag.sourceRpm),
    installedSize: header.number(tag.longSize) ?? header.number(tag.size) ?? 0,
    archiveSize: header.number(271) ?? header.number(tag.archiveSize) ?? 0,
    provides: providesOf(header, isSource),
    requires: dependencies(header, tag.requireName, tag.requireFlags, tag.requireVersion),
    conflicts: dependencies(header, tag.conflictName, tag.conflictFlags, tag.conflictVersion),
    obsoletes: dependencies(header, tag.obsoleteName, tag.obsoleteFlags, tag.obsoleteVersion),
    recommends: dependencies(header, tag.recommendName, tag.recommendFlags, tag.recommendVersion),
    suggests: dependencies(header, tag.suggestName, tag.suggestFlags, tag.suggestVersion),
    supplements: dependencies(header, tag.supplementName, tag.supplementFlags, tag.supplementVersion),
    enhances: dependencies(header, tag.enhanceName, tag.enhanceFlags, tag.enhanceVersion),
  };
}

function required(header: RpmHeader, number: number, name: string): string {
  const value = header.string(number);
  if (value === undefined || value === "") {
    throw new WeirError("RPM_TAG_MISSING", `header has no ${name}`, {
      where: header.where,
      hints: ["the package is damaged: fetch or build it again"],
    });
  }
  return value;
}

/** Packages of format 3 may leave out that they provide themselves: rpm adds it when it reads them. */
function providesOf(header: RpmHeader, isSource: boolean): Dependency[] {
  const provides = dependencies(header, tag.provideName, tag.provideFlags, tag.provideVersion);
  if (isSource || header.has(tag.headerImmutable)) return provides;
  const name = header.string(tag.name) ?? "";
  if (provides.some((each) => each.name === name && each.op === "=")) return provides;
  const epoch = header.number(tag.epoch);
  const evr = `${epoch === undefined ? "" : `${epoch}:`}${header.string(tag.version)}-${header.string(tag.release)}`;
  return [...provides, { name, op: "=", evr, flags: sense.equal }];
}

const comparisons: readonly (Comparison | undefined)[] = [undefined, "<", ">", undefined, "=", "<=", ">=", undefined];

function dependencies(header: RpmHeader, names: number, flagsTag: number, versions: number): Dependency[] {
  const name = header.strings(names);
  const flags = header.numbers(flagsTag);
  const version = header.strings(versions);
  return name.map((text, i) => {
    const bits = flags[i] ?? 0;
    const evr = version[i] ?? "";
    const op = comparisons[(bits >> 1) & 7];
    if (op === undefined || evr === "" || text.startsWith("(")) return { name: text, flags: bits };
    return { name: text, op, evr, flags: bits };
  });
}

/** Paths of the header's files, in its order. */
export function filePathsOf(header: RpmHeader): string[] {
  if (!header.has(tag.baseNames)) return header.strings(tag.oldFileNames);
  const directories = header.strings(tag.dirNames);
  const indexes = header.numbers(tag.dirIndexes);
  return header.strings(tag.baseNames).map((base, i) => {
    const directory = directories[indexes[i] ?? -1];
    if (directory === undefined) {
      throw new WeirError("RPM_TAG_BAD", `file ${base} names a folder that the header does not have`, {
        where: header.where,
        hints: ["the package is damaged: fetch or build it again"],
      });
    }
    return directory + base;
  });
}

function filesOf(header: RpmHeader): RpmFile[] {
  const paths = filePathsOf(header);
  if (paths.length === 0) return [];
  const mode = header.numbers(tag.fileModes);
  const size = header.has(tag.longFileSizes) ? header.numbers(tag.longFileSizes) : header.numbers(tag.fileSizes);
  const mtime = header.numbers(tag.fileMtimes);
  const digest = header.strings(tag.fileDigests);
  const user = header.strings(tag.fileUserName);
  const group = header.strings(tag.fileGroupName);
  const link = header.strings(tag.fileLinkTos);
  const flags = header.numbers(tag.fileFlags);
  const rdev = header.numbers(tag.fileRdevs);
  const inode = header.numbers(tag.fileInodes);
  const capabilities = header.strings(tag.fileCaps);
  return paths.map((path, i) => ({
    path,
    mode: mode[i] ?? 0,
    size: size[i] ?? 0,
    mtime: mtime[i] ?? 0,
    digest: digest[i] ?? "",
    user: user[i] ?? "root",
    group: group[i] ?? "root",
    linkTarget: link[i] ?? "",
    flags: flags[i] ?? 0,
    rdev: rdev[i] ?? 0,
    inode: inode[i] ?? 0,
    capabilities: capabilities[i] ?? "",
  }));
}

function changelogOf(header: RpmHeader): ChangelogEntry[] {
  const times = header.numbers(tag.changelogTime);
  const texts = header.strings(tag.changelogText);
  return header.strings(tag.changelogName).map((author, i) => ({ time: times[i] ?? 0, author, text: texts[i] ?? "" }));
}

const scriptletTags: readonly (readonly [Scriptlet["kind"], number, number])[] = [
  ["pretrans", tag.preTrans, tag.preTransProg],
  ["pre", tag.preIn, tag.preInProg],
  ["post", tag.postIn, tag.postInProg],
  ["preun", tag.preUn, tag.preUnProg],
  ["postun", tag.postUn, tag.postUnProg],
  ["posttrans", tag.postTrans, tag.postTransProg],
  ["verify", tag.verifyScript, tag.verifyScriptProg],
];

function scriptletsOf(header: RpmHeader): Scriptlet[] {
  const found: Scriptlet[] = [];
  for (const [kind, bodyTag, programTag] of scriptletTags) {
    const body = header.string(bodyTag);
    const interpreter = header.strings(programTag);
    if (body === undefined && interpreter.length === 0) continue;
    found.push({ kind, interpreter: interpreter.length > 0 ? interpreter : ["/bin/sh"], body: body ?? "" });
  }
  return found;
}

const triggerKinds: readonly (readonly [number, string])[] = [
  [1 << 25, "prein"],
  [1 << 16, "in"],
  [1 << 17, "un"],
  [1 << 18, "postun"],
];

function triggersOf(header: RpmHeader): string[] {
  const kinds = new Set<string>();
  const families = [
    ["trigger", tag.triggerFlags],
    ["filetrigger", tag.fileTriggerFlags],
    ["transfiletrigger", tag.transFileTriggerFlags],
  ] as const;
  for (const [family, flagsTag] of families) {
    const flags = header.numbers(flagsTag);
    for (let i = 0; i < flags.length; i++) {
      for (const [bit, kind] of triggerKinds) if (((flags[i] ?? 0) & bit) !== 0) kinds.add(family + kind);
    }
  }
  return [...kinds];
}

/** Whether the dependency is rpm's own business (`rpmlib(…)`), which no package provides. */
export function isRpmlib(dependency: Dependency): boolean {
  return (dependency.flags & sense.rpmlib) !== 0 || dependency.name.startsWith("rpmlib(");
}
