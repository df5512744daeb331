import { type DependencyId, relationOp } from "../../../formats/rpmmd/index.ts";
import { compareEvrIds, type Pool } from "../../pool/index.ts";
import type { JobFlag, Selection } from "../jobs.ts";
import { listed } from "./extra.ts";
import { fits, packagesOf } from "./packages.ts";
import type { Selected } from "./types.ts";

export function withoutFlags(select: Selection): Selected {
  return { select, flags: [] };
}

/** Leaves out what stands for no package. */
export function prune(pool: Pool, selected: readonly Selected[]): Selected[] {
  return selected.filter(({ select }) => select.kind === "all" || packagesOf(pool, select).length > 0);
}

/** All packages of selections, ascending, each once. */
export function selectedPackages(pool: Pool, selected: readonly Selected[]): number[] {
  return [...new Set(selected.flatMap(({ select }) => packagesOf(pool, select)))].sort((a, b) => a - b);
}

/** All selections as one. */
export function flatten(pool: Pool, selected: readonly Selected[]): Selected[] {
  if (selected.length <= 1) return [...selected];
  const all = selected.find(({ select }) => select.kind === "all");
  if (all !== undefined) return [all];
  const packages = selectedPackages(pool, selected);
  return packages.length === 0 ? [] : [listed(packages)];
}

/** Narrows to a range of versions or to an architecture, and says so in the flags. Does not leave out what became empty. */
export function filterRelation(pool: Pool, selected: readonly Selected[], op: number, evr: DependencyId): Selected[] {
  const { columns } = pool;
  return selected.map(({ select, flags }) => {
    const gained: JobFlag[] = [...flags];
    let narrowed: Selection = select;
    if (select.kind === "package" || select.kind === "oneof") {
      const packages = packagesOf(pool, select);
      const fitting = packages.filter((pkg) => fits(pool, pkg, op, evr));
      if (fitting.length < packages.length) {
        const list = listed(fitting);
        narrowed = list.select;
        for (const flag of list.flags) if (!gained.includes(flag)) gained.push(flag);
      }
    } else if (select.kind === "name" || select.kind === "provides") {
      let base = select.dependency;
      if (op === relationOp.arch && base < 0 && columns.relationOp[~base] === relationOp.arch && isSource(pool, evr))
        base = columns.relationName[~base] as number;
      narrowed = { kind: select.kind, dependency: columns.relation(base, op, evr) };
    } else return { select, flags };
    if (op === relationOp.arch) gained.push("setarch");
    if (op === relationOp.equal && select.kind !== "provides")
      gained.push(columns.strings.text(evr).includes("-") ? "setevr" : "setev");
    return { select: narrowed, flags: gained };
  });
}

/**
 * Narrows to a version that may lack the epoch: where all packages that have it are of one epoch, that is meant; where they are of several,
 * the packages are listed.
 */
export function filterEvr(pool: Pool, selected: readonly Selected[], evr: string): Selected[] {
  const { columns } = pool;
  const { strings } = columns;
  const equal = (items: readonly Selected[], text: string): Selected[] =>
    prune(pool, filterRelation(pool, items, relationOp.equal, strings.internText(text)));
  if (/^\d+:/.test(evr)) return equal(selected, evr);
  const wanted = strings.internText(evr);
  return selected.flatMap((item) => {
    const epochs = new Set<string>();
    const fitting = packagesOf(pool, item.select).filter((pkg) => {
      const text = strings.text(columns.evr[pkg] as number);
      const bare = text.replace(/^\d+:/, "");
      const order = compareEvrIds(strings, strings.internText(bare), wanted, "tell");
      // 2: the package has a release and none is asked for; -2 the other way round, which is no contradiction either.
      if (order === 1 || order === -1) return false;
      epochs.add(/^0*(\d*:)/.exec(text)?.[1] ?? "");
      return true;
    });
    if (epochs.size <= 1) {
      const [epoch = ""] = epochs;
      return equal([item], epoch === ":" ? evr : epoch + evr);
    }
    return [{ select: { kind: "oneof", packages: fitting }, flags: item.flags }];
  });
}

/** Narrows to a repository's packages; leaves out what is empty then. */
export function filterRepository(
  pool: Pool,
  selected: readonly Selected[],
  repository: number,
  gained: readonly JobFlag[] = [],
): Selected[] {
  return selected.flatMap(({ select, flags }): Selected[] => {
    const all = [...flags, ...gained];
    if (select.kind === "all") return [{ select: { kind: "repository", repository }, flags: all }];
    if (select.kind === "repository") return select.repository === repository ? [{ select, flags: all }] : [];
    return narrowed(pool, { select, flags: all }, (pkg) => pool.columns.repository[pkg] === repository);
  });
}

/** Keeps the packages that are in the other selections, or those that are not. */
export function filterBySelection(
  pool: Pool,
  selected: readonly Selected[],
  other: readonly Selected[],
  keep: boolean,
): Selected[] {
  if (selected.length === 0 || other.length === 0) return keep ? [] : [...selected];
  const inOther = new Set(selectedPackages(pool, other));
  const gained = other.length === 1 ? (other[0] as Selected).flags.filter((flag) => flag !== "noautoset") : [];
  return selected.flatMap(({ select, flags }) =>
    narrowed(pool, { select, flags: [...new Set([...flags, ...gained])] }, (pkg) => inOther.has(pkg) === keep),
  );
}

function narrowed(pool: Pool, { select, flags }: Selected, wanted: (pkg: number) => boolean): Selected[] {
  const packages = [...new Set(packagesOf(pool, select))];
  const fitting = packages.filter(wanted);
  if (fitting.length === 0) return [];
  if (fitting.length === packages.length || select.kind === "package") return [{ select, flags }];
  const list = listed(fitting);
  return [{ select: list.select, flags: [...new Set([...flags, ...list.flags])] }];
}

function isSource(pool: Pool, arch: number): boolean {
  return /^(no)?src$/.test(pool.columns.strings.text(arch));
}
