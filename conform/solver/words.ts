/** Splits a line at blanks. */
export function wordsOf(line: string): string[] {
  return line.split(/[ \t]+/).filter((word) => word !== "");
}

/** Replaces `\xx`, two hexadecimal digits, by that byte's character. What is no such pair stays. */
export function unescapeHex(text: string): string {
  return text.replace(/\\([0-9a-fA-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** The character as `\xx`. */
export function escapeHex(character: string): string {
  return `\\${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
