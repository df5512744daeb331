import { runSolver } from "../../src/engine/solve/run.ts";
import type { SolverJob } from "../../src/engine/solve/jobs.ts";
import { systemPackage } from "../../src/engine/pool/index.ts";
import { listKinds } from "../../src/formats/rpmmd/index.ts";
import type { Random } from "./random.ts";
import type { Universe } from "./universe.ts";

/** How many names are wished for; what cannot be had is left out. */
const wishes = 200;

/**
 * Fills the repository of installed packages with a sound set: what some random wishes come to over a part of the packages, so that there is
 * something to update to.
 */
export function installSomething({ pool }: Universe, random: Random): void {
  const { columns } = pool;
  const { count } = columns;
  const versions = new Map<number, Set<number>>();
  for (let pkg = systemPackage + 1; pkg < count; pkg++) {
    const name = columns.name[pkg] as number;
    versions.set(name, (versions.get(name) ?? new Set()).add(columns.evr[pkg] as number));
  }
  // Of what there are several versions some are hidden, so that older ones come in; what was built together goes together.
  const hidden = new Map<number, boolean>();
  const considered = new Uint8Array(count).fill(1);
  for (let pkg = systemPackage + 1; pkg < count; pkg++) {
    const evr = columns.evr[pkg] as number;
    if (!hidden.has(evr)) hidden.set(evr, random.below(2) === 0);
    const several = (versions.get(columns.name[pkg] as number)?.size ?? 0) > 1;
    if (several && hidden.get(evr) === true) considered[pkg] = 0;
  }
  pool.considered = considered;
  pool.prepare();
  const jobs = Array.from({ length: wishes }, (): SolverJob => {
    const pkg = systemPackage + 1 + random.below(count - systemPackage - 1);
    return { action: "install", select: { kind: "name", dependency: columns.name[pkg] as number }, flags: ["weak"] };
  });
  const { packages, problems } = runSolver(pool, jobs, {});
  pool.considered = undefined;
  if (problems.length === 0) for (const pkg of packages) if (pkg > systemPackage) copyPackage(pool, pkg);
  pool.prepare();
}

/** The same package once more, as an installed one. */
function copyPackage({ columns, installed }: Universe["pool"], pkg: number): void {
  const [name, evr, arch, vendor] = [columns.name, columns.evr, columns.arch, columns.vendor].map(
    (column) => column[pkg] as number,
  ) as [number, number, number, number];
  const copy = columns.addPackage(installed, name, evr, arch, vendor);
  for (const kind of listKinds) columns.list[kind][copy] = columns.list[kind][pkg] as number;
  columns.buildTime[copy] = columns.buildTime[pkg] as number;
}
