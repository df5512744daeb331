import { WeirError } from "../../core/index.ts";
import { headerValues } from "./header-values.ts";
import type { RpmHeaders } from "./read.ts";
import type { RpmSignature } from "./signatures.ts";
import { signatureTag, tag } from "./tags.ts";
import { headerMagic } from "./verify.ts";
import { type HeaderValue, writeHeader } from "./write-header.ts";

/** Bytes of an index entry. */
const ENTRY = 16;

/**
 * The signature header of a package as it stands in the file (magic, header, padding), without the signatures it has now and with these.
 * Space that was reserved is used up first, so that the main header mostly stays where it was. Errors: `RPM_TAG_BAD`,
 * `RPM_SIGNATURE_SLOT`.
 */
export function signatureHeaderWith(
  head: RpmHeaders,
  signatures: readonly Pick<RpmSignature, "slot" | "packet">[],
): Uint8Array {
  const reservedTag = isVersion6(head) ? signatureTag.reserved : signatureTag.reservedSpace;
  const kept = headerValues(head.signature).filter((value) => !replaced.has(value.tag));
  const values: HeaderValue[] = [...kept, ...slotValues(signatures, head)];
  const before = head.headerRange.start - LEAD;
  let blob = writeHeader(values, tag.headerSignatures);
  const room = before - padded(blob.length) - ENTRY;
  if (hasReserved(head) && room > 0) {
    values.push({ tag: reservedTag, type: "bin", value: new Uint8Array(room) });
    blob = writeHeader(values, tag.headerSignatures);
  }
  const result = Buffer.alloc(padded(blob.length));
  result.set(headerMagic);
  result.set(blob, headerMagic.length);
  return result;
}

/** Whether a package is of rpm's format 6, which keeps its signatures in other tags. */
export function isVersion6(head: Pick<RpmHeaders, "header">): boolean {
  return (head.header.number(tag.rpmFormat) ?? 0) >= 6;
}

const LEAD = 96;

const replaced: ReadonlySet<number> = new Set([
  signatureTag.rsa,
  signatureTag.dsa,
  signatureTag.pgp,
  signatureTag.gpg,
  signatureTag.openPgp,
  signatureTag.reserved,
  signatureTag.reservedSpace,
]);

function hasReserved(head: RpmHeaders): boolean {
  return head.signature.has(signatureTag.reservedSpace) || head.signature.has(signatureTag.reserved);
}

function slotValues(signatures: readonly Pick<RpmSignature, "slot" | "packet">[], head: RpmHeaders): HeaderValue[] {
  const values = new Map<number, HeaderValue>();
  const openPgp: string[] = [];
  for (const { slot, packet } of signatures) {
    if (slot === "openPgp") {
      openPgp.push(Buffer.from(packet.buffer, packet.byteOffset, packet.length).toString("base64"));
      continue;
    }
    const number = signatureTag[slot];
    if (values.has(number)) {
      throw new WeirError("RPM_SIGNATURE_SLOT", `there is room for one ${slot} signature only`, {
        where: head.header.where,
        hints: ["sign with one key of each kind"],
      });
    }
    values.set(number, { tag: number, type: "bin", value: packet });
  }
  if (openPgp.length > 0) {
    values.set(signatureTag.openPgp, { tag: signatureTag.openPgp, type: "stringArray", value: openPgp });
  }
  return [...values.values()];
}

/** Magic and header, up to the next multiple of 8 bytes. */
function padded(blobLength: number): number {
  return Math.ceil((headerMagic.length + blobLength) / 8) * 8;
}
