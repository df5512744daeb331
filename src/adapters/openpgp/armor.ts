import { PacketError } from "./packet.ts";

/** Whether data has an OpenPGP armor in it. */
export function isArmored(bytes: Uint8Array): boolean {
  return latin1(bytes).includes("-----BEGIN PGP ");
}

/** Each armored block of a text, with its markers; what stands around them is left out. */
export function armoredBlocks(bytes: Uint8Array): string[] {
  const text = latin1(bytes);
  const blocks: string[] = [];
  for (let start = text.indexOf("-----BEGIN PGP "); start >= 0; ) {
    const end = text.indexOf("-----END PGP ", start);
    const close = end < 0 ? -1 : text.indexOf("-----", end + 13);
    if (close < 0) break;
    blocks.push(`${text.slice(start, close + 5)}\n`);
    start = text.indexOf("-----BEGIN PGP ", close + 5);
  }
  return blocks;
}

/** Binary form of a signature that may be armored. Throws {@link PacketError}. */
export async function signatureBytes(bytes: Uint8Array): Promise<Uint8Array> {
  if (!isArmored(bytes)) return bytes;
  const { unarmor } = await import("openpgp");
  const [block] = armoredBlocks(bytes);
  if (block === undefined) throw new PacketError("the armor has no end");
  try {
    const { data } = await unarmor(block);
    if (data instanceof Uint8Array) return data;
  } catch {
    // Told below: the library's own words name no place.
  }
  throw new PacketError("the armor cannot be read");
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}
