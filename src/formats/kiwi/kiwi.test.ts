import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { azureLinuxTree } from "../../../test/support/tools.ts";
import { WeirError } from "../../core/index.ts";
import { type KiwiImage, readKiwi, selectKiwi } from "./index.ts";

const example = join(import.meta.dirname, "../../../examples/downstream/images/container/container.kiwi");
const read = (text: string): KiwiImage => readKiwi(Buffer.from(text), "config.xml");

function failure(work: () => unknown): WeirError {
  try {
    work();
  } catch (error) {
    if (error instanceof WeirError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("a description with profiles", () => {
  const image = readKiwi(readFileSync(example), "container.kiwi");

  it("gives what the profile core asks for", () => {
    const core = selectKiwi(image, { profiles: ["core"], arch: "x86_64", container: true });
    expect(core).toMatchObject({ name: "mill-container", version: "2.0.0", excludeDocs: true, profiles: ["core"] });
    expect(core.install).toContain("bash");
    expect(core.install).toContain("filesystem");
    expect(core.ignored).toEqual(["ferry-announcer"]);
    expect(core.uninstall).toEqual(["sluiced-telemetry"]);
    expect(core.bootstrap).toEqual(["filesystem", "mill-release"]);
    expect(core.type.container).toEqual({
      name: "mill/base",
      tag: "2.0",
      additionalNames: [":latest"],
      user: "root",
      workingDirectory: "/",
      maintainer: "images@mill.example",
      entrypoint: { argv: ["/usr/bin/bash"], clear: false },
      subcommand: { argv: ["-c", "sluiced --once"], clear: false },
      expose: ["7411"],
      volumes: [],
      environment: [
        ["LANG", "C.UTF-8"],
        ["PATH", "/usr/bin:/usr/sbin"],
      ],
      labels: [
        ["org.opencontainers.image.title", "Mill base"],
        ["org.opencontainers.image.vendor", "Mill"],
      ],
      history: { author: "", createdBy: "", comment: "" },
    });
    expect(image.unknown).toEqual([]);
  });

  it("takes the imported profile where none is named", () => {
    expect(selectKiwi(image, { arch: "x86_64" }).profiles).toEqual(["core"]);
    const minimal = selectKiwi(image, { profiles: ["minimal"], arch: "x86_64" });
    expect(minimal.install).toEqual(["filesystem", "mill-release-container"]);
    expect(minimal.type.container?.subcommand).toEqual({ argv: [], clear: true });
  });

  it("names the profiles it has", () => {
    const error = failure(() => selectKiwi(image, { profiles: ["cor"], arch: "x86_64" }));
    expect([error.code, error.hints]).toEqual(["KIWI_PROFILE_UNKNOWN", ["it has: core, minimal"]]);
  });
});

describe("selectKiwi", () => {
  const image = read(`<image schemaversion="8.3" name="x">
    <profiles><profile name="a" description=""><requires profile="b"/></profile><profile name="b" description=""/></profiles>
    <preferences profiles="b"><type image="oem"/></preferences>
    <packages type="image" profiles="b"><package name="k" arch="x86_64"/><package name="k64" arch="aarch64,ppc64le"/><package name="k"/></packages>
    <users><user name="root"/></users>
  </image>`);

  it("follows profiles that others require and leaves other architectures out", () => {
    const found = selectKiwi(image, { profiles: ["a"], arch: "x86_64" });
    expect(found.profiles).toEqual(["a", "b"]);
    expect(found.install).toEqual(["k"]);
    expect(selectKiwi(image, { profiles: ["b"], arch: "aarch64" }).install).toEqual(["k", "k64"]);
    expect(image.unknown).toEqual([{ element: "image/users", line: 5 }]);
  });

  it("says where types are when there is none", () => {
    const error = failure(() => selectKiwi(image, { arch: "x86_64" }));
    expect([error.code, error.hints]).toEqual(["KIWI_TYPE_MISSING", ["these profiles have a type: b"]]);
    expect(failure(() => selectKiwi(image, { profiles: ["b"], arch: "x86_64", container: true })).code).toBe(
      "KIWI_TYPE_MISSING",
    );
  });
});

describe("what is no sound description", () => {
  it.each([
    ["an entity", `<!DOCTYPE image [<!ENTITY a "b">]><image name="&a;"/>`],
    ["an unknown entity", `<image name="&a;"/>`],
    ["another root", "<description/>"],
    ["nothing", ""],
    ["no name", "<image/>"],
    ["a cut", `<image name="x"><profiles>`],
    ["packages of no known type", `<image name="x"><packages type="strange"/></image>`],
    ["a profile nobody describes", `<image name="x"><packages type="image" profiles="p"/></image>`],
    ["a strange flag", `<image name="x"><profiles><profile name="a" import="maybe"/></profiles></image>`],
    [
      "a strange port",
      `<image name="x"><preferences><type image="oci"><containerconfig name="a"><expose><port number="70000"/></expose></containerconfig></type></preferences></image>`,
    ],
    ["depth", `<image name="x">${"<a>".repeat(100)}${"</a>".repeat(100)}</image>`],
  ])("%s", (_what, text) => {
    expect(failure(() => read(text)).code).toBe("KIWI_MALFORMED");
  });

  it("is told with its line", () => {
    expect(failure(() => read('<image name="x">\n\n<packages type="q"/></image>')).where).toEqual({
      file: "config.xml",
      line: 3,
    });
  });

  it("never does worse, at any cut and with any change", () => {
    const whole = readFileSync(example);
    for (let cut = 0; cut < whole.length - 1; cut += 7) {
      expect(failure(() => readKiwi(whole.subarray(0, cut), "x")).code).toBe("KIWI_MALFORMED");
    }
    let seed = 5;
    const next = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    for (let round = 0; round < 2000; round++) {
      const copy = Buffer.from(whole);
      copy[next(copy.length)] = next(256);
      try {
        selectKiwi(readKiwi(copy, "x"), { arch: "x86_64" });
      } catch (error) {
        expect(error).toBeInstanceOf(WeirError);
      }
    }
  });
});

const tree = azureLinuxTree();

describe.skipIf(tree.missing !== undefined)(`Azure Linux ${tree.missing ?? ""}`, () => {
  it("reads its images", () => {
    const folder = join(tree.path ?? "", "base/images");
    const container = readKiwi(readFileSync(join(folder, "container-base/container-base.kiwi")), "container-base");
    const base = selectKiwi(container, { profiles: ["distroless-base"], arch: "x86_64", container: true });
    expect(base.install).toEqual([
      "azurelinux-release-container",
      "filesystem",
      "glibc",
      "libgcc",
      "openssl-libs",
      "setup",
      "tzdata",
    ]);
    const vm = readKiwi(readFileSync(join(folder, "vm-base/vm-base.kiwi")), "vm-base");
    expect(selectKiwi(vm, { arch: "aarch64" }).bootstrap).toContain("grub2-efi-aa64");
    expect(selectKiwi(vm, { arch: "x86_64" }).type.attributes.format).toBe("vhd-fixed");
  });
});
