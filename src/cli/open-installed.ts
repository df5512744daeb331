import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseNevra, type Skip, systemCode, WeirError } from "../core/index.ts";
import { addMetadata, type Pool } from "../engine/pool/index.ts";
import { listKinds } from "../formats/rpmmd/index.ts";

/** Name of the repository of what is installed. */
export const installedId = "@System";

const databases = ["usr/lib/sysimage/rpm/rpmdb.sqlite", "var/lib/rpm/rpmdb.sqlite"];

/**
 * Adds what is installed: `path` is the root folder of a system, a database of installed packages (`rpmdb.sqlite`), or a solution that
 * `weir solve -o json` wrote, whose packages then are among those of the pool. Errors: `INSTALLED_NOT_FOUND`, `INSTALLED_MALFORMED`,
 * `INSTALLED_UNKNOWN_PACKAGE`, those of reading databases.
 */
export async function addInstalled(pool: Pool, path: string, cwd: string): Promise<Skip[]> {
  const full = await databaseOf(resolve(cwd, path), path);
  const bytes = await readFile(full);
  const { index } = pool.addRepository({ id: installedId, priority: 0, subPriority: 0 });
  const skips =
    bytes[0] === 0x7b ? addSolved(pool, index, bytes, path) : await addDatabase(pool, index, bytes, full, path);
  pool.installed = index;
  pool.prepare();
  return skips;
}

async function databaseOf(full: string, path: string): Promise<string> {
  const candidates = [full, ...databases.map((name) => join(full, name))];
  for (const candidate of candidates) {
    try {
      if ((await stat(candidate)).isFile()) return candidate;
    } catch (error) {
      if (!["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) throw error;
    }
  }
  throw new WeirError("INSTALLED_NOT_FOUND", "there is no database of installed packages here, and no solution", {
    where: path,
    hints: [`name a root folder with ${databases.join(" or ")}, such a file, or a file that weir solve -o json wrote`],
  });
}

async function addDatabase(pool: Pool, index: number, bytes: Uint8Array, full: string, path: string): Promise<Skip[]> {
  const [{ readRpmdb }, { fromRpm }] = await Promise.all([
    import("../formats/rpmdb/index.ts"),
    import("../formats/rpmmd/index.ts"),
  ]);
  let wal: Uint8Array | undefined;
  try {
    wal = await readFile(`${full}-wal`);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
  }
  const { packages, damaged } = readRpmdb(bytes, path, wal);
  const facts = { pkgid: "", location: "", size: 0, fileTime: 0, headerRange: { start: 0, end: 0 } };
  // Public keys stand among the packages; they are none.
  const real = packages.filter((item) => item.package.name !== "gpg-pubkey");
  addMetadata(
    pool,
    index,
    real.map((item) => fromRpm(item.package, facts)),
  );
  return [...damaged];
}

function addSolved(pool: Pool, index: number, bytes: Uint8Array, path: string): Skip[] {
  for (const nevra of solvedNevras(bytes, path)) {
    const found = packageNamed(pool, nevra);
    if (found === undefined) {
      throw new WeirError("INSTALLED_UNKNOWN_PACKAGE", `no repository has ${nevra}, which the solution installs`, {
        where: path,
        hints: ["give the repositories that it was solved over"],
      });
    }
    const { columns } = pool;
    const copy = columns.addPackage(
      index,
      columns.name[found] as number,
      columns.evr[found] as number,
      columns.arch[found] as number,
      columns.vendor[found],
    );
    columns.packageSize[copy] = columns.packageSize[found] as number;
    columns.installedSize[copy] = columns.installedSize[found] as number;
    columns.buildTime[copy] = columns.buildTime[found] as number;
    for (const kind of listKinds) columns.list[kind][copy] = columns.list[kind][found] as number;
  }
  return [];
}

function solvedNevras(bytes: Uint8Array, path: string): string[] {
  const malformed = (message: string) =>
    new WeirError("INSTALLED_MALFORMED", message, {
      where: path,
      hints: ["write it with weir solve -o json, over nothing installed"],
    });
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    throw malformed("the file is no JSON");
  }
  const document = value as { schema?: unknown; install?: unknown; changes?: unknown; problems?: unknown };
  if (document.schema !== "weir/solution/1" || !Array.isArray(document.install))
    throw malformed("it is no weir/solution/1");
  if (Array.isArray(document.problems) && document.problems.length > 0)
    throw malformed("it is no solution: it has problems");
  if (Array.isArray(document.changes) && document.changes.length > 0)
    throw malformed("it changes what was installed before, which it does not name");
  return document.install.map((item: unknown) => {
    const nevra = typeof item === "object" && item !== null && "nevra" in item ? item.nevra : undefined;
    if (typeof nevra !== "string") throw malformed("a package of it has no nevra");
    return nevra;
  });
}

function packageNamed(pool: Pool, nevra: string): number | undefined {
  const name = pool.columns.strings.find(parseNevra(nevra)?.name ?? "");
  if (name <= 0) return undefined;
  return pool.providersOf(name).find((pkg) => pool.columns.name[pkg] === name && pool.nevra(pkg) === nevra);
}
