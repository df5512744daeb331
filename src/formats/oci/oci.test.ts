import { describe, expect, it } from "vitest";
import { WeirError } from "../../core/index.ts";
import {
  blobPath,
  describeBlob,
  encodeOci,
  type OciConfig,
  type OciManifest,
  ociMediaType,
  ociPlatform,
  parseOciConfig,
  parseOciIndex,
  parseOciManifest,
} from "./index.ts";

const config: OciConfig = {
  created: "2025-01-01T00:00:00Z",
  architecture: "amd64",
  os: "linux",
  config: { User: "root", Env: ["A=b"], Cmd: ["/bin/sh"], Labels: { a: "b" } },
  rootfs: { type: "layers", diff_ids: [`sha256:${"0".repeat(64)}`] },
};
const manifest: OciManifest = {
  schemaVersion: 2,
  mediaType: ociMediaType.manifest,
  config: describeBlob(ociMediaType.config, encodeOci(config)),
  layers: [describeBlob(ociMediaType.layerGzip, Buffer.from("layer"))],
  annotations: { x: "y" },
};

describe("OCI values", () => {
  it("are read as they were written", () => {
    expect(parseOciConfig(encodeOci(config), "c")).toEqual(config);
    expect(parseOciManifest(encodeOci(manifest), "m")).toEqual(manifest);
    const index = {
      schemaVersion: 2 as const,
      mediaType: ociMediaType.index,
      manifests: [describeBlob(ociMediaType.manifest, encodeOci(manifest), { platform: ociPlatform("x86_64") })],
    };
    expect(parseOciIndex(encodeOci(index), "i")).toEqual(index);
  });

  it("are found by digest", () => {
    expect(blobPath(manifest.config.digest)).toMatch(/^blobs\/sha256\/[0-9a-f]{64}$/);
  });

  it("name architectures as Go does", () => {
    expect(ociPlatform("aarch64")).toEqual({ architecture: "arm64", variant: "v8", os: "linux" });
    expect(ociPlatform("constructor")).toEqual({ architecture: "constructor", os: "linux" });
  });

  it.each([
    "",
    "[]",
    "{}",
    '{"config":{}}',
    '{"config":{"digest":"sha256:../../etc","size":1},"layers":[]}',
    `{"config":{"digest":"sha256:${"0".repeat(64)}","size":-1},"layers":[]}`,
    `{"config":{"digest":"sha256:${"0".repeat(64)}","size":1e300},"layers":[]}`,
    `{"config":{"digest":"sha256:${"0".repeat(64)}","size":1},"layers":{}}`,
  ])("refuses %s", (text) => {
    try {
      parseOciManifest(Buffer.from(text), "m");
      expect.unreachable();
    } catch (error) {
      expect((error as WeirError).code).toBe("OCI_MALFORMED");
    }
  });

  it("never does worse at any cut", () => {
    for (const bytes of [encodeOci(config), encodeOci(manifest)]) {
      for (let cut = 0; cut < bytes.length; cut++) {
        for (const read of [parseOciConfig, parseOciManifest, parseOciIndex]) {
          expect(() => read(bytes.subarray(0, cut), "x")).toThrow(WeirError);
        }
      }
    }
  });
});
