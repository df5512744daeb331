const open = "\ufdd0";
const close = "\ufdd1";

/**
 * Marks in text that stand for values nobody computed. They are Unicode noncharacters around an index, so that they travel through every
 * macro that copies text; a mark that this log never gave out is ordinary text.
 */
export class TaintLog {
  readonly #reasons: string[] = [];
  readonly #indexes = new Map<string, number>();

  mark(reason: string): string {
    let index = this.#indexes.get(reason);
    if (index === undefined) {
      index = this.#reasons.push(reason) - 1;
      this.#indexes.set(reason, index);
    }
    return `${open}${index}${close}`;
  }

  /** The text without marks, and the reasons behind them, each once. */
  strip(text: string): { readonly text: string; readonly taints: readonly string[] } {
    if (!text.includes(open)) return { text, taints: [] };
    const taints = new Set<string>();
    const clean = text.replace(/\ufdd0(\d{1,9})\ufdd1/g, (mark, digits: string) => {
      const reason = this.#reasons[Number(digits)];
      if (reason === undefined) return mark;
      taints.add(reason);
      return "";
    });
    return { text: clean, taints: [...taints] };
  }

  /** Only the marks of a text, to go on with a value computed from it. */
  marksOf(text: string): string {
    if (!text.includes(open)) return "";
    return (text.match(/\ufdd0\d{1,9}\ufdd1/g) ?? []).join("");
  }
}
