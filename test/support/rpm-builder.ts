import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { digestOf } from "../../src/core/index.ts";
import { cpioEnd, cpioHead, cpioPadding } from "../../src/formats/archive/cpio-write.ts";
import {
  type ChangelogEntry,
  type HeaderValue,
  type PayloadFacts,
  type Scriptlet,
  sense,
  tag,
  writeMainHeader,
  writePackageHead,
} from "../../src/formats/rpm/index.ts";

/** A file of a package to be built. What is left out: a regular file, 0644 (folders 0755), root, empty. */
export interface TestFile {
  readonly path: string;
  readonly type?: "file" | "dir" | "symlink" | "ghost" | "char" | "block" | "fifo";
  readonly content?: string | Uint8Array;
  /** Permission bits. */
  readonly mode?: number;
  readonly user?: string;
  readonly group?: string;
  readonly target?: string;
  readonly flags?: number;
  readonly mtime?: number;
  readonly rdev?: number;
  readonly capabilities?: string;
  /** Path of an earlier file of this list that this is a hard link of. */
  readonly hardLinkOf?: string;
  /** Digest to state instead of the true one. */
  readonly digest?: string;
}

/** Dependencies are text: `name`, `name >= 1:2-3`, `(a if b)`. */
export interface TestPackage {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly epoch?: number;
  readonly arch?: string;
  readonly source?: boolean;
  readonly sourceRpm?: string;
  readonly summary?: string;
  readonly license?: string;
  readonly vendor?: string;
  readonly buildTime?: number;
  readonly provides?: readonly string[];
  readonly requires?: readonly string[];
  readonly conflicts?: readonly string[];
  readonly obsoletes?: readonly string[];
  readonly recommends?: readonly string[];
  readonly suggests?: readonly string[];
  readonly supplements?: readonly string[];
  readonly enhances?: readonly string[];
  readonly files?: readonly TestFile[];
  readonly changelog?: readonly ChangelogEntry[];
  readonly scriptlets?: readonly Scriptlet[];
  readonly compressor?: "gzip" | "none";
  /** Compresses the payload in another way: the name that the header states, and the work. */
  readonly compress?: { readonly name: string; readonly work: (cpio: Uint8Array) => Uint8Array };
  /** Entries of the payload besides the files', for hostile packages: written as they stand. */
  readonly extraEntries?: readonly { readonly name: string; readonly mode: number; readonly content: string }[];
  /** More header values, or others for the same tags. */
  readonly header?: readonly HeaderValue[];
}

const typeBits = {
  file: 0o100000,
  ghost: 0o100000,
  dir: 0o040000,
  symlink: 0o120000,
  char: 0o020000,
  block: 0o060000,
  fifo: 0o010000,
};

interface Laid {
  readonly file: TestFile;
  readonly mode: number;
  readonly content: Buffer;
  readonly inode: number;
}

/** Bytes of a package that rpm itself accepts: lead, signature header with digests, header with an immutable region, cpio payload. */
export function buildRpm(spec: TestPackage): Uint8Array {
  const files = layFiles(spec.files ?? []);
  const cpio = writeCpio(spec, files);
  const compressor = spec.compress?.name ?? spec.compressor ?? "gzip";
  const payload = spec.compress ? spec.compress.work(cpio) : compressor === "gzip" ? gzipSync(cpio) : cpio;
  const facts: PayloadFacts = {
    compressor,
    level: "9",
    digest: digestOf(payload),
    size: payload.length,
    plainDigest: digestOf(cpio),
    plainSize: cpio.length,
  };
  const main = writeMainHeader(headerValues(spec, files, compressor), facts, 4);
  const md5 = createHash("md5").update(main).update(payload).digest();
  return Buffer.concat([writePackageHead(spec, main, facts, md5, { format: 4, reserve: 0 }), payload]);
}

function layFiles(files: readonly TestFile[]): Laid[] {
  const inodes = new Map<string, number>();
  const contents = new Map<string, Buffer>();
  const sorted = files.map((file, i) => {
    const origin = file.hardLinkOf;
    const inode = (origin === undefined ? undefined : inodes.get(origin)) ?? i + 1;
    const content = (origin === undefined ? undefined : contents.get(origin)) ?? Buffer.from(file.content ?? "");
    inodes.set(file.path, inode);
    contents.set(file.path, content);
    const type = file.type ?? "file";
    const mode = typeBits[type] | (file.mode ?? (type === "dir" ? 0o755 : type === "symlink" ? 0o777 : 0o644));
    return { file, mode, content: type === "symlink" ? Buffer.from(file.target ?? "") : content, inode };
  });
  return sorted.sort((a, b) => (a.file.path < b.file.path ? -1 : 1));
}

const byteValues = (number: number, value: readonly number[], type: "int16" | "int32" = "int32"): HeaderValue => ({
  tag: number,
  type,
  value,
});

function headerValues(spec: TestPackage, files: readonly Laid[], compressor: string): HeaderValue[] {
  const evr = `${spec.epoch === undefined ? "" : `${spec.epoch}:`}${spec.version}-${spec.release}`;
  const text = (number: number, value: string): HeaderValue => ({ tag: number, type: "string", value });
  const values: HeaderValue[] = [
    { tag: tag.i18nTable, type: "stringArray", value: ["C"] },
    text(tag.name, spec.name),
    text(tag.version, spec.version),
    text(tag.release, spec.release),
    ...(spec.epoch === undefined ? [] : [byteValues(tag.epoch, [spec.epoch])]),
    { tag: tag.summary, type: "i18nString", value: [spec.summary ?? `The package ${spec.name}`] },
    { tag: tag.description, type: "i18nString", value: [spec.summary ?? `The package ${spec.name}.`] },
    { tag: tag.group, type: "i18nString", value: ["Unspecified"] },
    byteValues(tag.buildTime, [spec.buildTime ?? 1_700_000_000]),
    text(tag.buildHost, "builder.example"),
    byteValues(tag.size, [installedSize(files)]),
    ...(spec.vendor === undefined ? [] : [text(tag.vendor, spec.vendor)]),
    text(tag.license, spec.license ?? "MIT"),
    text(tag.os, "linux"),
    text(tag.arch, spec.arch ?? "noarch"),
    text(tag.rpmVersion, "4.18.0"),
    text(tag.payloadFormat, "cpio"),
    text(tag.payloadCompressor, compressor),
    text(tag.payloadFlags, "9"),
    text(tag.encoding, "utf-8"),
    ...(spec.source === true
      ? [byteValues(tag.sourcePackage, [1])]
      : [text(tag.sourceRpm, spec.sourceRpm ?? `${spec.name}-${spec.version}-${spec.release}.src.rpm`)]),
  ];
  const provides = spec.source === true ? [] : [...(spec.provides ?? []), `${spec.name} = ${evr}`];
  const lib = [
    "rpmlib(CompressedFileNames) <= 3.0.4-1",
    "rpmlib(FileDigests) <= 4.6.0-1",
    "rpmlib(PayloadFilesHavePrefix) <= 4.0-1",
  ];
  values.push(
    ...dependencyValues(provides, tag.provideName, tag.provideFlags, tag.provideVersion),
    ...dependencyValues([...(spec.requires ?? []), ...lib], tag.requireName, tag.requireFlags, tag.requireVersion),
    ...dependencyValues(spec.conflicts, tag.conflictName, tag.conflictFlags, tag.conflictVersion),
    ...dependencyValues(spec.obsoletes, tag.obsoleteName, tag.obsoleteFlags, tag.obsoleteVersion),
    ...dependencyValues(spec.recommends, tag.recommendName, tag.recommendFlags, tag.recommendVersion),
    ...dependencyValues(spec.suggests, tag.suggestName, tag.suggestFlags, tag.suggestVersion),
    ...dependencyValues(spec.supplements, tag.supplementName, tag.supplementFlags, tag.supplementVersion),
    ...dependencyValues(spec.enhances, tag.enhanceName, tag.enhanceFlags, tag.enhanceVersion),
    ...fileValues(files),
    ...changelogValues(spec.changelog ?? []),
    ...(spec.scriptlets ?? []).flatMap(scriptletValues),
  );
  const own = new Set((spec.header ?? []).map((value) => value.tag));
  return [...values.filter((value) => !own.has(value.tag)), ...(spec.header ?? [])];
}

/** Hard links count once, links with the length of their target, as rpm does. */
function installedSize(files: readonly Laid[]): number {
  const seen = new Set<number>();
  let size = 0;
  for (const { file, content, inode } of files) {
    if (file.type === "dir" || file.type === "ghost" || seen.has(inode)) continue;
    seen.add(inode);
    size += content.length;
  }
  return size;
}

const comparisonBits: Readonly<Record<string, number>> = {
  "<": sense.less,
  "<=": sense.less | sense.equal,
  "=": sense.equal,
  ">=": sense.greater | sense.equal,
  ">": sense.greater,
};

function dependencyValues(
  texts: readonly string[] | undefined,
  names: number,
  flags: number,
  versions: number,
): HeaderValue[] {
  if (texts === undefined || texts.length === 0) return [];
  const parsed = texts.map((text) => {
    const match = text.startsWith("(") ? null : /^(\S+)\s+(<=|>=|=|<|>)\s+(\S+)$/.exec(text);
    const name = match?.[1] ?? text;
    const bits = (comparisonBits[match?.[2] ?? ""] ?? 0) | (name.startsWith("rpmlib(") ? sense.rpmlib : 0);
    return { name, bits, version: match?.[3] ?? "" };
  });
  return [
    { tag: names, type: "stringArray", value: parsed.map((item) => item.name) },
    byteValues(
      flags,
      parsed.map((item) => item.bits),
    ),
    { tag: versions, type: "stringArray", value: parsed.map((item) => item.version) },
  ];
}

function fileValues(files: readonly Laid[]): HeaderValue[] {
  if (files.length === 0) return [];
  const directories = [...new Set(files.map((item) => directoryOf(item.file.path)))];
  const isFile = (item: Laid) => (item.mode & 0o170000) === 0o100000;
  const texts = (number: number, of: (item: Laid) => string): HeaderValue => ({
    tag: number,
    type: "stringArray",
    value: files.map(of),
  });
  const numbers = (number: number, of: (item: Laid) => number, type: "int16" | "int32" = "int32") =>
    byteValues(number, files.map(of), type);
  return [
    numbers(tag.fileSizes, (item) => (item.file.type === "dir" ? 4096 : item.content.length)),
    numbers(tag.fileModes, (item) => item.mode, "int16"),
    numbers(tag.fileRdevs, (item) => item.file.rdev ?? 0, "int16"),
    numbers(tag.fileMtimes, (item) => item.file.mtime ?? 1_700_000_000),
    texts(tag.fileDigests, (item) =>
      isFile(item) && item.file.type !== "ghost" ? (item.file.digest ?? digestOf(item.content)) : "",
    ),
    texts(tag.fileLinkTos, (item) => item.file.target ?? ""),
    numbers(tag.fileFlags, (item) => (item.file.flags ?? 0) | (item.file.type === "ghost" ? 64 : 0)),
    texts(tag.fileUserName, (item) => item.file.user ?? "root"),
    texts(tag.fileGroupName, (item) => item.file.group ?? "root"),
    numbers(tag.fileVerifyFlags, () => 0xffffffff),
    numbers(tag.fileDevices, () => 1),
    numbers(tag.fileInodes, (item) => item.inode),
    texts(tag.fileLangs, () => ""),
    numbers(tag.dirIndexes, (item) => directories.indexOf(directoryOf(item.file.path))),
    texts(tag.baseNames, (item) => item.file.path.slice(directoryOf(item.file.path).length)),
    { tag: tag.dirNames, type: "stringArray", value: directories },
    byteValues(tag.fileDigestAlgo, [8]),
    ...(files.some((item) => item.file.capabilities !== undefined)
      ? [texts(tag.fileCaps, (item) => item.file.capabilities ?? "")]
      : []),
  ];
}

function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

function changelogValues(entries: readonly ChangelogEntry[]): HeaderValue[] {
  if (entries.length === 0) return [];
  return [
    byteValues(
      tag.changelogTime,
      entries.map((entry) => entry.time),
    ),
    { tag: tag.changelogName, type: "stringArray", value: entries.map((entry) => entry.author) },
    { tag: tag.changelogText, type: "stringArray", value: entries.map((entry) => entry.text) },
  ];
}

const scriptletTags: Readonly<Record<Scriptlet["kind"], readonly [number, number]>> = {
  pre: [tag.preIn, tag.preInProg],
  post: [tag.postIn, tag.postInProg],
  preun: [tag.preUn, tag.preUnProg],
  postun: [tag.postUn, tag.postUnProg],
  pretrans: [tag.preTrans, tag.preTransProg],
  posttrans: [tag.postTrans, tag.postTransProg],
  verify: [tag.verifyScript, tag.verifyScriptProg],
};

function scriptletValues(scriptlet: Scriptlet): HeaderValue[] {
  const [body, program] = scriptletTags[scriptlet.kind];
  const [first] = scriptlet.interpreter;
  return [
    ...(scriptlet.body === "" ? [] : [{ tag: body, type: "string", value: scriptlet.body } as const]),
    scriptlet.interpreter.length === 1
      ? { tag: program, type: "string", value: first ?? "/bin/sh" }
      : { tag: program, type: "stringArray", value: scriptlet.interpreter },
  ];
}

function writeCpio(spec: TestPackage, files: readonly Laid[]): Buffer {
  const parts: Buffer[] = [];
  const inPayload = files.filter((item) => item.file.type !== "ghost");
  for (const [i, item] of inPayload.entries()) {
    const links = inPayload.filter((other) => other.inode === item.inode).length;
    const isLast = !inPayload.slice(i + 1).some((other) => other.inode === item.inode);
    const isDir = (item.mode & 0o170000) === 0o040000;
    const content = isDir || !isLast ? Buffer.alloc(0) : item.content;
    const name = spec.source === true ? item.file.path : `.${item.file.path}`;
    parts.push(cpioEntry(name, item.mode, item.inode, links, item.file.mtime ?? 1_700_000_000, content));
  }
  for (const extra of spec.extraEntries ?? []) {
    parts.push(cpioEntry(extra.name, extra.mode, 0, 1, 0, Buffer.from(extra.content)));
  }
  return Buffer.concat([...parts, cpioEnd]);
}

/** One entry of a cpio archive in the "newc" form. */
export function cpioEntry(
  name: string,
  mode: number,
  inode: number,
  links: number,
  mtime: number,
  content: Buffer,
): Buffer {
  const head = cpioHead({ name, mode, inode, links, mtime, size: content.length });
  return Buffer.concat([head, content, cpioPadding(content.length)]);
}
