import { copyFileSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { findProgram } from "../src/core/index.ts";
import { named } from "./inputs.ts";
import { renamedPackages } from "./renamed-packages.ts";
import type { Benchmark, BenchmarkContext, Contest, Entry, Side } from "./types.ts";

const least = { packages: 1000, bytes: 300_000_000 };

/** `repo create` on a folder of packages, on many, and again when nothing changed. */
export const repoCreate: Benchmark = {
  name: "repo-create",
  about: "make repository metadata of a folder of packages, beside createrepo_c",
  prepare: async (context): Promise<readonly Entry[]> => {
    const title = "metadata of a folder of packages";
    const folder = named("WEIR_RPMS", "folder of packages (`node scripts/seed-repository.mjs out/seed` makes one)");
    if ("missing" in folder) return [{ kind: "skipped", title, reason: folder.missing }];
    if (findProgram("createrepo_c") === undefined) {
      return [{ kind: "skipped", title, reason: "no createrepo_c on this machine" }];
    }
    const files = readdirSync(folder.path).filter((name) => name.endsWith(".rpm") && !name.endsWith(".src.rpm"));
    if (files.length === 0) return [{ kind: "skipped", title, reason: "WEIR_RPMS names a folder without .rpm files" }];
    const paths = files.map((name) => join(folder.path, name));
    const many = renamedPackages(paths, join(context.scratch, "renamed"), least.packages, least.bytes);
    return [
      contest(context, "packages", "a folder of packages", paths, "fresh"),
      contest(context, "packages-many", "many packages, copies under other names", many, "fresh"),
      contest(context, "packages-update", "the same again, --update and nothing changed", many, "update"),
    ];
  },
};

function contest(
  context: BenchmarkContext,
  name: string,
  title: string,
  files: readonly string[],
  how: "fresh" | "update",
): Contest {
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  // Each side has a folder of its own, so that an update finds what it made itself.
  const side = (label: string, command: (root: string) => Side["command"]): Side => {
    const root = join(context.scratch, `${name}-${label.replaceAll(/[^a-z0-9]+/g, "-")}`);
    mkdirSync(root, { recursive: true });
    for (const file of files) place(file, join(root, basename(file)));
    const repodata = join(root, "repodata");
    return {
      label,
      command: command(root),
      ...(how === "fresh" ? { before: () => rmSync(repodata, { recursive: true, force: true }) } : {}),
      answer: () => packageCount(repodata),
    };
  };
  const more = how === "update" ? ["--update"] : [];
  const weir = (workers: number) => (root: string) =>
    [process.execPath, context.weir, "repo", "create", root, "--quiet", "--workers", String(workers), ...more] as const;
  const peer = (workers: number) => (root: string) =>
    ["createrepo_c", "--quiet", "--no-database", "--workers", String(workers), ...more, root] as const;
  return {
    kind: "contest",
    title,
    input: `${files.length} packages, ${Math.round(bytes / 1e6)} MB, gzip on both sides, in the page cache`,
    sides: [
      side("weir, 2 workers", weir(2)),
      side("weir, 1 worker", weir(1)),
      side("createrepo_c, 2 workers", peer(2)),
      side("createrepo_c, 1 worker", peer(1)),
    ],
    absent: ["createrepo_c with zstd: version 0.17.3 does not write it"],
  };
}

function place(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

function packageCount(repodata: string): string {
  const primary = readdirSync(repodata).find((name) => name.endsWith("-primary.xml.gz"));
  return primary === undefined ? "no primary" : `${countPackages(readFileSync(join(repodata, primary)))} packages`;
}

function countPackages(packed: Uint8Array): string {
  const head = gunzipSync(packed).toString("utf8", 0, 1000);
  return /packages="(\d+)"/.exec(head)?.[1] ?? "?";
}
