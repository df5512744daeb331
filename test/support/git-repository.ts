import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { run } from "../../src/core/index.ts";

/** A small repository for tests: each call of `commit` writes files and gives the commit's id. Times are seconds since the epoch. */
export interface TestRepository {
  readonly path: string;
  commit(files: Readonly<Record<string, string>>, time: number, subject?: string): Promise<string>;
  git(...args: string[]): Promise<string>;
}

export async function makeRepository(path: string, branch = "f43"): Promise<TestRepository> {
  const git = async (time: number, args: readonly string[]) => {
    const date = `${time} +0000`;
    const who = { GIT_AUTHOR_NAME: "A", GIT_AUTHOR_EMAIL: "a@x", GIT_COMMITTER_NAME: "A", GIT_COMMITTER_EMAIL: "a@x" };
    const env = { PATH: process.env.PATH ?? "", GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", ...who };
    const result = await run("git", ["-C", path, ...args], {
      env: { ...env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
    });
    return result.stdout.toString().trim();
  };
  await mkdir(path, { recursive: true });
  await git(1_700_000_000, ["init", "--quiet", "-b", branch]);
  return {
    path,
    git: (...args) => git(1_700_000_000, args),
    async commit(files, time, subject = "Change") {
      for (const [name, content] of Object.entries(files)) {
        await mkdir(dirname(join(path, name)), { recursive: true });
        await writeFile(join(path, name), content);
      }
      await git(time, ["add", "-A"]);
      await git(time, ["commit", "--quiet", "--allow-empty", "-m", subject]);
      return git(time, ["rev-parse", "HEAD"]);
    },
  };
}
