import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "../src/core/index.ts";
import { setUpDnf } from "./dnf.ts";
import { libsolvTool, primaryOf, sharedRepository } from "./inputs.ts";
import { measure } from "./measure.ts";
import type { Benchmark, BenchmarkContext, Entry, Side } from "./types.ts";

const cloud = (
  "kernel systemd dnf openssh-server selinux-policy-targeted NetworkManager chrony grub2-efi-x64 shim-x64 grub2-pc sudo firewalld " +
  "centos-stream-release glibc-langpack-en dracut-config-generic cloud-utils-growpart python3-jsonpatch"
).split(" ");
const what = "a cloud image's packages from CentOS Stream 9, weak dependencies included";
const input = `${cloud.length} requests over cs9-baseos-2022-02 and cs9-appstream-2025-01 of ../shared/data/repodata`;

/** From metadata on disk to a pool, and to an install set: without anything kept, and with it. */
export const solve: Benchmark = {
  name: "solve",
  about: "read repositories and find an install set, beside libsolv's tools and dnf",
  prepare: async (context): Promise<readonly Entry[]> => {
    const base = sharedRepository("cs9-baseos-2022-02");
    const app = sharedRepository("cs9-appstream-2025-01");
    if ("missing" in base) return [{ kind: "skipped", title: what, reason: base.missing }];
    if ("missing" in app) return [{ kind: "skipped", title: what, reason: app.missing }];
    const repositories = { baseos: base.path, appstream: app.path };
    const sides = { ...weirSides(context, Object.values(repositories)), ...libsolvSides(context, repositories) };
    const peers = await dnfSides(context, repositories);
    const libsolvAbsent = sides.libsolvCold === undefined ? ["libsolv's tools: name their folder in WEIR_LIBSOLV"] : [];
    const absent = [...libsolvAbsent, ...(peers === undefined ? ["dnf: not on this machine"] : [])];
    return [
      {
        kind: "contest",
        title: "one repository's metadata into a pool that can be solved over",
        input: "cs9-appstream-2025-01: 17,649 packages, 52 MB of primary.xml",
        sides: [...(await poolSides(context, app.path)), ...present(libsolvPool(context, app.path))],
        absent: libsolvAbsent,
      },
      {
        kind: "contest",
        title: `${what}: nothing kept`,
        input,
        sides: [sides.cold, sides.coldLow, ...present(sides.libsolvCold), ...present(peers?.cold)],
        absent,
      },
      {
        kind: "contest",
        title: `${what}: metadata kept from before`,
        input,
        sides: [sides.warm, ...present(sides.libsolvWarm), ...present(peers?.warm)],
        absent,
      },
    ];
  },
};

function present(side: Side | undefined): Side[] {
  return side === undefined ? [] : [side];
}

function weirSides({ weir, scratch }: BenchmarkContext, roots: readonly string[]) {
  const answer = (text: string) => `${(JSON.parse(text) as { install: unknown[] }).install.length} packages`;
  const ask = ["solve", ...cloud, ...roots.flatMap((root) => ["--repo", root]), "-o", "json", "--quiet"];
  const side = (label: string, cache: string, cold: boolean, more: readonly string[] = []): Side => ({
    label,
    command: [process.execPath, weir, ...ask, ...more],
    env: { XDG_CACHE_HOME: join(scratch, cache) },
    answer,
    ...(cold ? { before: () => rmSync(join(scratch, cache), { recursive: true, force: true }) } : {}),
  });
  return {
    cold: side("weir", "weir-cold", true),
    coldLow: side("weir --low-memory", "weir-low", true, ["--low-memory"]),
    warm: side("weir", "weir-warm", false),
  };
}

async function poolSides(context: BenchmarkContext, root: string): Promise<[Side, ...Side[]]> {
  const task = await context.task("task-pool");
  const side = (label: string, more: readonly string[]): Side => ({
    label,
    command: [process.execPath, task, root, ...more],
    answer: (text) => text.trim(),
  });
  return [side("weir", []), side("weir, low memory", ["--low-memory"])];
}

function libsolvPool({ scratch }: BenchmarkContext, root: string): Side | undefined {
  const tool = libsolvTool("rpmmd2solv");
  if (tool === undefined) return undefined;
  const out = join(scratch, "pool.solv");
  return {
    label: "zcat | rpmmd2solv",
    command: ["sh", "-c", 'zcat "$1" | "$2" > "$3"', "sh", primaryOf(root), tool, out],
    answer: () => (existsSync(out) ? "17649 packages" : "nothing"),
  };
}

function libsolvSides({ scratch }: BenchmarkContext, repositories: Readonly<Record<string, string>>) {
  const [reader, solver] = [libsolvTool("rpmmd2solv"), libsolvTool("testsolv")];
  if (reader === undefined || solver === undefined) return {};
  const folder = join(scratch, "libsolv");
  mkdirSync(folder, { recursive: true });
  const names = Object.keys(repositories);
  const lines = [
    ...names.map((name) => `repo ${name} 0 solv ${name}.solv`),
    "system x86_64 rpm",
    ...cloud.map((name) => `job install name ${name}`),
    "result transaction,problems <inline>",
  ];
  writeFileSync(join(folder, "cloud.t"), `${lines.join("\n")}\n`);
  const read = names.map((name, index) => `zcat "$${2 * index + 3}" | "$1" > "$${2 * index + 4}"`).join(" && ");
  const files = Object.entries(repositories).flatMap(([name, root]) => [primaryOf(root), `${name}.solv`]);
  const answer = (text: string) => `${text.split("\n").filter((line) => line.startsWith("install ")).length} packages`;
  const libsolvCold: Side = {
    label: "zcat | rpmmd2solv, testsolv",
    command: ["sh", "-c", `${read} && "$2" -r cloud.t`, "sh", reader, solver, ...files],
    cwd: folder,
    answer,
  };
  return {
    libsolvCold,
    libsolvWarm: { label: "testsolv", command: [solver, "-r", "cloud.t"], cwd: folder, answer } as Side,
  };
}

async function dnfSides(context: BenchmarkContext, repositories: Readonly<Record<string, string>>) {
  if (findProgram("dnf") === undefined) return undefined;
  const ask = ["--assumeno", "install", ...cloud];
  const answer = (text: string) => `${/^Install\s+(\d+) Package/m.exec(text)?.[1] ?? "?"} packages`;
  const cold = setUpDnf({ folder: join(context.scratch, "dnf-cold"), repositories });
  const warm = setUpDnf({ folder: join(context.scratch, "dnf-warm"), repositories });
  await measure(warm.cold("dnf makecache", ["makecache"]));
  const refused = { accept: [0, 1], answer };
  return {
    cold: { ...cold.cold("dnf", ask), ...refused },
    warm: { ...warm.warm("dnf", ask), ...refused },
  };
}
