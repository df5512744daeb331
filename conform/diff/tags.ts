import { type Pool, systemPackage } from "../../src/engine/pool/index.ts";
import type { ListKind } from "../../src/formats/rpmmd/index.ts";
import { caseDependencyText } from "../solver/dependency-text.ts";

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

/** A package as lines of testtags; of its files only those that some dependency names. */
export function packageTags(pool: Pool, pkg: number): string[] {
  const { columns } = pool;
  const text = (id: number | undefined): string => columns.strings.text(id ?? 0);
  const evr = text(columns.evr[pkg]);
  const dash = evr.lastIndexOf("-");
  const version = dash < 0 ? `${evr} -` : `${evr.slice(0, dash)} ${evr.slice(dash + 1)}`;
  const lines = [`=Pkg: ${text(columns.name[pkg])} ${version} ${text(columns.arch[pkg]) || "-"}`];
  for (const [tag, kind] of tags)
    for (const id of pool.dependencies(pkg, kind)) lines.push(`=${tag}: ${caseDependencyText(columns, id)}`);
  for (const path of pool.dependencies(pkg, "files"))
    if (pool.providersOf(path).length > 0) lines.push(`=Fls: ${text(path)}`);
  const vendor = text(columns.vendor[pkg]);
  if (vendor !== "") lines.push(`=Vnd: ${vendor}`);
  if (columns.buildTime[pkg] !== 0) lines.push(`=Tim: ${columns.buildTime[pkg]}`);
  return lines;
}

/** All packages of a repository as testtags. */
export function repositoryTags(pool: Pool, repository: number): string {
  const lines = ["=Ver: 3.0"];
  for (let pkg = systemPackage + 1; pkg < pool.columns.count; pkg++)
    if (pool.columns.repository[pkg] === repository) lines.push(...packageTags(pool, pkg));
  return `${lines.join("\n")}\n`;
}
