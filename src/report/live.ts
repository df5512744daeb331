import type { Outcome } from "../core/index.ts";
import type { ProgressRenderer } from "./progress.ts";
import { endLine, type RunningStep, RunningSteps, wholeSeconds } from "./progress-steps.ts";
import type { Style } from "./style.ts";
import { columnsOf, fit, rowsOf } from "./text.ts";

const repaintEvery = 200;
/** Lines of the tree at most, and where the height of the terminal is unknown. */
const mostLines = 24;
const linesUnknown = 12;
const barCells = 16;
/** A title keeps this many columns before the bar gives way. */
const leastTitle = 12;
/** A note with fewer columns is left out. */
const leastNote = 8;

/**
 * A tree that repaints itself: ended steps scroll away above and are never touched again, running ones stay below with a bar, a note and
 * the time they have taken. A resized terminal is taken into account at the next repaint.
 */
export function liveProgress(
  terminal: { write(text: string): unknown; readonly columns?: number; readonly rows?: number },
  style: Style,
  now: () => number = () => performance.now(),
): ProgressRenderer {
  const steps = new RunningSteps();
  let painted: readonly string[] = [];
  let closed = false;

  /**
   * Empties the rows that were painted, however the terminal has broken the lines since, and moves to the first. Row by row: clearing a
   * whole screen at once makes some terminals keep it in their history.
   */
  const erase = () => {
    const columns = Math.max(1, terminal.columns ?? 80);
    const rows = painted.reduce((sum, line) => sum + rowsOf(line, columns), 0);
    if (rows === 0) return "";
    const up = `\u001b[${rows}A\r`;
    return `${up}${"\u001b[2K\n".repeat(rows)}${up}`;
  };
  const paint = (above = "") => {
    const width = Math.max(20, (terminal.columns ?? 80) - 1);
    const running = shorten(steps.tree(), Math.max(1, Math.min(mostLines, (terminal.rows ?? linesUnknown + 2) - 2)));
    const lines = running.map((line) =>
      typeof line === "string" ? fit(line, width) : runningLine(line, now(), width),
    );
    if (above === "" && lines.length === painted.length && lines.every((line, index) => line === painted[index]))
      return;
    const colour = lines.map((line, index) =>
      typeof running[index] === "string" ? style.dim(line) : style.cyan(line),
    );
    terminal.write(`${erase()}${above}${colour.map((line) => `${line}\n`).join("")}`);
    painted = lines;
  };
  const timer = setInterval(paint, repaintEvery);
  timer.unref();
  return {
    sink(event) {
      if (closed) return;
      const step = steps.take(event, now());
      if (event.type !== "end") return;
      const lasting = step.depth <= 1 || event.outcome === "failed";
      paint(lasting ? `${colourOf(style, event.outcome)(endLine(step, event))}\n` : "");
    },
    close() {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      if (painted.length > 0) terminal.write(erase());
      painted = [];
    },
  };
}

/** The tree in at most `most` lines: the deepest steps go first, and a last line counts what is not shown. */
function shorten(tree: readonly RunningStep[], most: number): (RunningStep | string)[] {
  let kept = tree;
  for (let deepest = Math.max(0, ...tree.map((step) => step.depth)); kept.length > most && deepest > 1; deepest--) {
    kept = kept.filter((step) => step.depth < deepest);
  }
  if (kept.length <= most) return [...kept];
  return [...kept.slice(0, most - 1), `… and ${kept.length - most + 1} more`];
}

function runningLine(step: RunningStep, now: number, width: number): string {
  const indent = `${"  ".repeat(Math.min(step.depth, 6))}• `;
  const time = ` ${wholeSeconds(Math.max(0, now - step.start))}`;
  const bar = step.total ? ` ${progressBar(step.done / step.total)} ${step.done}/${step.total}` : "";
  const title = columnsOf(step.title);
  const room = width - columnsOf(indent) - columnsOf(time);
  const withBar = room - bar.length >= Math.min(title, leastTitle) ? bar : "";
  const shown = fit(step.title, Math.max(1, room - withBar.length));
  const left = room - withBar.length - columnsOf(shown) - 1;
  const note = step.note !== "" && left >= leastNote ? ` ${fit(step.note, left)}` : "";
  return fit(`${indent}${shown}${withBar}${note}${time}`, width);
}

function progressBar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * barCells);
  return `[${"#".repeat(full)}${".".repeat(barCells - full)}]`;
}

function colourOf(style: Style, outcome: Outcome): (text: string) => string {
  if (outcome === "failed") return style.red;
  return outcome === "done" ? style.green : style.dim;
}
