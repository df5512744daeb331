import { realpath } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { openRevision, type Revision } from "../../adapters/git/index.ts";
import { type Report, WeirError } from "../../core/index.ts";
import {
  componentInputs,
  explainInputs,
  type InputNode,
  loadProject,
  type Project,
  type ResolvedComponent,
} from "../../engine/define/index.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { exportRevision, type ExportedRevision, pathInTree } from "../export-revision.ts";

/** Compares a component's inputs with those of an earlier revision. Errors: `COMPONENT_UNKNOWN`, `GIT_…`, `COMPONENT_WHY_OLD_DEFINITION`. */
export async function why(input: CommandInput, context: CommandContext): Promise<Report> {
  const name = input.args[0] ?? "";
  const since = input.options.text("since") ?? "HEAD";
  const project = await loadProject(resolve(context.cwd, input.options.text("directory") ?? "."));
  const component = project.components.get(name);
  const revision = await openRevision(project.root, since, context.signal);
  try {
    const earlier = await earlierInputs(project, name, revision, since);
    if (component === undefined && earlier === undefined)
      throw new WeirError("COMPONENT_UNKNOWN", `no component "${name}", neither now nor at ${since}`, {
        hints: ["list them with: weir component list"],
      });
    const after = component === undefined ? undefined : await componentInputs(project, component);
    return explainInputs({ name, before: earlier, after, since });
  } finally {
    revision.close();
  }
}

async function earlierInputs(
  project: Project,
  name: string,
  revision: Revision,
  since: string,
): Promise<InputNode | undefined> {
  const below = relative(revision.top, await realpath(project.root));
  const specs = pathInTree(revision.top, project.renderedSpecsDir);
  const isRendered = (path: string) => specs !== undefined && specs !== "" && path.startsWith(`${specs}/`);
  const exported = await exportRevision(revision, (path) => {
    if (/\.(?:toml|lock)$/.test(path)) return "content";
    return path.endsWith(".spec") && !isRendered(path) ? "name" : undefined;
  });
  try {
    const old = await loadEarlier(join(exported.top, below), exported.top, since);
    const component = old.components.get(name);
    if (component === undefined) return undefined;
    await exported.bring(filesOf(component, exported, revision));
    return await componentInputs(old, component);
  } finally {
    await exported.remove();
  }
}

async function loadEarlier(folder: string, boundary: string, since: string): Promise<Project> {
  try {
    return await loadProject(folder, { boundary });
  } catch (error) {
    if (!(error instanceof WeirError)) throw error;
    throw new WeirError(
      "COMPONENT_WHY_OLD_DEFINITION",
      `the definition at ${since} does not load: ${error.message.split("\n")[0] ?? ""}`,
      { cause: error, hints: ["name another revision with --since"] },
    );
  }
}

/** What the component's fingerprint needs to read: files of overlays, the folder of a local spec. */
function filesOf(component: ResolvedComponent, exported: ExportedRevision, revision: Revision): string[] {
  const paths: string[] = [];
  for (const overlay of component.config.overlays) {
    const path = overlay.source === undefined ? undefined : pathInTree(exported.top, overlay.source);
    if (path !== undefined) paths.push(path);
  }
  const { type, path: spec } = component.config.spec;
  const folder = type === "local" && spec !== undefined ? pathInTree(exported.top, dirname(spec)) : undefined;
  if (folder !== undefined)
    for (const path of revision.files.keys()) if (folder === "" || path.startsWith(`${folder}/`)) paths.push(path);
  return paths;
}
