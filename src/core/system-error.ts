import { basename, dirname, relative } from "node:path";
import { systemCode, WeirError } from "./error.ts";
import { partialMark } from "./write.ts";

const denied: ReadonlySet<string> = new Set(["EACCES", "EPERM", "EROFS"]);
const full: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const exhausted: ReadonlySet<string> = new Set(["EMFILE", "ENFILE", "ENOMEM"]);
const failed: ReadonlyMap<string, string> = new Map([
  ["EBUSY", "it is in use"],
  ["EEXIST", "there is something of that name already"],
  ["EIO", "the disk reports an error"],
  ["EISDIR", "it is a folder"],
  ["ELOOP", "its links lead in a circle"],
  ["ENAMETOOLONG", "the name is too long"],
  ["ENOENT", "it is not there, or no longer"],
  ["ENOTDIR", "a part of the path is no folder"],
  ["ENOTEMPTY", "the folder is not empty"],
  ["ENXIO", "nothing answers there"],
  ["ESTALE", "the network folder has changed"],
  ["EXDEV", "it lies on another disk"],
]);

/**
 * What a failed system call that nobody expected means to the user: not a bug, but something about files of this machine. Undefined
 * where the thrown value is no failed call on files. `cwd` makes the place relative. Codes: `FILE_DENIED` (input), `FILE_NO_SPACE`
 * and `FILE_LIMIT` (machine), `FILE_FAILED` (input).
 */
export function fileError(thrown: unknown, cwd: string): WeirError | undefined {
  const code = systemCode(thrown);
  if (code === undefined || !(thrown instanceof Error) || !("syscall" in thrown)) return undefined;
  const call = String(thrown.syscall);
  const where = "path" in thrown && typeof thrown.path === "string" ? placeOf(thrown.path, cwd) : undefined;
  if (denied.has(code)) {
    return new WeirError("FILE_DENIED", `this may not be done here (${code}, ${call})`, {
      where,
      cause: thrown,
      hints: [
        code === "EROFS" ? "the disk is mounted for reading only: write elsewhere" : "check who owns it and its mode",
      ],
    });
  }
  if (full.has(code)) {
    return new WeirError("FILE_NO_SPACE", `there is no room on the disk (${code}, ${call})`, {
      where,
      cause: thrown,
      kind: "machine",
      hints: ["make room; what was there before is as it was"],
    });
  }
  if (exhausted.has(code)) {
    return new WeirError("FILE_LIMIT", `the system gives no more files or memory (${code}, ${call})`, {
      where,
      cause: thrown,
      kind: "machine",
      hints: [code === "ENOMEM" ? "free memory" : "raise the limit: ulimit -n 4096"],
    });
  }
  const why = failed.get(code);
  if (why === undefined) return undefined;
  return new WeirError("FILE_FAILED", `cannot ${call}: ${why} (${code})`, {
    where,
    cause: thrown,
    hints: ["check the path; if it is right, something else changed it meanwhile: run again"],
  });
}

function placeOf(path: string, cwd: string): string {
  const from = relative(cwd, basename(path).startsWith(partialMark) ? dirname(path) : path);
  return from === "" ? "." : /^\.\.(?:\/|$)/.test(from) ? path : from;
}
