import { createHash } from "node:crypto";
import { digestOf } from "../../core/index.ts";
import type { PackageDescription, PayloadFacts } from "./build-types.ts";
import { signatureTag, tag } from "./tags.ts";
import { headerMagic } from "./verify.ts";
import { type HeaderValue, writeHeader } from "./write-header.ts";

/** Bytes that rpm's own builder keeps for signatures to come. */
const RESERVED = 4128;

export interface HeadOptions {
  readonly format: 4 | 6;
  /** Bytes kept for signatures, 4128 unless given. */
  readonly reserve?: number;
}

/** The main header with its magic. `values` win over what `payload` states for the same tags. */
export function writeMainHeader(values: readonly HeaderValue[], payload: PayloadFacts, format: 4 | 6): Uint8Array {
  const own = new Set(values.map((value) => value.tag));
  const stated = payloadValues(payload, format).filter((value) => !own.has(value.tag));
  return Buffer.concat([headerMagic, writeHeader([...values, ...stated], tag.headerImmutable)]);
}

/**
 * All of a package file before its payload: lead, signature header with digests, `main`. `md5` is that of `main` and the payload, which
 * only version 4 has.
 */
export function writePackageHead(
  described: Pick<PackageDescription, "name" | "version" | "release" | "source">,
  main: Uint8Array,
  payload: PayloadFacts,
  md5: Uint8Array | undefined,
  options: HeadOptions,
): Uint8Array {
  const signature = writeHeader(
    options.format === 6 ? signatureValues6(main, options) : signatureValues4(main, payload, md5, options),
    tag.headerSignatures,
  );
  const padding = Buffer.alloc((8 - ((headerMagic.length + signature.length) % 8)) % 8);
  return Buffer.concat([writeLead(described, options.format), headerMagic, signature, padding, main]);
}

function payloadValues(payload: PayloadFacts, format: 4 | 6): HeaderValue[] {
  return [
    { tag: tag.payloadDigest, type: "stringArray", value: [payload.digest] },
    ...(format === 4 ? [{ tag: tag.payloadDigestAlgo, type: "int32", value: [8] } as const] : []),
    { tag: tag.payloadDigestAlt, type: "stringArray", value: [payload.plainDigest] },
    ...(format === 6
      ? ([
          { tag: tag.payloadSize, type: "int64", value: [BigInt(payload.size)] },
          { tag: tag.payloadSizeAlt, type: "int64", value: [BigInt(payload.plainSize)] },
        ] as const)
      : []),
    ...(payload.more ?? []).map(({ tag: number, digest }) => ({ tag: number, type: "string", value: digest }) as const),
  ];
}

function signatureValues4(
  main: Uint8Array,
  payload: PayloadFacts,
  md5: Uint8Array | undefined,
  options: HeadOptions,
): HeaderValue[] {
  const size = main.length + payload.size;
  const sizeOf = (short: number, long: number, value: number): HeaderValue =>
    value < 2 ** 32
      ? { tag: short, type: "int32", value: [value] }
      : { tag: long, type: "int64", value: [BigInt(value)] };
  return [
    { tag: signatureTag.sha256, type: "string", value: digestOf(main) },
    { tag: signatureTag.sha1, type: "string", value: digestOf(main, "sha1") },
    sizeOf(signatureTag.size, signatureTag.longSize, size),
    ...(md5 ? [{ tag: signatureTag.md5, type: "bin", value: md5 } as const] : []),
    sizeOf(signatureTag.payloadSize, signatureTag.longArchiveSize, payload.plainSize),
    ...reserved(signatureTag.reservedSpace, options),
  ];
}

function signatureValues6(main: Uint8Array, options: HeadOptions): HeaderValue[] {
  return [
    { tag: signatureTag.sha256, type: "string", value: digestOf(main) },
    { tag: signatureTag.sha3, type: "string", value: createHash("sha3-256").update(main).digest("hex") },
    ...reserved(signatureTag.reserved, options),
  ];
}

function reserved(number: number, { reserve = RESERVED }: HeadOptions): HeaderValue[] {
  return reserve === 0 ? [] : [{ tag: number, type: "bin", value: new Uint8Array(reserve) }];
}

function writeLead(
  { name, version, release, source }: Pick<PackageDescription, "name" | "version" | "release" | "source">,
  format: 4 | 6,
): Buffer {
  const lead = Buffer.alloc(96);
  lead.writeUInt32BE(0xedabeedb, 0);
  lead.writeUInt8(format === 6 ? 4 : 3, 4);
  lead.writeUInt16BE(source === true ? 1 : 0, 6);
  lead.writeUInt16BE(format === 6 ? 0 : 1, 8);
  lead.write(`${name}-${version}-${release}`.slice(0, 65), 10);
  lead.writeUInt16BE(format === 6 ? 0 : 1, 76);
  lead.writeUInt16BE(5, 78);
  return lead;
}
