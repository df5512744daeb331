import { appendToHeader, type HeaderValue, RpmHeader, tag, valueType } from "../rpm/index.ts";
import type { PackageToRecord } from "./types.ts";

/** Signature tags that get another number in the database; those from 256 to 999 keep theirs, the others are left out. */
const renumbered: Readonly<Record<number, number>> = {
  1000: 257,
  1001: 258,
  1002: 259,
  1003: 260,
  1004: 261,
  1005: 262,
  1006: 263,
  1007: tag.archiveSize,
};

const twoWordSizes = new Set(["x86_64", "ppc64", "s390x", "sparc64", "mips64"]);

/**
 * The header as rpm stores it once installed: the package's own, untouched, then values of the signature header under the database's
 * numbers, then what installing adds.
 */
export function installedHeader(item: PackageToRecord, where: string): RpmHeader {
  const { header, signature } = item;
  const values: HeaderValue[] = [];
  for (let i = 0; i < signature.entryCount; i++) {
    const entry = signature.entry(i);
    const number = renumbered[entry.tag] ?? (entry.tag >= 256 && entry.tag < 1000 ? entry.tag : undefined);
    if (number === undefined || header.has(number)) continue;
    const value = copyValue(signature, entry.tag, entry.type, number);
    if (value !== undefined) values.push(value);
  }
  const files = header.find(tag.baseNames)?.count ?? 0;
  const arch = header.string(tag.arch) ?? "";
  const color = item.color ?? (twoWordSizes.has(arch) ? 3 : 0);
  values.push(
    { tag: tag.installTime, type: "int32", value: [item.installTime] },
    { tag: tag.installColor, type: "int32", value: [color] },
    { tag: tag.installTid, type: "int32", value: [item.transaction ?? item.installTime] },
  );
  if (files > 0) values.push({ tag: tag.fileStates, type: "char", value: item.fileStates ?? new Uint8Array(files) });
  values.sort((a, b) => a.tag - b.tag);
  return new RpmHeader(appendToHeader(header.blob, values), where);
}

function copyValue(header: RpmHeader, from: number, type: number, number: number): HeaderValue | undefined {
  switch (type) {
    case valueType.string:
      return { tag: number, type: "string", value: header.string(from) ?? "" };
    case valueType.stringArray:
      return { tag: number, type: "stringArray", value: header.strings(from) };
    case valueType.bin:
      return { tag: number, type: "bin", value: header.binary(from) ?? new Uint8Array(0) };
    case valueType.int32:
      return { tag: number, type: "int32", value: header.numbers(from) };
    case valueType.int16:
      return { tag: number, type: "int16", value: header.numbers(from) };
    case valueType.int64: {
      const bytes = Buffer.from(header.rawValue(header.find(from) ?? header.entry(0)));
      const value = Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readBigUInt64BE(i * 8));
      return { tag: number, type: "int64", value };
    }
    default:
      return undefined;
  }
}
