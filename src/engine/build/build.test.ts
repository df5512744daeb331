import { execFileSync } from "node:child_process";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  candidatesOf,
  componentOf,
  digestsOf,
  flow,
  flowSources,
  gauge,
  hostBuilds,
  librarySpec,
  textPackage,
} from "../../../test/support/flow-components.ts";
import { missingTool } from "../../../test/support/tools.ts";
import { BuildStore, candidateOf, openHostBuildroot } from "./index.ts";

const missing = missingTool("rpmbuild", "gcc", "make", "bwrap");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "weir-build-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("buildComponent", () => {
  it.skipIf(missing)("builds with what was built before, and only once", async () => {
    const { build } = await hostBuilds(join(folder, "one"));
    const first = await build(flow);
    expect(first).toMatchObject({ reused: false, reason: "never built" });
    expect(first.rpms.map((rpm) => rpm.nevra)).toEqual(["libflow-1.0-1.x86_64", "libflow-devel-1.0-1.x86_64"]);
    expect(first.srpm?.nevra).toBe("libflow-1.0-1.src");
    const second = await build(gauge, await candidatesOf(first));
    const requires = execFileSync("rpm", ["-qp", "--requires", second.rpms[0]?.path ?? ""], { encoding: "utf8" });
    expect(requires).toContain("libflow.so.1()(64bit)");
    expect(second.inputs).toMatchObject({
      "package libflow.x86_64": `libflow-1.0-1.x86_64 ${first.rpms[0]?.sha256}`,
      "package libflow-devel.x86_64": expect.stringContaining("libflow-devel-1.0-1.x86_64 "),
    });
    const again = await build(gauge, await candidatesOf(first));
    expect(again).toMatchObject({ reused: true, reason: "same inputs", key: second.key, rpms: second.rpms });
  });

  it.skipIf(missing)("says which input changed, and stops where outputs stay the same", async () => {
    const { build } = await hostBuilds(join(folder, "two"));
    const first = await build(flow);
    await build(gauge, await candidatesOf(first));
    const comment = await build(componentOf(`${librarySpec}# a remark\n`, flowSources));
    expect(comment).toMatchObject({ reused: false, reason: "spec changed" });
    expect(comment.rpms.map((rpm) => rpm.sha256)).toEqual(first.rpms.map((rpm) => rpm.sha256));
    expect((await build(gauge, await candidatesOf(comment))).reused).toBe(true);
    const source = "int flow(void) { return 40 + 2; }\nint more;\n";
    const other = await build(componentOf(librarySpec, { ...flowSources, "flow.c": source }));
    expect(other.reason).toBe("file flow.c changed, spec changed");
    const rebuilt = await build(gauge, await candidatesOf(other));
    expect(rebuilt.reason).toBe("libflow-1.0-1.x86_64 rebuilt with other content");
    const newer = await build(componentOf(librarySpec.replace("Version: 1.0", "Version: 1.1"), flowSources));
    const next = await build(gauge, await candidatesOf(newer));
    expect(next.reason).toBe("libflow-devel 1.0-1 became 1.1-1, libflow 1.0-1 became 1.1-1");
  });

  it.skipIf(missing ?? missingTool("proot"))(
    "gives the same bytes in another store, another sandbox and on disk",
    async () => {
      const reference = await hostBuilds(join(folder, "here"));
      const first = await reference.build(flow);
      const second = await reference.build(gauge, await candidatesOf(first));
      const kinds = [
        ["proot", "memory"],
        ["overlay", "disk"],
        ...(process.getuid?.() === 0 ? [["plain", "memory"] as const] : []),
      ] as const;
      for (const [kind, buildOn] of kinds) {
        const { build } = await hostBuilds(join(folder, `${kind}-${buildOn}`), kind);
        const other = await build(flow, [], { buildOn });
        expect(digestsOf(other)).toEqual(digestsOf(first));
        expect(other.key).toBe(first.key);
        expect(digestsOf(await build(gauge, await candidatesOf(other), { buildOn }))).toEqual(digestsOf(second));
      }
    },
  );

  it.skipIf(missing)("runs %generate_buildrequires until it asks for nothing new", async () => {
    const { build, store } = await hostBuilds(join(folder, "dynamic"));
    const first = await build(flow);
    const spec = textPackage(
      "asks",
      "%generate_buildrequires\nif [ -e /usr/include/flow.h ]; then echo 'libflow = 1.0'; else echo libflow-devel; fi\n",
    );
    const asks = componentOf(spec, {}, { dynamicBuildRequires: true });
    const built = await build(asks, await candidatesOf(first));
    expect(Object.keys(built.inputs)).toEqual(
      expect.arrayContaining(["package libflow-devel.x86_64", "package libflow.x86_64"]),
    );
    const before = await readdir(store.path("dynamic"));
    expect((await build(asks, await candidatesOf(first))).reused).toBe(true);
    expect(await readdir(store.path("dynamic"))).toEqual(before);
    await expect(build(asks)).rejects.toMatchObject({ code: "BUILDROOT_UNSOLVABLE", where: "asks" });
  });

  it.skipIf(missing)("keeps what failed and tells how to enter it", async () => {
    const { build, store } = await hostBuilds(join(folder, "failing"));
    const broken = componentOf(librarySpec, { ...flowSources, "flow.c": "int flow(void) { return x; }\n" });
    const error = await build(broken).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "BUILD_FAILED",
      where: "libflow",
      message: expect.stringMatching(/^libflow: %build failed\n.*flow\.c:1:25: error: .x. undeclared/s),
      hints: [expect.stringContaining("failed/libflow/build.log"), expect.stringContaining("failed/libflow/enter.sh")],
    });
    const script = await readFile(store.path("failed/libflow/enter.sh"), "utf8");
    expect(script).toContain("/usr/bin/rpmbuild -bb --nodeps --target x86_64 /build/SPECS/libflow.spec");
    const output = execFileSync("sh", [store.path("failed/libflow/enter.sh")], {
      input: "cat /build/SOURCES/flow.c; exit\n",
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
    });
    expect(output).toContain("int flow(void) { return x; }");
    expect(await readdir(store.path("work"))).toEqual([]);
  });

  it.skipIf(missing)("names the phase for what goes wrong elsewhere", async () => {
    const { build } = await hostBuilds(join(folder, "phases"));
    const cases = [
      [textPackage("early", "BuildRequires: gcc").replace("%files\n", "%files\n/usr/share/other\n"), /%files|%install/],
      [textPackage("prep", "").replace("%build", "%prep\nfalse\n%build"), /early|prep: %prep failed/],
      ["Name: bad\nVersion: 1\n", /the spec failed/],
    ] as const;
    for (const [spec, message] of cases) {
      await expect(build(componentOf(spec))).rejects.toMatchObject({
        code: "BUILD_FAILED",
        message: expect.stringMatching(message),
      });
    }
    const nothing = textPackage("none").replace(/%install[^]*/, "");
    await expect(build(componentOf(nothing))).rejects.toMatchObject({ code: "BUILD_NOTHING" });
    const slow = componentOf(textPackage("slow", "", "sleep 60"));
    await expect(build(slow, [], { timeout: 1500 })).rejects.toMatchObject({ code: "BUILD_TIMEOUT" });
    const lost = { ...componentOf(textPackage("lost")), sources: new Map([["x.tar", join(folder, "no-such")]]) };
    await expect(build(lost)).rejects.toMatchObject({ code: "BUILD_SOURCE_MISSING" });
  });

  it.skipIf(missing)("gives up on requirements that never settle", async () => {
    const { build } = await hostBuilds(join(folder, "endless"));
    const parts = Array.from({ length: 11 }, (_, index) => index + 1);
    const subpackages = parts.map(
      (part) =>
        `%package ${part}\nSummary: Part\n%description ${part}\nPart.\n%files ${part}\n/usr/share/part${part}\n`,
    );
    const install = parts.map((part) => `mkdir -p %{buildroot}/usr/share/part${part}`).join("\n");
    const many = await build(
      componentOf(`${textPackage("many").replace("%install", `%install\n${install}`)}${subpackages.join("")}`),
    );
    const script =
      "for part in 1 2 3 4 5 6 7 8 9 10 11; do [ -e /usr/share/part$part ] || { echo many-$part; break; }; done";
    const endless = componentOf(
      textPackage("endless", `%generate_buildrequires\n${script}\n`),
      {},
      { dynamicBuildRequires: true },
    );
    await expect(build(endless, await candidatesOf(many))).rejects.toMatchObject({ code: "BUILD_REQUIRES_UNSETTLED" });
  });

  it.skipIf(missing)("leaves nothing when it is interrupted", async () => {
    const { build, store } = await hostBuilds(join(folder, "interrupted"));
    const controller = new AbortController();
    const running = build(componentOf(textPackage("slow", "", "sleep 60")), [], { signal: controller.signal });
    setTimeout(() => controller.abort(), 700);
    await expect(running).rejects.toMatchObject({ code: "INTERRUPTED" });
    expect([
      await readdir(store.path("work")),
      await readdir(store.path("builds")),
      await readdir(store.path("failed")),
    ]).toEqual([[], [], []]);
  });

  it.skipIf(missing)("takes no links and pipes for packages", async () => {
    const { build } = await hostBuilds(join(folder, "links"));
    const script = "ln -s /etc/passwd /build/out/link.rpm; mkfifo /build/out/pipe.rpm; mkdir /build/out/folder.rpm";
    const built = await build(componentOf(textPackage("sly", "", script)));
    expect(built.rpms.map((rpm) => rpm.file)).toEqual(["sly-1-1.noarch.rpm"]);
  });
});

describe("the store", () => {
  it.skipIf(missing)("believes nothing that was changed or half-written", async () => {
    const { build, store } = await hostBuilds(join(folder, "doubt"));
    const text = componentOf(textPackage("text"));
    const first = await build(text);
    const path = first.rpms[0]?.path ?? "";
    const damage = [
      async () => writeFile(path, (await readFile(path)).fill(255, 300, 304)),
      async () => writeFile(path, "short"),
      async () => rm(path),
      async () => rm(store.path("builds", first.key, "result.json")),
      async () => writeFile(store.path("builds", first.key, "result.json"), '{"schema":"weir/build/1"}'),
    ];
    for (const spoil of damage) {
      await chmod(path, 0o644);
      await spoil();
      expect(await store.find(first.key)).toBeUndefined();
      const again = await build(text);
      expect(again).toMatchObject({ reused: false, reason: "its result is not in the store any more" });
      expect(digestsOf(again)).toEqual(digestsOf(first));
    }
    expect(await store.find("0".repeat(64))).toBeUndefined();
  });

  it.skipIf(missing)("is not fooled by records, whatever is in them", async () => {
    const { build, store } = await hostBuilds(join(folder, "records"));
    const built = await build(componentOf(textPackage("record")));
    const path = store.path("builds", built.key, "result.json");
    const text = await readFile(path, "utf8");
    const whole = await store.find(built.key);
    let seed = 1;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      return seed % below;
    };
    for (let round = 0; round < 400; round++) {
      const bytes = Buffer.from(text);
      for (let change = 0; change <= random(3); change++) bytes[random(bytes.length)] = random(256);
      await writeFile(path, round < 200 ? bytes : bytes.subarray(0, random(bytes.length)));
      const found = await store.find(built.key);
      if (found !== undefined)
        expect(found.rpms.map((rpm) => rpm.sha256)).toEqual(whole?.rpms.map((rpm) => rpm.sha256));
    }
    await writeFile(path, text.replaceAll("record-1-1.noarch.rpm", "../rpms/record-1-1.noarch.rpm"));
    expect(await store.find(built.key)).toBeUndefined();
    const [rpm] = built.rpms;
    const other = rpm && candidateOf({ ...rpm, nevra: "other-1-1.noarch" });
    await expect(other).rejects.toMatchObject({ code: "STORE_DAMAGED" });
  });

  it.skipIf(missing)("unpacks no package that is not the one described", async () => {
    const { build, store } = await hostBuilds(join(folder, "described"));
    const [rpm] = (await build(componentOf(textPackage("described")))).rpms;
    const artifact = { path: rpm?.path ?? "", nevra: "described-1-1.noarch", sha256: rpm?.sha256 ?? "" };
    const wrong = store.tree({ ...artifact, sha256: "0".repeat(64) });
    await expect(wrong).rejects.toMatchObject({ code: "BUILDROOT_PACKAGE_DIGEST", where: rpm?.path });
    const absent = store.tree({ ...artifact, path: join(folder, "absent.rpm") });
    await expect(absent).rejects.toMatchObject({ code: "BUILDROOT_PACKAGE_MISSING" });
    expect(await readdir(store.path("trees"))).toEqual([]);
    const tree = await store.tree(artifact);
    expect(await readFile(join(tree, "usr/share/described/text"), "utf8")).toBe("text\n");
  });

  it("says when it cannot be written to", async () => {
    await writeFile(join(folder, "file"), "");
    await expect(BuildStore.open(join(folder, "file"))).rejects.toMatchObject({
      code: "STORE_UNWRITABLE",
      exitCode: 3,
    });
  });

  it.skipIf(missing)("names commands that the machine lacks", async () => {
    const store = await BuildStore.open(join(folder, "lacks"));
    const provides = new Map([
      ["gcc", "gcc"],
      ["x", "weir-no-such-command"],
      ["y", "../sbin/reboot"],
    ]);
    await expect(openHostBuildroot({ store, arch: "x86_64", macros: [], provides })).rejects.toMatchObject({
      code: "BUILDROOT_HOST_MISSING",
      message: expect.stringContaining("../sbin/reboot, weir-no-such-command"),
    });
  });
});
