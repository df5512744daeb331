import { compareText, parseNevra, WeirError } from "../../../core/index.ts";
import type { Pool } from "../../pool/index.ts";
import type { LockedPackage, LockFile } from "./types.ts";

/** What a solve asked, as far as a lock depends on it. */
export type LockQuestion = Pick<LockFile, "arch" | "requests" | "weak" | "exclude" | "modules">;

const mostNamed = 6;

/** Refuses a lock that answers another question. No requests ask what the lock asks. Errors: `LOCK_OTHER_QUESTION`. */
export function checkQuestion(lock: LockFile, asked: LockQuestion, where: string): void {
  const differences: string[] = [];
  const say = (what: string, locked: string, now: string): void => {
    if (locked !== now) differences.push(`${what}: locked ${locked || "none"}, asked ${now || "none"}`);
  };
  const list = (texts: readonly string[]) => [...new Set(texts)].sort(compareText).join(" ");
  say("architecture", lock.arch, asked.arch);
  if (asked.requests.length > 0) say("requests", list(lock.requests), list(asked.requests));
  say("recommended packages", lock.weak ? "in" : "out", asked.weak ? "in" : "out");
  say("excluded", list(lock.exclude), list(asked.exclude));
  say("module streams", list(lock.modules), list(asked.modules));
  if (differences.length === 0) return;
  throw new WeirError("LOCK_OTHER_QUESTION", `the lock file answers another question: ${differences.join("; ")}`, {
    where,
    kind: "refused",
    hints: ["ask the same, or write the lock anew with --update-lock"],
  });
}

/**
 * The packages of the pool that a lock names, in its order: same NEVRA, same checksum, from whichever repository. Fails closed: one that is
 * not there, or not the same, refuses all. Errors: `LOCK_PACKAGE_MISSING`, `LOCK_CHECKSUM_DIFFERS`.
 */
export function resolveLock(lock: LockFile, pool: Pool, where: string): number[] {
  const found: number[] = [];
  const missing: string[] = [];
  const changed: string[] = [];
  for (const item of lock.packages) {
    const same = packagesNamed(pool, item.nevra);
    const right = same.find((pkg) => pool.columns.checksumOf(pkg) === item.checksum);
    if (right !== undefined) found.push(right);
    else if (same.length === 0) missing.push(`${item.nevra} (${instead(pool, item)})`);
    else changed.push(`${item.nevra} (locked ${short(item.checksum)}, ${has(pool, same)})`);
  }
  if (changed.length > 0) {
    throw new WeirError(
      "LOCK_CHECKSUM_DIFFERS",
      `${changed.length === 1 ? "a locked package is" : `${changed.length} locked packages are`} not the file that was locked: ${named(changed)}`,
      {
        where,
        kind: "refused",
        hints: ["find out who rebuilt it under the same name and version; --update-lock takes it as it is now"],
      },
    );
  }
  if (missing.length > 0) {
    throw new WeirError("LOCK_PACKAGE_MISSING", `no repository has what is locked: ${named(missing)}`, {
      where,
      kind: "refused",
      hints: [
        "give the repositories of the snapshot that was locked, or take what there is now with --update-lock",
        ...snapshots(lock),
      ],
    });
  }
  return found;
}

function packagesNamed(pool: Pool, nevra: string): number[] {
  const parsed = parseNevra(nevra);
  const name = parsed === undefined ? -1 : pool.columns.strings.find(parsed.name);
  if (name <= 0) return [];
  return pool.providersOf(name).filter((pkg) => !pool.isInstalled(pkg) && pool.nevra(pkg) === nevra);
}

function instead(pool: Pool, item: LockedPackage): string {
  const name = pool.columns.strings.find(parseNevra(item.nevra)?.name ?? "");
  const others = name <= 0 ? [] : pool.providersOf(name).filter((pkg) => pool.columns.name[pkg] === name);
  const texts = others.map((pkg) => `${pool.nevra(pkg)} in ${repositoryOf(pool, pkg)}`).sort(compareText);
  return texts.length === 0 ? "nothing of that name is there" : `there is ${texts.slice(-2).join(", ")}`;
}

function has(pool: Pool, packages: readonly number[]): string {
  return packages.map((pkg) => `${repositoryOf(pool, pkg)} has ${short(pool.columns.checksumOf(pkg))}`).join(", ");
}

function repositoryOf(pool: Pool, pkg: number): string {
  return pool.repositories[pool.columns.repository[pkg] as number]?.id ?? "?";
}

function short(checksum: string): string {
  return checksum.length > 24 ? `${checksum.slice(0, 24)}…` : checksum;
}

function named(texts: readonly string[]): string {
  const rest = texts.length - mostNamed;
  return `${texts.slice(0, mostNamed).join("; ")}${rest > 0 ? `; and ${rest} more` : ""}`;
}

function snapshots(lock: LockFile): string[] {
  const texts = lock.repositories.map(({ id, revision }) => `${id} at revision ${revision}`);
  return texts.length === 0 ? [] : [`it was locked over ${texts.join(", ")}`];
}
