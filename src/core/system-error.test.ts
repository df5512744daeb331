import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fileError } from "./system-error.ts";

const failure = (code: string, path?: string) =>
  Object.assign(new Error(`${code}: x`), { code, syscall: "open", ...(path === undefined ? {} : { path }) });

describe("failed system calls", () => {
  it.each([
    ["EACCES", "FILE_DENIED", 2],
    ["EPERM", "FILE_DENIED", 2],
    ["EROFS", "FILE_DENIED", 2],
    ["ENOSPC", "FILE_NO_SPACE", 3],
    ["EDQUOT", "FILE_NO_SPACE", 3],
    ["EMFILE", "FILE_LIMIT", 3],
    ["ENOMEM", "FILE_LIMIT", 3],
    ["ELOOP", "FILE_FAILED", 2],
    ["ENOENT", "FILE_FAILED", 2],
  ])("%s is %s", (code, expected, exit) => {
    const error = fileError(failure(code, "/work/a/b"), "/work");
    expect(error).toMatchObject({ code: expected, exitCode: exit, where: "a/b" });
    expect(error?.hints).toHaveLength(1);
  });

  it("keeps places outside the current folder, and none where there is none", () => {
    expect(fileError(failure("EACCES", "/etc/x"), "/work")?.where).toBe("/etc/x");
    expect(fileError(failure("ENOSPC"), "/work")?.where).toBeUndefined();
    expect(fileError(failure("ENOSPC", "/work/a/.weir-partial-0123"), "/work")?.where).toBe("a");
  });

  it("takes what the system throws", () => {
    const thrownBy = (work: () => unknown): unknown => {
      try {
        return work();
      } catch (error) {
        return error;
      }
    };
    expect(
      fileError(
        thrownBy(() => readFileSync("/")),
        "/tmp",
      )?.code,
    ).toBe("FILE_FAILED");
    expect(
      fileError(
        thrownBy(() => readdirSync("/dev/null")),
        "/tmp",
      )?.code,
    ).toBe("FILE_FAILED");
  });

  it("leaves everything else a bug", () => {
    for (const thrown of [new TypeError("x"), "x", undefined, Object.assign(new Error("x"), { code: "EACCES" })]) {
      expect(fileError(thrown, "/work")).toBeUndefined();
    }
    expect(fileError(failure("EINVAL", "/work/a"), "/work")).toBeUndefined();
  });
});
