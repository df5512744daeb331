import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compareText } from "../src/core/index.ts";
import { headerMagic, readRpm, type RpmHeader, signatureTag, tag, writeHeader } from "../src/formats/rpm/index.ts";
import type { HeaderValue } from "../src/formats/rpm/index.ts";

const valueNames = [
  "null",
  "char",
  "int8",
  "int16",
  "int32",
  "int64",
  "string",
  "bin",
  "stringArray",
  "i18nString",
] as const;

/** Headers' own regions, which a new header gets for itself. */
const regions: ReadonlySet<number> = new Set([62, 63]);

/**
 * A folder of at least `count` packages and `bytes` bytes: those given, and copies of them under other names, so that no two files are
 * equal. Small packages are copied more often than large ones, as a distribution has more of them. Made once, then found.
 */
export function renamedPackages(files: readonly string[], folder: string, count: number, bytes: number): string[] {
  const done = join(folder, ".complete");
  if (!existsSync(done)) {
    const partial = `${folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    fill(partial, files, count, bytes);
    writeFileSync(join(partial, ".complete"), "");
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
  }
  return readdirSync(folder)
    .filter((name) => name.endsWith(".rpm"))
    .sort(compareText)
    .map((name) => join(folder, name));
}

function fill(folder: string, files: readonly string[], count: number, bytes: number): void {
  const sized = files.map((path) => ({ path, size: statSync(path).size })).sort((a, b) => a.size - b.size);
  let [made, written] = [0, 0];
  for (let copy = 0; made < count || written < bytes; copy++) {
    // All of them twice at first, then the smaller half again and again.
    const some = copy < 2 || made >= count ? sized : sized.slice(0, Math.ceil(sized.length / 2));
    for (const { path } of some) {
      const content = rename(readFileSync(path), copy);
      const { name, version, release, arch } = readRpm(content, path).package;
      writeFileSync(join(folder, `${name}-${version}-${release}.${arch}.rpm`), content);
      made++;
      written += content.length;
    }
  }
}

/** The package with `-copyN` behind its name and in the provide of its name; the payload stays. */
function rename(bytes: Buffer, copy: number): Buffer {
  const head = readRpm(bytes, "package");
  const { name } = head.package;
  const renamed = (text: string) => (text === name ? `${name}-copy${copy}` : text);
  const values = valuesOf(head.header).map((value): HeaderValue => {
    if (value.tag === tag.name && value.type === "string") return { ...value, value: renamed(value.value) };
    if (value.tag === tag.provideName && value.type === "stringArray")
      return { ...value, value: value.value.map(renamed) };
    return value;
  });
  const main = Buffer.concat([headerMagic, writeHeader(values, tag.headerImmutable)]);
  const payload = bytes.subarray(head.payloadOffset);
  const digest = (algorithm: string) => createHash(algorithm).update(main);
  const signature = writeHeader(
    [
      { tag: signatureTag.sha256, type: "string", value: digest("sha256").digest("hex") },
      { tag: signatureTag.sha1, type: "string", value: digest("sha1").digest("hex") },
      { tag: signatureTag.size, type: "int32", value: [main.length + payload.length] },
      { tag: signatureTag.md5, type: "bin", value: digest("md5").update(payload).digest() },
      { tag: signatureTag.payloadSize, type: "int32", value: [head.package.archiveSize] },
    ],
    tag.headerSignatures,
  );
  const padding = Buffer.alloc((8 - (signature.length % 8)) % 8);
  return Buffer.concat([bytes.subarray(0, 96), headerMagic, signature, padding, main, payload]);
}

function valuesOf(header: RpmHeader): HeaderValue[] {
  const values: HeaderValue[] = [];
  for (let index = 0; index < header.entryCount; index++) {
    const entry = header.entry(index);
    const type = valueNames[entry.type] ?? "null";
    if (regions.has(entry.tag) || type === "null") continue;
    if (type === "string") values.push({ tag: entry.tag, type, value: header.string(entry.tag) ?? "" });
    else if (type === "stringArray" || type === "i18nString")
      values.push({ tag: entry.tag, type, value: header.strings(entry.tag) });
    else if (type === "bin") values.push({ tag: entry.tag, type, value: header.binary(entry.tag) ?? Buffer.alloc(0) });
    else if (type === "int64")
      values.push({ tag: entry.tag, type, value: Array.from(header.numbers(entry.tag), (value) => BigInt(value)) });
    else values.push({ tag: entry.tag, type, value: header.numbers(entry.tag) });
  }
  return values;
}
