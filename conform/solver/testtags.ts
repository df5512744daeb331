import { WeirError } from "../../src/core/index.ts";
import { type DependencyId, type ListKind, type PackageColumns, relationOp } from "../../src/formats/rpmmd/index.ts";
import { parseCaseDependency } from "./dependency-text.ts";

const dependencyTags: ReadonlyMap<string, ListKind> = new Map([
  ["Prv", "provides"],
  ["Req", "requires"],
  ["Prq", "requires"],
  ["Con", "conflicts"],
  ["Obs", "obsoletes"],
  ["Rec", "recommends"],
  ["Sug", "suggests"],
  ["Sup", "supplements"],
  ["Enh", "enhances"],
]);

/** Dependencies that version 2 means otherwise than they are written. */
const rewritten = /^(locale|modalias|packageand|otherproviders|filesystem)\(|^[^/ ]+:\//;

interface Draft {
  readonly package: number;
  readonly name: number;
  readonly evr: number;
  readonly isSource: boolean;
  readonly lists: Map<ListKind, DependencyId[]>;
}

/**
 * Adds packages written as testtags to a repository: `=Pkg: name version release arch`, then its tags, one a line (`=Req: foo > 1`) or
 * as a block (`+Req:` … `-Req:`). Before version 3 each package provides its own name and version. Tags that say nothing to a solver
 * are passed over. Version 2 has the files at the end of what is provided. Errors: `CASE_DEPENDENCY`, `CASE_UNSUPPORTED` where version 2 means
 * something else than what is written.
 */
export function addTesttags(columns: PackageColumns, repository: number, text: string): void {
  const { strings } = columns;
  let version = 0;
  let selfProvides = true;
  let draft: Draft | undefined;
  let block = "";
  const finish = (): void => {
    if (draft === undefined) return;
    const provides = draft.lists.get("provides") ?? [];
    if (selfProvides && !draft.isSource) provides.push(columns.relation(draft.name, relationOp.equal, draft.evr));
    draft.lists.set("provides", provides);
    for (const [kind, list] of draft.lists) columns.setList(kind, draft.package, list);
    draft = undefined;
  };
  const take = (tag: string, value: string): void => {
    if (tag === "Ver") {
      version = Number.parseInt(value, 10) || 0;
      selfProvides = version < 3 || value.includes("addselfprovides");
      return;
    }
    if (tag === "Pkg") {
      const words = value.split(/[ \t]+/).filter((word) => word !== "");
      if (words.length !== 4) return;
      finish();
      const [name, ver, release, arch] = words as [string, string, string, string];
      const nameId = strings.internText(name);
      const evr = strings.internText(release === "-" ? ver : `${ver}-${release}`);
      const pkg = columns.addPackage(repository, nameId, evr, arch === "-" ? 0 : strings.internText(arch));
      draft = {
        package: pkg,
        name: nameId,
        evr,
        isSource: arch === "src" || arch === "nosrc",
        lists: new Map(),
      };
      return;
    }
    if (draft === undefined) return;
    const kind = dependencyTags.get(tag);
    if (kind !== undefined) {
      if (version === 2 && rewritten.test(value))
        throw new WeirError("CASE_UNSUPPORTED", "SUSE's way to write dependencies");
      if (version === 2 && tag === "Prv" && value.startsWith("/"))
        push(draft.lists, "files", strings.internText(value));
      const id = value.startsWith("/") ? strings.internText(value) : parseCaseDependency(columns, value);
      push(draft.lists, kind, id);
    } else if (tag === "Fls" && value.includes("/")) push(draft.lists, "files", strings.internText(value));
    else if (tag === "Vnd") columns.vendor[draft.package] = strings.internText(value);
    else if (tag === "Tim") columns.buildTime[draft.package] = Number.parseInt(value, 10) || 0;
  };
  for (const line of text.split("\n")) {
    if (block !== "") {
      if (line === `-${block}:`) block = "";
      else take(block, line);
      continue;
    }
    const opened = /^\+(\w+):/.exec(line);
    if (opened !== null) block = opened[1] as string;
    else if (/^=\w{3}:/.test(line)) take(line.slice(1, 4), line.slice(6));
  }
  finish();
}

function push(lists: Map<ListKind, DependencyId[]>, kind: ListKind, id: DependencyId): void {
  const list = lists.get(kind);
  if (list === undefined) lists.set(kind, [id]);
  else list.push(id);
}
