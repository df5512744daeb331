import { describe, expect, it } from "vitest";
import { definitionTree, smallProject } from "../../../test/support/definition-tree.ts";
import { loadProject } from "./load.ts";
import { checkOverlays } from "./overlay-check.ts";
import type { DistGit, RenderedFile } from "./types.ts";

const file = (text: string): RenderedFile => ({ content: Buffer.from(text), executable: false });

const spec = "Name: a\nVersion: 1\nRequires: x\n\n%build\nmake\n\n%if 1\n%check\nt\n%endif\n\n%files\n";
/** Upstream took the added tag, the replaced text and the patch, and dropped %check. */
const later = "Name: a\nVersion: 2\nRequires: w\n\n%build\nmake all\n\n%files\n";

const distGit: DistGit = {
  resolve: async ({ branch, commit, snapshot }) => ({
    commit: (commit ?? branch === "u9") && snapshot === undefined ? "1".repeat(40) : "2".repeat(40),
    time: 1,
    subject: "",
  }),
  read: async (_address, commit) =>
    new Map(
      commit.startsWith("1")
        ? [["a.spec", file(spec)]]
        : [
            ["a.spec", file(later)],
            ["p.patch", file("p\n")],
          ],
    ),
};

const toml = smallProject(`[components.a]
[[components.a.overlays]]
type = "spec-add-tag"
tag = "Requires"
value = "w"
[[components.a.overlays]]
type = "spec-search-replace"
regex = "^make$"
replacement = "make all"
[[components.a.overlays]]
type = "spec-append-lines"
section = "%build"
lines = ["true"]
[[components.a.overlays]]
type = "spec-remove-section"
section = "%check"
[[components.a.overlays]]
type = "file-add"
file = "p.patch"
source = "p.patch"
[[components.a.overlays]]
type = "spec-update-tag"
tag = "Epoch"
value = "1"
[[components.a.overlays]]
type = "spec-update-tag"
tag = "Version"
value = "2"
`);

async function checked(newer?: { branch?: string }) {
  const root = definitionTree({ "azldev.toml": toml, "p.patch": "p\n" });
  const project = await loadProject(root);
  const component = project.components.get("a");
  if (component === undefined) throw new Error("no component");
  return checkOverlays(component, { distGit, root: project.root, newer });
}

describe("checking overlays", () => {
  it("says what each does now, going on behind one that fails, and where the modes differ", async () => {
    const { overlays, commit, newerCommit } = await checked();
    expect([commit, newerCommit]).toEqual(["1".repeat(40), undefined]);
    expect(overlays.map(({ now }) => now.fate)).toEqual([
      "applies",
      "applies",
      "applies",
      "applies",
      "applies",
      "conflict",
      "applies",
    ]);
    expect(overlays.map(({ difference }) => difference !== undefined)).toEqual([
      false,
      false,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(overlays[2]?.difference).toContain("+%if 1");
    expect(overlays[2]?.notes[0]).toContain("lands inside the conditional");
    expect(overlays[5]?.now.reason).toContain("no tag `Epoch`");
    expect(overlays[0]?.origin).toMatchObject({ file: "azldev.toml" });
  });

  it("says what each would do on a newer upstream", async () => {
    const { overlays, newerCommit } = await checked({ branch: "u10" });
    expect(newerCommit).toBe("2".repeat(40));
    expect(overlays.map(({ newer }) => `${newer?.fate}: ${newer?.fate === "no-op" ? newer.reason : ""}`)).toEqual([
      "no-op: the spec has the tag already",
      "no-op: the text is there already",
      "applies: ",
      "no-op: it is gone already",
      "no-op: the file is there already",
      "conflict: ",
      "no-op: changes nothing",
    ]);
  });
});
