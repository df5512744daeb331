import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "../src/core/index.ts";
import { libsolvTool, named, primaryOf, sharedRepository } from "./inputs.ts";
import { measure } from "./measure.ts";
import type { Benchmark, BenchmarkContext, Entry, Side } from "./types.ts";

const pair = "every package of CentOS Stream 9, BaseOS older than AppStream";
const universe = "every package of a universe of sixty thousand";

/** Which packages of whole repositories cannot be installed. */
export const closure: Benchmark = {
  name: "closure",
  about: "judge every package of repositories, beside libsolv's installcheck and dose-debcheck",
  prepare: async (context): Promise<readonly Entry[]> => {
    const base = sharedRepository("cs9-baseos-2022-02");
    const app = sharedRepository("cs9-appstream-2025-01");
    const entries: Entry[] = [];
    if ("missing" in base) entries.push({ kind: "skipped", title: pair, reason: base.missing });
    else if ("missing" in app) entries.push({ kind: "skipped", title: pair, reason: app.missing });
    else {
      const input = "cs9-baseos-2022-02 and cs9-appstream-2025-01 of ../shared/data/repodata";
      entries.push(await entry(context, pair, input, "pair", [base.path, app.path]));
    }
    const large = named("WEIR_UNIVERSE", "folder with repodata/ of a large repository");
    if ("missing" in large) entries.push({ kind: "skipped", title: universe, reason: large.missing });
    else
      entries.push(await entry(context, universe, "the repository that WEIR_UNIVERSE names", "universe", [large.path]));
    return entries;
  },
};

async function entry(
  context: BenchmarkContext,
  title: string,
  input: string,
  id: string,
  roots: readonly string[],
): Promise<Entry> {
  const cache = (name: string) => join(context.scratch, `closure-${id}-${name}`);
  const ask = [
    "repoclosure",
    ...roots.map((root, index) => `r${index}=${root}`),
    "--arch",
    "x86_64",
    "-o",
    "json",
    "--quiet",
  ];
  const weir = (label: string, name: string, cold: boolean): Side => ({
    label,
    command: [process.execPath, context.weir, ...ask],
    env: { XDG_CACHE_HOME: cache(name) },
    accept: [0, 1],
    answer: (text) => `${(JSON.parse(text) as { broken: unknown[] }).broken.length} broken`,
    ...(cold ? { before: () => rmSync(cache(name), { recursive: true, force: true }) } : {}),
  });
  const installcheck = await installcheckSide(context, id, roots);
  const dose = id === "universe" ? doseSide() : undefined;
  return {
    kind: "contest",
    title,
    input,
    sides: [
      weir("weir, pool kept from before", "warm", false),
      weir("weir, from metadata", "cold", true),
      ...(installcheck === undefined ? [] : [installcheck]),
      ...(dose === undefined ? [] : [dose]),
    ],
    absent: [
      ...(installcheck === undefined ? ["installcheck: name the folder of libsolv's tools in WEIR_LIBSOLV"] : []),
      ...(id === "universe" && dose === undefined
        ? ["dose-debcheck: it is not on this machine, or WEIR_DEBIAN_PACKAGES names no index"]
        : []),
    ],
  };
}

/** The metadata is made ready for it beforehand. */
async function installcheckSide(
  { scratch }: BenchmarkContext,
  id: string,
  roots: readonly string[],
): Promise<Side | undefined> {
  const [reader, checker] = [libsolvTool("rpmmd2solv"), libsolvTool("installcheck")];
  if (reader === undefined || checker === undefined) return undefined;
  const folder = join(scratch, `installcheck-${id}`);
  mkdirSync(folder, { recursive: true });
  const files = roots.map((_, index) => join(folder, `${index}.solv`));
  for (const [index, root] of roots.entries()) {
    const args = ["sh", primaryOf(root), reader, files[index] ?? ""];
    await measure({ label: "rpmmd2solv", command: ["sh", "-c", 'zcat "$1" | "$2" > "$3"', ...args] });
  }
  return {
    label: "installcheck, metadata read before",
    command: [checker, "x86_64", ...files],
    accept: [0, 1],
    answer: (text) => `${text.split("\n").filter((line) => line.startsWith("can't install ")).length} broken`,
  };
}

function doseSide(): Side | undefined {
  const index = named("WEIR_DEBIAN_PACKAGES", "index that the universe was made of");
  if ("missing" in index || findProgram("dose-debcheck") === undefined) return undefined;
  return {
    label: "dose-debcheck, the index itself",
    command: ["dose-debcheck", "--deb-native-arch=amd64", "--failures", index.path],
    accept: [0, 1],
    answer: (text) => `${/broken-packages: (\d+)/.exec(text)?.[1] ?? "?"} broken`,
  };
}
