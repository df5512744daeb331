import { open } from "node:fs/promises";
import { WeirError } from "./error.ts";

const pieceSize = 1 << 20;

/**
 * Reads a file that the user named, of at most `limit` bytes; pipes and devices too, so that `<(command)` works and `/dev/zero` ends.
 * Errors: `FILE_TOO_LARGE`, and those of the system.
 */
export async function readGivenFile(path: string, limit: number, where: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    const pieces: Buffer[] = [];
    for (let total = 0; ; ) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(pieceSize), 0, pieceSize, null);
      if (bytesRead === 0) return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
      total += bytesRead;
      if (total > limit) {
        throw new WeirError("FILE_TOO_LARGE", `the file has more than ${limit} bytes`, {
          where,
          hints: ["check that it is the file you mean: none of its kind is that large"],
        });
      }
      pieces.push(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}
