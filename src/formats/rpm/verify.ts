import { createHash, getHashes, type Hash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import type { RpmHeader } from "./header.ts";
import { type RpmFileHead, readRpm } from "./read.ts";
import { signatureTag, tag } from "./tags.ts";

/** One digest or size that a package states of itself. `unchecked`: an algorithm that this machine does not have. */
export interface RpmCheck {
  readonly what: "header-sha3-256" | "header-sha256" | "header-sha1" | "md5" | "size" | "payload";
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

/**
 * Checks what a package says of its own bytes, as `rpm -K --nosignature` does. A mismatch is a value, not an error; errors are those
 * of {@link readRpm}.
 */
export function verifyRpm(from: Uint8Array | { readonly path: string }, where: string): RpmVerification {
  const head = readRpm(from, where);
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
  const payloadDigest = header.string(tag.payloadDigest);
  if (payloadDigest !== undefined) {
    const algorithm = digestNames[header.number(tag.payloadDigestAlgo) ?? 8] ?? "unknown";
    payload.push(collector("payload", algorithm, payloadDigest));
  }
  for (const item of whole) item.hash?.update(headerMagic).update(header.blob);
  for (const chunk of chunksFrom(from, head)) {
    for (const item of whole) item.hash?.update(chunk);
    for (const item of payload) item.hash?.update(chunk);
  }
  for (const item of [...whole, ...payload]) {
    checks.push(outcome(item.what, item.expected, item.hash?.digest("hex")));
  }
  const size = signature.number(signatureTag.longSize) ?? signature.number(signatureTag.size);
  if (size !== undefined) checks.push(outcome("size", String(size), String(head.size - head.headerRange.start)));
  const passed = (...kinds: RpmCheck["what"][]) => checks.some((c) => c.status === "ok" && kinds.includes(c.what));
  return {
    ok:
      checks.every((check) => check.status !== "bad") &&
      passed("header-sha3-256", "header-sha256", "header-sha1", "md5") &&
      passed("payload", "md5"),
    checks,
    signed: signatureTags.some((number) => signature.has(number)),
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

const signatureTags = [
  signatureTag.dsa,
  signatureTag.rsa,
  signatureTag.pgp,
  signatureTag.gpg,
  signatureTag.openPgp,
] as const;

interface Collector {
  readonly what: RpmCheck["what"];
  readonly expected: string;
  readonly hash: Hash | undefined;
}

const available = new Set(getHashes());

function makeHash(algorithm: string): Hash | undefined {
  return available.has(algorithm) ? createHash(algorithm) : undefined;
}

function collector(what: RpmCheck["what"], algorithm: string, expected: string): Collector {
  return { what, expected, hash: makeHash(algorithm) };
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
