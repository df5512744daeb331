import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { azureLinuxTree } from "../../../test/support/tools.ts";
import { loadProject } from "./load.ts";
import { applyOverlays } from "./overlays/index.ts";
import { renderComponent } from "./render.ts";
import { checkSkipOverlays, headerOverlays, macrosFile, macrosFileName, macrosOverlays } from "./render-macros.ts";
import { renderedFolder } from "./render-write.ts";
import type { DistGit, Project, ResolvedComponent } from "./types.ts";

const tree = azureLinuxTree();
const noUpstream: DistGit = {
  resolve: () => Promise.reject(new Error("not here")),
  read: () => Promise.reject(new Error("not here")),
};

/** azldev's own rendering of the same definition, as committed in the tree: what needs no upstream must come out with the same bytes. */
describe.skipIf(tree.missing !== undefined)(
  `Azure Linux 4's rendered specs${tree.missing ? ` (skipped: ${tree.missing})` : ""}`,
  () => {
    const root = tree.path ?? "";
    let project: Project;
    beforeAll(async () => {
      project = await loadProject(root);
    });
    const rendered = (component: ResolvedComponent, file: string) =>
      join(root, "specs", renderedFolder(component.name), file);

    it("have the macros files that we write", () => {
      let equal = 0;
      const wrong: string[] = [];
      for (const component of project.components.values()) {
        const path = rendered(component, `${component.name}.azl.macros`);
        const text = macrosFile(component.config.build);
        if (existsSync(path) !== (text !== undefined) || (text !== undefined && readFileSync(path, "utf8") !== text)) {
          wrong.push(component.name);
        } else if (text !== undefined) equal++;
      }
      expect(wrong).toEqual([]);
      expect(equal).toBe(28);
    });

    it("have the built-in edits where we put them", () => {
      let equal = 0;
      const wrong: string[] = [];
      for (const component of project.components.values()) {
        const path = rendered(component, `${component.name}.spec`);
        if (!existsSync(path)) continue;
        const builtIn = [...checkSkipOverlays(component), ...headerOverlays(component)];
        if (macrosFile(component.config.build) !== undefined) {
          builtIn.unshift(...macrosOverlays(component, macrosFileName(component)));
        }
        if (builtIn.length === 1) continue;
        const block = /^## START: Set by rpmautospec\n[\s\S]*?^## END: Set by rpmautospec\n\n/m;
        const wanted = readFileSync(path, "latin1").replace(block, "");
        let bare = wanted;
        for (const { config } of builtIn) {
          const lines = config.type === "spec-insert-tag" ? [`${config.tag}: ${config.value}`] : (config.lines ?? []);
          const text = Buffer.from(`${lines.join("\n")}\n`).toString("latin1");
          bare = bare.split(text).join("");
        }
        const files = new Map([["x.spec", { content: Buffer.from(bare, "latin1"), executable: false }]]);
        const result = applyOverlays(files, "x.spec", builtIn, { component: component.name });
        const got = Buffer.from(result.files.get("x.spec")?.content ?? "").toString("latin1");
        if (got === wanted) equal++;
        else wrong.push(component.name);
      }
      // The kernel's own overlays add sources behind the macros file.
      expect(wrong).toEqual(["kernel"]);
      expect(equal).toBe(209);
    });

    it("of local components are ours byte for byte", async () => {
      const names: string[] = [];
      for (const component of project.components.values()) {
        if (component.config.spec.type !== "local") continue;
        const options = { distGit: noUpstream, root, localTime: 1, commits: 1 };
        const { files } = await renderComponent(component, options);
        const file = `${component.name}.spec`;
        if (Buffer.from(files.get(file)?.content ?? "").equals(readFileSync(rendered(component, file))))
          names.push(component.name);
      }
      expect(names).toEqual(["azurelinux-release", "azurelinux-repos", "azurelinux-stage1-compat"]);
    });
  },
);
