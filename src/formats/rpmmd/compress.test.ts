import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { missingTool } from "../../../test/support/tools.ts";
import { run } from "../../core/index.ts";
import { decompress } from "../archive/index.ts";
import { compressDocument, compressions } from "./compress.ts";

const piece = 1 << 20;
/** Lines that repeat at a distance, and some that do not. */
function sample(size: number): Buffer {
  const lines: string[] = [];
  for (let n = 0, length = 0; length < size; n++) {
    const line = `  <file>/usr/share/${n % 977}/${(n * 2_654_435_761) >>> 0}</file>\n`;
    lines.push(line);
    length += line.length;
  }
  return Buffer.from(lines.join("")).subarray(0, size);
}

describe("compressDocument", () => {
  it.each([0, 1, piece - 1, piece, piece + 1, 3 * piece + 12_345])(
    "packs %s bytes so that they come back",
    async (size) => {
      const data = sample(size);
      for (const compression of compressions) {
        // The program takes seconds for what the others do in a moment, and has no pieces of ours.
        if (compression === "xz" && size > 1) continue;
        const packed = await compressDocument(data, compression);
        expect((await decompress(packed, { where: "x", limit: size + 1 })).equals(data)).toBe(true);
        expect(Buffer.from(packed).equals(await compressDocument(data, compression))).toBe(true);
      }
    },
  );

  it("makes one gzip member without a time, hardly larger than in one piece", async () => {
    const data = sample(4 * piece);
    const packed = await compressDocument(data, "gzip");
    expect([...packed.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
    expect(gunzipSync(packed).equals(data)).toBe(true);
    expect(packed.length).toBeLessThan(gzipSync(data, { level: 6 }).length * 1.002);
  });

  const missing = missingTool("gzip");
  it.skipIf(missing !== undefined)(`is what gzip reads (${missing ?? "present"})`, async () => {
    const data = sample(2 * piece + 5);
    const { stdout } = await run("gzip", ["-dc"], { input: await compressDocument(data, "gzip") });
    expect(stdout.equals(data)).toBe(true);
  });
});
