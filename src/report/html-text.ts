import { clip, oneLine } from "./text.ts";

/** Text made safe for an element or a quoted attribute, on one line, cut after `limit` UTF-16 units. */
export function text(value: string, limit = 4000): string {
  return clip(oneLine(value), limit).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** Gives each wanted anchor once: letters, digits and hyphens, a number at the end where it was taken. */
export function makeAnchors(): (wanted: string) => string {
  const taken = new Map<string, number>();
  return (wanted) => {
    const name = wanted.slice(0, 80).replace(/[^a-z0-9-]+/gi, "-") || "part";
    const before = taken.get(name) ?? 0;
    taken.set(name, before + 1);
    return before === 0 ? name : `${name}.${before + 1}`;
  };
}

/** `1 finding`, `2 findings`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
