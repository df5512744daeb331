import { type Evidence, formatPlace, type Severity, type Skip } from "../core/index.ts";
import { counted, text } from "./html-text.ts";
import type { Group, Item } from "./outline.ts";

/** Items of a list that a page holds at most. */
const most = 500;
/** Pieces of evidence that show at once, and that a page holds at most. */
const evidenceShown = 6;
const evidenceMost = 60;

const names: Record<Severity, string> = {
  blocker: "Blockers",
  high: "High",
  medium: "Medium",
  low: "Low",
  info: "Info",
};

/** A label that carries the severity as a word, whatever its colour. */
export function severityBadge(severity: Severity, label: string = severity): string {
  return `<span class="badge ${severity}">${label}</span>`;
}

/** Findings of one severity; the two lowest start folded. */
export function renderGroup(group: Group, level: number): string {
  const open = group.severity === "low" || group.severity === "info" ? "" : " open";
  const items = group.items.slice(0, most).map((item) => renderItem(item, Math.min(level + 1, 6)));
  return `<details class="group"${open}><summary><h${level}>${names[group.severity]}</h${level}> <span class="count">${counted(group.count, "finding")}</span></summary>
<div class="findings" id="${group.id}">
${items.join("\n")}
</div>${leftOut(group.items.length - items.length)}</details>`;
}

function renderItem(item: Item, level: number): string {
  const { finding } = item;
  const blocks = finding.inhibitor ? ' <span class="badge blocker">blocks the move</span>' : "";
  const times = item.times > 1 ? ` <span class="count">${item.times} times</span>` : "";
  const remedy = finding.remedy === undefined ? "" : `\n<p class="remedy"><b>Do:</b> ${text(finding.remedy)}</p>`;
  return `<article class="finding ${finding.severity}" id="${item.id}">
<h${level}><span class="subject">${text(finding.subject, 400)}</span> <span class="rule">${text(finding.rule, 60)}</span>${times}</h${level}>
<p>${severityBadge(finding.severity)}${blocks} ${text(finding.message)}</p>${renderEvidence(item.evidence, finding.subject)}${remedy}
</article>`;
}

function renderEvidence(evidence: readonly Evidence[], subject: string): string {
  if (evidence.length === 0) return "";
  const held = evidence.slice(0, evidenceMost).map((item) => {
    const where = item.where === undefined ? "" : `<code>${text(formatPlace(item.where), 1000)}</code>`;
    const what = where !== "" && item.what === subject ? "" : text(item.what, 2000);
    return `<li>${[what, where].filter((one) => one !== "").join(" ")}</li>`;
  });
  const shown = `\n<ul>${held.slice(0, evidenceShown).join("")}</ul>`;
  if (evidence.length <= evidenceShown) return shown;
  const rest = `<ul>${held.slice(evidenceShown).join("")}</ul>${leftOut(evidence.length - held.length)}`;
  return `${shown}\n<details><summary>${evidence.length - evidenceShown} more</summary>${rest}</details>`;
}

/** What could not be judged, folded. */
export function renderSkips(skips: readonly Skip[], id: string, level: number): string {
  const items = skips.slice(0, most).map((skip) => `<li><b>${text(skip.subject, 400)}</b>: ${text(skip.reason)}</li>`);
  return `<details class="skips"><summary><h${level}>Not judged</h${level}> <span class="count">${skips.length}</span></summary>
<ul id="${id}">
${items.join("\n")}
</ul>${leftOut(skips.length - items.length)}</details>`;
}

/** What a page says of the rest of a list that it does not hold. */
export function leftOut(count: number): string {
  return count > 0 ? `<p class="note">${count} more, in the JSON report.</p>` : "";
}
