import { describe, expect, it } from "vitest";
import type { OverlayConfig } from "../types.ts";
import { applyOverlays } from "./apply.ts";

function notes(text: string, config: OverlayConfig): readonly string[] | undefined {
  const files = new Map([["a.spec", { content: Buffer.from(text), executable: false }]]);
  return applyOverlays(files, "a.spec", [{ id: 0, config }], { component: "a", source: () => Buffer.from("") }).edits[0]
    ?.notes;
}

const append = { type: "spec-append-lines", section: "%build", lines: ["X"] };
const add = (tag: string) => ({ type: "spec-add-tag", tag, value: "1" });

describe("surprises", () => {
  it("tells of lines that land inside a conditional", () => {
    expect(notes("%build\nmake\n%if %{with check}\n%check\n%endif\n", append)).toEqual([
      "lands inside the conditional of line 3: %if %{with check}",
    ]);
    expect(notes("Name: a\n%ifarch x\n%else\n%description\n%endif\n", add("Requires"))).toHaveLength(1);
    expect(notes("Name: a\n%if x\n%description\n%endif\n", { type: "patch-add", source: "/p" })).toHaveLength(1);
    expect(notes("%build\n%if a\n%build\n%endif\n%if b\n", append)).toHaveLength(2);
  });

  it("is silent where the section itself lies in the conditional, and about macro bodies", () => {
    expect(notes("%if x\n%build\nmake\n%endif\n%check\n", append)).toBeUndefined();
    expect(notes("%define x() \\\n%if y \\\nz\n%build\n", add("Requires"))).toBeUndefined();
    expect(notes("Name: a\n%if x\n%endif\n%build\n", { ...append, section: "%build" })).toBeUndefined();
  });

  it("tells of tags given twice and of several updates", () => {
    expect(notes("Name: a\nVersion: 1\n%build\n", add("version"))).toEqual([
      "the package has version already, on line 2",
    ]);
    expect(notes("Requires: a\n%build\n", add("Requires"))).toBeUndefined();
    const update = { type: "spec-update-tag", tag: "Release", value: "2" };
    expect(notes("Release: 1\n%if x\nRelease: 3\n%endif\n", update)).toEqual(["rewrites 2 occurrences, on lines 1, 3"]);
    expect(notes("Release: 1\n", update)).toBeUndefined();
  });
});
