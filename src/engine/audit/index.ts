export { auditDockerfile } from "./audit.ts";
export { deriveFacts } from "./derive-facts.ts";
export { applyEdits } from "./edits.ts";
export { distTagsOf, legacyFacts, marinerFacts } from "./legacy.ts";
export { auditReport } from "./report.ts";
export { type AuditRule, type AuditRuleInfo, auditRules } from "./rules.ts";
export type * from "./types.ts";
