import type { Pool } from "../../src/engine/pool/index.ts";
import { systemPackage } from "../../src/engine/pool/index.ts";
import { relationOp } from "../../src/formats/rpmmd/index.ts";
import { caseDependencyText } from "../solver/dependency-text.ts";
import type { Random } from "./random.ts";

/** What is asked for. */
export interface DiffRequest {
  /** Jobs as cases write them: `install name bash`. */
  readonly jobs: readonly string[];
  /** Settings as cases write them, besides. */
  readonly flags: readonly string[];
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
  return { jobs: [...items].map((item) => `install ${item}`), flags: [], weak: random.below(2) === 0 };
}

const someFlags = [
  "allowuninstall",
  "allowdowngrade",
  "allowvendorchange",
  "allowarchchange",
  "keeporphans",
  "bestobeypolicy",
  "yumobsoletes",
  "urpmreorder",
  "focusnew",
  "focusinstalled",
  "focusbest",
  "strongrecommends",
  "addalreadyrecommended",
  "noautotarget",
  "keepexplicitobsoletes",
];

/** A request to a machine where something is installed: to install, remove and update, under some settings. */
export function randomChange(pool: Pool, random: Random): DiffRequest {
  const installed = pool.columns.count - 1;
  let first = installed;
  while (pool.isInstalled(first - 1)) first--;
  const nameOfInstalled = (): string | undefined =>
    pool.isInstalled(installed)
      ? text(pool, pool.columns.name[first + random.below(installed - first + 1)] as number)
      : undefined;
  const jobs = new Set<string>();
  const count = random.weighted([
    [5, 1],
    [4, 2],
    [2, 3],
    [1, 5],
  ] as const);
  for (let tries = 0; jobs.size < count && tries < 100; tries++) {
    const action = random.weighted([
      [6, "install"],
      [4, "erase"],
      [4, "update"],
      [2, "update-all"],
      [2, "distupgrade-all"],
      [1, "distupgrade"],
      [1, "lock"],
      [1, "verify-all"],
    ] as const);
    if (action.endsWith("-all")) jobs.add(`${action.slice(0, -4)} all packages`);
    else if (action === "install") {
      const item = randomItem(pool, random);
      if (item !== undefined) jobs.add(`install ${item}${random.below(5) === 0 ? " [forcebest]" : ""}`);
    } else {
      const name = nameOfInstalled();
      if (name === undefined) continue;
      const flag =
        action === "erase" && random.below(4) === 0 ? " [cleandeps]" : random.below(8) === 0 ? " [forcebest]" : "";
      jobs.add(`${action} name ${name}${action === "lock" ? "" : flag}`);
    }
  }
  const flags = random.below(2) === 0 ? [] : [random.pick(someFlags), random.pick(someFlags)];
  return { jobs: [...jobs], flags: [...new Set(flags)], weak: random.below(2) === 0 };
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
