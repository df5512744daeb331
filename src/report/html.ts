import {
  allFindings,
  allSkips,
  cleanText,
  formatPlace,
  type Finding,
  type Report,
  severities,
  type Table,
} from "../core/index.ts";
import { pageStyle } from "./html-style.ts";
import { cellText } from "./table.ts";

/** Tables longer than this start folded. */
const unfolded = 25;

/** A report as one self-contained page: no script, nothing loaded, readable on a phone and in the dark. */
export function renderHtml(report: Report): string {
  const findings = allFindings(report);
  const counts = [...severities]
    .reverse()
    .map((severity) => ({ severity, count: findings.filter((finding) => finding.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `<span class="badge ${severity}">${count} ${severity}</span>`);
  const skips = allSkips(report).length;
  if (skips > 0) counts.push(`<span class="badge skip">${skips} not judged</span>`);
  const sections = report.sections ?? [];
  const links = sections.map((section) => `<a href="#${anchor(section)}">${text(section.title)}</a>`).join("");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${text(report.title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<p class="brand">Weir</p>
<h1>${text(report.title)}</h1>
${report.summary.map((sentence) => `<p class="lead">${text(sentence)}</p>`).join("\n")}
<p class="counts">${counts.join(" ")}</p>
${links === "" ? "" : `<nav>${links}</nav>`}
</header>
<main>
${body(report)}
${sections.map((section) => renderSection(section)).join("\n")}
</main>
</body>
</html>
`;
}

function renderSection(report: Report): string {
  return `<section id="${anchor(report)}">
<h2>${text(report.title)}</h2>
${report.summary.map((sentence) => `<p>${text(sentence)}</p>`).join("\n")}
${body(report)}
${(report.sections ?? []).map((section) => renderSection(section)).join("\n")}
</section>`;
}

function body(report: Report): string {
  const parts = report.tables.filter((table) => table.rows.length > 0).map(renderTable);
  if (report.findings.length > 0)
    parts.unshift(`<div class="findings">${report.findings.map(renderFinding).join("\n")}</div>`);
  if (report.skips.length > 0) {
    const items = report.skips.map((skip) => `<li><b>${text(skip.subject)}</b>: ${text(skip.reason)}</li>`).join("\n");
    parts.push(`<details><summary>Not judged (${report.skips.length})</summary><ul>${items}</ul></details>`);
  }
  return parts.join("\n");
}

function renderFinding(finding: Finding): string {
  const evidence = finding.evidence.map((item) => {
    const where = item.where === undefined ? "" : ` <code>${text(formatPlace(item.where))}</code>`;
    return `<li>${text(item.what)}${where}</li>`;
  });
  return `<article class="finding ${finding.severity}">
<h3><span class="badge ${finding.severity}">${finding.severity}</span> ${text(finding.rule)} <span class="subject">${text(finding.subject)}</span></h3>
<p>${text(finding.message)}</p>
${evidence.length > 0 ? `<ul>${evidence.join("")}</ul>` : ""}
${finding.remedy === undefined ? "" : `<p class="remedy">${text(finding.remedy)}</p>`}
</article>`;
}

function renderTable(table: Table): string {
  const head = table.columns.map((column) => `<th>${text(column)}</th>`).join("");
  const rows = table.rows.map((row) => {
    const cells = table.columns.map((_, index) => {
      const cell = row[index];
      return `<td${typeof cell === "number" ? ' class="number"' : ""}>${text(cellText(cell))}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  const grid = `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>\n${rows.join("\n")}\n</tbody></table></div>`;
  const open = table.rows.length <= unfolded ? " open" : "";
  return `<details${open}><summary>${text(table.title)} (${table.rows.length})</summary>${grid}</details>`;
}

function anchor(report: Report): string {
  return report.kind.replace(/[^a-z0-9-]/gi, "-");
}

function text(value: string): string {
  return cleanText(value).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
