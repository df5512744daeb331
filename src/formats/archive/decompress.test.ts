import { randomBytes } from "node:crypto";
import { bzip2Sample, xzSamples, zstdSample } from "./samples.test-data.ts";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { run, WeirError } from "../../core/index.ts";
import { missingTool } from "../../../test/support/tools.ts";
import { decompress, decompressStream, detectCompression, zstdFrames } from "./index.ts";

const text = Buffer.from("weir ".repeat(200));
const options = { limit: 1 << 20, where: "sample" };

const samples: readonly (readonly [string, Uint8Array])[] = [
  ["gzip", gzipSync(text)],
  ["zstd", zstdSample],
  ["bzip2", bzip2Sample],
  ["xz", xzSamples.crc64],
  ["none", text],
];

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: unknown) => {
      expect(error).toBeInstanceOf(WeirError);
      return (error as WeirError).code;
    },
  );
}

describe.each(samples)("%s", (name, packed) => {
  it("is told by its first bytes and opened", async () => {
    expect(detectCompression(packed)).toBe(name);
    expect(await decompress(packed, options)).toEqual(text);
  });

  it("is opened in pieces", async () => {
    const parts: Buffer[] = [];
    for await (const part of decompressStream(inPieces(packed, 7), options)) parts.push(Buffer.from(part));
    expect(Buffer.concat(parts)).toEqual(text);
  });

  it("gives no more than the limit", async () => {
    expect(await codeOf(decompress(packed, { ...options, limit: text.length - 1 }))).toBe("ARCHIVE_TOO_LARGE");
    expect(await decompress(packed, { ...options, limit: text.length })).toHaveLength(text.length);
  });

  it.skipIf(name === "none")("joins members", async () => {
    expect(await decompress(Buffer.concat([packed, packed]), options)).toEqual(Buffer.concat([text, text]));
  });

  it.skipIf(name === "none")("ends on any damage", async () => {
    for (let cut = 1; cut < packed.length; cut++) {
      expect(await codeOf(decompress(packed.subarray(0, cut), { ...options, compression: name as "gzip" }))).not.toBe(
        "no error",
      );
    }
    for (let round = 0; round < 300; round++) {
      const copy = Buffer.from(packed);
      copy[(round * 31) % copy.length] = (round * 17 + 3) & 255;
      await codeOf(decompress(copy, { ...options, compression: name as "gzip" }));
      const streamed = (async () => {
        for await (const part of decompressStream(inPieces(copy, 50), { ...options, compression: name as "gzip" })) {
          expect(part.length).toBeLessThanOrEqual(options.limit);
        }
      })();
      await codeOf(streamed);
    }
  });
});

describe("xz", () => {
  it.each(Object.entries(xzSamples))("opens data with the check %s", async (_name, packed) => {
    expect(await decompress(packed, options)).toEqual(text);
  });

  it("notices content that is not what the check says", async () => {
    const copy = Buffer.from(xzSamples.sha256);
    const at = copy.length - 12 - 8 - 32;
    copy[at] = (copy[at] ?? 0) ^ 1;
    expect(await codeOf(decompress(copy, options))).toBe("ARCHIVE_DAMAGED");
  });

  it("refuses the old lzma form", async () => {
    expect(await codeOf(decompress(Buffer.from([0x5d, 0, 0, 0x80, 0, 0]), options))).toBe("ARCHIVE_UNSUPPORTED");
  });
});

describe("zstd", () => {
  it("bounds a frame without opening it", () => {
    const [frame] = zstdFrames(zstdSample);
    expect(frame?.bound).toBeGreaterThanOrEqual(text.length);
    expect(frame?.bound).toBeLessThanOrEqual(1 << 17);
  });

  it("passes over skippable frames", async () => {
    const skip = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    expect(await decompress(Buffer.concat([skip, zstdSample]), options)).toEqual(text);
  });
});

const missing = missingTool("xz", "zstd", "bzip2", "gzip");

describe.skipIf(missing !== undefined)(`beside the programs ${missing ?? ""}`, () => {
  const large = Buffer.concat([randomBytes(300_000), Buffer.alloc(3_000_000, "abc"), randomBytes(10)]);
  it.each([
    ["gzip", ["-c"]],
    ["bzip2", ["-c"]],
    ["zstd", ["-c", "-1"]],
    ["zstd", ["-c", "-19", "--long=27"]],
    ["xz", ["-c", "-6"]],
    ["xz", ["-c", "-T2", "--block-size=400000"]],
    ["xz", ["-c", "-1", "--check=none"]],
  ] as const)("opens what %s %j made", async (program, args) => {
    const packed = (await run(program, args, { input: large })).stdout;
    expect((await decompress(packed, { limit: 1 << 26, where: program })).equals(large)).toBe(true);
  });

  it("says that it cannot read xz data with other filters", async () => {
    const packed = (await run("xz", ["-c", "--x86", "--lzma2"], { input: large })).stdout;
    expect(await codeOf(decompress(packed, { limit: 1 << 26, where: "x" }))).toBe("ARCHIVE_UNSUPPORTED");
  });
});
