import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createProgress } from "../core/index.ts";
import { jsonProgress, liveProgress, makeStyle, plainProgress } from "./index.ts";
import { columnsOf } from "./text.ts";

/**
 * A terminal that knows what a tree needs: new lines, breaking long lines, going up and clearing a row. When its width changes it joins
 * the rows of a line and breaks it anew, as real ones do.
 */
class FakeTerminal {
  readonly writes: string[] = [];
  rows: number;
  #columns: number;
  /** `more`: the line goes on in the next row. */
  #lines: { text: string; more: boolean }[] = [{ text: "", more: false }];
  #at = 0;

  constructor(columns = 60, rows = 20) {
    this.#columns = columns;
    this.rows = rows;
  }

  get columns(): number {
    return this.#columns;
  }

  set columns(columns: number) {
    const whole: string[] = [""];
    for (const { text, more } of this.#lines.slice(0, this.#at + 1)) {
      whole[whole.length - 1] += text;
      if (!more) whole.push("");
    }
    whole.pop();
    this.#columns = columns;
    this.#lines = whole.flatMap((line) => this.#broken(line));
    this.#at = this.#lines.length - 1;
  }

  write(text: string): void {
    this.writes.push(text);
    for (const [piece] of text.replace(/\u001b\[\d+m/g, "").matchAll(/\u001b\[\d+[AK]|\r|\n|[^\u001b\r\n]+/g)) {
      if (piece === "\r") continue;
      if (piece === "\n") this.#down();
      else if (piece === "\u001b[2K") this.#lines[this.#at] = { text: "", more: false };
      else if (piece.startsWith("\u001b")) this.#at -= Number(piece.slice(2, -1));
      else this.#put(piece);
      if (this.#at < 0) throw new Error("went above the first row");
    }
  }

  #put(text: string): void {
    this.#broken(text).forEach((row, index) => {
      if (index > 0) this.#down();
      const old = this.#lines[this.#at]?.text ?? "";
      this.#lines[this.#at] = { text: row.text + old.slice(row.text.length), more: row.more };
    });
  }

  #down(): void {
    this.#at += 1;
    if (this.#at === this.#lines.length) this.#lines.push({ text: "", more: false });
  }

  #broken(line: string): { text: string; more: boolean }[] {
    const rows = [""];
    let used = 0;
    for (const char of line) {
      const size = columnsOf(char);
      if (used + size > this.#columns) {
        rows.push("");
        used = 0;
      }
      rows[rows.length - 1] += char;
      used += size;
    }
    return rows.map((text, index) => ({ text, more: index < rows.length - 1 }));
  }

  /** Takes the first rows out, as if they had scrolled away. */
  dropped(count: number): void {
    this.#lines.splice(0, count);
    this.#at -= count;
  }

  /** Rows above the cursor; what is below it must be empty. */
  get screen(): string[] {
    if (this.#lines.slice(this.#at).some((row) => row.text !== "")) throw new Error("something is left below");
    return this.#lines.slice(0, this.#at).map((row) => row.text);
  }
}

let clock = 0;

function live(terminal: FakeTerminal) {
  const renderer = liveProgress(terminal, makeStyle(false), () => clock);
  return { renderer, progress: createProgress(renderer.sink, () => clock) };
}

function pass(milliseconds: number): void {
  for (let left = milliseconds; left > 0; left -= 200) {
    clock += Math.min(200, left);
    vi.advanceTimersByTime(Math.min(200, left));
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  clock = 0;
});

afterEach(() => {
  vi.useRealTimers();
});

describe("the live tree", () => {
  it("shows several builds at once, each with what it does, in the order of the tree", () => {
    const terminal = new FakeTerminal();
    const { renderer, progress } = live(terminal);
    const build = progress.step("build", 4);
    const one = build.step("libflow");
    const two = build.step("kiln");
    one.step("unpack");
    two.step("compile").update({ note: "cc -c kiln.c" });
    build.update({ done: 1 });
    pass(3200);
    expect(terminal.screen).toEqual([
      "• build [####............] 1/4 3 s",
      "  • libflow 3 s",
      "    • unpack 3 s",
      "  • kiln 3 s",
      "    • compile cc -c kiln.c 3 s",
    ]);
    one.end("done", "2 packages");
    two.end("failed");
    expect(terminal.screen).toEqual([
      "  ✓ libflow (3.2 s) — 2 packages",
      "  ✗ kiln (3.2 s)",
      "• build [####............] 1/4 3 s",
      "    • unpack 3 s",
      "    • compile cc -c kiln.c 3 s",
    ]);
    renderer.close();
    expect(terminal.screen).toEqual(["  ✓ libflow (3.2 s) — 2 packages", "  ✗ kiln (3.2 s)"]);
  });

  it("never touches a finished line again and writes nothing when nothing changed", () => {
    const terminal = new FakeTerminal();
    const { renderer, progress } = live(terminal);
    const build = progress.step("build", 9);
    const finished: string[] = [];
    for (let index = 0; index < 9; index++) {
      const step = build.step(`component-${index}`);
      pass(700);
      step.end("done");
      build.update({ done: index + 1 });
      finished.push(`  ✓ component-${index} (700 ms)`);
      expect(terminal.screen.slice(0, finished.length)).toEqual(finished);
      pass(300);
    }
    for (const line of finished) {
      expect(terminal.writes.filter((text) => text.includes(line))).toHaveLength(1);
    }
    expect(terminal.writes.join("")).not.toContain("J");
    const before = terminal.writes.length;
    pass(5000);
    expect(terminal.writes.length - before).toBeLessThanOrEqual(6);
    renderer.close();
    expect(terminal.screen).toEqual(finished);
  });

  it("leaves nothing behind when it closes, and shows nothing after", () => {
    const terminal = new FakeTerminal();
    const { renderer, progress } = live(terminal);
    const step = progress.step("plan");
    pass(400);
    expect(terminal.screen).toEqual(["• plan 0 s"]);
    renderer.close();
    renderer.close();
    expect(terminal.screen).toEqual([]);
    const writes = terminal.writes.length;
    progress.step("late");
    step.end("failed", "late");
    pass(2000);
    expect(terminal.writes).toHaveLength(writes);
  });

  it("survives a terminal that becomes narrower and wider", () => {
    const terminal = new FakeTerminal(100);
    const { renderer, progress } = live(terminal);
    const build = progress.step("build", 40);
    const steps = ["libflow", "水車".repeat(20), "x".repeat(200)].map((name) => build.step(name));
    for (const step of steps) step.update({ note: `note ${"long ".repeat(20)}` });
    pass(1000);
    for (const columns of [33, 20, 7, 120, 50, 21, 100]) {
      terminal.columns = columns;
      pass(1000);
      expect(terminal.screen).toHaveLength(columns < 20 ? 11 : 4);
      for (const line of terminal.screen) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
      terminal.columns = columns + 14;
      progress.step(`at ${columns}`).end("done");
      expect(terminal.screen).toHaveLength(5);
      terminal.dropped(1);
    }
    renderer.close();
    expect(terminal.screen).toEqual([]);
  });

  it("cuts long titles but keeps the bar and the time", () => {
    const terminal = new FakeTerminal(50);
    const { renderer, progress } = live(terminal);
    progress.step(`a\nb\u001b[31m ${"long title ".repeat(20)}`, 7).update({ done: 3, note: "a note" });
    progress.step("水車小屋".repeat(20));
    pass(65_000);
    expect(terminal.screen).toEqual([
      "• a b\ufffd[31m lon… [#######.........] 3/7 1 min 05 s",
      "• 水車小屋水車小屋水車小屋水車小屋水… 1 min 05 s",
    ]);
    renderer.close();
  });

  it("never shows more than the terminal is high: the deepest steps go first", () => {
    const terminal = new FakeTerminal(60, 8);
    const { renderer, progress } = live(terminal);
    const build = progress.step("build", 30);
    for (let index = 0; index < 5; index++) build.step(`c${index}`).step("compile");
    pass(1000);
    expect(terminal.screen.map((line) => line.trim())).toEqual([
      "• build [................] 0/30 1 s",
      ...Array.from({ length: 5 }, (_, index) => `• c${index} 1 s`),
    ]);
    for (let index = 5; index < 30; index++) build.step(`c${index}`);
    pass(1000);
    expect(terminal.screen).toHaveLength(6);
    expect(terminal.screen.at(-1)).toBe("… and 26 more");
    renderer.close();
    expect(terminal.screen).toEqual([]);
  });

  it("prints ended steps of the first two levels, and failures wherever they are", () => {
    const terminal = new FakeTerminal();
    const { renderer, progress } = live(terminal);
    const top = progress.step("top");
    const middle = top.step("middle");
    middle.step("quiet").end("done");
    middle.step("broken").end("failed", "why\nnot");
    middle.end("unchanged");
    top.end("skipped");
    renderer.close();
    expect(terminal.screen).toEqual(["    ✗ broken (0 ms) — why not", "  = middle (0 ms)", "- top (0 ms)"]);
  });

  it("colours whole lines only, and what it measures has no colour in it", () => {
    const terminal = new FakeTerminal(30);
    const renderer = liveProgress(terminal, makeStyle(true), () => clock);
    createProgress(renderer.sink, () => clock).step("x".repeat(100));
    pass(400);
    expect(terminal.writes.join("")).toContain(`\u001b[36m• ${"x".repeat(22)}… 0 s\u001b[39m\n`);
    renderer.close();
    expect(terminal.writes.at(-1)).toBe("\u001b[1A\r\u001b[2K\n\u001b[1A\r");
  });
});

describe("plain lines and JSON lines", () => {
  it("gives a line for each step of the first two levels, more when asked", () => {
    const run = (verbose: boolean) => {
      const lines: string[] = [];
      const progress = createProgress(plainProgress((text) => lines.push(text), verbose).sink, () => clock);
      const build = progress.step("build", 2);
      const one = build.step("one");
      const two = build.step("two\n… forged");
      one.step("unpack").end("done");
      clock += 192_000;
      two.end("unchanged", "the same\u001b[2J inputs");
      one.end("done");
      build.end("done");
      return lines;
    };
    const short = [
      "… build\n",
      "  = two … forged (3 min 12 s) — the same\ufffd[2J inputs\n",
      "  ✓ one (3 min 12 s)\n",
      "✓ build (3 min 12 s)\n",
    ];
    expect(run(false)).toEqual(short);
    expect(run(true)).toEqual(["… build\n", "    ✓ unpack (0 ms)\n", ...short.slice(1)]);
  });

  it("gives one JSON object a line, without secrets", () => {
    const lines: string[] = [];
    const progress = createProgress(jsonProgress((text) => lines.push(text)).sink, () => clock);
    const step = progress.step("get https://me:secret@host.example/x\ny", 3);
    step.update({ done: 1 });
    step.end("done", "fine");
    expect(lines.every((line) => line.indexOf("\n") === line.length - 1)).toBe(true);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { type: "start", id: 1, parent: 0, title: "get https://***@host.example/x\ny", total: 3 },
      { type: "update", id: 1, done: 1 },
      { type: "end", id: 1, outcome: "done", milliseconds: 0, note: "fine" },
    ]);
  });
});
