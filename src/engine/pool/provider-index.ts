import type { PackageColumns } from "../../formats/rpmmd/index.ts";

/** Offset of the empty list among lists of providers. Behind it, for each package `n` from 0, lies the list of it alone at `2 + 2 * n`. */
export const noProviders = 1;

/** Who provides each name, and each path that is asked for. */
export interface ProviderIndex {
  /** For each text: where its list begins in `lists`. */
  readonly byName: Int32Array;
  /** Lists of packages in ascending order, each ending in 0; in use up to `end`. */
  readonly lists: Int32Array;
  readonly end: number;
  /** Paths that are asked for and that nobody has. */
  readonly missing: Set<number>;
}

/** Where the list of one package alone begins. */
export function ownList(pkg: number): number {
  return 2 + 2 * pkg;
}

function fillOwnLists(lists: Int32Array, count: number): void {
  for (let pkg = 0; pkg < count; pkg++) lists[ownList(pkg)] = pkg;
}

/** Indexes the packages that are `usable` (1 for each); `wanted` is 1 for each text that is a path some dependency names. */
export function indexProviders(columns: PackageColumns, usable: Uint8Array, wanted: Uint8Array): ProviderIndex {
  const { strings, count } = columns;
  const texts = strings.count;
  const names = providedNames(columns, usable, wanted);
  // Most names have one provider: the offset of that one's own list, negative, until a second one comes.
  const counts = new Int32Array(texts);
  for (let pkg = 0, at = 0; pkg < count; pkg++) {
    for (const end = names.ends[pkg] as number; at < end; at++) {
      const name = names.ids[at] as number;
      const before = counts[name] as number;
      counts[name] = before === 0 ? -ownList(pkg) : before < 0 ? 2 : before + 1;
    }
  }
  const byName = new Int32Array(texts);
  const missing = new Set<number>();
  let end = ownList(count);
  for (let name = 0; name < texts; name++) {
    const providers = counts[name] as number;
    if (providers > 0) {
      byName[name] = counts[name] = end;
      end += providers + 1;
    } else {
      byName[name] = providers === 0 ? noProviders : -providers;
      counts[name] = 0;
      if (providers === 0 && wanted[name] === 1) missing.add(name);
    }
  }
  const lists = new Int32Array(Math.max(1024, Math.ceil(end * 1.3)));
  fillOwnLists(lists, count);
  for (let pkg = 0, at = 0; pkg < count; pkg++) {
    for (const last = names.ends[pkg] as number; at < last; at++) {
      const name = names.ids[at] as number;
      const place = counts[name] as number;
      if (place === 0) continue;
      lists[place] = pkg;
      counts[name] = place + 1;
    }
  }
  return { byName, lists, end, missing };
}

/** The texts that each package provides, package after package, each once a package; `ends` says where those of each end. */
function providedNames(
  columns: PackageColumns,
  usable: Uint8Array,
  wanted: Uint8Array,
): { readonly ids: Int32Array; readonly ends: Int32Array } {
  const { lists, count, relationName } = columns;
  const { provides, files } = columns.list;
  const last = new Int32Array(columns.strings.count);
  const ends = new Int32Array(count);
  let ids = new Int32Array(columns.listsEnd);
  let filled = 0;
  for (let pkg = 1; pkg < count; pkg++) {
    if (usable[pkg] === 1) {
      let at = provides[pkg] as number;
      for (let id = lists[at] as number; id !== 0; id = lists[++at] as number) {
        let name = id;
        while (name < 0) name = relationName[~name] as number;
        if (last[name] === pkg) continue;
        last[name] = pkg;
        // Lists may be shared between packages, so that there may be more names than entries.
        if (filled === ids.length) ids = doubled(ids);
        ids[filled++] = name;
      }
      at = files[pkg] as number;
      for (let path = lists[at] as number; path !== 0; path = lists[++at] as number) {
        if (wanted[path] !== 1 || last[path] === pkg) continue;
        last[path] = pkg;
        if (filled === ids.length) ids = doubled(ids);
        ids[filled++] = path;
      }
    }
    ends[pkg] = filled;
  }
  return { ids, ends };
}

function doubled(ids: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(ids.length * 2 + 16);
  larger.set(ids);
  return larger;
}
