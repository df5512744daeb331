// Measures how time grows with the number of packages, and writes docs/concepts/scale.md and scale.svg.
// Usage: npx tsx bench/scale.ts UNIVERSE [--rounds N]   (a folder that ../shared/tools/deb2rpmmd.py made of Debian's index)
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import { digestOf } from "../src/core/index.ts";
import { primaryOf } from "./inputs.ts";
import { bundleTask, installWeir } from "./install.ts";
import { measure } from "./measure.ts";
import { scalePage, scalePlot } from "./scale-page.ts";

/** What one size took: CPU milliseconds a phase. */
export interface ScalePoint {
  readonly packages: number;
  readonly broken: number;
  readonly refused: number;
  readonly installs: number;
  readonly megabytes: number;
  readonly cpu: Readonly<Record<string, number>>;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "3" } },
});
const [universe] = positionals;
if (universe === undefined) {
  process.stderr.write("usage: npx tsx bench/scale.ts UNIVERSE [--rounds N]\n");
  process.exit(2);
}
const scratch = mkdtempSync(join(tmpdir(), "weir-scale-"));
try {
  await installWeir(scratch);
  const task = await bundleTask(scratch, "task-scale");
  const text = gunzipSync(readFileSync(primaryOf(universe))).toString("latin1");
  const starts = [...text.matchAll(/<package /g)].map((match) => match.index);
  const points: ScalePoint[] = [];
  for (const size of sizes(starts.length)) {
    const root = join(scratch, `universe-${size}`);
    writePrefix(root, text, starts, size);
    const rounds: ScalePoint[] = [];
    for (let round = 0; round < Number(values.rounds); round++) {
      const cache = join(scratch, `cache-${size}-${round}`);
      const command = [process.execPath, task, root, cache] as const;
      rounds.push(JSON.parse((await measure({ label: `${size} packages`, command })).stdout) as ScalePoint);
    }
    points.push(median(rounds));
    process.stdout.write(`${JSON.stringify(points.at(-1))}\n`);
  }
  const folder = join(import.meta.dirname, "../docs/concepts");
  const machine = `${cpus().length} vCPU ${process.arch}, Node ${process.versions.node}`;
  writeFileSync(join(folder, "scale.svg"), scalePlot(points));
  writeFileSync(join(folder, "scale.md"), scalePage(points, machine, values.rounds));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function sizes(all: number): number[] {
  const found: number[] = [];
  for (let size = 1000; size < all; size *= 2) found.push(size);
  return [...found, all];
}

/** The first packages of the universe as a repository. */
function writePrefix(root: string, text: string, starts: readonly number[], size: number): void {
  mkdirSync(join(root, "repodata"), { recursive: true });
  const primary = Buffer.from(
    `${text.slice(0, starts[size] ?? text.lastIndexOf("</metadata>"))}</metadata>\n`,
    "latin1",
  );
  const packed = gzipSync(primary);
  writeFileSync(join(root, "repodata/primary.xml.gz"), packed);
  const repomd = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<repomd xmlns="http://linux.duke.edu/metadata/repo"><revision>1</revision><data type="primary">',
    `<checksum type="sha256">${digestOf(packed)}</checksum><open-checksum type="sha256">${digestOf(primary)}</open-checksum>`,
    `<location href="repodata/primary.xml.gz"/><size>${packed.length}</size><open-size>${primary.length}</open-size>`,
    "</data></repomd>",
  ];
  writeFileSync(join(root, "repodata/repomd.xml"), repomd.join("\n"));
}

function median(rounds: readonly ScalePoint[]): ScalePoint {
  const [first] = rounds;
  if (first === undefined) throw new Error("no rounds");
  const middle = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
  const phases = Object.keys(first.cpu).map((name) => [name, middle(rounds.map((round) => round.cpu[name] ?? 0))]);
  return {
    ...first,
    megabytes: middle(rounds.map((round) => round.megabytes)),
    cpu: Object.fromEntries(phases) as Record<string, number>,
  };
}
