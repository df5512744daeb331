import type { BenchmarkResult, EntryResult } from "./types.ts";

/** A benchmark's results as text for a terminal. */
export function printResult(result: BenchmarkResult): string {
  return result.entries.map((entry) => `\n${result.name}: ${entry.title}\n${printEntry(entry)}`).join("");
}

function printEntry(entry: EntryResult): string {
  if (entry.kind === "skipped") return `  skipped: ${entry.reason}\n`;
  const absent = entry.absent.map((reason) => `  not measured: ${reason}\n`).join("");
  if (entry.kind === "timing") {
    const rows = entry.timings.map(({ label, median }) => [label, median.toFixed(0)]);
    return `  input: ${entry.input}\n  command: ${entry.command}\n${table([["", "wall ms"], ...rows])}${absent}`;
  }
  const rows = entry.sides.map((side) => [
    side.label,
    side.median.wall.toFixed(3),
    side.median.cpu.toFixed(3),
    (side.median.maxRss / 2 ** 20).toFixed(0),
    side.ratio === undefined ? "" : `${side.ratio.wall.toFixed(2)}×`,
    side.ratio === undefined ? "" : `${side.ratio.cpu.toFixed(2)}×`,
    side.answer,
  ]);
  const commands = entry.sides.map((side) => `  ${side.label}: ${side.command}\n`).join("");
  const head = ["", "wall s", "cpu s", "RSS MiB", "peer÷weir wall", "cpu", "answer"];
  const answers = new Set(entry.sides.map((side) => side.answer));
  const warning = answers.size > 1 ? "  the answers differ: the times do not compare\n" : "";
  return `  input: ${entry.input}\n${commands}${table([head, ...rows])}${warning}${absent}`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const last = widths.length - 1;
  return rows
    .map((row) => {
      const cells = row.map((cell, column) =>
        column === 0 || (column === last && last > 2)
          ? cell.padEnd(widths[column] ?? 0)
          : cell.padStart(widths[column] ?? 0),
      );
      return `  ${cells.join("  ").trimEnd()}\n`;
    })
    .join("");
}
