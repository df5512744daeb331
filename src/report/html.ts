import { allFindings, allSkips, type Report, severities } from "../core/index.ts";
import { renderGroup, renderSkips, severityBadge } from "./html-findings.ts";
import { pageStyle } from "./html-style.ts";
import { renderTable } from "./html-table.ts";
import { counted, text } from "./html-text.ts";
import { allParts, outline, type Part, type Task, tasks } from "./outline.ts";

const tasksShown = 5;
const worstFirst = [...severities].reverse();

/**
 * A report as one self-contained page: no script, nothing loaded, readable on a phone, in the dark and on paper. Same report, same bytes.
 * Very long tables and lists are cut, with a sentence that says how much is left out; the JSON report has all.
 */
export function renderHtml(report: Report): string {
  const root = outline(report);
  const todo = tasks(root);
  const main = [firstThings(todo), overview(root), partBody(root), ...root.parts.map(section)].filter((one) => one);
  const nav = contents(root, todo.length > 0);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>${text(report.title, 200) || "Report"}</title>
<style>${pageStyle}</style>
</head>
<body id="top">
<a class="jump" href="#main">To the report</a>
<header>
<p class="brand">Weir</p>
<h1>${text(report.title, 400) || "Report"}</h1>
${report.summary.map((sentence) => `<p class="lead">${text(sentence)}</p>`).join("\n")}
${verdict(root)}
</header>
<div class="page">
${nav}
<main id="main">
${main.join("\n")}
</main>
</div>
</body>
</html>
`;
}

function verdict(root: Part): string {
  const findings = allFindings(root.report);
  const blocking = findings.filter((finding) => finding.inhibitor || finding.severity === "blocker").length;
  const high = findings.filter((finding) => finding.severity === "high").length;
  const skips = allSkips(root.report).length;
  const [kind, sign, sentence] =
    blocking > 0
      ? [
          "blocker",
          "✗",
          `${counted(blocking, "finding")} in the way: nobody should move before ${blocking === 1 ? "it is" : "they are"} dealt with.`,
        ]
      : high > 0
        ? ["high", "!", `${counted(high, "high finding")}: look at ${high === 1 ? "it" : "them"} first.`]
        : findings.length > 0
          ? ["low", "✓", `Nothing grave: ${counted(findings.length, "finding")}, none of them high.`]
          : ["good", "✓", "No findings."];
  const parts = allParts(root);
  const counts = worstFirst.flatMap((severity) => {
    const groups = parts.flatMap((part) => part.groups.filter((group) => group.severity === severity));
    const count = groups.reduce((sum, group) => sum + group.count, 0);
    return count === 0
      ? []
      : [`<li><a href="#${groups[0]?.id}">${severityBadge(severity, `${count} ${severity}`)}</a></li>`];
  });
  const unjudged = parts.find((part) => part.report.skips.length > 0);
  if (unjudged !== undefined) {
    counts.push(`<li><a href="#${unjudged.skipsId}"><span class="badge skip">${skips} not judged</span></a></li>`);
  }
  const list = counts.length === 0 ? "" : `\n<ul class="counts">${counts.join("")}</ul>`;
  return `<p class="verdict ${kind}"><span aria-hidden="true">${sign}</span> ${sentence}</p>${list}`;
}

function contents(root: Part, todo: boolean): string {
  if (root.parts.length === 0) return "";
  const links = [
    ...(todo ? ['<li class="plain"><a href="#first">First things to do</a></li>'] : []),
    ...(hasOverview(root) ? ['<li class="plain"><a href="#findings">Findings by section</a></li>'] : []),
    ...root.parts.map((part) => `<li><a href="#${part.id}">${text(part.report.title, 120)}</a>${found(part)}</li>`),
  ];
  return `<nav id="contents" aria-label="Contents"><ol>\n${links.join("\n")}\n</ol></nav>`;
}

function found(part: Part): string {
  const count = allFindings(part.report).length;
  return count === 0 ? "" : ` <span class="count">${counted(count, "finding")}</span>`;
}

function firstThings(todo: readonly Task[]): string {
  if (todo.length === 0) return "";
  const items = todo.slice(0, tasksShown).map((task) => {
    const { finding, items: same, subjects } = task;
    const links = same
      .filter((item, index) => same.findIndex((other) => other.finding.subject === item.finding.subject) === index)
      .slice(0, 4)
      .map((item) => `<a href="#${item.id}">${text(item.finding.subject, 160)}</a>`);
    const more = subjects.length > links.length ? ` and ${subjects.length - links.length} more` : "";
    const why = subjects.length === 1 ? `<p>${text(finding.message, 600)}</p>` : "";
    return `<li>${severityBadge(finding.severity)} <span class="do">${text(finding.remedy ?? finding.message, 600)}</span>
<p class="about"><span class="rule">${text(finding.rule, 60)}</span> ${links.join(", ")}${more}</p>${finding.remedy === undefined ? "" : why}</li>`;
  });
  const rest = todo.length - items.length;
  const after = rest > 0 ? `\n<p class="note">${counted(rest, "more thing")} to do below, by section.</p>` : "";
  return `<section aria-labelledby="first"><h2 id="first">First things to do</h2>\n<ol class="first">\n${items.join("\n")}\n</ol>${after}</section>`;
}

function hasOverview(root: Part): boolean {
  return root.parts.length > 0 && allFindings(root.report).length > 0;
}

function overview(root: Part): string {
  if (!hasOverview(root)) return "";
  const rows = allParts(root).filter((part) => part.groups.length > 0 || part.report.skips.length > 0);
  const used = worstFirst.filter((severity) =>
    rows.some((part) => part.groups.some((group) => group.severity === severity)),
  );
  const cells = (part: Part) => [
    ...used.map((severity) => {
      const group = part.groups.find((one) => one.severity === severity);
      return group === undefined
        ? '<td class="n none">–</td>'
        : `<td class="n"><a href="#${group.id}">${group.count}</a></td>`;
    }),
    part.report.skips.length === 0
      ? '<td class="n none">–</td>'
      : `<td class="n"><a href="#${part.skipsId}">${part.report.skips.length}</a></td>`,
  ];
  const head = [...used, "not judged"].map((name) => `<th scope="col" class="n">${name}</th>`).join("");
  const body = rows.map(
    (part) =>
      `<tr><th scope="row"><a href="#${part.id}">${text(part.report.title, 120)}</a></th>${cells(part).join("")}</tr>`,
  );
  return `<section aria-labelledby="findings"><h2 id="findings">Findings by section</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="findings"><table class="matrix"><thead><tr><th scope="col">section</th>${head}</tr></thead><tbody>
${body.join("\n")}
</tbody></table></div></section>`;
}

function section(part: Part): string {
  const level = Math.min(part.level, 6);
  return `<section class="part" aria-labelledby="${part.id}">
<h${level} id="${part.id}">${text(part.report.title, 400)}</h${level}>
${part.report.summary.map((sentence) => `<p>${text(sentence)}</p>`).join("\n")}
${partBody(part)}
${part.parts.map(section).join("\n")}
</section>`;
}

function partBody(part: Part): string {
  const level = Math.min(part.level + 1, 6);
  const blocks = part.groups.map((group) => renderGroup(group, level));
  blocks.push(...part.report.tables.filter((table) => table.rows.length > 0).map((table) => renderTable(table, level)));
  if (part.report.skips.length > 0) blocks.push(renderSkips(part.report.skips, part.skipsId, level));
  return blocks.join("\n");
}
