import { describe, expect, it } from "vitest";
import { makePackage, makeRepository } from "../../../../test/support/metadata.ts";
import { poolOf } from "../../../../test/support/pool.ts";
import { WeirError } from "../../../core/index.ts";
import { checkQuestion, formatLock, type LockFile, parseLock, resolveLock } from "./index.ts";

const lock: LockFile = {
  schema: "weir/lock/1",
  arch: "x86_64",
  requests: ["app", 'odd "name" \\ \u007f é'],
  weak: true,
  exclude: ["*-debug"],
  modules: ["node:20"],
  repositories: [{ id: "base", revision: "1700000000", repomd: `sha256:${"0a".repeat(32)}` }],
  packages: [
    {
      nevra: "app-1-1.noarch",
      repository: "base",
      location: "a/app.rpm",
      checksum: `sha256:${"ab".repeat(32)}`,
      size: 10,
    },
    {
      nevra: "lib-2:1-1.x86_64",
      repository: "base",
      location: "l/lib.rpm",
      checksum: `sha256:${"cd".repeat(32)}`,
      size: 0,
    },
  ],
};

const codeOf = (run: () => unknown): string => {
  try {
    run();
    return "";
  } catch (error) {
    if (error instanceof WeirError) return error.code;
    throw error;
  }
};

describe("a lock file", () => {
  it("comes back as it was written, the same bytes each time", () => {
    const text = formatLock(lock);
    expect(parseLock(text, "weir.lock")).toEqual(lock);
    expect(formatLock(parseLock(text, "weir.lock"))).toBe(text);
    expect(formatLock({ ...lock, packages: [...lock.packages].reverse() })).toBe(text);
  });

  it.each([
    ["", "schema"],
    ['schema = "weir/lock/2"', "schema"],
    [formatLock(lock).replace("weak = true", 'weak = "yes"'), "weak"],
    [formatLock(lock).replace("size = 10", "size = -1"), "size"],
    [formatLock(lock).replace("sha256:abab", "sha256:XYab"), "checksum"],
    [formatLock(lock).replace("lib-2:1-1.x86_64", "app-1-1.noarch"), "twice"],
    [formatLock(lock).replace("[[package]]", "[package]"), "Invalid"],
    ["package = 3\nschema = 'weir/lock/1'", "package"],
  ])("is refused where it is none: %#", (text, message) => {
    expect(() => parseLock(text, "weir.lock")).toThrow(expect.objectContaining({ code: "LOCK_MALFORMED" }));
    expect(() => parseLock(text, "weir.lock")).toThrow(message);
  });

  it("never fails in another way, wherever it is cut or changed", () => {
    const text = formatLock(lock);
    for (let end = 0; end < text.length; end++) {
      const code = codeOf(() => parseLock(text.slice(0, end), "weir.lock"));
      expect(["", "LOCK_MALFORMED"]).toContain(code);
    }
    let seed = 7;
    const next = (below: number) => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 1) % below;
    for (let round = 0; round < 2000; round++) {
      const bytes = Buffer.from(text);
      for (let change = next(4); change >= 0; change--) bytes[next(bytes.length)] = next(256);
      expect(["", "LOCK_MALFORMED"]).toContain(codeOf(() => parseLock(bytes.toString("utf8"), "weir.lock")));
    }
  });
});

describe("what a lock names", () => {
  const repository = makeRepository("base", [
    makePackage("app-1-1.noarch"),
    makePackage("app-2-1.noarch"),
    makePackage("lib-2:1-1.x86_64"),
  ]);
  const pool = poolOf([repository]);
  const packageOf = (nevra: string, checksum?: string) => {
    for (let pkg = 2; pkg < pool.columns.count; pkg++) {
      if (pool.nevra(pkg) === nevra || checksum !== undefined)
        return {
          nevra,
          repository: "other",
          location: "",
          checksum: checksum ?? pool.columns.checksumOf(pkg),
          size: 1,
        };
    }
    throw new Error(nevra);
  };

  it("is found by NEVRA and checksum, whatever the repository is called", () => {
    const packages = [packageOf("app-1-1.noarch"), packageOf("lib-2:1-1.x86_64")];
    expect(resolveLock({ ...lock, packages }, pool, "weir.lock").map((pkg) => pool.nevra(pkg))).toEqual([
      "app-1-1.noarch",
      "lib-2:1-1.x86_64",
    ]);
  });

  it("is refused where a package is missing, and says what is there instead", () => {
    const packages = [packageOf("app-1.5-1.noarch", "sha256:00")];
    expect(() => resolveLock({ ...lock, packages }, pool, "weir.lock")).toThrow(
      expect.objectContaining({
        code: "LOCK_PACKAGE_MISSING",
        message: expect.stringContaining("there is app-1-1.noarch in base, app-2-1.noarch in base"),
      }),
    );
  });

  it("is refused where a checksum differs", () => {
    const packages = [packageOf("app-1-1.noarch", "sha256:00")];
    expect(codeOf(() => resolveLock({ ...lock, packages }, pool, "weir.lock"))).toBe("LOCK_CHECKSUM_DIFFERS");
  });

  it("is refused for another question; no requests ask the same", () => {
    const asked = { arch: "x86_64", requests: [], weak: true, exclude: ["*-debug"], modules: ["node:20"] };
    expect(codeOf(() => checkQuestion(lock, asked, "weir.lock"))).toBe("");
    expect(codeOf(() => checkQuestion(lock, { ...asked, requests: ["app"] }, "weir.lock"))).toBe("LOCK_OTHER_QUESTION");
    expect(codeOf(() => checkQuestion(lock, { ...asked, weak: false }, "weir.lock"))).toBe("LOCK_OTHER_QUESTION");
  });
});
