import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { ObjectReader } from "../../src/adapters/git/object-reader.ts";
import { WeirError } from "../../src/core/index.ts";
import { outcomeTable, Results } from "../results.ts";
import { judgeCase } from "./judge.ts";
import { type OverlayCase, readOverlayCases } from "./read-cases.ts";

export interface OverlayConformOptions {
  /** A repository, bare or with a work tree, that holds the inputs. */
  readonly git: string;
  readonly cases: string;
  readonly results: string | undefined;
}

/** Cases judged between two requests to git; bounds what is held in memory. */
const batchSize = 200;

/**
 * Applies the overlays of each case to the input that git holds and compares with the other engine's answer. Prints a table by overlay type
 * and counts. Gives the exit code. Errors: `CONFORM_CASES`, those of reading from git.
 */
export async function conformOverlays(options: OverlayConformOptions): Promise<number> {
  const cases = readOverlayCases(options.cases);
  const results = new Results(options.results);
  const types = new Map<string, string>();
  const reader = new ObjectReader(gitDirOf(options.git), options.git);
  try {
    for (let from = 0; from < cases.length; from += batchSize) {
      const batch = cases.slice(from, from + batchSize);
      const ids = [...new Set(batch.map((item) => item.blob))];
      const found = await reader.read(ids);
      const inputs = new Map(ids.map((id, index) => [id, found[index]]));
      for (const item of batch) {
        const input = inputs.get(item.blob);
        types.set(item.name, typesOf(item));
        if (input?.type === "blob") results.add({ case: item.name, ...judgeCase(item, input.content) });
        else results.add({ case: item.name, result: "skip", reason: "the repository lacks the input" });
      }
    }
  } finally {
    reader.close();
    results.close();
  }
  process.stdout.write(outcomeTable(results.outcomes, (name) => types.get(name) ?? ""));
  const [pass, fail, skip] = (["pass", "fail", "skip"] as const).map((kind) => results.count(kind));
  process.stdout.write(`${JSON.stringify({ suite: "overlays", cases: cases.length, pass, fail, skip })}\n`);
  return fail === 0 ? 0 : 1;
}

function typesOf(item: OverlayCase): string {
  const names = [...new Set(item.overlays.map((overlay) => overlay.type))];
  return names.length === 1 ? (names[0] ?? "") : "several types";
}

function gitDirOf(path: string): string {
  for (const gitDir of [path, join(path, ".git"), `${path.replace(/\/+$/, "")}.git`])
    if (existsSync(join(gitDir, "objects"))) return resolve(gitDir);
  throw new WeirError("CONFORM_CASES", "there is no git repository here", {
    where: path,
    hints: ["--git names a repository that holds the blobs of the cases, for example a bare clone"],
  });
}
