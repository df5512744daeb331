export { renderHtml } from "./html.ts";
export { renderJson, renderReportJson } from "./json.ts";
export { liveProgress } from "./live.ts";
export { renderMarkdown } from "./markdown.ts";
export { jsonProgress, plainProgress, type ProgressRenderer } from "./progress.ts";
export { makeStyle, type Style } from "./style.ts";
export { renderTable } from "./table.ts";
