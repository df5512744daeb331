import { readGivenFile, systemCode, WeirError, writeFileIfChanged } from "../../core/index.ts";
import {
  type Answer,
  checkQuestion,
  formatLock,
  type LockFile,
  type LockQuestion,
  parseLock,
  resolveLock,
} from "../../engine/solve/index.ts";
import type { OpenedQuestion } from "../open-question.ts";

/** The lock file, undefined where there is none. Errors: `LOCK_UNREADABLE`, `LOCK_MALFORMED`. */
export async function readLock(full: string, shown: string): Promise<LockFile | undefined> {
  try {
    return parseLock((await readGivenFile(full, 512 << 20, shown)).toString("utf8"), shown);
  } catch (error) {
    if (error instanceof WeirError) throw error;
    if (systemCode(error) === "ENOENT") return undefined;
    throw new WeirError("LOCK_UNREADABLE", "the lock file cannot be read", {
      where: shown,
      cause: error,
      hints: ["name a file"],
    });
  }
}

/**
 * Solves again with nothing but what is locked. Errors: those of a lock that is not met, and `LOCK_INCOMPLETE` where what is locked does not
 * answer what was asked any more.
 */
export async function askLocked(lock: LockFile, shown: string, opened: OpenedQuestion): Promise<Answer> {
  checkQuestion(lock, questionOf(opened), shown);
  const { pool, question } = opened;
  const packages = resolveLock(lock, pool, shown);
  const asked = question.wishes.filter((wish) => wish.action === "install");
  const others = question.wishes.filter((wish) => wish.action !== "install");
  const texts = asked.length > 0 ? asked.map((wish) => wish.text) : lock.requests;
  const answer = await opened.ask({
    ...question,
    only: packages,
    wishes: [
      ...texts.map((text) => ({ action: "install" as const, text })),
      ...others,
      ...packages.map((pkg) => ({ action: "install" as const, text: pool.nevra(pkg) })),
    ],
  });
  if (answer.problems.length === 0) {
    const isAsked = new Set(texts);
    return { ...answer, requests: answer.requests.filter((request) => isAsked.has(request.text)) };
  }
  throw new WeirError("LOCK_INCOMPLETE", `what is locked does not hold: ${answer.problems[0]?.message ?? ""}`, {
    where: shown,
    kind: "refused",
    hints: ["write the lock anew with --update-lock"],
  });
}

export async function writeLock(full: string, answer: Answer, opened: OpenedQuestion): Promise<void> {
  const { pool } = opened;
  const { columns } = pool;
  const lock: LockFile = {
    schema: "weir/lock/1",
    ...questionOf(opened),
    repositories: opened.sources.map((source) => ({
      id: source.id,
      revision: source.repomd.revision || "0",
      repomd: `sha256:${source.repomdSha256}`,
    })),
    packages: answer.result.packages
      .filter((pkg) => !pool.isInstalled(pkg))
      .map((pkg) => ({
        nevra: pool.nevra(pkg),
        repository: pool.repositories[columns.repository[pkg] as number]?.id ?? "",
        location: columns.locationOf(pkg),
        checksum: columns.checksumOf(pkg),
        size: columns.packageSize[pkg] as number,
      })),
  };
  await writeFileIfChanged(full, formatLock(lock));
}

function questionOf({ question, arch, enabledModules }: OpenedQuestion): LockQuestion {
  return {
    arch,
    requests: question.wishes.filter((wish) => wish.action === "install").map((wish) => wish.text),
    weak: question.weak,
    exclude: question.exclude,
    modules: enabledModules,
  };
}
