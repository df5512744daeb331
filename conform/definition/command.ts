import { readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, WeirError } from "../../src/core/index.ts";
import { outcomeTable, Results } from "../results.ts";
import { judgeVector, type Vector } from "./judge.ts";

/** The vectors that come with the format's specification. */
export const ownVectors = join(import.meta.dirname, "../../docs/reference/definition-vectors.jsonl");

/** Reads vectors, one JSON object a line. Errors: `CONFORM_CASES` with the line. */
export function readVectors(file: string): Vector[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new WeirError("CONFORM_CASES", `the vectors cannot be read: ${messageOf(error)}`, { where: file });
  }
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    try {
      const value: unknown = JSON.parse(line);
      if (typeof value === "object" && value !== null && "kind" in value && "name" in value) return [value as Vector];
    } catch {
      // Said below, with the line.
    }
    throw new WeirError("CONFORM_CASES", "not a vector: a JSON object with `name` and `kind`", {
      where: { file, line: index + 1 },
    });
  });
}

/** Runs the vectors of the definition format, by default those of its specification. Gives the exit code. */
export async function conformDefinition(file: string | undefined, resultsFile: string | undefined): Promise<number> {
  const vectors = readVectors(file ?? ownVectors);
  const results = new Results(resultsFile);
  const kinds = new Map(vectors.map((vector) => [vector.name, vector.kind]));
  for (const vector of vectors) results.add({ case: vector.name, ...(await judgeVector(vector)) });
  results.close();
  process.stdout.write(outcomeTable(results.outcomes, (name) => kinds.get(name) ?? ""));
  const [pass, fail, skip] = (["pass", "fail", "skip"] as const).map((kind) => results.count(kind));
  process.stdout.write(`${JSON.stringify({ suite: "definition", cases: vectors.length, pass, fail, skip })}\n`);
  return fail === 0 ? 0 : 1;
}
