import { loadProject, loadWeirToml } from "../define/index.ts";
import type { Definition } from "./types.ts";

/** Loads the definition in `dir` or above it, with its `weir.toml`. */
export async function loadDefinition(dir: string): Promise<Definition> {
  const project = await loadProject(dir);
  return { project, weir: await loadWeirToml(dir, project) };
}
