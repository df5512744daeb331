export { Keyring, keysOf, openKeyring } from "./keyring.ts";
export type * from "./types.ts";
export { describeSignature, PendingSignature, verifyDetached } from "./verify.ts";
export { type PackageSignature, type PackageVerification, packetBodies, verifyPackage } from "./verify-package.ts";
export { openSigner, type Signer, signDetached } from "./sign.ts";
export { type SignedPackage, type SignPackageOptions, signPackage } from "./sign-package.ts";
