import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { extract, type Header } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imageRequest, imageWorld, kiwiSelection } from "../../../test/support/image-world.ts";
import { buildRpm, type TestPackage } from "../../../test/support/rpm-builder.ts";
import { missingTool } from "../../../test/support/tools.ts";
import { digestOf, run, silentProgress, WeirError } from "../../core/index.ts";
import { readRpmdb } from "../../formats/rpmdb/index.ts";
import type { Sandbox, SandboxRequest } from "../build/index.ts";
import { type BuiltImage, buildImage, type ImageRequest, installOrder } from "./index.ts";
import { readRpm } from "../../formats/rpm/index.ts";
import { contentOf } from "./layer.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "weir-image-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Notes what it is asked to run, and does for each what the test says. */
function scriptedSandbox(answer: (request: SandboxRequest, root: string) => number = () => 0) {
  const commands: string[] = [];
  const sandbox: Sandbox = {
    name: "scripted",
    networkIsolated: true,
    run: (request) => {
      commands.push(request.command.join(" "));
      const exitCode = answer(request, request.layers[0] ?? "");
      return Promise.resolve({ exitCode, stdout: "", stderr: exitCode === 0 ? "" : "said why" });
    },
    commandLine: () => Promise.resolve(""),
  };
  return { sandbox, commands };
}

let count = 0;

async function build(packages: readonly TestPackage[], change: Partial<ImageRequest> = {}, sandbox?: Sandbox) {
  const place = join(folder, `case-${count++}`);
  mkdirSync(place);
  const request = imageRequest(place, packages, change);
  const out = join(place, "out");
  const built = await buildImage(request, { sandbox, work: join(place, "work"), progress: silentProgress }, out);
  return { built, out, place, request };
}

async function readLayer(out: string, built: BuiltImage): Promise<Map<string, Header & { text: string }>> {
  const bytes = readFileSync(join(out, "oci/blobs", built.layer.replace(":", "/")));
  const entries = new Map<string, Header & { text: string }>();
  const reader = extract();
  reader.on("entry", (header, stream, next) => {
    const parts: Buffer[] = [];
    stream.on("data", (part) => parts.push(part as Buffer));
    stream.on("end", () => {
      entries.set(header.name, { ...header, text: Buffer.concat(parts).toString("latin1") });
      next();
    });
  });
  await new Promise<void>((resolve, reject) => {
    reader.on("finish", resolve).on("error", reject);
    reader.end(gunzipSync(bytes));
  });
  return entries;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: unknown) => {
      if (!(error instanceof WeirError)) throw error;
      return error.code;
    },
  );
}

describe("buildImage", () => {
  let built: BuiltImage;
  let out = "";
  let entries: Map<string, Header & { text: string }>;
  let commands: string[] = [];
  beforeAll(async () => {
    const scripted = scriptedSandbox();
    const result = await build(imageWorld(), { services: { enable: [], disable: [] } }, scripted.sandbox);
    ({ built, out } = result);
    commands = scripted.commands;
    entries = await readLayer(out, built);
  });

  it("installs in the order in which packages need each other", () => {
    expect(built.packages.map((item) => item.nevra)).toEqual([
      "daemon-3-2.x86_64",
      "filesystem-1-1.x86_64",
      "release-2-1.noarch",
      "sh-1-1.x86_64",
      "tools-1-1.noarch",
    ]);
    expect(commands).toEqual(["/bin/sh /build/body 1", "/bin/sh /build/body 1", "/bin/sh /build/body 1"]);
  });

  it("gives files the numbers of their owners, their permissions and times", () => {
    const of = (path: string) => {
      const entry = entries.get(path);
      return entry && [entry.type, entry.mode, entry.uid, entry.gid, (entry.mtime?.getTime() ?? 0) / 1000];
    };
    expect(of("usr/bin/daemond")).toEqual(["file", 0o755, 0, 0, 1_700_000_000]);
    expect(of("var/lib/daemon/")).toEqual(["directory", 0o700, 71, 71, 1_700_000_000]);
    expect(of("var/lib/daemon/state")).toEqual(["file", 0o644, 71, 12, 1_700_000_000]);
    expect(of("var/log/daemon/")).toEqual(["directory", 0o750, 71, 12, 1_735_689_600]);
    expect(of("etc/shadow")).toEqual(["file", 0, 0, 0, 1_735_689_600]);
    expect(of("tmp/")?.[1]).toBe(0o1777);
    expect(entries.get("dev/null")).toMatchObject({ type: "character-device", devmajor: 1, devminor: 3, mode: 0o666 });
    expect(entries.get("usr/bin/tool-too")).toMatchObject({ type: "link", linkname: "usr/bin/tool" });
    expect(entries.get("lib64")).toMatchObject({ type: "symlink", linkname: "usr/lib64" });
    const pax = (entries.get("usr/bin/daemond")?.pax ?? {}) as Readonly<Record<string, string>>;
    expect(pax["SCHILY.xattr.security.capability"]).toBeDefined();
    expect([...entries.keys()]).toEqual(
      [...entries.keys()].toSorted((a, b) => (a.replace(/\/$/, "") < b.replace(/\/$/, "") ? -1 : 1)),
    );
  });

  it("sets up accounts and units, leaves out documents and what is uninstalled", () => {
    expect(entries.get("etc/passwd")?.text).toContain("daemon:x:71:71:The daemon:/var/lib/daemon:/usr/sbin/nologin\n");
    expect(entries.get("etc/group")?.text).toContain("mail:x:12:daemon\n");
    expect(entries.get("etc/systemd/system/multi-user.target.wants/daemon.service")?.linkname).toBe(
      "/usr/lib/systemd/system/daemon.service",
    );
    expect(built.enabledUnits).toEqual(["daemon.service"]);
    expect(entries.has("etc/systemd/system/multi-user.target.wants/noise.service")).toBe(false);
    expect(entries.has("usr/share/doc/release/README")).toBe(false);
    expect(entries.has("usr/share/passing/file")).toBe(false);
    expect([...entries.keys()].some((path) => path.startsWith("run/") && path !== "run/")).toBe(false);
  });

  it("keeps a database of what is installed", () => {
    const database = Buffer.from(entries.get("usr/lib/sysimage/rpm/rpmdb.sqlite")?.text ?? "", "latin1");
    const { packages } = readRpmdb(database, "db");
    expect(packages.map((item) => item.package.name)).toEqual(["filesystem", "release", "sh", "tools", "daemon"]);
    expect(packages.every((item) => item.installTime === 1_735_689_600)).toBe(true);
    const release = packages.find((item) => item.package.name === "release");
    expect([...(release?.fileStates ?? [])]).toEqual([0, 0, 2]);
  });

  it("holds a bill of materials, inside and beside", () => {
    const beside = readFileSync(join(out, "sbom.cdx.json"), "utf8");
    expect(entries.get("usr/share/sbom/container.cdx.json")?.text).toBe(beside);
    const sbom = JSON.parse(beside) as {
      components: { purl: string; licenses: unknown[]; hashes: { content: string }[] }[];
      dependencies: { ref: string; dependsOn: string[] }[];
      serialNumber: string;
    };
    expect(sbom.components[0]?.purl).toBe(
      "pkg:rpm/mill/daemon@3-2?arch=x86_64&distro=mill-2.0&upstream=daemon-3-2.src.rpm",
    );
    expect(sbom.components[0]?.licenses).toEqual([{ expression: "MIT AND BSD-3-Clause" }]);
    expect(sbom.components[0]?.hashes[0]?.content).toBe(built.packages[0]?.sha256);
    const daemon = sbom.dependencies.find((one) => one.ref.includes("/daemon@"));
    expect(daemon?.dependsOn.map((ref) => /\/(\w+)@/.exec(ref)?.[1])).toEqual(["release", "sh", "tools"]);
    expect(sbom.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("is a layout whose blobs are what their names say", () => {
    const blobs = join(out, "oci/blobs/sha256");
    for (const name of readdirSync(blobs)) expect(digestOf(readFileSync(join(blobs, name)))).toBe(name);
    const layer = readFileSync(join(blobs, built.layer.slice(7)));
    expect(layer.length).toBe(built.layerSize);
    expect(`sha256:${digestOf(gunzipSync(layer))}`).toBe(built.diffId);
    expect(JSON.parse(readFileSync(join(out, "image.json"), "utf8"))).toEqual(JSON.parse(JSON.stringify(built)));
  });

  it("is the same when it is built again", async () => {
    const again = await build(imageWorld(), {}, scriptedSandbox().sandbox);
    expect(again.built).toEqual(built);
    expect(again.built.manifest).toBe(built.manifest);
  });

  it("tells of owners without an account", () => {
    expect(built.findings.map((finding) => [finding.rule, finding.subject])).toEqual([
      ["IMAGE002", "user nobody-knows"],
    ]);
  });
});

describe("scriptlets", () => {
  it("are skips where nothing can run them", async () => {
    const { built } = await build(imageWorld());
    expect(built.skips.map((skip) => skip.subject)).toEqual([
      "%post of daemon-3-2.x86_64",
      "%post of tools-1-1.noarch",
      "%pre of daemon-3-2.x86_64",
      "%pretrans of filesystem-1-1.x86_64",
    ]);
  });

  it("that fail before the files stop the image; afterwards they are findings", async () => {
    expect(await codeOf(build(imageWorld(), {}, scriptedSandbox(() => 1).sandbox))).toBe("IMAGE_SCRIPTLET_FAILED");
    let calls = 0;
    const { built } = await build(imageWorld(), {}, scriptedSandbox(() => (calls++ === 1 ? 0 : calls - 1)).sandbox);
    expect(built.findings.filter((finding) => finding.rule === "IMAGE001")).toHaveLength(1);
  });

  it("see the root writable and change it", async () => {
    const { built, out } = await build(
      imageWorld(),
      {},
      scriptedSandbox((request, root) => {
        expect(request.binds.filter((bind) => bind.writable).map((bind) => bind.to)).toEqual([
          "/etc",
          "/root",
          "/usr",
          "/var",
        ]);
        writeFileSync(join(root, "var/lib/made"), "made");
        chmodSync(join(root, "var/lib/made"), 0);
        if (existsSync(join(root, "usr/bin/daemond"))) chmodSync(join(root, "usr/bin/daemond"), 0o111);
        return 0;
      }).sandbox,
    );
    const layer = await readLayer(out, built);
    const made = layer.get("var/lib/made");
    expect([made?.text, made?.mode, made?.mtime?.getTime()]).toEqual(["made", 0, 1_735_689_600_000]);
    expect(layer.get("usr/bin/daemond")).toMatchObject({ mode: 0o111 });
  });
});

describe("what scriptlets leave behind", () => {
  it("IMAGE_NAME_UNFIT for a name that is not UTF-8", async () => {
    const { sandbox } = scriptedSandbox((_request, root) => {
      writeFileSync(Buffer.concat([Buffer.from(`${root}/var/lib/`), Buffer.from([0xff])]), "");
      return 0;
    });
    expect(await codeOf(build(imageWorld(), {}, sandbox))).toBe("IMAGE_NAME_UNFIT");
  });
});

describe("what cannot be an image", () => {
  const small = [{ name: "a", version: "1", release: "1" }];
  const selection = kiwiSelection({ install: ["a"], uninstall: [] });

  it("IMAGE_UNSOLVED", async () => {
    expect(await codeOf(build(small, { selection: kiwiSelection({ install: ["missing"] }) }))).toBe("IMAGE_UNSOLVED");
  });

  it("IMAGE_FILE_CONFLICT, but for folders, ghosts and equal files", async () => {
    const owner = (name: string, files: TestPackage["files"]): TestPackage => ({
      name,
      version: "1",
      release: "1",
      files: files ?? [],
    });
    const both = { selection: kiwiSelection({ install: ["a", "b"], uninstall: [] }) };
    const shared = [
      { path: "/d", type: "dir", mode: 0o755 },
      { path: "/same", content: "s" },
      { path: "/link", type: "symlink", target: "same" },
    ] as const;
    const sound = [
      owner("a", [...shared, { path: "/g", content: "real" }]),
      owner("b", [...shared, { path: "/g", type: "ghost" }]),
    ];
    expect(await codeOf(build(sound, both))).toBe("no error");
    for (const other of [
      { path: "/same", content: "other" },
      { path: "/link", type: "symlink", target: "other" },
      { path: "/d", content: "a file" },
    ] as const) {
      expect(await codeOf(build([owner("a", shared), owner("b", [other])], both))).toBe("IMAGE_FILE_CONFLICT");
    }
  });

  it.each<[string, (place: string, request: ImageRequest) => ImageRequest]>([
    ["IMAGE_REPOSITORY_UNKNOWN", (_place, request) => ({ ...request, repositories: [] })],
    [
      "IMAGE_PACKAGE_MISSING",
      (place, request) => {
        rmSync(join(place, "repository/Packages"), { recursive: true });
        return request;
      },
    ],
    [
      "IMAGE_PACKAGE_CHANGED",
      (place, request) => {
        writeFileSync(
          join(place, "repository/Packages/a-1-1.noarch.rpm"),
          buildRpm({ name: "a", version: "2", release: "1" }),
        );
        return request;
      },
    ],
  ])("%s", async (code, change) => {
    const place = join(folder, `case-${count++}`);
    mkdirSync(place);
    const request = change(place, imageRequest(place, small, { selection }));
    const context = { sandbox: undefined, work: join(place, "work"), progress: silentProgress };
    expect(await codeOf(buildImage(request, context, join(place, "out")))).toBe(code);
    expect(existsSync(join(place, "out"))).toBe(false);
    expect(readdirSync(join(place, "work"))).toEqual([]);
  });
});

describe("contentOf", () => {
  it("IMAGE_CHANGED where a file is shorter than it was", () => {
    const path = join(folder, "short");
    writeFileSync(path, "abc");
    expect(Buffer.concat([...contentOf(path, 3)]).toString()).toBe("abc");
    expect(() => [...contentOf(path, 4)]).toThrow(expect.objectContaining({ code: "IMAGE_CHANGED" }) as WeirError);
  });
});

describe("installOrder", () => {
  const order = (packages: readonly TestPackage[]) => {
    const read = packages.map((item) => readRpm(buildRpm(item), item.name).package);
    return installOrder(read).order.map((i) => read[i]?.name);
  };
  const named = (name: string, ...requires: string[]): TestPackage => ({ name, version: "1", release: "1", requires });

  it("puts what is needed first, then goes by name", () => {
    expect(order([named("c", "a"), named("a", "z"), named("b"), named("z")])).toEqual(["z", "a", "b", "c"]);
  });

  it("puts the links of a merged /usr first, whatever else", () => {
    const base: TestPackage = { ...named("zz", "y"), files: [{ path: "/bin", type: "symlink", target: "usr/bin" }] };
    expect(order([named("a"), base, named("y")])).toEqual(["y", "zz", "a"]);
  });

  it("ends where packages need each other", () => {
    expect(order([named("a", "b"), named("b", "c"), named("c", "a"), named("d", "a")])).toEqual(["a", "b", "c", "d"]);
  });
});

const missing = missingTool("skopeo", "umoci", "rpm");

describe.skipIf(missing !== undefined)(`beside skopeo, umoci and rpm ${missing ?? ""}`, () => {
  it("is accepted, unpacked, and its database read in the unpacked root", async () => {
    const { built, out, place } = await build(imageWorld());
    const layout = join(out, "oci");
    const inspected = JSON.parse((await run("skopeo", ["inspect", `oci:${layout}:2.0`])).stdout.toString()) as {
      Digest: string;
      Architecture: string;
    };
    expect([inspected.Digest, inspected.Architecture]).toEqual([built.manifest, "amd64"]);
    const bundle = join(place, "bundle");
    await run("umoci", ["unpack", "--rootless", "--image", `${layout}:2.0`, bundle]);
    const database = join(place, "db");
    cpSync(join(bundle, "rootfs/usr/lib/sysimage/rpm"), database, { recursive: true });
    const listed = (await run("rpm", ["--dbpath", database, "-qa"])).stdout.toString().trim().split("\n");
    expect(listed.toSorted()).toEqual(built.packages.map((item) => item.nevra));
  });
});
