import { describe, expect, it } from "vitest";
import { WeirError } from "../../../core/index.ts";
import type { OverlayConfig, RenderedFile } from "../types.ts";
import { applyOverlays, overlayTypes } from "./apply.ts";

const origin = { file: "c.toml", line: 4, column: 2 };

function fileMap(files: Readonly<Record<string, string | Uint8Array>>): Map<string, RenderedFile> {
  return new Map(
    Object.entries(files).map(([name, text]) => [
      name,
      { content: Buffer.from(text), executable: name.endsWith(".sh") },
    ]),
  );
}

function apply(files: Readonly<Record<string, string | Uint8Array>>, ...overlays: OverlayConfig[]) {
  const placed = overlays.map((config, id) => ({ config, id, origin }));
  const result = applyOverlays(fileMap(files), "a.spec", placed, {
    component: "a",
    source: () => Buffer.from("new\n"),
  });
  const texts: Record<string, string> = {};
  for (const [name, file] of result.files) texts[name] = Buffer.from(file.content).toString("latin1");
  return { texts, edits: result.edits, files: result.files };
}

function spec(text: string, ...overlays: OverlayConfig[]): string | undefined {
  return apply({ "a.spec": text }, ...overlays).texts["a.spec"];
}

function failure(files: Readonly<Record<string, string>>, ...overlays: OverlayConfig[]): WeirError {
  try {
    apply(files, ...overlays);
  } catch (error) {
    if (error instanceof WeirError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

describe("azldev's oddities", () => {
  it("adds a tag although it exists, at the end of the preamble", () => {
    const tag = { type: "spec-add-tag", tag: "Name", value: "b" };
    expect(spec("Name: a\n\n# note\n%if x\n%description\n", tag)).toBe(
      "Name: a\n\n# note\n%if x\nName: b\n%description\n",
    );
  });

  it("updates every occurrence and loses the alignment", () => {
    const text = "%if x\nrelease:   1\n%else\nRelease:   2\n%endif\n";
    expect(spec(text, { type: "spec-update-tag", tag: "Release", value: "9" })).toBe(
      "%if x\nRelease: 9\n%else\nRelease: 9\n%endif\n",
    );
  });

  it("appends inside an open conditional", () => {
    const text = "%build\nmake\n%if %{with check}\n%check\n%endif\n";
    const lines = { type: "spec-append-lines", section: "%build", lines: ["X"] };
    expect(spec(text, lines)).toBe("%build\nmake\n%if %{with check}\nX\n%check\n%endif\n");
  });

  it("turns CRLF into LF and ends the last line", () => {
    expect(spec("Name: a\r\nVersion: 1", { type: "spec-prepend-lines", lines: ["# x"] })).toBe(
      "# x\nName: a\nVersion: 1\n",
    );
  });

  it("tells %Build from %build, and -n foo-devel from devel", () => {
    const lines = (section: string, name?: string): OverlayConfig => {
      const base = { type: "spec-append-lines", section, lines: ["X"] };
      return name === undefined ? base : { ...base, package: name };
    };
    expect(failure({ "a.spec": "%Build\n" }, lines("%build")).code).toBe("OVERLAY_SECTION_NOT_FOUND");
    expect(spec("%Build\n", lines("%Build"))).toBe("%Build\nX\n");
    expect(failure({ "a.spec": "%files -n foo-devel\n" }, lines("%files", "devel")).code).toBe(
      "OVERLAY_SECTION_NOT_FOUND",
    );
    expect(spec("%files -f x.lst -n foo-devel\n", lines("%files", "foo-devel"))).toContain("X");
    expect(spec("%triggerin -p /bin/sh devel -- other\n", lines("%triggerin", "devel"))).toContain("X");
  });

  it("replaces literally, line by line, headers excepted, with Go's empty matches", () => {
    const replace = (regex: string, replacement: string) => ({ type: "spec-search-replace", regex, replacement });
    expect(spec("ab\n", replace("x*", "-"))).toBe("-a-b-\n");
    expect(spec("baac\n", replace("a*", "-"))).toBe("-b-c-\n");
    expect(spec("%build\nbuild\n", replace("(bu)ild", "$1 & \\1"))).toBe("%build\n$1 & \\1\n");
    expect(
      spec("one\n", replace("one", "1\n%check\n2"), { type: "spec-append-lines", section: "%check", lines: ["3"] }),
    ).toBe("1\n%check\n2\n3\n");
  });

  it("inserts behind the family and out of the conditional", () => {
    const text = "Source0: a\n%if x\nSource1: b\n%endif\nLicense: MIT\n%description\n";
    expect(spec(text, { type: "spec-insert-tag", tag: "Source9", value: "c" })).toBe(
      "Source0: a\n%if x\nSource1: b\n%endif\nSource9: c\nLicense: MIT\n%description\n",
    );
  });

  it("numbers patches over the whole spec, counting unnumbered ones from 0", () => {
    const patch = { type: "patch-add", source: "/d/fix.patch" };
    expect(spec("Patch: a\nPatch: b\n", patch)).toContain("Patch2: fix.patch");
    expect(spec("Name: a\n%package b\nPatch7: c\n", patch)).toBe("Name: a\nPatch8: fix.patch\n%package b\nPatch7: c\n");
    expect(spec("%patchlist\na.patch\n\n%build\n", patch)).toBe("%patchlist\na.patch\n\nfix.patch\n%build\n");
  });

  it("keeps the half of a conditional that belongs to the next section", () => {
    const text = "%files a\n/a\n%if x\n%files b\n/b\n%endif\n%files c\n";
    expect(spec(text, { type: "spec-remove-section", section: "%files", package: "a" })).toBe(
      "%if x\n%files b\n/b\n%endif\n%files c\n",
    );
    expect(spec(text, { type: "spec-remove-subpackage", package: "b" })).toBe(
      "%files a\n/a\n%if x\n%endif\n%files c\n",
    );
  });

  it("keeps bytes that are no UTF-8", () => {
    const text = Buffer.from("Name: \xe4\n# caf\xc3\xa9 \xff\xfe\n", "latin1");
    const result = apply({ "a.spec": text }, { type: "spec-search-replace", regex: "caf. .", replacement: "x" });
    expect(result.texts["a.spec"]).toBe("Name: \xe4\n# x\xfe\n");
  });
});

describe("loose files", () => {
  const files = {
    "a.spec": "Name: a\nPatch1: x.patch\nPatch2: y.patch\n",
    "x.patch": "1\n",
    "y.patch": "2\n",
    "d/run.sh": "echo one\n",
  };

  it("are added, renamed, removed and edited", () => {
    const {
      texts,
      edits,
      files: result,
    } = apply(
      files,
      { type: "file-add", file: "./conf//app.conf", source: "/d/s" },
      { type: "file-rename", file: "d/*.sh", replacement: "go.sh" },
      { type: "file-prepend-lines", file: "**/go.sh", lines: ["#!/bin/sh", "# x"] },
      { type: "file-search-replace", file: "**/*", regex: "(?m)^echo", replacement: "printf" },
      { type: "patch-remove", file: "x*" },
      { type: "file-remove", file: "{y,z}.patch" },
    );
    expect(texts).toEqual({
      "a.spec": "Name: a\nPatch2: y.patch\n",
      "conf/app.conf": "new\n",
      "d/go.sh": "#!/bin/sh\n# x\nprintf one\n",
    });
    expect([...result.keys()]).toEqual(["a.spec", "conf/app.conf", "d/go.sh"]);
    expect(result.get("d/go.sh")?.executable).toBe(true);
    expect(edits.map((edit) => [edit.overlay, edit.file, edit.diff])).toEqual([
      [0, "conf/app.conf", "@@ -0,0 +1 @@\n+new\n"],
      [1, "d/go.sh", "\\ renamed from d/run.sh\n"],
      [2, "d/go.sh", "@@ -1 +1,3 @@\n+#!/bin/sh\n+# x\n echo one\n"],
      [3, "d/go.sh", "@@ -1,3 +1,3 @@\n #!/bin/sh\n # x\n-echo one\n+printf one\n"],
      [4, "a.spec", "@@ -1,3 +1,2 @@\n Name: a\n-Patch1: x.patch\n Patch2: y.patch\n"],
      [4, "x.patch", "@@ -1 +0,0 @@\n-1\n"],
      [5, "y.patch", "@@ -1 +0,0 @@\n-2\n"],
    ]);
  });

  it("match ^ and $ on the whole file, and never the spec", () => {
    const replace = { type: "file-search-replace", file: "*", regex: "^1\n$", replacement: "3" };
    expect(apply(files, replace).texts).toMatchObject({ "x.patch": "3", "y.patch": "2\n" });
    const name = { type: "file-search-replace", file: "**", regex: "Name", replacement: "x" };
    expect(failure(files, name).code).toBe("OVERLAY_PATTERN_NOT_FOUND");
  });

  it("are not changed in the map that was handed in", () => {
    const before = fileMap(files);
    applyOverlays(before, "a.spec", [{ id: 0, config: { type: "file-remove", file: "*" } }], { component: "a" });
    expect([...before.keys()]).toEqual(Object.keys(files));
  });
});

describe("failures", () => {
  const files = {
    "a.spec": "Name: a\nVersion: 1\n%package devel\nSummary: s\n%files devel\n/x\n",
    "x.patch": "1\n",
    "y.patch": "2\n",
  };
  const cases: [string, OverlayConfig, string?][] = [
    ["OVERLAY_NO_SUCH_TAG", { type: "spec-update-tag", tag: "Versoin", value: "2" }, "`Version`"],
    ["OVERLAY_NO_SUCH_TAG", { type: "spec-remove-tag", tag: "Version", value: "2" }, "has here: `1`"],
    ["OVERLAY_NO_SUCH_TAG", { type: "spec-update-tag", tag: "Summary", value: "2" }, "package devel"],
    [
      "OVERLAY_SECTION_NOT_FOUND",
      { type: "spec-append-lines", section: "%file", package: "devel", lines: ["x"] },
      "`%files devel`",
    ],
    ["OVERLAY_SECTION_NOT_FOUND", { type: "spec-insert-tag", package: "libs", tag: "A", value: "b" }],
    ["OVERLAY_SECTION_NOT_FOUND", { type: "spec-remove-subpackage", package: "develop" }, "`devel`"],
    [
      "OVERLAY_PATTERN_NOT_FOUND",
      { type: "spec-search-replace", regex: "^Versio: 1$", replacement: "x" },
      "`Version: 1`",
    ],
    [
      "OVERLAY_PATTERN_NOT_FOUND",
      { type: "file-search-replace", file: "*.patch", regex: "^3", replacement: "x" },
      "(?m)",
    ],
    ["OVERLAY_NO_PATCHES", { type: "patch-remove", file: "z.patch" }],
    ["OVERLAY_NO_SUCH_FILE", { type: "file-remove", file: "x.pach" }, "`x.patch`"],
    ["OVERLAY_NO_SUCH_FILE", { type: "file-remove", file: "a.spec" }, "spec overlays"],
    ["OVERLAY_SEVERAL_FILES", { type: "file-rename", file: "*.patch", replacement: "z" }],
    ["OVERLAY_BAD_FILE_NAME", { type: "file-rename", file: "x.patch", replacement: "../z" }],
    ["OVERLAY_BAD_FILE_NAME", { type: "file-add", file: "../../z", source: "/s" }],
    ["OVERLAY_BAD_FILE_NAME", { type: "file-add", file: "/etc/z", source: "/s" }],
    ["OVERLAY_DESTINATION_EXISTS", { type: "file-add", file: "x.patch", source: "/s" }],
    ["OVERLAY_DESTINATION_EXISTS", { type: "file-add", file: "x.patch/z", source: "/s" }],
    ["OVERLAY_DESTINATION_EXISTS", { type: "patch-add", source: "/s/x.patch" }],
    ["OVERLAY_SPEC_AS_FILE", { type: "file-add", file: "b.spec", source: "/s" }],
    ["OVERLAY_BAD_REGEX", { type: "spec-search-replace", regex: "(?=x)", replacement: "" }, "RE2"],
    ["OVERLAY_BAD_GLOB", { type: "file-remove", file: "[a" }],
    ["OVERLAY_UNKNOWN_TYPE", { type: "spec-sing" }, "spec-add-tag"],
    ["OVERLAY_ARCHIVE_UNSUPPORTED", { type: "file-remove", file: "x", archive: "a.tar.gz" }],
    ["OVERLAY_INCOMPLETE", { type: "spec-add-tag", tag: "X" }, "`value`"],
    ["OVERLAY_INCOMPLETE", { type: "spec-append-lines", package: "devel", lines: ["x"] }, "section"],
    ["OVERLAY_INCOMPLETE", { type: "spec-append-lines" }],
    ["OVERLAY_PREAMBLE", { type: "spec-remove-section" }],
    [
      "OVERLAY_REPEATS_HEADER",
      { type: "spec-prepend-lines", section: "%files", package: "devel", lines: ["%files devel"] },
    ],
  ];
  it.each(cases)("%s", (code, overlay, hint = "") => {
    const error = failure(files, overlay);
    expect(error.code).toBe(code);
    expect(error.where).toEqual(origin);
    expect(error.message).toContain("a: ");
    expect(error.hints.join("\n")).toContain(hint);
  });

  it("tells of conditionals that stand in the way", () => {
    const remove = { type: "spec-remove-section", section: "%files" };
    expect(failure({ "a.spec": "%files\n%if x\n/a\n%check\n%endif\n" }, remove).code).toBe("OVERLAY_CONDITIONAL_SPANS");
    expect(failure({ "a.spec": "%if x\n%files\n%else\n%check\n%endif\n" }, remove).code).toBe(
      "OVERLAY_CONDITIONAL_SPANS",
    );
    expect(failure({ "a.spec": "%if x\n%files\n" }, remove).code).toBe("OVERLAY_UNMATCHED_IF");
    expect(failure({ "a.spec": "%files\n%endif\n" }, remove).code).toBe("OVERLAY_UNMATCHED_IF");
  });

  it("tells of a missing spec, a missing source, a line without end", () => {
    expect(failure({}, { type: "spec-remove-tag", tag: "A" }).code).toBe("OVERLAY_NO_SPEC");
    expect(failure({ "a.spec": "x".repeat(70_000) }, { type: "spec-remove-tag", tag: "A" }).code).toBe(
      "OVERLAY_LINE_TOO_LONG",
    );
    const add = { id: 0, config: { type: "file-add", file: "n", source: "/gone" } };
    expect(() => applyOverlays(fileMap(files), "a.spec", [add], { component: "a" })).toThrow("not there");
  });

  it("has all of azldev's types", () => {
    expect(overlayTypes).toHaveLength(17);
  });
});
