import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  linkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { missingTool } from "../../../test/support/tools.ts";
import { run, WeirError } from "../../core/index.ts";
import { type PackageDescription, type PackageEntry, readRpm, verifyRpm } from "../rpm/index.ts";
import {
  applyPackFile,
  compressStream,
  entriesOfTree,
  packageBytes,
  readPackFile,
  readPayload,
  unpackRpm,
  writePackage,
} from "./index.ts";

const compressors = ["gzip", "zstd", "xz", "bzip2", "none"] as const;

const described: PackageDescription = {
  name: "packed",
  epoch: 1,
  version: "1.0~rc1",
  release: "2",
  buildTime: 1_700_000_000,
  license: "MIT",
  provides: ["virtual = 3"],
  requires: ["/bin/sh", "(foo if bar)"],
  recommends: ["nice > 2"],
  changelog: [{ time: 1_700_000_000, author: "A <a@example.org> - 1", text: "- first" }],
  scriptlets: [
    { kind: "post", interpreter: ["/bin/sh"], body: "exit 0" },
    { kind: "pretrans", interpreter: ["<lua>"], body: "print('x')" },
  ],
};

const entries: readonly PackageEntry[] = [
  { path: "/opt/x", type: "dir" },
  { path: "/opt/x/b", content: Buffer.from("content".repeat(30_000)), mode: 0o4755, mtime: 1_600_000_000 },
  { path: "/opt/x/a", hardLinkOf: "/opt/x/b" },
  { path: "/opt/x/c", hardLinkOf: "/opt/x/b" },
  { path: "/opt/x/link", type: "symlink", target: "b" },
  { path: "/opt/x/empty" },
  { path: "/opt/x/conf", content: Buffer.from("a=1\n"), flags: 17, mode: 0o640 },
  { path: "/opt/x/ghost", flags: 64 },
  { path: "/opt/x/capable", content: Buffer.from("x"), capabilities: "cap_net_raw=ep", mode: 0o755 },
  { path: "/opt/x/null", type: "char", rdev: 0x103, mode: 0o666 },
];

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "weir-pack-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function failure(work: () => Promise<unknown>): Promise<WeirError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof WeirError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const programs = missingTool("xz", "bzip2");

describe.skipIf(programs !== undefined)(`writePackage ${programs ?? ""}`, () => {
  it.each(compressors.flatMap((compressor) => [[compressor, 4] as const, [compressor, 6] as const]))(
    "%s, format %i: what is read is what was written",
    async (compressor, format) => {
      const to = join(folder, `${compressor}-${format}.rpm`);
      const done = await writePackage(to, described, entries, { compressor, format });
      expect(done.size).toBe(statSync(to).size);
      expect(verifyRpm({ path: to }, "x").checks.every(({ status }) => status === "ok")).toBe(true);
      expect(verifyRpm({ path: to }, "x").ok).toBe(true);
      expect(readFileSync(to)).toEqual(Buffer.from(await packageBytes(described, entries, { compressor, format })));
      const root = mkdtempSync(join(folder, "root-"));
      const unpacked = await unpackRpm(to, root);
      expect(readFileSync(join(root, "opt/x/a"), "utf8")).toBe("content".repeat(30_000));
      expect(statSync(join(root, "opt/x/b")).nlink).toBe(3);
      expect(statSync(join(root, "opt/x/b")).mode & 0o7777).toBe(0o4755);
      expect(unpacked.special.map(({ file }) => [file.path, file.rdev])).toEqual([["/opt/x/null", 0x103]]);
      expect(unpacked.notApplied).toEqual([]);
      const byPath = new Map(unpacked.package.files.map((file) => [file.path, file]));
      expect(byPath.get("/opt/x/capable")?.capabilities).toBe("cap_net_raw=ep");
      expect(byPath.get("/opt/x/ghost")).toMatchObject({ digest: "", flags: 64 });
      expect(done.installedSize).toBe(unpacked.package.installedSize);
    },
  );

  it("gives the payload as a stream of entries, each compared with its digest", async () => {
    const to = join(folder, "stream.rpm");
    await writePackage(to, described, entries, { payloadOrder: (entry) => (entry.path.endsWith("conf") ? 0 : 1) });
    const seen: string[] = [];
    let bytes = 0;
    for await (const event of readPayload(to)) {
      if (event.kind === "data") bytes += event.chunk.length;
      if (event.kind === "end") seen.push(`${event.file.path} ${event.digest}`);
    }
    expect(seen).toEqual([
      "/opt/x/conf ok",
      "/opt/x none",
      "/opt/x/a none",
      "/opt/x/b none",
      "/opt/x/c ok",
      "/opt/x/capable ok",
      "/opt/x/empty ok",
      "/opt/x/link none",
      "/opt/x/null none",
    ]);
    expect(bytes).toBe(210_000 + 4 + 1 + 1);
  });

  it("leaves nothing behind", () => {
    expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
  });
});

describe("what cannot be packed", () => {
  const pack = (more: Partial<PackageDescription>, files: readonly PackageEntry[] = []) =>
    failure(() => packageBytes({ ...described, ...more }, files, { compressor: "none" }));

  it.each<[string, Partial<PackageDescription>, PackageEntry[]]>([
    ["a name with blanks", { name: "a b" }, []],
    ["a version with a dash", { version: "1-2" }, []],
    ["an epoch below 0", { epoch: -1 }, []],
    ["a dependency of two words", { requires: ["a b"] }, []],
    ["a rich dependency that does not end", { requires: ["(a if"] }, []],
    ["a text with NUL", { summary: "a\0b" }, []],
    ["a relative path", {}, [{ path: "etc/x" }]],
    ["a path that climbs", {}, [{ path: "/etc/../x" }]],
    ["a path twice", {}, [{ path: "/x" }, { path: "/x" }]],
    ["a link to nowhere", {}, [{ path: "/x", type: "symlink" }]],
    ["a hard link of nothing", {}, [{ path: "/x", hardLinkOf: "/y" }]],
    ["a hard link of itself", {}, [{ path: "/x", hardLinkOf: "/x" }]],
    ["a folder with content", {}, [{ path: "/x", type: "dir", content: Buffer.from("x") }]],
    ["a mode beyond 07777", {}, [{ path: "/x", mode: 0o10000 }]],
    ["a time beyond 32 bits", {}, [{ path: "/x", mtime: 2 ** 32 }]],
  ])("RPM_PACK_INVALID: %s", async (_, more, files) => {
    expect((await pack(more, files)).code).toBe("RPM_PACK_INVALID");
  });

  it("RPM_PACK_CONTENT, ARCHIVE_LEVEL, RPM_PACK_WRITE_FAILED", async () => {
    expect((await pack({}, [{ path: "/x", content: { path: join(folder, "absent") } }])).code).toBe("RPM_PACK_CONTENT");
    const level = () => packageBytes(described, [], { compressor: "gzip", level: 10 });
    expect((await failure(level)).code).toBe("ARCHIVE_LEVEL");
    writeFileSync(join(folder, "file"), "");
    const below = () => writePackage(join(folder, "file/x.rpm"), described, [], { compressor: "none" });
    expect((await failure(below)).code).toBe("RPM_PACK_WRITE_FAILED");
  });

  it("RPM_PACK_CONTENT for content that changes between its two readings", async () => {
    const growing = join(folder, "growing");
    writeFileSync(growing, "x".repeat(10));
    const rank = () => {
      writeFileSync(growing, "y".repeat(20));
      return 0;
    };
    const work = () =>
      packageBytes(described, [{ path: "/x", content: { path: growing } }], { compressor: "none", payloadOrder: rank });
    expect((await failure(work)).code).toBe("RPM_PACK_CONTENT");
  });

  it("ARCHIVE_NO_COMPRESSOR and ARCHIVE_COMPRESSION_FAILED, by the programs on the path", async () => {
    const bin = mkdtempSync(join(folder, "bin-"));
    const compress = (name: "xz" | "bzip2") => async () => {
      for await (const _ of compressStream(chunks("x"), name)) void _;
    };
    const path = process.env.PATH;
    process.env.PATH = bin;
    try {
      // The program is also looked for where administrators' programs lie.
      const elsewhere = ["/usr/sbin/bzip2", "/sbin/bzip2"].some((name) => existsSync(name));
      if (!elsewhere) expect((await failure(compress("bzip2"))).code).toBe("ARCHIVE_NO_COMPRESSOR");
      writeFileSync(join(bin, "xz"), "#!/bin/sh\nexit 3\n", { mode: 0o755 });
      expect((await failure(compress("xz"))).code).toBe("ARCHIVE_COMPRESSION_FAILED");
    } finally {
      process.env.PATH = path;
    }
  });

  it("errors of the source come through", async () => {
    const source = async function* () {
      yield Buffer.from("x");
      throw new WeirError("TEST_SOURCE", "gone");
    };
    for (const compressor of compressors) {
      const work = async () => {
        for await (const _ of compressStream(source(), compressor)) void _;
      };
      expect((await failure(work)).code).toBe("TEST_SOURCE");
    }
  });
});

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

describe("a tree and its description", () => {
  it("takes modes, links, hard links and times from the tree, and rules from the description", async () => {
    const root = mkdtempSync(join(folder, "tree-"));
    mkdirSync(join(root, "usr/bin"), { recursive: true });
    mkdirSync(join(root, "usr/share/tool"), { recursive: true });
    writeFileSync(join(root, "usr/bin/tool"), "x", { mode: 0o755 });
    linkSync(join(root, "usr/bin/tool"), join(root, "usr/bin/also"));
    symlinkSync("tool", join(root, "usr/bin/link"));
    writeFileSync(join(root, "usr/share/tool/doc"), "d");
    const file = readPackFile(
      {
        name: "tool",
        version: "1",
        exclude: ["/usr/share/tool"],
        scriptlets: { post: "exit 0", postun: { interpreter: ["/sbin/ldconfig"] } },
        files: [
          { path: "/usr/bin/*", user: "bin", mode: "0700" },
          { path: "/var/lib/tool", flags: ["ghost"] },
        ],
      },
      "tool.toml",
    );
    const found = await applyPackFile(entriesOfTree(root, { newest: 1000 }), file, "tool.toml");
    expect(found).toMatchObject([
      { path: "/usr/bin/also", user: "bin", mode: 0o700, mtime: 1000 },
      { path: "/usr/bin/link", type: "symlink", target: "tool" },
      { path: "/usr/bin/tool", hardLinkOf: "/usr/bin/also" },
      { path: "/var/lib/tool", flags: 64 },
    ]);
    expect(file.described.release).toBe("1");
    expect(file.described.scriptlets?.map(({ kind }) => kind)).toEqual(["post", "postun"]);
  });

  it("RPM_PACK_TREE for what is no folder", () => {
    expect(() => entriesOfTree(join(folder, "absent"), { newest: 0 })).toThrow(
      expect.objectContaining({ code: "RPM_PACK_TREE" }),
    );
  });

  it.each<[string, unknown]>([
    ["no table", []],
    ["no name", { version: "1" }],
    ["an unknown key", { name: "a", version: "1", reqires: [] }],
    ["a number for a text", { name: "a", version: 1 }],
    ["a text for a list", { name: "a", version: "1", requires: "b" }],
    ["a mode that is not octal", { name: "a", version: "1", files: [{ path: "/x", mode: "999" }] }],
    ["an unknown flag", { name: "a", version: "1", files: [{ path: "/x", flags: ["konfig"] }] }],
    ["an unknown scriptlet", { name: "a", version: "1", scriptlets: { posts: "" } }],
    ["a changelog without time", { name: "a", version: "1", changelog: [{ text: "x" }] }],
  ])("RPM_PACK_FILE: %s", (_, value) => {
    expect(() => readPackFile(value, "x.toml")).toThrow(expect.objectContaining({ code: "RPM_PACK_FILE" }));
  });

  it("RPM_PACK_FILE for a rule that meets nothing", async () => {
    const file = readPackFile({ name: "a", version: "1", files: [{ path: "/absent" }] }, "x");
    expect((await failure(() => applyPackFile([], file, "x"))).code).toBe("RPM_PACK_FILE");
  });
});

describe("hostile packages", () => {
  it("readPayload: a WeirError at every cut and after thousands of changes, in bounded time", async () => {
    const small = entries.map((entry) =>
      entry.path === "/opt/x/b" ? { ...entry, content: Buffer.from("bb") } : entry,
    );
    for (const [compressor, format] of [
      ["none", 4],
      ["none", 6],
      ["zstd", 4],
    ] as const) {
      const bytes = Buffer.from(await packageBytes(described, small, { compressor, format, reserve: 0 }));
      const { payloadOffset } = readRpm(bytes, "x");
      const path = join(folder, "hostile.rpm");
      const read = async (data: Uint8Array) => {
        writeFileSync(path, data);
        try {
          for await (const event of readPayload(path, { limit: 1 << 20 })) void event;
        } catch (error) {
          expect(error).toBeInstanceOf(WeirError);
        }
      };
      for (let cut = payloadOffset; cut < bytes.length; cut += 3) await read(bytes.subarray(0, cut));
      let seed = 11;
      const next = (below: number) => {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
        return (seed >>> 8) % below;
      };
      for (let round = 0; round < 700; round++) {
        const copy = Buffer.from(bytes);
        for (let i = 0; i <= round % 3; i++) copy[payloadOffset + next(bytes.length - payloadOffset)] = next(256);
        await read(copy);
      }
    }
  });

  it("a bomb ends at the limit", async () => {
    const path = join(folder, "bomb.rpm");
    for (const compressor of ["gzip", "zstd"] as const) {
      await writePackage(path, described, [{ path: "/zeros", content: Buffer.alloc(64 << 20) }], { compressor });
      const work = async () => {
        for await (const event of readPayload(path, { limit: 1 << 20 })) void event;
      };
      expect((await failure(work)).code).toBe("ARCHIVE_TOO_LARGE");
    }
  });
});

const rpm = missingTool("rpm", "rpm2cpio", "cpio", "xz", "bzip2");

describe.skipIf(rpm !== undefined)(`beside rpm ${rpm ?? ""}`, () => {
  it.each(compressors.flatMap((compressor) => [[compressor, 4] as const, [compressor, 6] as const]))(
    "%s, format %i: rpm -qp, -K, -i and -V accept the package",
    async (compressor, format) => {
      const base = mkdtempSync(join(folder, "rpm-"));
      const path = join(base, "packed.rpm");
      await writePackage(path, described, entries, { compressor, format });
      const root = join(base, "root");
      mkdirSync(root);
      const db = [`--dbpath=${base}/db`];
      expect((await run("rpm", [...db, "-K", path])).stdout.toString()).toContain("digests OK");
      const query = await run("rpm", [
        ...db,
        "-qp",
        "--qf",
        "[%{FILENAMES} %{FILEMODES} %{FILEDIGESTS} %{FILECAPS}|\n]",
        path,
      ]);
      const found = readRpm({ path }, "x").package;
      expect(query.stdout.toString().trim().split("\n")).toEqual(
        found.files.map((file) => `${file.path} ${file.mode} ${file.digest} ${file.capabilities}|`),
      );
      if (process.getuid?.() !== 0) return;
      const at = [`--root=${root}`, "--dbpath=/var/lib/rpm"];
      await run("rpm", [...at, "-i", "--nodeps", "--noscripts", path], { timeout: 30_000 });
      expect(readFileSync(join(root, "opt/x/b"), "utf8")).toBe("content".repeat(30_000));
      expect(statSync(join(root, "opt/x/a")).nlink).toBe(3);
      const check = await run("rpm", [...at, "-V", "--nodeps", "--noscripts", "packed"], {
        accept: "any",
        timeout: 30_000,
      });
      expect(check.stdout.toString()).toBe("");
    },
  );

  it("rpm2cpio gives the payload", async () => {
    const path = join(folder, "cpio.rpm");
    await writePackage(path, described, entries);
    const archive = await run("rpm2cpio", [path]);
    const list = await run("cpio", ["-t", "--quiet"], { input: archive.stdout });
    expect(list.stdout.toString().trim().split("\n")).toHaveLength(entries.length - 1);
  });
});

const dnf = missingTool("dnf", "rpm");

describe.skipIf(dnf !== undefined || process.getuid?.() !== 0)(`beside dnf ${dnf ?? "(as root)"}`, () => {
  it("dnf installs the package", async () => {
    const base = mkdtempSync(join(folder, "dnf-"));
    const path = join(base, "packed-1.0-1.noarch.rpm");
    await writePackage(path, { ...described, requires: [], scriptlets: [], recommends: [] }, entries);
    writeFileSync(join(base, "dnf.conf"), `[main]\ngpgcheck=0\nplugins=0\nreposdir=${base}\ncachedir=${base}/cache\n`);
    await run(
      "dnf",
      ["-y", "-c", join(base, "dnf.conf"), `--installroot=${base}/root`, "--releasever=1", "install", path],
      { timeout: 60_000 },
    );
    expect(readFileSync(join(base, "root/opt/x/conf"), "utf8")).toBe("a=1\n");
  });
});
