import { lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { missingTool } from "../../../test/support/tools.ts";
import { run } from "../../core/index.ts";
import { unpackRpm, writePackage } from "./index.ts";

const described = { name: "owned", version: "1", release: "1", buildTime: 0 };
const all = { owners: true, capabilities: true, devices: true } as const;
const isRoot = process.getuid?.() === 0;

let folder = "";
let path = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "weir-attributes-"));
  path = join(folder, "owned.rpm");
  await writePackage(
    path,
    described,
    [
      { path: "/opt/mine", content: Buffer.from("x"), user: "svc", group: "svc", mode: 0o4755 },
      { path: "/opt/link", type: "symlink", target: "/etc/shadow", user: "svc", group: "svc" },
      { path: "/opt/stranger", user: "nobody-knows" },
      { path: "/opt/ping", content: Buffer.from("x"), mode: 0o755, capabilities: "cap_net_raw=ep" },
      { path: "/opt/null", type: "char", rdev: 0x103, mode: 0o666 },
      { path: "/opt/pipe", type: "fifo" },
    ],
    { compressor: "gzip" },
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function rootWith(passwd: string): string {
  const root = mkdtempSync(join(folder, "root-"));
  mkdirSync(join(root, "etc"));
  writeFileSync(join(root, "etc/passwd"), passwd);
  writeFileSync(join(root, "etc/group"), passwd);
  return root;
}

describe("owners, capabilities and devices", () => {
  it("are data unless they are asked for", async () => {
    const root = rootWith("svc:x:4321:4321::/:/bin/sh\n");
    const done = await unpackRpm(path, root);
    expect(done.notApplied).toEqual([]);
    expect(lstatSync(join(root, "opt/mine")).uid).toBe(process.getuid?.());
    expect(done.special.map(({ file }) => file.path)).toEqual(["/opt/null", "/opt/pipe"]);
    expect(() => lstatSync(join(root, "opt/pipe"))).toThrow("ENOENT");
  });

  it("who may not apply them is told what was not applied", async () => {
    const done = await unpackRpm(path, rootWith("svc:x:4321:4321::/:/bin/sh\n"), all);
    expect(done.notApplied.map((item) => [item.path, item.what])).toContainEqual(["/opt/stranger", "owner"]);
  });

  const tools = missingTool("setcap", "getcap", "mknod");

  it.skipIf(!isRoot || tools !== undefined)(`as root they are applied, bits kept ${tools ?? ""}`, async () => {
    const root = rootWith("svc:x:4321:4322::/:/bin/sh\n");
    await unpackRpm(path, root, all);
    const info = lstatSync(join(root, "opt/mine"));
    expect([info.uid, info.mode & 0o7777]).toEqual([4321, 0o4755]);
    expect(lstatSync(join(root, "opt/link")).uid).toBe(4321);
    const pipe = lstatSync(join(root, "opt/pipe"));
    expect(pipe.isFIFO()).toBe(true);
    const device = lstatSync(join(root, "opt/null"), { throwIfNoEntry: false });
    if (device) expect([device.isCharacterDevice(), device.rdev]).toEqual([true, 0x103]);
    const told = await run("getcap", [join(root, "opt/ping")], { accept: "any" });
    expect(told.stdout.toString()).toContain("cap_net_raw=ep");
  });

  it("names are looked up inside the root only, whatever links lie there", async () => {
    const root = mkdtempSync(join(folder, "root-"));
    const outside = join(folder, "outside");
    writeFileSync(outside, "svc:x:4321:4321::/:/bin/sh\n");
    mkdirSync(join(root, "etc"));
    symlinkSync(outside, join(root, "etc/passwd"));
    const done = await unpackRpm(path, root, { owners: true });
    expect(done.notApplied.filter((item) => item.what === "owner").map((item) => item.path)).toContain("/opt/mine");
  });
});
