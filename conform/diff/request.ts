import type { Pool } from "../../src/engine/pool/index.ts";
import { systemPackage } from "../../src/engine/pool/index.ts";
import { relationOp } from "../../src/formats/rpmmd/index.ts";
import { caseDependencyText } from "../solver/dependency-text.ts";
import type { Random } from "./random.ts";

/** What is asked for, as the selections of install jobs: `name bash`, `provides /bin/sh`. */
export interface DiffRequest {
  readonly items: readonly string[];
  /** Whether recommended packages come along. */
  readonly weak: boolean;
}

/** A request of one to eight packages: mostly names, some with versions, some capabilities and paths, now and then alternatives. */
export function randomRequest(pool: Pool, random: Random): DiffRequest {
  const count = random.weighted([
    [8, 1],
    [6, 2],
    [5, 3],
    [4, 4],
    [3, 5],
    [2, 6],
    [1, 7],
    [1, 8],
  ] as const);
  const items = new Set<string>();
  for (let tries = 0; items.size < count && tries < 100; tries++) {
    const item = randomItem(pool, random);
    if (item !== undefined) items.add(item);
  }
  return { items: [...items], weak: random.below(2) === 0 };
}

function randomItem(pool: Pool, random: Random): string | undefined {
  const pkg = systemPackage + 1 + random.below(pool.columns.count - systemPackage - 1);
  const name = text(pool, pool.columns.name[pkg] as number);
  if (name === undefined) return undefined;
  switch (
    random.weighted([
      [60, "name"],
      [8, "version"],
      [8, "arch"],
      [12, "capability"],
      [8, "path"],
      [4, "either"],
    ] as const)
  ) {
    case "name":
      return `name ${name}`;
    case "version": {
      const evr = text(pool, pool.columns.evr[pkg] as number);
      if (evr === undefined) return undefined;
      const shown = random.below(3) === 0 ? evr.replace(/-[^-]*$/, "") : evr;
      return `name ${name} ${random.pick(["=", "=", "=", ">=", "<=", ">", "<"])} ${shown}`;
    }
    case "arch": {
      const arch = text(pool, pool.columns.arch[pkg] as number);
      return arch === undefined ? undefined : `name ${name} . ${arch}`;
    }
    case "capability": {
      const provided = [...pool.dependencies(pkg, "provides")];
      if (provided.length === 0) return undefined;
      const dependency = caseDependencyText(pool.columns, random.pick(provided));
      return /[\\]/.test(dependency) ? undefined : `provides ${dependency}`;
    }
    case "path": {
      // Only paths that a dependency names are known to both sides without the whole file lists.
      const paths = [...pool.dependencies(pkg, "files")].filter((path) => pool.providersOf(path).length > 0);
      const path = paths.length === 0 ? undefined : text(pool, random.pick(paths));
      return path === undefined ? undefined : `provides ${path}`;
    }
    case "either": {
      const other = systemPackage + 1 + random.below(pool.columns.count - systemPackage - 1);
      const second = text(pool, pool.columns.name[other] as number);
      if (second === undefined) return undefined;
      const op = random.pick([relationOp.or, relationOp.and, relationOp.if]);
      return `provides ${name} ${op === relationOp.or ? "|" : op === relationOp.and ? "&" : "<IF>"} ${second}`;
    }
  }
}

/** A text that needs no escape in a case. */
function text(pool: Pool, id: number): string | undefined {
  const found = pool.columns.strings.text(id);
  return found !== "" && /^[^\s\\()<>=!|&]+(\([^\s\\()]*\))*$/.test(found) && !found.includes(":any")
    ? found
    : undefined;
}
