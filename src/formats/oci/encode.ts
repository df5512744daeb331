import { canonicalJson, digestOf } from "../../core/index.ts";
import type { OciConfig, OciDescriptor, OciIndex, OciManifest } from "./types.ts";

/** Media types of the OCI image specification 1.1, and Docker's for the same things. */
export const ociMediaType = {
  index: "application/vnd.oci.image.index.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar",
  layerGzip: "application/vnd.oci.image.layer.v1.tar+gzip",
  layerZstd: "application/vnd.oci.image.layer.v1.tar+zstd",
} as const;

/** Content of the file `oci-layout`. */
export const ociLayoutFile = '{"imageLayoutVersion":"1.0.0"}';

/** An index, manifest or configuration as the bytes that are stored: keys in order, equal values give equal bytes. */
export function encodeOci(value: OciIndex | OciManifest | OciConfig): Uint8Array {
  return Buffer.from(canonicalJson(value));
}

/** What stands for these bytes elsewhere. */
export function describeBlob(
  mediaType: string,
  bytes: Uint8Array,
  more: Pick<OciDescriptor, "annotations" | "platform"> = {},
): OciDescriptor {
  return { mediaType, digest: `sha256:${digestOf(bytes)}`, size: bytes.length, ...more };
}

/** Path of a blob in an image layout: `blobs/sha256/…`. */
export function blobPath(digest: string): string {
  return `blobs/${digest.replace(":", "/")}`;
}

const architectures: Readonly<Record<string, { readonly architecture: string; readonly variant?: string }>> = {
  x86_64: { architecture: "amd64" },
  aarch64: { architecture: "arm64", variant: "v8" },
  armv7hl: { architecture: "arm", variant: "v7" },
  i686: { architecture: "386" },
  ppc64le: { architecture: "ppc64le" },
  s390x: { architecture: "s390x" },
  riscv64: { architecture: "riscv64" },
};

/** An rpm architecture as images name it (Go's GOARCH); an unknown one stays as it is. */
export function ociPlatform(arch: string): {
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
} {
  return {
    ...((Object.hasOwn(architectures, arch) ? architectures[arch] : undefined) ?? { architecture: arch }),
    os: "linux",
  };
}
