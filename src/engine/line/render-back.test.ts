import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { azureLinuxTree } from "../../../test/support/tools.ts";
import { loadMacroSet, type MacroContext } from "../../formats/macro/index.ts";
import {
  type DistGit,
  loadProject,
  type Project,
  renderComponent,
  renderedFolder,
  type RenderedFile,
} from "../define/index.ts";
import { sourceNames } from "./render-stage.ts";

const tree = azureLinuxTree();
const header =
  "# This spec file has been modified by azldev to include build configuration overlays.\n# Do not edit manually; changes may be overwritten.\n\n";
const block = /^## START: Set by rpmautospec\n[\s\S]*?^## END: Set by rpmautospec\n\n/m;

/**
 * The upstream that a rendering must have come from: azldev's header and rpmautospec's block taken off again. Only for components without
 * overlays, macros and skipped checks of their own.
 */
function unrendered(spec: string): string | undefined {
  const bare = spec.replace(block, "");
  return bare.startsWith(header) ? bare.slice(header.length) : undefined;
}

describe.skipIf(tree.missing !== undefined)(
  `a dist-git made of Azure Linux 4${tree.missing ? ` (skipped: ${tree.missing})` : ""}`,
  () => {
    const root = tree.path ?? "";
    let project: Project;
    let macros: MacroContext;
    beforeAll(async () => {
      project = await loadProject(root);
      macros = loadMacroSet("/usr/lib/rpm", { arch: "x86_64" });
      // The buildroot in which azldev lists sources calls itself so.
      macros.define("fedora", "43");
    });

    it("is rendered back with the same bytes", async () => {
      let equal = 0;
      let unfiltered = 0;
      const wrong: string[] = [];
      const skipped: string[] = [];
      for (const component of project.components.values()) {
        const { config } = component;
        if (config.spec.type !== "upstream" || config.overlays.length > 0 || config.build.check.skip) continue;
        const { build } = config;
        if (build.with.length + build.without.length + Object.keys(build.defines).length > 0) continue;
        const folder = join(root, "specs", renderedFolder(component.name));
        if (!existsSync(join(folder, `${component.name}.spec`)) || existsSync(join(folder, "RENDER_FAILED"))) {
          skipped.push(component.name);
          continue;
        }
        const wanted = await filesOf(folder);
        const spec = unrendered(wanted.get(`${component.name}.spec`)?.content.toString() ?? "");
        if (spec === undefined) {
          skipped.push(component.name);
          continue;
        }
        const upstream = new Map<string, RenderedFile>(wanted);
        upstream.delete(`${component.name}.spec`);
        upstream.set(`${component.upstream?.name ?? component.name}.spec`, {
          content: Buffer.from(spec),
          executable: false,
        });
        upstream.set("unnamed-file", { content: Buffer.from("x"), executable: false });
        const distGit: DistGit = {
          resolve: async () => ({ commit: "0".repeat(40), time: 1, subject: "" }),
          read: async () => upstream,
        };
        const named = (text: string, files: ReadonlyMap<string, RenderedFile>) =>
          sourceNames(text, files, { context: macros });
        const { files } = await renderComponent(component, { distGit, root, localTime: 1, sourceNames: named });
        const differing = [...new Set([...files.keys(), ...wanted.keys()])].filter((name) => {
          if (name === "unnamed-file") return false;
          const bytes = wanted.get(name)?.content ?? Buffer.alloc(0);
          const bare = name.endsWith(".spec") ? Buffer.from(bytes.toString().replace(block, "")) : bytes;
          return !bare.equals(files.get(name)?.content ?? Buffer.alloc(0));
        });
        if (files.has("unnamed-file")) unfiltered++;
        if (differing.length > 0) wrong.push(`${component.name}: ${differing.slice(0, 3).join(" ")}`);
        else equal++;
      }
      expect(wrong).toEqual([]);
      expect(skipped).toEqual(["at", "glusterfs", "texlive"]);
      expect(equal).toBeGreaterThanOrEqual(7280);
      // Where a line cannot be told that may have named a source, nothing is left out: rpm's own macros lack pypi_source and its like.
      expect(unfiltered).toBeLessThanOrEqual(3100);
    }, 600_000);
  },
);

async function filesOf(folder: string): Promise<Map<string, { content: Buffer; executable: boolean }>> {
  const files = new Map<string, { content: Buffer; executable: boolean }>();
  for (const name of await readdir(folder, { recursive: true })) {
    const info = await stat(join(folder, name));
    if (info.isFile())
      files.set(name, { content: await readFile(join(folder, name)), executable: (info.mode & 0o100) !== 0 });
  }
  return files;
}
