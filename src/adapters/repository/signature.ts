import type { Key } from "openpgp";
import { WeirError } from "../../core/index.ts";
import { Keyring, keysOf, verifyDetached } from "../openpgp/index.ts";

/** A keyring of these files, armored or binary. Errors: `OPENPGP_KEY_BAD`. */
export async function keyringOf(
  files: readonly { readonly bytes: Uint8Array; readonly where: string }[],
): Promise<Keyring> {
  const keys: Key[] = [];
  for (const { bytes, where } of files) keys.push(...(await keysOf(bytes, where)));
  return new Keyring(keys);
}

function badSignature(where: string, reason: string): WeirError {
  return new WeirError("REPOSITORY_BAD_SIGNATURE", `the signature of repomd.xml is not good: ${reason}`, {
    where,
    kind: "refused",
    hints: ["give the key that the distribution signs with; if it is the right one, do not use this repository"],
  });
}

function unsigned(where: string): WeirError {
  return new WeirError("REPOSITORY_UNSIGNED", "repomd.xml has to be signed, and has no repomd.xml.asc beside it", {
    where,
    kind: "refused",
    hints: ["use a mirror that has it, or do without repo_gpgcheck and --keyring"],
  });
}

function noKey(where: string): WeirError {
  return new WeirError("REPOSITORY_NO_KEY", "repomd.xml has to be verified, and there is no key to do it with", {
    where,
    kind: "refused",
    hints: ["name the distribution's public key: gpgkey= in the .repo file, or a keyring"],
  });
}

/** How repomd.xml is to be verified. */
export interface SignaturePolicy {
  /** One signature that is good with one of these is enough. */
  readonly keyrings: readonly Keyring[];
  /** No signature is an error. */
  readonly required: boolean;
}

/**
 * Verifies a signature, when there is one or has to be; says whether it did. Errors: `REPOSITORY_UNSIGNED`, `REPOSITORY_NO_KEY`,
 * `REPOSITORY_BAD_SIGNATURE`.
 */
export async function checkSignature(
  policy: SignaturePolicy,
  content: Uint8Array,
  signature: Uint8Array | undefined,
  where: string,
): Promise<boolean> {
  const { keyrings, required } = policy;
  if (required && keyrings.length === 0) throw noKey(where);
  if (required && signature === undefined) throw unsigned(where);
  if (keyrings.length === 0 || signature === undefined) return false;
  const reasons: string[] = [];
  for (const keyring of keyrings) {
    for (const { status, reason } of await verifyDetached(content, signature, keyring)) {
      if (status === "ok") return true;
      // That a key is lacking says less than what is wrong with a signature whose key is there.
      if (status === "no-key") reasons.push(reason);
      else reasons.unshift(reason);
    }
  }
  throw badSignature(where, reasons[0] ?? "it is none");
}
