import { describe, expect, it } from "vitest";
import { WeirError } from "../../src/core/index.ts";
import { PackageColumns } from "../../src/formats/rpmmd/index.ts";
import { caseDependencyText, parseCaseDependency } from "./dependency-text.ts";

const roundTrips = [
  "foo",
  "foo(bar)",
  "foo()(64bit)",
  "foo >= 1-1",
  "foo < 2:3.4~rc1-5",
  "a & b & c",
  "a | b | c",
  "(a & b) | c",
  "a & (b > 2 | c)",
  "a + (b - c)",
  "a <IF> (b <ELSE> c)",
  "a <UNLESS> b",
  "a . i586",
  "(a . i686) > 1",
  "foo:any",
  "namespace:language(de)",
  "foo = 2-1 compat >= 1-1",
  "\\28odd\\29\\20name",
  "<NULL>",
  "\\00",
];

describe("dependencies of cases", () => {
  it.each(roundTrips)("reads and writes %s", (text) => {
    const columns = new PackageColumns();
    const id = parseCaseDependency(columns, text);
    const written = caseDependencyText(columns, id);
    expect(parseCaseDependency(columns, written)).toBe(id);
    expect(written).toBe(text);
  });

  it.each(["a &", "(a", "a)", "a b", "a <KIND> b", "a <IF>", "a >=", "", `${"(".repeat(5000)}a`])(
    "refuses or reads %s without harm",
    (text) => {
      const columns = new PackageColumns();
      try {
        caseDependencyText(columns, parseCaseDependency(columns, text));
      } catch (error) {
        expect(error).toBeInstanceOf(WeirError);
        expect((error as WeirError).code).toBe("CASE_DEPENDENCY");
      }
    },
  );

  it("bounds a chain of operators", () => {
    const columns = new PackageColumns();
    const text = Array.from({ length: 100_000 }, (_, index) => `a${index}`).join(" | ");
    expect(() => parseCaseDependency(columns, text)).toThrow(WeirError);
  });
});
