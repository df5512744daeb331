import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { messageOf, WeirError } from "../../src/core/index.ts";
import type { OverlayConfig } from "../../src/engine/define/index.ts";

/** Overlays on a spec, and what another engine made of them: the result's digest, or which overlay failed and how. */
export interface OverlayCase {
  /** `path#n`, or the line of the file where the case names no path. */
  readonly name: string;
  /** Git's id of the input. */
  readonly blob: string;
  readonly overlays: readonly OverlayConfig[];
  readonly wanted: { readonly sha256: string } | { readonly failedAt: number; readonly error: string };
}

const mostBytes = 1 << 30;

/** Reads a file of cases, one JSON object a line, gzip or plain. Errors: `CONFORM_CASES` with the line. */
export function readOverlayCases(file: string): OverlayCase[] {
  let text: string;
  try {
    const bytes = readFileSync(file);
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    text = (isGzip ? gunzipSync(bytes, { maxOutputLength: mostBytes }) : bytes).toString("utf8");
  } catch (error) {
    throw new WeirError("CONFORM_CASES", `the cases cannot be read: ${messageOf(error)}`, {
      where: file,
      hints: ["name a file of JSON lines, plain or compressed with gzip"],
      cause: error,
    });
  }
  const cases: OverlayCase[] = [];
  text.split("\n").forEach((line, index) => {
    if (line.trim() !== "") cases.push(parseCase(line, { file, line: index + 1 }));
  });
  return cases;
}

function parseCase(line: string, where: { readonly file: string; readonly line: number }): OverlayCase {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw refused(`no JSON: ${messageOf(error)}`, where);
  }
  const item = isTable(value) ? value : {};
  const { path, n, blob, overlays, sha256, failedAt, error } = item;
  if (typeof blob !== "string" || !/^[0-9a-f]{40,64}$/.test(blob)) throw refused("`blob` is no id of git", where);
  if (!Array.isArray(overlays) || !overlays.every(isOverlay)) throw refused("`overlays` is no list of overlays", where);
  const name = `${typeof path === "string" ? path : `line ${where.line}`}${typeof n === "number" ? `#${n}` : ""}`;
  if (typeof sha256 === "string") return { name, blob, overlays, wanted: { sha256: sha256.toLowerCase() } };
  if (typeof failedAt !== "number" || typeof error !== "string")
    throw refused("there is neither `sha256` nor `failedAt` with `error`", where);
  return { name, blob, overlays, wanted: { failedAt, error } };
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isOverlay(value: unknown): value is OverlayConfig {
  if (!isTable(value) || typeof value["type"] !== "string") return false;
  return Object.entries(value).every(([key, one]) =>
    key === "lines"
      ? Array.isArray(one) && one.every((line) => typeof line === "string")
      : key === "metadata" || typeof one === "string",
  );
}

function refused(message: string, where: { readonly file: string; readonly line: number }): WeirError {
  return new WeirError("CONFORM_CASES", message, {
    where,
    hints: ["a case is {path, blob, overlays, sha256} or {path, blob, overlays, failedAt, error}"],
  });
}
