import type { Position, Span } from "./types.ts";

/** Lines of a text: turns offsets into lines and columns. */
export class Lines {
  readonly text: string;
  readonly starts: readonly number[];

  constructor(text: string) {
    this.text = text;
    const starts = [0];
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    this.starts = starts;
  }

  positionAt(offset: number): Position {
    const bounded = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] as number) <= bounded) low = middle;
      else high = middle - 1;
    }
    return { offset: bounded, line: low + 1, column: bounded - (this.starts[low] as number) + 1 };
  }

  /** Line from 0 without its end, and its offset. */
  line(index: number): { readonly text: string; readonly offset: number } {
    const offset = this.starts[index] as number;
    let end = index + 1 < this.starts.length ? (this.starts[index + 1] as number) - 1 : this.text.length;
    if (end > offset && this.text.charCodeAt(end - 1) === 13) end--;
    return { text: this.text.slice(offset, end), offset };
  }
}

/** A text put together from stretches of another one, which still knows where each came from. */
export class MappedText {
  text = "";
  readonly lines: Lines;
  readonly #at: number[] = [];
  readonly #offset: number[] = [];
  readonly #fixed: boolean[] = [];

  constructor(lines: Lines) {
    this.lines = lines;
  }

  /** `fixed`: the whole piece stands for the one place `offset`, as the value of a variable does. */
  append(text: string, offset: number, fixed = false): void {
    if (text === "") return;
    const last = this.#at.length - 1;
    const follows =
      last >= 0 &&
      !fixed &&
      this.#fixed[last] === false &&
      offset === (this.#offset[last] as number) + (this.text.length - (this.#at[last] as number));
    if (!follows) {
      this.#at.push(this.text.length);
      this.#offset.push(offset);
      this.#fixed.push(fixed);
    }
    this.text += text;
  }

  offsetAt(index: number): number {
    const run = this.#runAt(index);
    if (run < 0) return 0;
    return (this.#offset[run] as number) + (this.#fixed[run] ? 0 : index - (this.#at[run] as number));
  }

  /** From the first to after the last character of `[from, to)`. */
  span(from: number, to: number): Span {
    const start = this.offsetAt(from);
    const end = to > from ? this.offsetAt(to - 1) + 1 : start;
    return { start: this.lines.positionAt(start), end: this.lines.positionAt(Math.max(start, end)) };
  }

  slice(from: number, to: number): MappedText {
    const part = new MappedText(this.lines);
    for (let at = from, run = this.#runAt(from); at < to; run++) {
      const end = Math.min(to, this.#at[run + 1] ?? to);
      part.append(this.text.slice(at, end), this.offsetAt(at), this.#fixed[run] ?? false);
      at = end;
    }
    return part;
  }

  /** Whether `[from, to)` is one unbroken stretch of the source, with nothing that stands for something else. */
  isWhole(from: number, to: number): boolean {
    if (to <= from) return true;
    for (let run = this.#runAt(from); run < this.#at.length && (this.#at[run] as number) < to; run++) {
      if (this.#fixed[run]) return false;
    }
    return this.offsetAt(to - 1) - this.offsetAt(from) === to - 1 - from;
  }

  /** The run that holds an index: the last that starts at or before it. */
  #runAt(index: number): number {
    let low = 0;
    let high = this.#at.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#at[middle] as number) <= index) low = middle;
      else high = middle - 1;
    }
    return high < 0 ? -1 : low;
  }
}
