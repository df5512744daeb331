export { type ComponentFilter, type ListedComponent, listComponents, selectComponents } from "./list.ts";
export { componentInputs, type InputNode } from "./inputs.ts";
export { formatTables } from "./format-tables.ts";
export { type LoadOptions, loadProject } from "./load.ts";
export { compileGlob, type Glob, globMatches, globProblem } from "./load-glob.ts";
export { DefinitionError, type DefinitionIssue } from "./load-issues.ts";
export type { LoadLimits } from "./load-tree.ts";
export {
  applyOverlays,
  type OverlayContext,
  type OverlayMode,
  type OverlayResult,
  overlayTypes,
  type PlacedOverlay,
} from "./overlays/index.ts";
export { type RenderOptions, renderComponent } from "./render.ts";
export {
  isRenderedCurrent,
  isRenderFailureCurrent,
  renderedFolder,
  writeRendered,
  writeRenderFailure,
} from "./render-write.ts";
export { type ShownValue, showComponent } from "./show.ts";
export { parseSources, type SourcesEntry, type SourcesLine } from "./sources.ts";
export { definitionSchemas, type JsonSchema } from "./schema-json.ts";
export type * from "./types.ts";
export { type BasePackage, loadWeirToml, type Profile, type WeirProject } from "./weir-toml.ts";
export {
  type PinState,
  pinFileName,
  planUpdate,
  type UpdatedPin,
  type UpdateOptions,
  type UpdatePlan,
} from "./update.ts";
export { explainInputs } from "./why.ts";
export { type CheckedComponent, type CheckedOverlay, checkOverlays, type OverlayFate } from "./overlay-check.ts";
