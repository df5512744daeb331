import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { candidatesOf, flow, gauge, hostBuilds } from "../../../test/support/flow-components.ts";
import { missingTool } from "../../../test/support/tools.ts";
import { silentProgress } from "../../core/index.ts";
import type { BasePackage } from "../define/index.ts";
import { checkClosure } from "../solve/index.ts";
import { findBaseFiles } from "./base-files.ts";
import { writeBaseSpec } from "./base-spec.ts";
import { buildBaseRuntime } from "./index.ts";
import { RootView } from "./root-view.ts";

const missing = missingTool("rpmbuild", "gcc", "bwrap", "python3");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "weir-base-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function basePackage(change: Partial<BasePackage>): BasePackage {
  const origin = { file: "weir.toml", line: 1 };
  const empty = { commands: [], libraries: [], files: [], links: new Map(), provides: [], requires: [] };
  return { summary: "A part", license: "MIT", ...empty, origin, ...change };
}

describe("the base runtime", () => {
  it.skipIf(missing)("closes what was built, and runs again only when a file changes", async () => {
    const { store, buildroot, sandbox, build } = await hostBuilds(join(folder, "closes"));
    const packages = new Map([
      ["base-libs", basePackage({})],
      ["bash", basePackage({ commands: ["bash"], links: new Map([["/usr/bin/sh", "bash"]]), provides: ["/bin/sh"] })],
      ["coreutils", basePackage({ commands: ["[", "env", "cat"], version: "9.1" })],
      ["glibc", basePackage({ libraries: ["libc.so.6", "libm.so.6"], provides: ["rtld(GNU_HASH)"] })],
      ["pkgconf", basePackage({ commands: ["pkg-config"] })],
      ["python3", basePackage({ interpreter: "python3" })],
    ]);
    const base = { version: "2.0", release: "1", packages };
    const options = { store, buildroot, sandbox, progress: silentProgress };
    const first = await buildBaseRuntime(base, options);
    const found = first?.packages ?? [];
    expect(found.map(({ artifact }) => artifact.nevra)).toEqual([
      "base-libs-2.0-1.x86_64",
      "bash-2.0-1.x86_64",
      "coreutils-9.1-1.x86_64",
      "glibc-2.0-1.x86_64",
      "pkgconf-2.0-1.x86_64",
      "python3-2.0-1.x86_64",
    ]);
    const provides = found.flatMap(({ metadata }) => metadata.provides.map((dependency) => dependency.name));
    expect(provides).toEqual(
      expect.arrayContaining(["libc.so.6(GLIBC_2.34)(64bit)", "rtld(GNU_HASH)", "/bin/sh", "python(abi)"]),
    );
    const above = buildroot.withBase(found);
    const library = await build(flow, [], { buildroot: above });
    const program = await build(gauge, await candidatesOf(library), { buildroot: above });
    expect(program.inputs).toHaveProperty("base runtime");
    const all = [...found, ...(await candidatesOf(library)), ...(await candidatesOf(program))];
    const repository = {
      id: "all",
      root: "",
      revision: "0",
      packages: all.map(({ metadata }) => metadata),
      filesComplete: true,
    };
    expect(checkClosure([repository])).toEqual([]);
    const list = execFileSync("rpm", ["-qplv", found[1]?.artifact.path ?? ""], { encoding: "utf8" });
    expect(list).toMatch(/-rwxr-xr-x +1 root +root .* \/usr\/bin\/bash\n.*\/usr\/bin\/sh -> bash\n/);
    expect((await buildBaseRuntime(base, options))?.node).toMatchObject({ reused: true, key: first?.node.key });
    const without = new Map([...packages].filter(([name]) => name !== "python3"));
    const less = await buildBaseRuntime({ ...base, packages: without }, options);
    expect(less?.node.inputs).not.toHaveProperty("files of python3");
    expect(less?.node.key).not.toBe(first?.node.key);
    expect(await buildBaseRuntime({ ...base, packages: new Map() }, options)).toBeUndefined();
  });

  it("names the key that finds nothing", () => {
    const root = new RootView("/");
    const find = (change: Partial<BasePackage>) => () =>
      findBaseFiles(new Map([["part", basePackage(change)]]), root, undefined);
    const cases = [
      [{ commands: ["weir-none"] }, "base.packages.part.commands: weir-none"],
      [{ commands: ["../../etc/passwd"] }, "base.packages.part.commands"],
      [{ libraries: ["libnone.so.9"] }, "base.packages.part.libraries: libnone.so.9"],
      [{ libraries: ["../x"] }, "base.packages.part.libraries"],
      [{ files: ["/usr/share/weir-none/**"] }, "base.packages.part.files"],
      [{ files: ["/etc/passwd"] }, "base.packages.part.files"],
      [{ interpreter: "python3" as const }, "base.packages.part.interpreter"],
    ] as const;
    for (const [change, message] of cases) {
      expect(find(change)).toThrow(
        expect.objectContaining({ code: "BASE_FILE_MISSING", message: expect.stringContaining(message) }),
      );
    }
    const odd = find({ links: new Map([["/usr/bin/a\nb", "x"]]) });
    expect(odd).toThrow(expect.objectContaining({ code: "BASE_PATH_UNSUPPORTED" }));
    expect(find({ links: new Map([["/etc/x", "y"]]) })).toThrow(
      expect.objectContaining({ code: "BASE_PATH_UNSUPPORTED" }),
    );
  });

  it("follows links inside the root, and none out of it", async () => {
    const root = join(folder, "root");
    for (const path of ["usr/bin", "usr/lib", "etc/alternatives", "usr/share/d/e"])
      await mkdir(join(root, path), { recursive: true });
    await writeFile(join(root, "usr/bin/real"), "x");
    await writeFile(join(root, "usr/share/d/e/f.txt"), "x");
    await symlink("/etc/alternatives/tool", join(root, "usr/bin/tool"));
    await symlink("/bin/real", join(root, "etc/alternatives/tool"));
    await symlink("usr/bin", join(root, "bin"));
    await symlink("../../../../../../etc/passwd", join(root, "usr/bin/out"));
    await symlink("loop", join(root, "usr/bin/loop"));
    const files = (change: Partial<BasePackage>) =>
      findBaseFiles(new Map([["p", basePackage(change)]]), new RootView(root), undefined).get("p");
    expect(files({ commands: ["tool"] })).toEqual([
      { kind: "file", path: "/usr/bin/real" },
      { kind: "link", path: "/usr/bin/tool", target: "real" },
    ]);
    expect(() => files({ commands: ["out"] })).toThrow("out is not on this machine");
    expect(() => files({ commands: ["loop"] })).toThrow("loop is not on this machine");
    expect(files({ files: ["/usr/share/**/*.txt"] })).toEqual([{ kind: "file", path: "/usr/share/d/e/f.txt" }]);
    expect(files({ files: ["/usr/share/d/**"] })?.map((entry) => entry.path)).toEqual([
      "/usr/share/d",
      "/usr/share/d/e",
      "/usr/share/d/e/f.txt",
    ]);
  });

  it("writes a spec that no value breaks out of", () => {
    const packages = new Map([["p", basePackage({ summary: "100%{nil} \\ `x`", provides: ["a(b) = 1%"] })]]);
    const input = { version: "", release: "", packages, files: new Map([["p", []]]), pythonVersion: undefined };
    const spec = Buffer.from(writeBaseSpec(input).get("base-runtime.spec")?.content ?? "").toString();
    expect(spec).toContain("Version: 0\nRelease: 1%{?dist}\n");
    expect(spec).toContain("Summary: 100%%{nil} \\ `x`\n");
    expect(spec).toContain("Provides: a(b) = 1%%\n");
    const bad = new Map([["p", basePackage({ summary: "a\n%prep" })]]);
    expect(() => writeBaseSpec({ ...input, packages: bad })).toThrow(
      expect.objectContaining({ code: "BASE_TEXT_UNSUPPORTED" }),
    );
  });

  it.skipIf(missing)("says when the interpreter does not answer", async () => {
    const { store, buildroot } = await hostBuilds(join(folder, "silent"));
    const sandbox = {
      name: "silent",
      networkIsolated: true,
      run: async () => ({ exitCode: 0, stdout: "3.11\n/home/x\n", stderr: "" }),
      commandLine: async () => "",
    };
    const base = {
      version: "1",
      release: "1",
      packages: new Map([["python3", basePackage({ interpreter: "python3" })]]),
    };
    const running = buildBaseRuntime(base, { store, buildroot, sandbox, progress: silentProgress });
    await expect(running).rejects.toMatchObject({ code: "BASE_INTERPRETER" });
    const failing = { ...sandbox, run: async () => ({ exitCode: 1, stdout: "", stderr: "no" }) };
    const other = await hostBuilds(join(folder, "no-linker"));
    const prepared = other.buildroot.prepare(other.buildroot.solve([], [], "x"), {
      sandbox: failing,
      progress: silentProgress,
    });
    await expect(prepared).rejects.toMatchObject({ code: "BUILDROOT_LDCONFIG" });
  });
});
