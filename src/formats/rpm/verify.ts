import { createHash, getHashes, type Hash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import type { RpmHeader } from "./header.ts";
import { type RpmFileHead, readRpm } from "./read.ts";
import { signaturesOf } from "./signatures.ts";
import { signatureTag, tag } from "./tags.ts";

/** One digest or size that a package states of itself. `unchecked`: an algorithm that this machine does not have. */
export interface RpmCheck {
  readonly what:
    | "header-sha3-256"
    | "header-sha256"
    | "header-sha1"
    | "md5"
    | "size"
    | "payload"
    | "payload-sha512"
    | "payload-sha3-256";
  readonly status: "ok" | "bad" | "unchecked";
  readonly expected: string;
  readonly actual: string;
}

/** The digests of a package, and whether it carries signatures (which are not verified here). */
export interface RpmVerification {
  /** At least one digest covers the header and one the payload, and none is bad. */
  readonly ok: boolean;
  readonly checks: readonly RpmCheck[];
  readonly signed: boolean;
}

/** Sees the bytes that a signature covers, in order, in the one pass over the file that {@link verifyRpm} makes. */
export interface RpmObserver {
  readonly covers: "header" | "header+payload";
  update(chunk: Uint8Array): void;
}

/**
 * Checks what a package says of its own bytes, as `rpm -K --nosignature` does. A mismatch is a value, not an error; errors are those
 * of {@link readRpm}. A payload that was stored uncompressed afterwards passes by its alternative digest.
 */
export function verifyRpm(
  from: Uint8Array | { readonly path: string },
  where: string,
  observe: (head: RpmFileHead) => readonly RpmObserver[] = () => [],
): RpmVerification {
  const head = readRpm(from, where);
  const observers = observe(head);
  const { signature, header } = head;
  const whole: Collector[] = [];
  const payload: Collector[] = [];
  const checks: RpmCheck[] = [];
  const headerOnly = (what: RpmCheck["what"], algorithm: string, expected: string | undefined) => {
    if (expected === undefined) return;
    const hash = makeHash(algorithm);
    hash?.update(headerMagic).update(header.blob);
    checks.push(outcome(what, expected, hash?.digest("hex")));
  };
  headerOnly("header-sha3-256", "sha3-256", textOf(signature, signatureTag.sha3));
  headerOnly("header-sha256", "sha256", textOf(signature, signatureTag.sha256));
  headerOnly("header-sha1", "sha1", textOf(signature, signatureTag.sha1));
  const md5 = signature.has(signatureTag.md5) ? signature.binary(signatureTag.md5) : undefined;
  if (md5) whole.push(collector("md5", "md5", Buffer.from(md5).toString("hex")));
  const algorithm = digestNames[header.number(tag.payloadDigestAlgo) ?? 8] ?? "unknown";
  for (const [what, name, number, alternative] of [
    ["payload", algorithm, tag.payloadDigest, tag.payloadDigestAlt],
    ["payload-sha512", "sha512", tag.payloadSha512, tag.payloadSha512Alt],
    ["payload-sha3-256", "sha3-256", tag.payloadSha3, tag.payloadSha3Alt],
  ] as const) {
    const expected = header.string(number);
    if (expected !== undefined) payload.push(collector(what, name, expected, header.string(alternative)));
  }
  for (const item of [...whole.map((each) => each.hash), ...observers]) {
    item?.update(headerMagic);
    item?.update(header.blob);
  }
  const payloadHashes = [...whole, ...payload].map((item) => item.hash).filter((hash) => hash !== undefined);
  const payloadObservers = observers.filter((observer) => observer.covers === "header+payload");
  for (const chunk of chunksFrom(from, head)) {
    for (const hash of payloadHashes) hash.update(chunk);
    for (const observer of payloadObservers) observer.update(chunk);
  }
  for (const { what, expected, alternative, hash } of [...whole, ...payload]) {
    const actual = hash?.digest("hex");
    checks.push(outcome(what, actual !== undefined && actual === alternative ? alternative : expected, actual));
  }
  const size = signature.number(signatureTag.longSize) ?? signature.number(signatureTag.size);
  if (size !== undefined) checks.push(outcome("size", String(size), String(head.size - head.headerRange.start)));
  const passed = (...kinds: readonly RpmCheck["what"][]) =>
    checks.some((c) => c.status === "ok" && kinds.includes(c.what));
  return {
    ok:
      checks.every((check) => check.status !== "bad") &&
      passed("header-sha3-256", "header-sha256", "header-sha1", "md5") &&
      passed("payload", "payload-sha512", "payload-sha3-256", "md5"),
    checks,
    signed: signaturesOf(signature).length > 0,
  };
}

/** The eight bytes before each header of a package file. */
export const headerMagic: Uint8Array = Uint8Array.of(0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0);

/** Names for node's crypto of the algorithms that rpm numbers (RFC 9580 section 9.5). */
export const digestNames: Readonly<Record<number, string>> = {
  1: "md5",
  2: "sha1",
  8: "sha256",
  9: "sha384",
  10: "sha512",
  11: "sha224",
  12: "sha3-256",
  14: "sha3-512",
};

interface Collector {
  readonly what: RpmCheck["what"];
  readonly expected: string;
  readonly alternative: string | undefined;
  readonly hash: Hash | undefined;
}

const available = new Set(getHashes());

function makeHash(algorithm: string): Hash | undefined {
  return available.has(algorithm) ? createHash(algorithm) : undefined;
}

function collector(what: RpmCheck["what"], algorithm: string, expected: string, alternative?: string): Collector {
  return { what, expected, alternative: alternative?.toLowerCase(), hash: makeHash(algorithm) };
}

function outcome(what: RpmCheck["what"], expected: string, actual: string | undefined): RpmCheck {
  if (actual === undefined) return { what, status: "unchecked", expected, actual: "" };
  return { what, status: actual === expected.toLowerCase() ? "ok" : "bad", expected, actual };
}

function textOf(header: RpmHeader, number: number): string | undefined {
  return header.has(number) ? header.string(number) : undefined;
}

function* chunksFrom(from: Uint8Array | { readonly path: string }, head: RpmFileHead): Generator<Uint8Array> {
  if (from instanceof Uint8Array) {
    yield from.subarray(head.payloadOffset);
    return;
  }
  const file = openSync(from.path, "r");
  try {
    const buffer = Buffer.allocUnsafe(1 << 20);
    let at = head.payloadOffset;
    for (;;) {
      const count = readSync(file, buffer, 0, buffer.length, at);
      if (count === 0) return;
      at += count;
      yield buffer.subarray(0, count);
    }
  } finally {
    closeSync(file);
  }
}
