export { channelOf, sourceChannelOf } from "./channels.ts";
export { loadDefinition } from "./definition.ts";
export { auditStage, compatStage } from "./judge-stages.ts";
export { interpreterMacros, type MacroSet, readMacroSet } from "./macro-set.ts";
export { makePlan } from "./plan-stage.ts";
export { changelogTime, type RenderStage, renderStage } from "./render-stage.ts";
export { rebuild, type RebuildOutcome } from "./rebuild.ts";
export { planSection } from "./report-stage.ts";
export * from "./types.ts";
