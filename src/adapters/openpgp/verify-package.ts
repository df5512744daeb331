import { type RpmSignature, type RpmVerification, signaturesOf, verifyRpm } from "../../formats/rpm/index.ts";
import type { Keyring } from "./keyring.ts";
import { PacketError, signatureBodies } from "./packet.ts";
import type { SignatureResult, VerifyOptions } from "./types.ts";
import { PendingSignature } from "./verify.ts";

/** A signature of a package and what has become of it. */
export interface PackageSignature extends SignatureResult {
  readonly slot: RpmSignature["slot"];
  readonly covers: RpmSignature["covers"];
}

export interface PackageVerification extends RpmVerification {
  readonly signatures: readonly PackageSignature[];
  /**
   * The digests are good, no signature is bad or not trusted, and one that is `ok` covers all: header and payload, or the header
   * together with the payload's digest in it. MD5 and sizes stand outside of what is signed and vouch for nothing.
   */
  readonly trusted: boolean;
}

/**
 * Verifies digests and signatures of a package in one pass over it, as `rpmkeys -Kv` does. Mismatches are values; errors are those of
 * readRpm.
 */
export async function verifyPackage(
  from: Uint8Array | { readonly path: string },
  where: string,
  keyring: Keyring,
  options: VerifyOptions = {},
): Promise<PackageVerification> {
  const pending: { readonly signature: RpmSignature; readonly check: PendingSignature }[] = [];
  const digests = verifyRpm(from, where, (head) => {
    for (const signature of signaturesOf(head.signature)) {
      for (const body of packetBodies(signature.packet)) pending.push({ signature, check: new PendingSignature(body) });
    }
    return pending.map(({ signature, check }) => ({
      covers: signature.covers,
      update: (chunk: Uint8Array) => check.update(chunk),
    }));
  });
  const signatures: PackageSignature[] = [];
  for (const { signature, check } of pending) {
    const { slot, covers } = signature;
    signatures.push({ slot, covers, ...(await check.result(keyring, options)) });
  }
  const tolerable = signatures.every(({ status }) => status !== "bad" && status !== "not-trusted");
  const payloadSigned = digests.checks.some(({ what, status }) => what.startsWith("payload") && status === "ok");
  const covered = signatures.some(
    ({ status, covers }) => status === "ok" && (covers === "header+payload" || payloadSigned),
  );
  return { ...digests, signatures, trusted: digests.ok && tolerable && covered };
}

/** Bodies of the signature packets in binary data, or the reason why there are none: never an error. */
export function packetBodies(packet: Uint8Array): readonly (Uint8Array | string)[] {
  try {
    return signatureBodies(packet);
  } catch (error) {
    if (error instanceof PacketError) return [error.message];
    throw error;
  }
}
