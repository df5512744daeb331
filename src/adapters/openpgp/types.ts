/** What has become of a signature. `not-trusted`: it is genuine, but the key was expired or revoked, or the algorithms are too weak. */
export type SignatureStatus = "ok" | "bad" | "no-key" | "not-trusted" | "unsupported";

/** What a signature says of itself, unverified. */
export interface SignatureInfo {
  /** Version of the OpenPGP packet: 3, 4 or 6. */
  readonly version: number;
  /** `RSA`, `DSA`, `ECDSA`, `EdDSA`, or the number of an algorithm that is not known here. */
  readonly algorithm: string;
  /** `SHA256` and the like, or the number of an algorithm that is not known here. */
  readonly hash: string;
  /** Issuer in hexadecimal, 16 digits; empty where the signature names none. */
  readonly keyId: string;
  /** Issuer's whole fingerprint in hexadecimal, where the signature states it; else empty. */
  readonly fingerprint: string;
  /** Seconds since the epoch; 0 where the signature does not say. */
  readonly created: number;
}

export interface SignatureResult {
  readonly status: SignatureStatus;
  /** One sentence; empty when all is well. */
  readonly reason: string;
  /** Undefined where the bytes are no signature packet at all. */
  readonly info: SignatureInfo | undefined;
  /** User ID of the key that made it, where that key is in the keyring. */
  readonly signer: string;
}

export interface VerifyOptions {
  /** Take MD5, SHA-1, DSA and short RSA keys for good, as packages of old distributions need (default false). */
  readonly allowWeak?: boolean;
  /** Seconds since the epoch at which signatures must not have run out; not looked at unless given. */
  readonly at?: number;
}

/** A key that could not be read, and why. */
export interface UnreadableKey {
  readonly where: string;
  readonly reason: string;
}

export interface SignOptions {
  /** Creation time of the signature, seconds since the epoch. */
  readonly time: number;
}
