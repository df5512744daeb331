import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { systemCode, WeirError } from "../../core/index.ts";
import { enoughToMeasure, measureHeaders } from "../../formats/rpmmd/header-view.ts";

/** Most bytes of headers that are read at once; longer ones are left to the reader that asks for what it needs. */
const mostAtOnce = 4 << 20;

/**
 * The first bytes of a package, with its headers as a rule. Errors: `RPM_UNREADABLE`; `RPM_CHANGED` where it is not the file any more that
 * `expected` tells of.
 */
export function readHead(path: string, where: string, expected: { size: number; modified: number }): Uint8Array {
  return withFile(path, where, (file) => {
    const { size, mtimeMs } = fstatSync(file);
    if (size !== expected.size || mtimeMs !== expected.modified) throw changed(where);
    const start = readRange(file, 0, Math.min(size, enoughToMeasure));
    const end = Math.min(size, measureHeaders(start), mostAtOnce);
    return end <= start.length ? start : Buffer.concat([start, readRange(file, start.length, end)]);
  });
}

/** A range of a file in memory of its own. Errors: `RPM_UNREADABLE`. */
export function readPart(path: string, where: string, start: number, end: number): Uint8Array {
  return withFile(path, where, (file) => readRange(file, start, end));
}

/** Errors: `RPM_UNREADABLE` for what cannot be opened and what is no regular file. */
export function checkFile(path: string, where: string): void {
  withFile(path, where, () => undefined);
}

/** What a failed attempt to read a file means. */
export function unreadable(where: string, cause: unknown): WeirError {
  const code = systemCode(cause);
  if (code === undefined) return changed(where);
  return new WeirError("RPM_UNREADABLE", `cannot read the package (${code})`, {
    where,
    cause,
    hints: ["check the path and its permissions"],
  });
}

function withFile<T>(path: string, where: string, work: (file: number) => T): T {
  let file: number | undefined;
  try {
    // Not to wait for whoever should write into a pipe.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if (fstatSync(file).isFile()) return work(file);
  } catch (error) {
    throw error instanceof WeirError ? error : unreadable(where, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
  throw new WeirError("RPM_UNREADABLE", "the package is no regular file", {
    where,
    hints: ["move what is no package out of the folder, or exclude it"],
  });
}

function readRange(file: number, start: number, end: number): Buffer {
  const bytes = Buffer.allocUnsafe(Math.max(0, end - start));
  let have = 0;
  while (have < bytes.length) {
    const count = readSync(file, bytes, have, bytes.length - have, start + have);
    if (count === 0) break;
    have += count;
  }
  return bytes.subarray(0, have);
}

function changed(where: string): WeirError {
  return new WeirError("RPM_CHANGED", "the package changed while it was read", {
    where,
    hints: ["wait until the packages are copied completely, then run again"],
  });
}
