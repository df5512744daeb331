import type { TextEdit } from "./types.ts";

/** The text with edits made, which are sorted and do not overlap. */
export function applyEdits(text: string, edits: readonly Pick<TextEdit, "start" | "end" | "after">[]): string {
  let result = "";
  let at = 0;
  for (const { start, end, after } of edits) {
    result += text.slice(at, start) + after;
    at = end;
  }
  return result + text.slice(at);
}
