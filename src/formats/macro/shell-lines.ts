/** Lines of a text, without an empty one behind the last newline. */
export function lines(text: string): string[] {
  const list = text.split("\n");
  if (list[list.length - 1] === "") list.pop();
  return list;
}

/** A text with each line changed; undefined as soon as a line cannot be. */
export function eachLine(text: string, change: (line: string) => string | undefined): string | undefined {
  let out = "";
  for (const line of lines(text)) {
    const changed = change(line);
    if (changed === undefined) return undefined;
    out += `${changed}\n`;
  }
  return out;
}
