import type { PrivateKey } from "openpgp";
import { messageOf, WeirError } from "../../core/index.ts";
import { armoredBlocks, isArmored } from "./armor.ts";
import { readKeyFile } from "./keyring.ts";
import { signatureBodies, signatureParts } from "./packet.ts";
import type { SignOptions } from "./types.ts";

/** A secret key, ready to sign. */
export interface Signer {
  /** ID of the key or subkey that signs, 16 hexadecimal digits. */
  readonly keyId: string;
  readonly userId: string;
  /** Version of the key, 4 or 6; signatures have the same. */
  readonly version: number;
  /** `rsa` for RSA, `dsa` for all else: the two slots that rpm's version 4 signatures have. */
  readonly slot: "rsa" | "dsa";
  /** From when on it can sign, in seconds since the epoch. */
  readonly since: number;
  /**
   * The signature over `content`: one binary packet. The same for the same content, key and time with RSA and EdDSA keys of version 4;
   * ECDSA, DSA and version 6 are random by design. Errors: `OPENPGP_SIGN_FAILED`.
   */
  sign(content: Uint8Array, options: SignOptions): Promise<Uint8Array>;
}

/**
 * Opens the secret key in a file, armored or binary; its passphrase if it has one. Errors: `OPENPGP_KEYRING_UNREADABLE`,
 * `OPENPGP_KEY_BAD`, `OPENPGP_KEY_LOCKED`, `OPENPGP_NO_SECRET_KEY`.
 */
export async function openSigner(
  from: { readonly path: string } | Uint8Array,
  where: string,
  passphrase?: string,
): Promise<Signer> {
  const bytes = from instanceof Uint8Array ? from : await readKeyFile(from.path);
  const openpgp = await import("openpgp");
  let key = await readSecretKey(bytes, where);
  if (!key.isDecrypted()) {
    try {
      if (passphrase === undefined) throw new Error("it is locked with a passphrase");
      key = await openpgp.decryptKey({ privateKey: key, passphrase });
    } catch (error) {
      throw new WeirError("OPENPGP_KEY_LOCKED", `the secret key cannot be used: ${messageOf(error)}`, {
        where,
        kind: "refused",
        hints: ["give the file that holds its passphrase: --passphrase-file FILE"],
      });
    }
  }
  const signing = await key.getSigningKey(undefined, null).catch((error: unknown) => {
    throw new WeirError("OPENPGP_NO_SECRET_KEY", `the key cannot sign: ${messageOf(error)}`, {
      where,
      hints: ["name a key that is meant for signing and was not revoked"],
    });
  });
  const { algorithm } = signing.getAlgorithmInfo();
  const config = { ...openpgp.config, nonDeterministicSignaturesViaNotation: false };
  return {
    keyId: signing.getKeyID().toHex(),
    userId: key.getUserIDs()[0] ?? "",
    version: signing.keyPacket.version,
    slot: algorithm.startsWith("rsa") ? "rsa" : "dsa",
    since: Math.max(key.getCreationTime().getTime(), signing.getCreationTime().getTime()) / 1000,
    async sign(content, { time }) {
      try {
        const packet = await openpgp.sign({
          message: await openpgp.createMessage({ binary: Uint8Array.from(content) }),
          signingKeys: key,
          signingKeyIDs: signing.getKeyID(),
          detached: true,
          format: "binary",
          date: new Date(time * 1000),
          config,
        });
        signatureParts(signatureBodies(packet)[0] ?? new Uint8Array(0));
        return packet;
      } catch (error) {
        throw new WeirError("OPENPGP_SIGN_FAILED", `cannot sign: ${messageOf(error)}`, {
          where,
          hints: [
            key.getCreationTime().getTime() > time * 1000
              ? "the time of the signature is before that of the key: see SOURCE_DATE_EPOCH"
              : "see whether the key is meant for signing and has not expired",
          ],
          cause: error,
        });
      }
    },
  };
}

/** A detached signature of a whole file's content, armored as `gpg --armor --detach-sign` gives it (`repomd.xml.asc`). */
export async function signDetached(signer: Signer, content: Uint8Array, options: SignOptions): Promise<string> {
  const { armor, enums } = await import("openpgp");
  const text = armor(enums.armor.signature, await signer.sign(content, options));
  return text.replaceAll("\r\n", "\n");
}

async function readSecretKey(bytes: Uint8Array, where: string): Promise<PrivateKey> {
  const { readPrivateKeys } = await import("openpgp");
  let reason = "there is no secret key in it";
  const sources = isArmored(bytes)
    ? armoredBlocks(bytes).map((armoredKeys) => () => readPrivateKeys({ armoredKeys }))
    : [() => readPrivateKeys({ binaryKeys: Uint8Array.from(bytes) })];
  for (const source of sources) {
    try {
      const [key] = await source();
      if (key) return key;
    } catch (error) {
      reason = messageOf(error);
    }
  }
  throw new WeirError("OPENPGP_KEY_BAD", `no secret key can be read: ${reason}`, {
    where,
    hints: ["export it: gpg --export-secret-keys --armor KEY"],
  });
}
