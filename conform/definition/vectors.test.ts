import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ownVectors, readVectors } from "./command.ts";
import { judgeVector } from "./judge.ts";

it("every vector of the format's specification holds", async () => {
  const vectors = readVectors(ownVectors);
  for (const vector of vectors)
    expect({ name: vector.name, ...(await judgeVector(vector)) }).toEqual({
      name: vector.name,
      result: "pass",
      reason: "",
    });
  expect(vectors.length).toBeGreaterThan(50);
});

it("tells what is no vector, and what it cannot judge", async () => {
  const folder = mkdtempSync(join(tmpdir(), "weir-vectors-"));
  const file = join(folder, "v.jsonl");
  for (const line of ["{", "[]", '{"kind":"resolve"}', "null"]) {
    writeFileSync(file, `\n${line}\n`);
    expect(() => readVectors(file)).toThrow(
      expect.objectContaining({ code: "CONFORM_CASES", where: { file, line: 2 } }),
    );
  }
  writeFileSync(file, '{"kind":"dance","name":"x"}\n');
  const [vector] = readVectors(file);
  expect(vector && (await judgeVector(vector))).toMatchObject({ result: "skip" });
  rmSync(folder, { recursive: true });
});
