import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { messageOf, type Place, WeirError } from "../../src/core/index.ts";

/** A line of a truth file: what rpm says of a spec. Absent means empty. */
export interface SpecTruth {
  /** Below the tree. */
  readonly path: string;
  readonly specSha256: string | undefined;
  /** False where rpm could not read the spec. */
  readonly ok: boolean;
  readonly fields: Readonly<Record<string, unknown>>;
}

const mostBytes = 1 << 30;

/** Reads a truth file, one JSON object a line, gzip or plain. Errors: `CONFORM_CASES` with the line. */
export function readSpecTruth(file: string): SpecTruth[] {
  let text: string;
  try {
    const bytes = readFileSync(file);
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    text = (isGzip ? gunzipSync(bytes, { maxOutputLength: mostBytes }) : bytes).toString("utf8");
  } catch (error) {
    throw new WeirError("CONFORM_CASES", `the truth file cannot be read: ${messageOf(error)}`, {
      where: file,
      hints: ["name a file of JSON lines, plain or compressed with gzip"],
      cause: error,
    });
  }
  const truths: SpecTruth[] = [];
  text.split("\n").forEach((line, index) => {
    if (line.trim() !== "") truths.push(readLine(line, { file, line: index + 1 }));
  });
  return truths;
}

function readLine(line: string, where: Place): SpecTruth {
  let fields: unknown;
  try {
    fields = JSON.parse(line);
  } catch (error) {
    throw refused(`no JSON: ${messageOf(error)}`, where);
  }
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) throw refused("no object", where);
  const table = fields as Readonly<Record<string, unknown>>;
  const { path, specSha256, ok } = table;
  if (typeof path !== "string" || path === "") throw refused("`path` is missing", where);
  return {
    path,
    specSha256: typeof specSha256 === "string" ? specSha256.toLowerCase() : undefined,
    ok: ok !== false,
    fields: table,
  };
}

function refused(message: string, where: Place): WeirError {
  return new WeirError("CONFORM_CASES", message, {
    where,
    hints: ["a line is {path, specSha256, ok, name, version, release, buildRequires, packages, …}"],
  });
}
