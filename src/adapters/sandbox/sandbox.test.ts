import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { missingTool } from "../../../test/support/tools.ts";
import type { Sandbox, SandboxRequest } from "../../engine/build/index.ts";
import { chooseSandbox, createOverlaySandbox, createPlainSandbox, createProotSandbox } from "./index.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "weir-sandbox-"));
  for (const [layer, text] of [
    ["one", "low"],
    ["two", "high"],
  ] as const) {
    await mkdir(join(folder, layer, "usr/share/weir-test/sub"), { recursive: true });
    await mkdir(join(folder, layer, "usr/bin"), { recursive: true });
    await writeFile(join(folder, layer, "usr/share/weir-test/both"), text);
    await writeFile(join(folder, layer, `usr/share/weir-test/sub/${layer}`), text);
    await writeFile(join(folder, layer, `usr/bin/weir-${layer}`), `#!/bin/sh\necho ${layer}\n`, { mode: 0o755 });
  }
  await mkdir(join(folder, "etc"));
  await writeFile(join(folder, "etc/passwd"), "root:x:0:0::/build:/bin/sh\n");
  await mkdir(join(folder, "out"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const root = process.getuid?.() === 0;
const kinds = [
  { name: "overlay", make: createOverlaySandbox, missing: missingTool("bwrap", "unshare", "setpriv") },
  {
    name: "plain",
    make: createPlainSandbox,
    missing: missingTool("bwrap", "unshare", "setpriv") ?? (root ? undefined : "needs root"),
  },
  { name: "proot", make: createProotSandbox, missing: missingTool("proot", "setpriv") },
];

describe.each(kinds)("the $name sandbox", ({ make, missing }) => {
  let sandbox: Sandbox;
  beforeAll(() => {
    sandbox = make({ scratch: join(folder, "scratch") });
  });
  const request = (script: string, change: Partial<SandboxRequest> = {}): SandboxRequest => ({
    layers: [join(folder, "one"), join(folder, "two")],
    hostUsr: true,
    etc: join(folder, "etc"),
    binds: [{ from: join(folder, "out"), to: "/build/out", writable: true }],
    tmpfs: ["/build"],
    env: { PATH: "/usr/bin:/bin", GREETING: "a b\n$(id)" },
    cwd: "/build",
    command: ["/bin/sh", "-c", script],
    timeout: 30_000,
    ...change,
  });
  const leftovers = () =>
    execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })
      .split("\n")
      .filter((line) => line.startsWith("sleep 4321"));

  it.skipIf(missing)("merges layers above the machine's /usr, the highest first", async () => {
    const script =
      "cat /usr/share/weir-test/both; ls /usr/share/weir-test/sub; weir-one; weir-two; ls -d /usr/share/doc";
    const result = await sandbox.run(request(script));
    expect(result).toEqual({ exitCode: 0, stdout: "highone\ntwo\none\ntwo\n/usr/share/doc\n", stderr: "" });
  });

  it.skipIf(missing)("gives a clean environment, uid 0 and the generated /etc", async () => {
    const result = await sandbox.run(
      request('id -u; pwd; printf "%s|" "$GREETING" "${HOME-none}"; ls /etc; cat /etc/passwd'),
    );
    expect(result.stdout).toBe("0\n/build\na b\n$(id)|none|passwd\nroot:x:0:0::/build:/bin/sh\n");
  });

  it.skipIf(missing)("shows nothing of the machine but /usr", async () => {
    const result = await sandbox.run(request("ls /; ls -A /usr/local /tmp /var/tmp /run"));
    const top = result.stdout
      .split("\n\n", 1)[0]
      ?.split("\n")
      .filter((name) => !/^(lib|lib32|libx32|\/.*)$/.test(name));
    expect(top?.slice(0, top.indexOf("var") + 1)).toEqual(
      expect.arrayContaining(["bin", "build", "dev", "etc", "proc", "run", "sbin", "tmp", "usr", "var"]),
    );
    for (const name of ["home", "work", "mnt", "srv", "opt"]) expect(top).not.toContain(name);
  });

  it.skipIf(missing)("writes only to what is bound writable", async () => {
    const script = "echo made > /build/out/file; echo x > /tmp/x; echo x > /build/y; cat /tmp/x /build/y";
    expect((await sandbox.run(request(script))).stdout).toBe("x\nx\n");
    expect(await readFile(join(folder, "out/file"), "utf8")).toBe("made\n");
    expect(await readdir(join(folder, "out"))).toEqual(["file"]);
    if (sandbox.networkIsolated) {
      const refused = await sandbox.run(request("touch /usr/share/weir-x /etc/x /usr/share/weir-test/x /x; echo $?"));
      expect(refused.stderr.match(/Read-only file system/g)).toHaveLength(4);
      expect((await sandbox.run(request("cat /proc/net/dev | grep -c :"))).stdout).toBe("1\n");
    }
  });

  it.skipIf(missing)("sees a whole root of layers and nothing else", async () => {
    const layer = join(folder, "root");
    const copies = ["/usr/bin/dash", ...libraries("/usr/bin/dash")];
    for (const path of copies) {
      await mkdir(join(layer, path, ".."), { recursive: true });
      execFileSync("cp", ["-L", path, join(layer, path)]);
    }
    for (const name of ["bin", "lib", "lib64"]) await symlink(`usr/${name}`, join(layer, name)).catch(() => undefined);
    const layers = [layer, join(folder, "one")];
    const script = 'echo /usr/*/weir* /e* "$GREETING"';
    const change = { layers, hostUsr: false, etc: undefined, command: ["/usr/bin/dash", "-c", script] as const };
    const result = await sandbox.run(request("", { ...change, env: { GREETING: "x" } }));
    expect(result).toEqual({ exitCode: 0, stdout: "/usr/bin/weir-one /usr/share/weir-test /e* x\n", stderr: "" });
  });

  it.skipIf(missing)("hands on exit codes, arguments and the log", async () => {
    const logFile = join(folder, `log-${sandbox.name}`);
    const command = ["/bin/sh", "-c", 'echo "$1"; echo bad >&2; exit 7', "x", "$(reboot); `id`"] as const;
    expect(await sandbox.run(request("", { command, logFile }))).toEqual({
      exitCode: 7,
      stdout: "$(reboot); `id`\n",
      stderr: "bad\n",
    });
    expect((await readFile(logFile, "utf8")).split("\n").sort()).toEqual(["", "$(reboot); `id`", "bad"]);
  });

  it.skipIf(missing)("kills everything on timeout, on abort and on too much output", async () => {
    const script = "setsid sleep 4321 & sleep 4321";
    await expect(sandbox.run(request(script, { timeout: 1500 }))).rejects.toMatchObject({ code: "PROCESS_TIMEOUT" });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 800);
    const aborted = sandbox.run(request(script, { signal: controller.signal }));
    await expect(aborted).rejects.toMatchObject({ code: "INTERRUPTED" });
    const loud = sandbox.run(
      request("while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done", { maxOutput: 50_000 }),
    );
    await expect(loud).rejects.toMatchObject({ code: "PROCESS_OUTPUT_LIMIT" });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(leftovers()).toEqual([]);
    expect(execFileSync("cat", ["/proc/self/mounts"], { encoding: "utf8" })).not.toContain("weir");
  });

  it.skipIf(missing)("refuses what it could not carry out", async () => {
    const missingLayer = sandbox.run(request("", { layers: [join(folder, "none")] }));
    await expect(missingLayer).rejects.toMatchObject({ code: "SANDBOX_REQUEST" });
    await expect(sandbox.run(request("", { cwd: "/build/../x" }))).rejects.toMatchObject({ code: "SANDBOX_REQUEST" });
  });

  it.skipIf(missing)("tells a command that is not there from one that fails", async () => {
    const absent = sandbox.run(request("", { command: ["/usr/bin/weir-none"] }));
    await expect(absent).rejects.toMatchObject({
      code: "SANDBOX_FAILED",
      message: expect.stringContaining("weir-none"),
    });
  });

  it.skipIf(missing)("runs several at once", async () => {
    const runs = Array.from({ length: 6 }, (_, index) => sandbox.run(request(`weir-one; echo ${index}`)));
    expect((await Promise.all(runs)).map((result) => result.stdout)).toEqual(runs.map((_, index) => `one\n${index}\n`));
  });

  it.skipIf(missing)("prints a line that does the same by hand", async () => {
    const line = await sandbox.commandLine(request("cat /usr/share/weir-test/both"));
    expect(execFileSync("/bin/sh", ["-c", line], { encoding: "utf8" })).toBe("high");
  });
});

describe("chooseSandbox", () => {
  it.skipIf(missingTool("bwrap", "setpriv"))("takes the best that works", async () => {
    const chosen = await chooseSandbox({ scratch: join(folder, "scratch") });
    expect(["overlay", "plain", "proot"]).toContain(chosen.sandbox.name);
  });

  it.skipIf(missingTool("proot"))("says what each said when none works", async () => {
    const scratch = join(folder, "with:colon");
    await expect(chooseSandbox({ scratch, prefer: "proot" })).rejects.toMatchObject({
      code: "SANDBOX_NONE",
      exitCode: 3,
      message: expect.stringContaining("proot: proot cannot bind a path with a colon"),
      hints: [expect.stringContaining("bubblewrap"), expect.stringContaining("proot")],
    });
  });

  it("refuses a scratch folder that is none", async () => {
    await writeFile(join(folder, "no-folder"), "");
    await expect(chooseSandbox({ scratch: join(folder, "no-folder"), prefer: "overlay" })).rejects.toMatchObject({
      code: "SANDBOX_SCRATCH",
    });
  });
});

function libraries(program: string): string[] {
  const text = execFileSync("ldd", [program], { encoding: "utf8" });
  return [...text.matchAll(/(\/\S+) \(0x/g)].map((match) => `/usr${(match[1] ?? "").replace(/^\/usr/, "")}`);
}
