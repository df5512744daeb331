import type { RpmHeader } from "./header.ts";
import { signatureTag, valueType } from "./tags.ts";

/** An OpenPGP signature that a package carries. */
export interface RpmSignature {
  /** The tag of the signature header: `rsa` and `dsa` are rpm's version 4, `pgp` and `gpg` version 3, `openPgp` version 6. */
  readonly slot: "rsa" | "dsa" | "pgp" | "gpg" | "openPgp";
  /** What it signs: the main header with its magic, or that and the payload as stored. */
  readonly covers: "header" | "header+payload";
  /** The packet, binary. Empty where the header holds no such thing. */
  readonly packet: Uint8Array;
}

const binarySlots = [
  ["rsa", "header"],
  ["dsa", "header"],
  ["pgp", "header+payload"],
  ["gpg", "header+payload"],
] as const;

/** More signatures than this are not looked at; rpm itself sets no bound but the header's size. */
const mostSignatures = 64;

/** The signatures of a package, unverified, in the order of their tags. */
export function signaturesOf(signature: RpmHeader): RpmSignature[] {
  const found: RpmSignature[] = [];
  for (const [slot, covers] of binarySlots) {
    const entry = signature.find(signatureTag[slot]);
    if (!entry) continue;
    found.push({ slot, covers, packet: entry.type === valueType.bin ? signature.rawValue(entry) : new Uint8Array(0) });
  }
  for (const text of signature.strings(signatureTag.openPgp).slice(0, mostSignatures)) {
    found.push({ slot: "openPgp", covers: "header", packet: Buffer.from(text, "base64") });
  }
  return found;
}
