import type { Pool } from "../../src/engine/pool/index.ts";
import { type DependencyId, type ListKind, relationOp } from "../../src/formats/rpmmd/index.ts";
import { shrinkCase } from "../fuzz/shrink.ts";
import { type TinyCase, tinyCaseText } from "../fuzz/tiny-case.ts";
import { caseDependencyText } from "../solver/dependency-text.ts";
import { solveCase } from "../solver/solve-case.ts";
import { runCaseText } from "../solver/run-case.ts";
import type { LibsolvPeer } from "./libsolv.ts";
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
    setup.push(id === installedName ? `repo ${id} 0 empty` : `repo ${id} 0 testtags <inline>\n#>=Ver: 3.0`);
    for (const pkg of reached) if (pool.columns.repository[pkg] === index) setup.push(packageTags(pool, pkg));
  }
  setup.push(`system ${arch} rpm ${installedName}`);
  const jobs = request.items.map((item) => `job install ${item}`);
  const start: TinyCase = { setup, solves: [request.weak ? jobs : ["solverflags ignorerecommended", ...jobs]] };
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
  for (const item of request.items)
    for (const word of item.split(" ")) if (columns.strings.find(word) > 0) add(columns.strings.find(word));
  for (let pkg = open.pop(); pkg !== undefined; pkg = open.pop())
    for (const kind of ["requires", "conflicts", "obsoletes", "recommends"] as const)
      for (const id of pool.dependencies(pkg, kind)) add(id);
  return reached;
}

const tags: readonly (readonly [tag: string, kind: ListKind])[] = [
  ["Prv", "provides"],
  ["Req", "requires"],
  ["Con", "conflicts"],
  ["Obs", "obsoletes"],
  ["Rec", "recommends"],
  ["Sug", "suggests"],
  ["Sup", "supplements"],
  ["Enh", "enhances"],
];

/** A package as inline testtags; of its files only those that some dependency names. */
function packageTags(pool: Pool, pkg: number): string {
  const { columns } = pool;
  const text = (id: number | undefined): string => columns.strings.text(id ?? 0);
  const evr = text(columns.evr[pkg]);
  const dash = evr.lastIndexOf("-");
  const version = dash < 0 ? `${evr} -` : `${evr.slice(0, dash)} ${evr.slice(dash + 1)}`;
  const lines = [`#>=Pkg: ${text(columns.name[pkg])} ${version} ${text(columns.arch[pkg]) || "-"}`];
  for (const [tag, kind] of tags)
    for (const id of pool.dependencies(pkg, kind)) lines.push(`#>=${tag}: ${caseDependencyText(columns, id)}`);
  for (const path of pool.dependencies(pkg, "files"))
    if (pool.providersOf(path).length > 0) lines.push(`#>=Fls: ${text(path)}`);
  const vendor = text(columns.vendor[pkg]);
  if (vendor !== "") lines.push(`#>=Vnd: ${vendor}`);
  if (columns.buildTime[pkg] !== 0) lines.push(`#>=Tim: ${columns.buildTime[pkg]}`);
  return lines.join("\n");
}
