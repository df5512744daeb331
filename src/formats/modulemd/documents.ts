export interface YamlDocument {
  readonly text: string;
  /** Line of its first character within the file, from 1. */
  readonly line: number;
}

/** Cuts a file at its `---` and `...` lines; what has only blanks and comments is left out. Directives are passed over. */
export function* splitDocuments(bytes: Uint8Array): Generator<YamlDocument> {
  let text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString("utf8")
    .replace(/^\ufeff/, "");
  if (text.includes("\r")) text = text.replace(/\r\n?/g, "\n");
  const marks = /^(?:---|\.\.\.)(?=[ \t\n]|$)/gm;
  let start = 0;
  let line = 1;
  let opened = false;
  for (;;) {
    const mark = marks.exec(text);
    const end = mark === null ? text.length : mark.index;
    const body = opened ? text.slice(start, end) : withoutDirectives(text.slice(start, end));
    if (/^[ \t]*[^\s#]/m.test(body)) yield { text: body, line };
    if (mark === null) return;
    for (let at = text.indexOf("\n", start); at >= 0 && at < end; at = text.indexOf("\n", at + 1)) line++;
    start = end + 3;
    opened = mark[0] === "---";
  }
}

function withoutDirectives(text: string): string {
  return text.includes("%") ? text.replace(/^%[^\n]*/gm, "") : text;
}
