import type { Pool } from "../../src/engine/pool/index.ts";
import { type Answer, type AskOptions, ask, type Question, type Wish } from "../../src/engine/solve/index.ts";
import { poolOf } from "./pool.ts";
import { type TinyPackage, tinyRepository } from "./universe.ts";

/** Repositories of tiny packages by id; the one called `installed` holds what is installed. */
export type TinyRepositories = Readonly<Record<string, readonly TinyPackage[]>>;

export function tinyPool(repositories: TinyRepositories): Pool {
  const values = Object.entries(repositories).map(([id, packages]) => tinyRepository(id, packages));
  return poolOf(values, { installed: "installed" });
}

/** A question with nothing special about it. */
export function plainQuestion(install: readonly string[], more: Partial<Question> = {}): Question {
  const wishes = install.map((text): Wish => ({ action: "install", text }));
  return { weak: true, exclude: [], groups: [], ...more, wishes: [...wishes, ...(more.wishes ?? [])] };
}

export function askTiny(
  repositories: TinyRepositories,
  install: readonly string[],
  more: Partial<Question> = {},
  options: AskOptions = {},
): Answer {
  return ask(tinyPool(repositories), plainQuestion(install, more), options);
}
