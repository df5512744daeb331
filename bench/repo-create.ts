import { copyFileSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { findProgram } from "../src/core/index.ts";
import { named } from "./inputs.ts";
import type { Benchmark, BenchmarkContext, Contest, Entry, Side } from "./types.ts";

const copies = 8;

/** `repo create` on a folder of packages, and on the same packages several times. */
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
    return [contest(context, "packages", paths, 1), contest(context, "packages-many", paths, copies)];
  },
};

function contest(context: BenchmarkContext, name: string, files: readonly string[], times: number): Contest {
  const root = join(context.scratch, name);
  for (let copy = 0; copy < times; copy++) {
    const below = join(root, String(copy));
    mkdirSync(below, { recursive: true });
    for (const file of files) place(file, join(below, basename(file)));
  }
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0) * times;
  const repodata = join(root, "repodata");
  const side = (label: string, command: Side["command"]): Side => ({
    label,
    command,
    before: () => rmSync(repodata, { recursive: true, force: true }),
    answer: () => packageCount(repodata),
  });
  const peer = ["createrepo_c", "--quiet", "--no-database"] as const;
  return {
    kind: "contest",
    title: times === 1 ? "a folder of packages" : `the same packages in ${times} folders`,
    input: `${files.length * times} packages, ${Math.round(bytes / 1e6)} MB, in the page cache`,
    sides: [
      side("weir", [process.execPath, context.weir, "repo", "create", root, "--quiet"]),
      side("createrepo_c, 1 worker", [...peer, "--workers", "1", root]),
      side("createrepo_c, default workers", [...peer, root]),
    ],
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
