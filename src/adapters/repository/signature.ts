import { messageOf, WeirError } from "../../core/index.ts";
import type { DetachedVerifier } from "./types.ts";

/** One that is content when any of these is; undefined of none. */
export function anyOf(verifiers: readonly DetachedVerifier[]): DetachedVerifier | undefined {
  if (verifiers.length <= 1) return verifiers[0];
  return {
    async verifyDetached(content, signature, where) {
      let last: unknown;
      for (const verifier of verifiers) {
        try {
          return await verifier.verifyDetached(content, signature, where);
        } catch (error) {
          last = error;
        }
      }
      throw last;
    },
  };
}

/** A verifier of the keys in these files (armored or binary). Errors: `REPOSITORY_KEY_MALFORMED`. */
export async function openKeys(
  files: readonly { readonly bytes: Uint8Array; readonly where: string }[],
): Promise<DetachedVerifier> {
  const openpgp = await import("openpgp");
  const keys: import("openpgp").Key[] = [];
  for (const { bytes, where } of files) {
    try {
      const armored = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
      keys.push(
        ...(armored.includes("-----BEGIN PGP")
          ? await openpgp.readKeys({ armoredKeys: armored })
          : await openpgp.readKeys({ binaryKeys: Uint8Array.from(bytes) })),
      );
    } catch (error) {
      throw new WeirError("REPOSITORY_KEY_MALFORMED", `no OpenPGP key can be read: ${messageOf(error)}`, {
        where,
        hints: ["fetch the distribution's public key again"],
        cause: error,
      });
    }
  }
  return {
    async verifyDetached(content, signature, where) {
      let reason = "no key made it";
      try {
        const text = Buffer.from(signature.buffer, signature.byteOffset, signature.length).toString("latin1");
        const read = text.includes("-----BEGIN PGP")
          ? await openpgp.readSignature({ armoredSignature: text })
          : await openpgp.readSignature({ binarySignature: Uint8Array.from(signature) });
        const message = await openpgp.createMessage({ binary: Uint8Array.from(content) });
        const { signatures } = await openpgp.verify({ message, signature: read, verificationKeys: keys });
        for (const each of signatures) {
          try {
            await each.verified;
            return;
          } catch (error) {
            reason = messageOf(error);
          }
        }
      } catch (error) {
        reason = messageOf(error);
      }
      throw badSignature(where, reason);
    },
  };
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
  readonly verifier: DetachedVerifier | undefined;
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
  if (policy.required && policy.verifier === undefined) throw noKey(where);
  if (policy.required && signature === undefined) throw unsigned(where);
  if (policy.verifier === undefined || signature === undefined) return false;
  try {
    await policy.verifier.verifyDetached(content, signature, where);
  } catch (error) {
    if (error instanceof WeirError) throw error;
    throw badSignature(where, messageOf(error));
  }
  return true;
}
