import type { Config, Key, SignaturePacket } from "openpgp";
import { createHash, getHashes, type Hash } from "node:crypto";
import { messageOf } from "../../core/index.ts";
import { signatureBytes } from "./armor.ts";
import type { Keyring } from "./keyring.ts";
import { PacketError, type SignaturePacketParts, signatureBodies, signatureParts } from "./packet.ts";
import type { SignatureInfo, SignatureResult, VerifyOptions } from "./types.ts";

let available: ReadonlySet<string> | undefined;

/** A signature whose content is still to come: feed it with {@link PendingSignature.update}, then ask for the result once. */
export class PendingSignature {
  readonly info: SignatureInfo | undefined;
  readonly #parts: SignaturePacketParts | undefined;
  readonly #problem: string;
  readonly #hash: Hash | undefined;

  /** `body` is that of a signature packet, or the reason why there is none. */
  constructor(body: Uint8Array | string) {
    let problem = typeof body === "string" ? body : "";
    try {
      if (typeof body !== "string") this.#parts = signatureParts(body);
    } catch (error) {
      if (!(error instanceof PacketError)) throw error;
      problem = error.message;
    }
    this.#problem = problem;
    this.info = this.#parts?.info;
    const name = this.#parts?.hashName;
    if (name !== undefined && (available ??= new Set(getHashes())).has(name))
      this.#hash = createHash(name).update(this.#parts?.prefix ?? "");
  }

  update(chunk: Uint8Array): void {
    this.#hash?.update(chunk);
  }

  /** What has become of the signature, with these keys. */
  async result(keyring: Keyring, options: VerifyOptions = {}): Promise<SignatureResult> {
    const parts = this.#parts;
    const info = this.info;
    if (!parts || !info) return { status: "bad", reason: this.#problem, info: undefined, signer: "" };
    const give = (status: SignatureResult["status"], reason: string, signer = ""): SignatureResult => ({
      status,
      reason,
      info,
      signer,
    });
    if (parts.type !== 0) return give("bad", `a signature of type ${parts.type} is none of a file's bytes`);
    if (info.algorithm.startsWith("algorithm")) return give("unsupported", `${info.algorithm} is not known here`);
    if (!this.#hash) return give("unsupported", `this machine cannot compute ${info.hash}`);
    const candidates = keyring.find(info.keyId).filter((key) => fingerprintFits(key, info));
    if (candidates.length === 0) return give("no-key", `the keyring does not hold the key ${info.keyId}`);
    const packet = await readPacket(parts.packet);
    if (typeof packet === "string") return give("unsupported", packet);
    const digest = this.#hash.update(parts.trailer).digest();
    // What a one-pass signature carries: the library then computes no digest of its own.
    (packet as { hashed?: Promise<Uint8Array> }).hashed = Promise.resolve(new Uint8Array(digest));
    let best: SignatureResult = give("bad", "the content is not what was signed");
    for (const key of candidates) {
      const found = await judge(packet, info, key, options);
      if (found.status === "ok") return give("ok", "", signerOf(key));
      if (found.status === "not-trusted") best = give("not-trusted", found.reason, signerOf(key));
    }
    return best;
  }
}

/** Verifies a detached signature, armored or binary, over the whole of `content`. One result for each signature in it, at least one. */
export async function verifyDetached(
  content: Uint8Array,
  signature: Uint8Array,
  keyring: Keyring,
  options: VerifyOptions = {},
): Promise<SignatureResult[]> {
  let pending: PendingSignature[];
  try {
    pending = signatureBodies(await signatureBytes(signature)).map((body) => new PendingSignature(body));
  } catch (error) {
    if (!(error instanceof PacketError)) throw error;
    pending = [new PendingSignature(error.message)];
  }
  const results: SignatureResult[] = [];
  for (const each of pending) {
    each.update(content);
    results.push(await each.result(keyring, options));
  }
  return results;
}

/** A signature as one line, the way `rpmkeys -Kv` words it: `V4 RSA/SHA256 signature, key ID 4344591e1964c5fc`. */
export function describeSignature(info: SignatureInfo | undefined): string {
  return info === undefined
    ? "no signature"
    : `V${info.version} ${info.algorithm}/${info.hash} signature, key ID ${info.keyId}`;
}

async function readPacket(bytes: Uint8Array): Promise<SignaturePacket | string> {
  const openpgp = await import("openpgp");
  try {
    const { packets } = await openpgp.readSignature({ binarySignature: Uint8Array.from(bytes) });
    const [packet] = packets;
    return packet instanceof openpgp.SignaturePacket ? packet : "the signature's algorithm is not known here";
  } catch (error) {
    return messageOf(error);
  }
}

async function judge(
  packet: SignaturePacket,
  info: SignatureInfo,
  key: Key,
  options: VerifyOptions,
): Promise<{ status: "ok" | "bad" | "not-trusted"; reason: string }> {
  const openpgp = await import("openpgp");
  const loose: Config = {
    ...openpgp.config,
    rejectHashAlgorithms: new Set(),
    rejectMessageHashAlgorithms: new Set(),
    rejectPublicKeyAlgorithms: new Set(),
    minRSABits: 1023,
  };
  const created = new Date(info.created * 1000);
  const nothing = new Uint8Array(0);
  let genuine = false;
  let weakness = "";
  let reason = "";
  for (const candidate of key.getKeys().filter((each) => each.getKeyID().toHex() === info.keyId)) {
    try {
      await packet.verify(candidate.keyPacket, openpgp.enums.signature.binary, nothing, created, true, loose);
      genuine = true;
    } catch {
      continue;
    }
    weakness = weaknessOf(info, candidate.getAlgorithmInfo().bits);
    reason = await distrust(key, packet, created, loose);
    if (reason === "") break;
  }
  if (!genuine) return { status: "bad", reason: "" };
  if (weakness !== "" && options.allowWeak !== true) return { status: "not-trusted", reason: weakness };
  if (reason !== "") return { status: "not-trusted", reason };
  const end = packet.getExpirationTime();
  if (options.at !== undefined && end instanceof Date && end.getTime() <= options.at * 1000) {
    return { status: "not-trusted", reason: "the signature has expired" };
  }
  return { status: "ok", reason: "" };
}

/**
 * Why the key may not have made this signature then; empty for no reason. A key that was exported with only its newest
 * self-signature is judged by that one.
 */
async function distrust(key: Key, packet: SignaturePacket, created: Date, config: Config): Promise<string> {
  const newest = [...key.users.flatMap((user) => user.selfCertifications), ...bindings(key)].reduce(
    (last, each) => Math.max(last, each.created?.getTime() ?? 0),
    0,
  );
  if (key.getCreationTime() > created) return "the signature is older than its key";
  let reason = "";
  for (const time of new Set([created.getTime(), Math.max(newest, created.getTime())])) {
    try {
      await key.getSigningKey(packet.issuerKeyID, new Date(time), undefined, config);
      return "";
    } catch (error) {
      reason ||= messageOf(error);
    }
  }
  return reason;
}

function bindings(key: Key): SignaturePacket[] {
  return key.subkeys.flatMap((subkey) => subkey.bindingSignatures);
}

function weaknessOf(info: SignatureInfo, bits: number | undefined): string {
  if (info.hash === "MD5" || info.hash === "SHA1" || info.hash === "RIPEMD160") {
    return `${info.hash} can be forged`;
  }
  if (info.algorithm === "DSA") return "DSA is no longer trusted";
  if (info.algorithm === "RSA" && (bits ?? 0) < 2047) return `an RSA key of ${bits ?? 0} bits is too short`;
  return "";
}

function fingerprintFits(key: Key, info: SignatureInfo): boolean {
  return info.fingerprint === "" || key.getKeys().some((each) => each.getFingerprint() === info.fingerprint);
}

function signerOf(key: Key): string {
  return key.getUserIDs()[0] ?? "";
}
