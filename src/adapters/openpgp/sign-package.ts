import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { systemCode, WeirError, writeStreamSafely } from "../../core/index.ts";
import {
  headerMagic,
  isVersion6,
  type RpmFileHead,
  type RpmSignature,
  readRpm,
  signatureHeaderWith,
  signaturesOf,
  tag,
} from "../../formats/rpm/index.ts";
import { PacketError, signatureBodies, signatureParts } from "./packet.ts";
import type { Signer } from "./sign.ts";
import type { SignOptions } from "./types.ts";

export interface SignPackageOptions extends SignOptions {
  /** Where the signed package goes; in place of the unsigned one unless given. */
  readonly to?: string;
}

export interface SignedPackage {
  /** In the order of their tags. */
  readonly slots: readonly RpmSignature["slot"][];
  /** Nothing was written: the package carried these very signatures already. */
  readonly unchanged: boolean;
  /** Bytes of the signed file. */
  readonly size: number;
}

const LEAD = 96;
/** Only packages without a digest of their payload are held in memory, and those of that time were small. */
const WHOLE_MOST = 1 << 30;

/**
 * Signs a package: the header with its magic, which vouches for the payload by its digest; where it has none, as in old packages,
 * header and payload too. Packages of version 4 get rpm's version 4
 * signature in place of all older ones; those of version 6 one more in `OPENPGP` (an older one of the same key is replaced), and where
 * the key is one that rpm 4 understands, a version 4 one too. The file is written beside and renamed. Errors: those of readRpm and
 * {@link Signer.sign}, `RPM_SIGN_WRITE_FAILED`, `RPM_SIGN_UNSUPPORTED`.
 */
export async function signPackage(
  path: string,
  where: string,
  signer: Signer,
  options: SignPackageOptions,
): Promise<SignedPackage> {
  const head = readRpm({ path }, where);
  const packet = await signer.sign(Buffer.concat([headerMagic, head.header.blob]), options);
  const signatures = slotsFor(head, signer, packet);
  if (!head.header.has(tag.payloadDigest) && signer.version === 4 && !isVersion6(head)) {
    if (head.size > WHOLE_MOST) {
      throw new WeirError(
        "RPM_SIGN_UNSUPPORTED",
        "the header holds no digest of the payload, which is too large to be signed itself",
        {
          where,
          hints: ["build the package anew with rpm 4.14 or later"],
        },
      );
    }
    const whole = await readAt(path, head.headerRange.start, head.size);
    signatures.push({ slot: signer.slot === "rsa" ? "pgp" : "gpg", packet: await signer.sign(whole, options) });
  }
  const header = signatureHeaderWith(head, signatures);
  const size = head.size - head.headerRange.start + LEAD + header.length;
  const slots = signatures.map(({ slot }) => slot);
  const to = options.to ?? path;
  if (to === path && (await readAt(path, LEAD, head.headerRange.start)).equals(header)) {
    return { slots, unchanged: true, size };
  }
  try {
    const { mode } = await stat(path);
    await writeStreamSafely(to, pieces(path, header, head), mode & 0o777);
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw new WeirError("RPM_SIGN_WRITE_FAILED", `cannot write the signed package (${code})`, {
      where,
      kind: "machine",
      hints: [code === "ENOSPC" ? "make room on the disk" : "see whether the folder can be written to"],
      cause: error,
    });
  }
  return { slots, unchanged: false, size };
}

function slotsFor(head: RpmFileHead, signer: Signer, packet: Uint8Array): Pick<RpmSignature, "slot" | "packet">[] {
  if (!isVersion6(head)) {
    return signer.version === 4 ? [{ slot: signer.slot, packet }] : [{ slot: "openPgp", packet }];
  }
  const others = signaturesOf(head.signature).filter(
    (old) => old.slot === "openPgp" && issuerOf(old.packet) !== signer.keyId,
  );
  const older = signaturesOf(head.signature).filter((old) => old.slot === "rsa" || old.slot === "dsa");
  const legacy = signer.version === 4 ? [{ slot: signer.slot, packet }] : older;
  return [...legacy, ...others, { slot: "openPgp", packet }];
}

function issuerOf(packet: Uint8Array): string {
  try {
    return signatureParts(signatureBodies(packet)[0] ?? packet).info.keyId;
  } catch (error) {
    if (error instanceof PacketError) return "";
    throw error;
  }
}

async function* pieces(path: string, header: Uint8Array, head: RpmFileHead): AsyncGenerator<Uint8Array> {
  yield await readAt(path, 0, LEAD);
  yield header;
  const rest = createReadStream(path, { start: head.headerRange.start, highWaterMark: 1 << 20 });
  yield* rest as AsyncIterable<Uint8Array>;
}

async function readAt(path: string, start: number, end: number): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
