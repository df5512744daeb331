import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";

export type DigestAlgorithm = "md5" | "sha1" | "sha256" | "sha384" | "sha512";

/** Hex digest of bytes or text (as UTF-8). */
export function digestOf(data: string | Uint8Array, algorithm: DigestAlgorithm = "sha256"): string {
  return createHash(algorithm).update(data).digest("hex");
}

/** Hex digest of a file's content, streamed. */
export async function digestFile(path: string, algorithm: DigestAlgorithm = "sha256"): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/**
 * A digest over labelled values, unambiguous by length prefixes, so that `("ab","c")` and `("a","bc")` differ.
 * The order of calls matters: sort first.
 */
export class Fingerprint {
  readonly #hash: Hash = createHash("sha256");

  add(label: string, value: string | number | boolean | Uint8Array): this {
    const bytes = typeof value === "object" ? value : Buffer.from(String(value));
    this.#hash
      .update(`${Buffer.byteLength(label)}:${label}=${bytes.length}:`)
      .update(bytes)
      .update("\n");
    return this;
  }

  hex(): string {
    return this.#hash.digest("hex");
  }
}

/** JSON with object keys in order: equal values give equal bytes. */
export function canonicalJson(value: unknown, space?: number): string {
  return JSON.stringify(value, (_key, item: unknown) => (isRecord(item) ? sortedRecord(item) : item), space);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sortedRecord(record: Record<string, unknown>): Record<string, unknown> {
  const sorted: Record<string, unknown> = {};
  for (const key of Object.keys(record).sort()) sorted[key] = record[key];
  return sorted;
}
