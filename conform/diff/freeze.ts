import type { Pool } from "../../src/engine/pool/index.ts";
import { type DependencyId, relationOp } from "../../src/formats/rpmmd/index.ts";
import { shrinkCase } from "../fuzz/shrink.ts";
import { type TinyCase, tinyCaseText } from "../fuzz/tiny-case.ts";
import { solveCase } from "../solver/solve-case.ts";
import { runCaseText } from "../solver/run-case.ts";
import { type LibsolvPeer, requestCommands } from "./libsolv.ts";
import { packageTags } from "./tags.ts";
import type { DiffRequest } from "./request.ts";
import { installedName, type Universe } from "./universe.ts";

const sections = "transaction,problems";

/**
 * A request that Weir and libsolv answer differently as the text of a case, with what libsolv says, and with as few packages as still make
 * the difference.
 */
export function freezeRequest(universe: Universe, request: DiffRequest, peer: LibsolvPeer): string {
  const { pool, arch } = universe;
  const reached = reachable(pool, request);
  const setup: string[] = [];
  for (const { id, index } of pool.repositories) {
    setup.push(`repo ${id} 0 testtags <inline>\n#>=Ver: 3.0`);
    for (const pkg of reached)
      if (pool.columns.repository[pkg] === index)
        setup.push(
          packageTags(pool, pkg)
            .map((line) => `#>${line}`)
            .join("\n"),
        );
  }
  setup.push(`system ${arch} rpm ${installedName}`);
  const start: TinyCase = { setup, solves: [requestCommands(request)] };
  const expected = (one: TinyCase): string => tinyCaseText(one, sections, peer.askText(tinyCaseText(one, sections), 1));
  const differs = (one: TinyCase): boolean => {
    const { error, sections: done } = runCaseText(expected(one), "frozen.t", solveCase, "text");
    return error === undefined && done.some(({ missing, surplus }) => missing.length + surplus.length > 0);
  };
  return expected(differs(start) ? shrinkCase(start, differs) : start);
}

/** Packages that anything asked for, or anything these ask for or clash with, may be met by. */
function reachable(pool: Pool, request: DiffRequest): Set<number> {
  const { columns } = pool;
  const reached = new Set<number>();
  const open: number[] = [];
  const add = (id: DependencyId): void => {
    if (id < 0 && (columns.relationOp[~id] as number) > 7 && columns.relationOp[~id] !== relationOp.arch) {
      add(columns.relationName[~id] as number);
      add(columns.relationEvr[~id] as number);
      return;
    }
    for (const pkg of pool.providersOf(id))
      if (!reached.has(pkg)) {
        reached.add(pkg);
        open.push(pkg);
      }
  };
  for (let pkg = pool.columns.count - 1; pool.isInstalled(pkg); pkg--) add(columns.name[pkg] as number);
  for (const job of request.jobs)
    for (const word of job.split(" ")) if (columns.strings.find(word) > 0) add(columns.strings.find(word));
  for (let pkg = open.pop(); pkg !== undefined; pkg = open.pop())
    for (const kind of ["requires", "conflicts", "obsoletes", "recommends"] as const)
      for (const id of pool.dependencies(pkg, kind)) add(id);
  return reached;
}
