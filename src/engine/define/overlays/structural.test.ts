import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../test/support/random.ts";
import type { OverlayConfig } from "../types.ts";
import { OverlayFailure } from "./failure.ts";
import { editStructure } from "./structural.ts";

const edit = (spec: string, overlay: OverlayConfig): string =>
  (editStructure(spec.split("|"), overlay) ?? []).join("|");
const code = (spec: string, overlay: OverlayConfig): string => {
  try {
    return edit(spec, overlay);
  } catch (error) {
    return error instanceof OverlayFailure ? error.code : String(error);
  }
};
const append = (section: string, packageName = ""): OverlayConfig => ({
  type: "spec-append-lines",
  section,
  package: packageName,
  lines: ["NEW"],
});
const tag = (type: string, name: string, value = "v", packageName = ""): OverlayConfig => ({
  type,
  tag: name,
  value,
  package: packageName,
});

describe("structural edits", () => {
  it.each([
    [
      "before an %if that opens for the next section",
      "Name: a|%build|make|%if x|%check|t|%endif",
      append("%build"),
      "Name: a|%build|make|NEW|%if x|%check|t|%endif",
    ],
    [
      "before the %endif around its own header",
      "%if x|%check|t|%endif|%files",
      append("%check"),
      "%if x|%check|t|NEW|%endif|%files",
    ],
    [
      "behind a conditional that is closed in the section",
      "%build|%if x|a|%else|b|%endif|%files",
      append("%build"),
      "%build|%if x|a|%else|b|%endif|NEW|%files",
    ],
    [
      "before the %else of the conditional around its header",
      "%if x|%build|a|%else|%build|b|%endif",
      append("%build"),
      "%if x|%build|a|NEW|%else|%build|b|NEW|%endif",
    ],
    ["whatever the header's case", "%Build|a", append("%build"), "%Build|a|NEW"],
    [
      "into -n NAME-devel for devel",
      "Name: a|%files -n a-devel|x|%files -n %{name}-devel|y",
      append("%files", "devel"),
      "Name: a|%files -n a-devel|x|NEW|%files -n %{name}-devel|y|NEW",
    ],
    [
      "past a header inside a macro's body",
      "%build|a|%define m() \\\\|%check \\\\|  x|b|%files",
      append("%build"),
      "%build|a|%define m() \\\\|%check \\\\|  x|b|NEW|%files",
    ],
  ])("append %s", (_what, spec, overlay, result) => {
    expect(edit(spec.replaceAll("\\\\", "\\"), overlay)).toBe(result.replaceAll("\\\\", "\\"));
  });

  it.each([
    [
      "add-tag before a trailing conditional",
      "Name: a|%if x|%package b|%endif",
      tag("spec-add-tag", "Requires"),
      "Name: a|Requires: v|%if x|%package b|%endif",
    ],
    ["add-tag of what a package has once", "Name: a", tag("spec-add-tag", "name"), "OVERLAY_TAG_EXISTS"],
    [
      "insert-tag behind a closed conditional",
      "Name: a|%if x|Requires: r|%endif|URL: u",
      tag("spec-insert-tag", "Requires"),
      "Name: a|%if x|Requires: r|%endif|Requires: v|URL: u",
    ],
    [
      "insert-tag behind a continued tag",
      "Name: a|Requires: r \\|  s|URL: u",
      tag("spec-insert-tag", "Requires"),
      "Name: a|Requires: r \\|  s|Requires: v|URL: u",
    ],
    [
      "update-tag of the unconditional occurrence, aligned",
      "Name:   a|%if x|Version:  1|%endif|Version:  2",
      tag("spec-update-tag", "version"),
      "Name:   a|%if x|Version:  1|%endif|Version:  v",
    ],
    [
      "update-tag in every branch",
      "%if x|Version: 1|%else|Version: 2|%endif",
      tag("spec-update-tag", "Version"),
      "%if x|Version: v|%else|Version: v|%endif",
    ],
    [
      "update-tag with a qualifier",
      "Requires: a|Requires(post): b",
      tag("spec-update-tag", "requires(post)"),
      "Requires: a|Requires(post): v",
    ],
    ["update-tag of none", "Name: a", tag("spec-update-tag", "URL"), "OVERLAY_NO_SUCH_TAG"],
    ["set-tag adds", "Name: a|%build", tag("spec-set-tag", "URL"), "Name: a|URL: v|%build"],
    [
      "remove-tag with its continuation",
      "Name: a|Requires: r \\|  s|URL: u",
      tag("spec-remove-tag", "requires", ""),
      "Name: a|URL: u",
    ],
    [
      "remove-section keeps what closes around it",
      "%if x|%check|t|%endif||%files",
      { type: "spec-remove-section", section: "%check" },
      "%if x|%endif||%files",
    ],
    [
      "remove-section refuses text of one branch",
      "%if x|%check|t|%endif|more|%files",
      { type: "spec-remove-section", section: "%check" },
      "OVERLAY_CONDITIONAL_SPANS",
    ],
    [
      "remove-section despite an %if elsewhere in a macro",
      "%define m() \\|%if x|%check|t|%files",
      { type: "spec-remove-section", section: "%check" },
      "%define m() \\|%if x|%files",
    ],
    [
      "remove-subpackage under both names",
      "Name: a|%package devel|x: y|%build|%files -n a-devel|f",
      { type: "spec-remove-subpackage", package: "devel" },
      "Name: a|%build",
    ],
    [
      "patch-add before a trailing conditional",
      "Name: a|Patch3: p|URL: u|%if x|%package b|%endif",
      { type: "patch-add", source: "d/q.patch" },
      "Name: a|Patch3: p|URL: u|Patch4: q.patch|%if x|%package b|%endif",
    ],
    [
      "patch-remove with what applies it",
      "Patch: p|Patch7: q|%prep|%patch 0 -p1|%patch -P 7|%patch -P8",
      { type: "patch-remove", file: "?" },
      "%prep|%patch -P8",
    ],
    ["a key that is missing", "Name: a", { type: "spec-add-tag", tag: "X" }, "OVERLAY_INCOMPLETE"],
    [
      "a section that a macro makes",
      "Name: a|%pyproject_extras_subpkg -n a x",
      append("%files", "x"),
      "OVERLAY_SECTION_NOT_FOUND",
    ],
    [
      "search that finds nothing",
      "Name: a",
      { type: "spec-search-replace", regex: "b", replacement: "c" },
      "OVERLAY_PATTERN_NOT_FOUND",
    ],
    ["no patch", "Name: a", { type: "patch-remove", file: "*" }, "OVERLAY_NO_PATCHES"],
  ] as [string, string, OverlayConfig, string][])("%s", (_what, spec, overlay, result) => {
    expect(code(spec, overlay)).toBe(result);
  });

  it("give a spec or a failure for any text", () => {
    const next = seededRandom(7);
    const pieces = [
      "%if x",
      "%else",
      "%endif",
      "%package b",
      "%files",
      "%files -n a-b",
      "Name: a",
      "Patch1: p",
      "%patchlist",
      "%{x",
      "}",
      "\\",
      "",
      "%prep",
      "%patch 1",
      "%define m() \\",
      "%check",
    ];
    const overlays: OverlayConfig[] = [
      append("%files"),
      append("%files", "b"),
      tag("spec-add-tag", "X"),
      tag("spec-insert-tag", "Patch2"),
      tag("spec-remove-tag", "Name", ""),
      { type: "spec-remove-section", section: "%files" },
      { type: "spec-remove-subpackage", package: "b" },
      { type: "patch-add", source: "q" },
      { type: "patch-remove", file: "p" },
    ];
    for (let round = 0; round < 3000; round++) {
      const length = next(12);
      const spec = Array.from({ length }, () => pieces[next(pieces.length)] ?? "");
      for (const overlay of overlays) {
        try {
          editStructure(spec, overlay);
        } catch (error) {
          if (!(error instanceof OverlayFailure)) throw error;
        }
      }
    }
  });
});
