import type { LaidEntry, PackageDescription, PayloadFacts } from "./build-types.ts";
import { entryValues, installedSize, invalid, needsLong } from "./lay-entries.ts";
import { parseCapability } from "./rich.ts";
import { tag } from "./tags.ts";
import { type Scriptlet, sense } from "./types.ts";
import type { HeaderValue } from "./write-header.ts";

/** The version of rpm whose readers can read what is written here, by format. */
const readableBy = { 4: "4.18.0", 6: "6.0.0" } as const;

interface DependencyValue {
  readonly name: string;
  readonly flags: number;
  readonly evr: string;
}

/** All values of a main header, but for what only the payload tells. Errors: `RPM_PACK_INVALID`. */
export function describedValues(
  described: PackageDescription,
  laid: readonly LaidEntry[],
  payload: Pick<PayloadFacts, "compressor" | "level">,
  format: 4 | 6,
): HeaderValue[] {
  const where = checkDescription(described);
  const long = format === 6 || needsLong(laid);
  const { name, version, release, epoch } = described;
  const evr = `${epoch === undefined ? "" : `${epoch}:`}${version}-${release}`;
  const text = (number: number, value: string | undefined): HeaderValue[] =>
    value === undefined ? [] : [{ tag: number, type: "string", value }];
  const number = (which: number, value: number | undefined): HeaderValue[] =>
    value === undefined ? [] : [{ tag: which, type: "int32", value: [value] }];
  const i18n = (which: number, value: string): HeaderValue => ({ tag: which, type: "i18nString", value: [value] });
  const size = installedSize(laid);
  const source = described.source === true;
  const values: HeaderValue[] = [
    { tag: tag.i18nTable, type: "stringArray", value: ["C"] },
    ...text(tag.name, name),
    ...text(tag.version, version),
    ...text(tag.release, release),
    ...number(tag.epoch, epoch),
    i18n(tag.summary, described.summary ?? name),
    i18n(tag.description, described.description ?? described.summary ?? name),
    i18n(tag.group, described.group ?? "Unspecified"),
    ...number(tag.buildTime, described.buildTime),
    ...text(tag.buildHost, described.buildHost ?? "localhost"),
    ...(long ? [{ tag: tag.longSize, type: "int64", value: [BigInt(size)] } as const] : number(tag.size, size)),
    ...text(tag.distribution, described.distribution),
    ...text(tag.vendor, described.vendor),
    ...text(tag.license, described.license ?? "Unspecified"),
    ...text(tag.packager, described.packager),
    ...text(tag.url, described.url),
    ...text(tag.os, "linux"),
    ...text(tag.arch, described.arch ?? "noarch"),
    ...text(tag.rpmVersion, readableBy[format]),
    ...text(tag.payloadFormat, "cpio"),
    ...(payload.compressor === "none" ? [] : text(tag.payloadCompressor, payload.compressor)),
    ...text(tag.payloadFlags, payload.level),
    ...text(tag.encoding, "utf-8"),
    ...(source
      ? number(tag.sourcePackage, 1)
      : text(tag.sourceRpm, described.sourceRpm ?? `${name}-${version}-${release}.src.rpm`)),
    ...(format === 6 ? number(tag.rpmFormat, 6) : []),
    ...(format === 6 && !source ? text(tag.sourceNevr, sourceNevr(described, evr)) : []),
    ...entryValues(laid, long),
    ...changelogValues(described),
    ...(described.scriptlets ?? []).flatMap(scriptletValues),
  ];
  const read = (texts: readonly string[] | undefined) => (texts ?? []).map((one) => dependency(one, where));
  const provides = read(described.provides);
  if (!source) provides.push(dependency(`${name} = ${evr}`, where));
  const kinds = [
    [provides, tag.provideName, tag.provideFlags, tag.provideVersion],
    [
      unique([...read(described.requires), ...interpreters(described), ...features(described, laid, payload, long)]),
      tag.requireName,
      tag.requireFlags,
      tag.requireVersion,
    ],
    [read(described.conflicts), tag.conflictName, tag.conflictFlags, tag.conflictVersion],
    [read(described.obsoletes), tag.obsoleteName, tag.obsoleteFlags, tag.obsoleteVersion],
    [read(described.recommends), tag.recommendName, tag.recommendFlags, tag.recommendVersion],
    [read(described.suggests), tag.suggestName, tag.suggestFlags, tag.suggestVersion],
    [read(described.supplements), tag.supplementName, tag.supplementFlags, tag.supplementVersion],
    [read(described.enhances), tag.enhanceName, tag.enhanceFlags, tag.enhanceVersion],
  ] as const;
  for (const [list, names, flags, versions] of kinds) {
    if (list.length === 0) continue;
    values.push(
      { tag: names, type: "stringArray", value: list.map((item) => item.name) },
      { tag: flags, type: "int32", value: list.map((item) => item.flags) },
      { tag: versions, type: "stringArray", value: list.map((item) => item.evr) },
    );
  }
  const own = new Set((described.header ?? []).map((value) => value.tag));
  return [...values.filter((value) => !own.has(value.tag)), ...(described.header ?? [])];
}

const senseOf: Readonly<Record<string, number>> = {
  "<": sense.less,
  "<=": sense.less | sense.equal,
  "=": sense.equal,
  ">=": sense.greater | sense.equal,
  ">": sense.greater,
};

function dependency(text: string, where: string): DependencyValue {
  const tree = text.includes("\0") ? undefined : parseCapability(text);
  if (!tree) throw invalid(where, `${JSON.stringify(text)} is no dependency`);
  if (tree.kind !== "leaf" || text.trim().startsWith("(")) return { name: text.trim(), flags: 0, evr: "" };
  const { name, op, evr } = tree.capability;
  return { name, flags: senseOf[op ?? ""] ?? 0, evr: evr ?? "" };
}

const scripts: Readonly<Record<Scriptlet["kind"], readonly [body: number, program: number, flags: number]>> = {
  pre: [tag.preIn, tag.preInProg, sense.scriptPre],
  post: [tag.postIn, tag.postInProg, sense.scriptPost],
  preun: [tag.preUn, tag.preUnProg, sense.scriptPreun],
  postun: [tag.postUn, tag.postUnProg, sense.scriptPostun],
  pretrans: [tag.preTrans, tag.preTransProg, 1 << 7],
  posttrans: [tag.postTrans, tag.postTransProg, 1 << 5],
  verify: [tag.verifyScript, tag.verifyScriptProg, 1 << 13],
};

function scriptletValues(scriptlet: Scriptlet): HeaderValue[] {
  const [body, program] = scripts[scriptlet.kind];
  const [first = "/bin/sh"] = scriptlet.interpreter;
  return [
    ...(scriptlet.body === "" ? [] : [{ tag: body, type: "string", value: scriptlet.body } as const]),
    scriptlet.interpreter.length <= 1
      ? { tag: program, type: "string", value: first }
      : { tag: program, type: "stringArray", value: scriptlet.interpreter },
  ];
}

/** What the scriptlets are run with has to be there by then. */
function interpreters(described: PackageDescription): DependencyValue[] {
  return (described.scriptlets ?? [])
    .filter(({ interpreter }) => interpreter[0] !== "<lua>")
    .map(({ kind, interpreter }) => ({
      name: interpreter[0] ?? "/bin/sh",
      flags: sense.interp | scripts[kind][2],
      evr: "",
    }));
}

/** What of rpm itself the package needs, as rpm's own builder states it. */
function features(
  described: PackageDescription,
  laid: readonly LaidEntry[],
  payload: Pick<PayloadFacts, "compressor">,
  long: boolean,
): DependencyValue[] {
  const interpreter = (test: (argv: readonly string[]) => boolean) =>
    (described.scriptlets ?? []).some((scriptlet) => test(scriptlet.interpreter));
  const texts = [described.requires, described.recommends, described.suggests, described.supplements]
    .concat([described.enhances, described.conflicts])
    .flatMap((list) => list ?? []);
  const versions = [described.version, described.release].join("");
  const needs: readonly (readonly [boolean, string, string])[] = [
    [interpreter(([first]) => first === "<lua>"), "BuiltinLuaScripts", "4.2.2-1"],
    [versions.includes("^"), "CaretInVersions", "4.15.0-1"],
    [laid.length > 0 && described.source !== true, "CompressedFileNames", "3.0.4-1"],
    [laid.some((item) => item.entry.capabilities), "FileCaps", "4.6.1-1"],
    [laid.length > 0, "FileDigests", "4.6.0-1"],
    [long, "LargeFiles", "4.12.0-1"],
    [described.source !== true, "PayloadFilesHavePrefix", "4.0-1"],
    [payload.compressor === "bzip2", "PayloadIsBzip2", "3.0.5-1"],
    [payload.compressor === "xz", "PayloadIsXz", "5.2-1"],
    [payload.compressor === "zstd", "PayloadIsZstd", "5.4.18-1"],
    [texts.some((text) => text.trim().startsWith("(")), "RichDependencies", "4.12.0-1"],
    [interpreter((argv) => argv.length > 1), "ScriptletInterpreterArgs", "4.0.3-1"],
    [versions.includes("~"), "TildeInVersions", "4.10.0-1"],
  ];
  return needs
    .filter(([needed]) => needed)
    .map(([, name, evr]) => ({ name: `rpmlib(${name})`, flags: sense.rpmlib | sense.less | sense.equal, evr }));
}

function unique(list: readonly DependencyValue[]): DependencyValue[] {
  return [...new Map(list.map((item) => [`${item.name}\0${item.flags}\0${item.evr}`, item])).values()];
}

function changelogValues({ changelog = [] }: PackageDescription): HeaderValue[] {
  if (changelog.length === 0) return [];
  return [
    { tag: tag.changelogTime, type: "int32", value: changelog.map((entry) => entry.time) },
    { tag: tag.changelogName, type: "stringArray", value: changelog.map((entry) => entry.author) },
    { tag: tag.changelogText, type: "stringArray", value: changelog.map((entry) => entry.text) },
  ];
}

function sourceNevr(described: PackageDescription, evr: string): string {
  return described.sourceRpm?.replace(/\.(no)?src\.rpm$/, "") ?? `${described.name}-${evr}`;
}

/** Gives what messages call the package. */
function checkDescription(described: PackageDescription): string {
  const { name, version, release, epoch } = described;
  const where = `${name}-${version}-${release}`;
  if (!/^[A-Za-z0-9_][A-Za-z0-9._+-]*$/.test(name)) throw invalid(where, `${JSON.stringify(name)} is no package name`);
  for (const part of [version, release]) {
    if (!/^[A-Za-z0-9._+~^]+$/.test(part)) throw invalid(where, `${JSON.stringify(part)} is no version or release`);
  }
  if (!/^[A-Za-z0-9_]+$/.test(described.arch ?? "noarch")) throw invalid(where, "the architecture is no word");
  for (const value of [epoch, described.buildTime, ...(described.changelog ?? []).map(({ time }) => time)]) {
    if (value !== undefined && !(Number.isInteger(value) && value >= 0 && value < 2 ** 32)) {
      throw invalid(where, "epoch and times are whole numbers below 4294967296");
    }
  }
  const { summary, description, license, url, vendor, packager, distribution, group, sourceRpm, buildHost } = described;
  const texts = [summary, description, license, url, vendor, packager, distribution, group, sourceRpm, buildHost]
    .concat((described.changelog ?? []).flatMap(({ author, text }) => [author, text]))
    .concat((described.scriptlets ?? []).flatMap(({ interpreter, body }) => [...interpreter, body]));
  if (texts.some((text) => text?.includes("\0"))) throw invalid(where, "a text holds a NUL");
  return where;
}
