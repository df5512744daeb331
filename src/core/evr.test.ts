import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareEvr, compareVersion, formatEvr, formatNevra, parseEvr, parseNevra } from "./evr.ts";
import { versionOrder } from "../../test/support/versions.ts";

describe("compareVersion", () => {
  it.each(versionOrder)("%s against %s is %i", (a, b, order) => {
    expect(compareVersion(a, b)).toBe(order);
    expect(compareVersion(b, a)).toBe(order === 0 ? 0 : -order);
  });

  const version = fc.string({ unit: fc.constantFrom("0", "1", "9", "a", "b", ".", "~", "^", "_", "-"), maxLength: 8 });

  it("is antisymmetric and transitive", () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(compareVersion(a, b) + compareVersion(b, a)).toBe(0);
        if (compareVersion(a, b) <= 0 && compareVersion(b, c) <= 0) expect(compareVersion(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 5000, seed: 7 },
    );
  });
});

describe("compareEvr", () => {
  it("puts the epoch first and ignores a missing release", () => {
    expect(compareEvr(parseEvr("1:1.0-1"), parseEvr("2.0-9"))).toBe(1);
    expect(compareEvr(parseEvr("2.36"), parseEvr("2.36-9"))).toBe(0);
    expect(compareEvr(parseEvr("2.36-10"), parseEvr("2.36-9"))).toBe(1);
  });
});

describe("text forms", () => {
  it("reads what it writes", () => {
    for (const text of ["1.0", "1.0-1", "3:1.0~rc1-2.fc43"]) expect(formatEvr(parseEvr(text))).toBe(text);
    for (const text of ["bash-5.2-1.bk1.x86_64", "gcc-c++-1:14-1.noarch"]) {
      const nevra = parseNevra(text);
      expect(nevra && formatNevra(nevra)).toBe(text);
    }
    expect(parseNevra("bash-5.2-1.x86_64.rpm")?.arch).toBe("x86_64");
    expect(parseNevra("bash")).toBeUndefined();
  });
});
