import type { SignatureInfo } from "./types.ts";

/** A signature packet taken apart as far as hashing needs (RFC 9580, section 5.2; version 3 as in RFC 4880). */
export interface SignaturePacketParts {
  readonly info: SignatureInfo;
  /** 0 for a signature of bytes. */
  readonly type: number;
  /** Name for node's crypto; undefined for an algorithm that is not known. */
  readonly hashName: string | undefined;
  /** Hashed before the content: the salt of version 6. */
  readonly prefix: Uint8Array;
  /** Hashed after the content. */
  readonly trailer: Uint8Array;
  /** The packet in a form that the library reads: its own bytes, version 3 as a version 4 that nothing but key and digest is taken from. */
  readonly packet: Uint8Array;
}

const SIGNATURE = 2;
const mostPackets = 64;

/** Bytes that are no OpenPGP packets. */
export class PacketError extends Error {}

/** Bodies of the signature packets in binary data. Throws {@link PacketError}. */
export function signatureBodies(bytes: Uint8Array): Uint8Array[] {
  const bodies: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (bodies.length === mostPackets) throw new PacketError(`there are more than ${mostPackets} signatures`);
    const { kind, start, end } = packetAt(bytes, at);
    if (kind !== SIGNATURE) throw new PacketError(`packet ${kind} is no signature`);
    bodies.push(bytes.subarray(start, end));
    at = end;
  }
  if (bodies.length === 0) throw new PacketError("there is no signature");
  return bodies;
}

function packetAt(bytes: Uint8Array, at: number): { kind: number; start: number; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const need = (count: number) => {
    if (at + count > bytes.length) throw new PacketError("the packet is cut short");
  };
  need(2);
  const first = view.getUint8(at);
  if ((first & 0x80) === 0) throw new PacketError("these bytes are no OpenPGP packet");
  let kind: number;
  let head: number;
  let length: number;
  if ((first & 0x40) !== 0) {
    kind = first & 0x3f;
    const octet = view.getUint8(at + 1);
    if (octet < 192) [head, length] = [2, octet];
    else if (octet < 224) {
      need(3);
      [head, length] = [3, ((octet - 192) << 8) + view.getUint8(at + 2) + 192];
    } else if (octet === 255) {
      need(6);
      [head, length] = [6, view.getUint32(at + 2)];
    } else throw new PacketError("a packet in parts is no signature");
  } else {
    kind = (first >> 2) & 15;
    const size = first & 3;
    if (size === 3) throw new PacketError("a packet without length is no signature");
    head = 1 + 2 ** size;
    need(head);
    length = size === 0 ? view.getUint8(at + 1) : size === 1 ? view.getUint16(at + 1) : view.getUint32(at + 1);
  }
  need(head + length);
  return { kind, start: at + head, end: at + head + length };
}

const algorithms: Readonly<Record<number, string>> = {
  1: "RSA",
  3: "RSA",
  17: "DSA",
  19: "ECDSA",
  22: "EdDSA",
  27: "EdDSA",
  28: "EdDSA",
};

const hashes: Readonly<Record<number, readonly [string, string]>> = {
  1: ["MD5", "md5"],
  2: ["SHA1", "sha1"],
  3: ["RIPEMD160", "ripemd160"],
  8: ["SHA256", "sha256"],
  9: ["SHA384", "sha384"],
  10: ["SHA512", "sha512"],
  11: ["SHA224", "sha224"],
  12: ["SHA3-256", "sha3-256"],
  14: ["SHA3-512", "sha3-512"],
};

/** Takes the body of a signature packet apart. Throws {@link PacketError}. */
export function signatureParts(body: Uint8Array): SignaturePacketParts {
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.length);
  const version = buffer[0];
  try {
    if (version === 3) return version3(buffer);
    if (version === 4 || version === 6) return version4or6(buffer, version);
  } catch (error) {
    if (error instanceof RangeError) throw new PacketError("the signature is cut short");
    throw error;
  }
  throw new PacketError(`signatures of version ${version ?? "none"} are not known`);
}

function version3(body: Buffer): SignaturePacketParts {
  if (body.readUInt8(1) !== 5) throw new PacketError("a version 3 signature hashes more than it may");
  const type = body.readUInt8(2);
  const created = body.readUInt32BE(3);
  const keyId = body.toString("hex", 7, 15);
  const algorithm = body.readUInt8(15);
  const hash = body.readUInt8(16);
  if (body.length < 21) throw new PacketError("the signature is cut short");
  const time = body.subarray(3, 7);
  const shell = Buffer.concat([
    Buffer.from([4, type, algorithm, hash, 0, 6, 5, 2]),
    time,
    Buffer.from([0, 10, 9, 16]),
    body.subarray(7, 15),
    body.subarray(17),
  ]);
  return {
    info: {
      version: 3,
      algorithm: nameOf(algorithms[algorithm], algorithm),
      hash: nameOf(hashes[hash]?.[0], hash),
      keyId,
      fingerprint: "",
      created,
    },
    type,
    hashName: hashes[hash]?.[1],
    prefix: new Uint8Array(0),
    trailer: body.subarray(2, 7),
    packet: packetOf(shell),
  };
}

function version4or6(body: Buffer, version: 4 | 6): SignaturePacketParts {
  const type = body.readUInt8(1);
  const algorithm = body.readUInt8(2);
  const hash = body.readUInt8(3);
  const width = version === 4 ? 2 : 4;
  const hashedEnd = 4 + width + body.readUIntBE(4, width);
  const unhashedEnd = hashedEnd + width + body.readUIntBE(hashedEnd, width);
  if (unhashedEnd + 2 > body.length) throw new PacketError("the signature is cut short");
  let saltStart = unhashedEnd + 2;
  let saltEnd = saltStart;
  if (version === 6) {
    saltStart++;
    saltEnd = saltStart + body.readUInt8(unhashedEnd + 2);
    if (saltEnd > body.length) throw new PacketError("the signature is cut short");
  }
  const found = { keyId: "", fingerprint: "", created: 0 };
  readSubpackets(body.subarray(4 + width, hashedEnd), found, true);
  readSubpackets(body.subarray(hashedEnd + width, unhashedEnd), found, false);
  const end = Buffer.from([version, 0xff, 0, 0, 0, 0]);
  end.writeUInt32BE(hashedEnd, 2);
  return {
    info: {
      version,
      algorithm: nameOf(algorithms[algorithm], algorithm),
      hash: nameOf(hashes[hash]?.[0], hash),
      ...found,
    },
    type,
    hashName: hashes[hash]?.[1],
    prefix: body.subarray(saltStart, saltEnd),
    trailer: Buffer.concat([body.subarray(0, hashedEnd), end]),
    packet: packetOf(body),
  };
}

/** Creation time counts only where it is signed; the issuer may stand outside, a wrong one merely finds the wrong key. */
function readSubpackets(
  area: Buffer,
  found: { keyId: string; fingerprint: string; created: number },
  hashed: boolean,
): void {
  for (let at = 0; at < area.length; ) {
    let length = area.readUInt8(at++);
    if (length >= 192 && length < 255) length = ((length - 192) << 8) + area.readUInt8(at++) + 192;
    else if (length === 255) {
      length = area.readUInt32BE(at);
      at += 4;
    }
    if (length < 1 || at + length > area.length) throw new PacketError("a field of the signature is cut short");
    const kind = area.readUInt8(at) & 127;
    const value = area.subarray(at + 1, at + length);
    at += length;
    if (kind === 2 && hashed && value.length === 4) found.created = value.readUInt32BE(0);
    else if (kind === 16 && value.length === 8 && found.keyId === "") found.keyId = value.toString("hex");
    else if (kind === 33 && value.length > 1 && (hashed || found.fingerprint === "")) {
      const fingerprint = value.toString("hex", 1);
      found.fingerprint = fingerprint;
      // The key ID is the end of a version 4 fingerprint, the start of a version 6 one.
      found.keyId = value[0] === 4 ? fingerprint.slice(-16) : fingerprint.slice(0, 16);
    }
  }
}

function nameOf(name: string | undefined, number: number): string {
  return name ?? `algorithm ${number}`;
}

function packetOf(body: Uint8Array): Buffer {
  const head = Buffer.from([0xc0 | SIGNATURE, 0xff, 0, 0, 0, 0]);
  head.writeUInt32BE(body.length, 2);
  return Buffer.concat([head, body]);
}
