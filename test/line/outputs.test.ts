import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readRepository } from "../../src/formats/rpmmd/index.ts";
import { missingTool } from "../support/tools.ts";
import { testOut } from "../support/weir.ts";

const out = testOut("first");
const repo = join(out, "repo");
const scratch = mkdtempSync(join(tmpdir(), "weir-outputs-"));
writeFileSync(join(scratch, "dnf.conf"), "[main]\n");
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const json = (path: string) => JSON.parse(readFileSync(join(out, path), "utf8"));
const call = (command: string, args: string[]) =>
  execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

function rpmFiles(): string[] {
  return readdirSync(repo, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".rpm"))
    .map((name) => join(repo, name));
}

function dnf(root: string, args: string[]): string {
  const config = join(scratch, "dnf.conf");
  return call("dnf", [
    "-q",
    "-y",
    `--config=${config}`,
    `--installroot=${root}`,
    "--releasever=2",
    "--setopt=reposdir=/nonexistent",
    `--setopt=cachedir=${join(scratch, "cache")}`,
    `--repofrompath=mill,file://${repo}`,
    "--repo=mill",
    "--nogpgcheck",
    ...args,
  ]);
}

/** Where dnf put the package database below an installroot: the place is a default of the machine's rpm. */
function databaseOf(root: string): string {
  const found = readdirSync(root, { recursive: true, encoding: "utf8" }).find((name) => name.endsWith("/rpmdb.sqlite"));
  return `/${found?.slice(0, found.lastIndexOf("/")) ?? ""}`;
}

describe("what a rebuild leaves", () => {
  it("has everything that is promised", () => {
    for (const path of [
      "report.html",
      "report.json",
      "plan.json",
      "specs",
      "repo/repodata/repomd.xml",
      "image/index.json",
      "logs",
    ]) {
      expect(existsSync(join(out, path)), path).toBe(true);
    }
    expect(json("report.json").schema).toBe("weir/report/1");
    expect(json("plan.json").schema).toBe("weir/plan/1");
    expect(json("image/index.json").manifests).toHaveLength(1);
    expect(readdirSync(join(out, "logs")).length).toBeGreaterThan(14);
  });

  it("names no path of this machine in the report", () => {
    for (const file of ["report.json", "report.html", "plan.json"]) {
      expect(readFileSync(join(out, file), "utf8")).not.toContain(out.slice(0, out.indexOf("/out/test")));
    }
  });
});

describe.skipIf(missingTool("rpm"))("packages", () => {
  it("have digests that rpm verifies", () => {
    const files = rpmFiles();
    expect(files.length).toBeGreaterThan(20);
    const verdicts = call("rpm", ["-K", "--nosignature", ...files])
      .trim()
      .split("\n");
    expect(verdicts).toHaveLength(files.length);
    for (const verdict of verdicts) expect(verdict).toMatch(/: digests OK$/);
  });
});

describe.skipIf(missingTool("dnf"))("the repository", () => {
  it("is what dnf reads: the same packages, requires and provides", async () => {
    const ours = await readRepository(repo, { filelists: true });
    const list = (format: string) =>
      dnf(join(scratch, "query"), ["repoquery", "--qf", format]).trim().split("\n").sort();
    const names = ours.packages
      .map((pkg) => `${pkg.name}-${pkg.epoch}:${pkg.version}-${pkg.release}.${pkg.arch}`)
      .sort();
    expect(list("%{name}-%{epoch}:%{version}-%{release}.%{arch}")).toEqual(names);
    for (const kind of ["requires", "provides"] as const) {
      const theirs = new Set(
        dnf(join(scratch, "query"), ["repoquery", `--${kind}`, "*"])
          .trim()
          .split("\n"),
      );
      const mine = new Set(
        ours.packages.flatMap((pkg) =>
          pkg[kind].map((dep) => (dep.op ? `${dep.name} ${dep.op} ${dep.evr}` : dep.name)),
        ),
      );
      const normal = (text: string) => text.replace(/ 0:/, " ");
      expect([...new Set([...mine].map(normal))].sort()).toEqual([...new Set([...theirs].map(normal))].sort());
    }
  });

  it("is one that dnf installs from", () => {
    const root = join(scratch, "root");
    dnf(root, ["install", "sluiced", "python3-ripple", "flow-tools"]);
    const installed = call("rpm", ["--root", root, "--dbpath", databaseOf(root), "-qa", "--qf", "%{name}\n"])
      .trim()
      .split("\n");
    expect(installed).toEqual(expect.arrayContaining(["sluiced", "glibc", "filesystem", "flow-tools"]));
    const program = call("bwrap", [
      "--bind",
      root,
      "/",
      "--proc",
      "/proc",
      "--dev",
      "/dev",
      "--unshare-all",
      "flowctl",
      "--version",
    ]);
    expect(program).toMatch(/\d/);
  });
});

describe.skipIf(missingTool("skopeo", "umoci", "bwrap", "rpm"))("the image", () => {
  const bundle = join(scratch, "bundle");

  it("is an OCI layout that skopeo and umoci accept", () => {
    const manifest = JSON.parse(call("skopeo", ["inspect", `oci:${join(out, "image")}`]));
    expect(manifest.Os).toBe("linux");
    call("umoci", ["unpack", "--rootless", "--image", `${join(out, "image")}:latest`, bundle]);
    expect(existsSync(join(bundle, "rootfs/usr/bin/bash"))).toBe(true);
  });

  it("has a package database that rpm lists and verifies", () => {
    const root = join(bundle, "rootfs");
    const names = call("rpm", [
      "--root",
      root,
      "--dbpath",
      "/usr/lib/sysimage/rpm",
      "-qa",
      "--qf",
      "%{name} %{installtime}\n",
    ])
      .trim()
      .split("\n");
    expect(names.length).toBeGreaterThan(8);
    expect(new Set(names.map((line) => line.split(" ")[1])).size).toBe(1);
    expect(names.map((line) => line.split(" ")[0])).toContain("mill-release");
    expect(readdirSync(join(root, "usr/lib/sysimage/rpm")).filter((name) => /-(wal|shm)$/.test(name))).toEqual([]);
  });

  it("has programs that run", () => {
    const inside = (...command: string[]) =>
      call("bwrap", [
        "--bind",
        join(bundle, "rootfs"),
        "/",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--unshare-all",
        "--clearenv",
        "--setenv",
        "PATH",
        "/usr/bin:/usr/sbin",
        ...command,
      ]);
    expect(inside("bash", "-c", ". /etc/os-release; echo $ID")).toBe("mill\n");
    expect(inside("flowctl", "--version")).toMatch(/\d/);
  });

  it("has no service that the profile does not want", () => {
    const wants = join(bundle, "rootfs/etc/systemd/system/multi-user.target.wants");
    const enabled = existsSync(wants) ? readdirSync(wants) : [];
    expect(enabled).not.toContain("riverwatch.service");
  });

  it("comes with a bill of materials that lists each package", () => {
    const sbom = json("sbom.json");
    expect(sbom.bomFormat).toBe("CycloneDX");
    const root = join(bundle, "rootfs");
    const names = call("rpm", ["--root", root, "--dbpath", "/usr/lib/sysimage/rpm", "-qa", "--qf", "%{name}\n"])
      .trim()
      .split("\n");
    const listed = (sbom.components as { name: string }[]).map((component) => component.name);
    expect(listed).toEqual(expect.arrayContaining(names));
  });
});
