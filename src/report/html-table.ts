import type { Cell, Table } from "../core/index.ts";
import { leftOut } from "./html-findings.ts";
import { text } from "./html-text.ts";
import { cellText, clip } from "./text.ts";

/** Tables longer than this start folded. */
const unfolded = 12;
/** Rows that a page holds at most. */
const mostRows = 1000;
/** UTF-16 units of a cell at most. */
const longestCell = 1000;
/** Columns with nothing longer stay on one line. */
const shortCell = 34;

/** A table that scrolls within its own box: numbers to the right, hashes in even letters, long texts wrapped. */
export function renderTable(table: Table, level: number): string {
  const rows = table.rows.slice(0, mostRows);
  const texts = rows.map((row) => table.columns.map((_, index) => clip(cellText(row[index]), longestCell)));
  const kinds = table.columns.map((_, index) => columnKind(rows, texts, index));
  const title = text(table.title, 200) || "Table";
  const head = table.columns.map((name, index) => `<th scope="col"${attribute(kinds[index])}>${text(name, 100)}</th>`);
  const body = texts.map((cells) => {
    const row = cells.map((cell, index) => {
      const kind = kinds[index];
      if (index === 0 && kind !== "n") return `<th scope="row"${attribute(kind)}>${text(cell)}</th>`;
      return `<td${attribute(kind === undefined && isHash(cell) ? "h" : kind)}>${text(cell)}</td>`;
    });
    return `<tr>${row.join("")}</tr>`;
  });
  const open = table.rows.length <= unfolded ? " open" : "";
  return `<details class="table"${open}><summary><h${level}>${title}</h${level}> <span class="count">${table.rows.length}</span></summary>
<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table><thead><tr>${head.join("")}</tr></thead><tbody>
${body.join("\n")}
</tbody></table></div>${leftOut(table.rows.length - rows.length)}</details>`;
}

/** `n`: numbers; `w`: long texts, which wrap; nothing for the rest. */
function columnKind(
  rows: readonly (readonly Cell[])[],
  texts: readonly (readonly string[])[],
  index: number,
): "n" | "w" | undefined {
  if (texts.some((cells) => (cells[index] ?? "").length > shortCell)) return "w";
  const filled = rows.filter((row) => row[index] !== null && row[index] !== undefined && row[index] !== "");
  return filled.length > 0 && filled.every((row) => typeof row[index] === "number") ? "n" : undefined;
}

function attribute(kind: string | undefined): string {
  return kind === undefined ? "" : ` class="${kind}"`;
}

function isHash(cell: string): boolean {
  return /^(?:sha\d+:)?[0-9a-f]{8,}$/.test(cell) && /[a-f]/.test(cell);
}
