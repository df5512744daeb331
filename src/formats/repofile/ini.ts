import { WeirError } from "../../core/index.ts";

export interface IniEntry {
  readonly value: string;
  readonly line: number;
}

export interface IniSection {
  readonly name: string;
  readonly line: number;
  /** The last of equal keys counts. Values without the quotes around them. */
  readonly entries: ReadonlyMap<string, IniEntry>;
}

const mostBytes = 4 << 20;
const mostSections = 5000;

/**
 * Reads the ini dialect of dnf: `[section]`, `key = value`, lines that begin with a blank go on with the value above, `#` and `;` begin
 * comments at a line's start. Sections of equal name are one. Errors: `REPOFILE_MALFORMED` with file and line.
 */
export function parseIni(bytes: Uint8Array, file: string): IniSection[] {
  const fail = (line: number, message: string): WeirError =>
    new WeirError("REPOFILE_MALFORMED", message, {
      where: { file, line },
      hints: ["a .repo file has [sections] with lines of key = value"],
    });
  if (bytes.length > mostBytes) throw fail(1, `the file has more than ${mostBytes} bytes`);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString("utf8")
    .replace(/^\ufeff/, "");
  const sections = new Map<string, { name: string; line: number; entries: Map<string, IniEntry> }>();
  let entries: Map<string, IniEntry> | undefined;
  let key: string | undefined;
  let more: string[] = [];
  const finish = () => {
    const entry = key === undefined ? undefined : entries?.get(key);
    if (key !== undefined && entry !== undefined) {
      entries?.set(key, { value: withoutQuotes([entry.value, ...more].join("\n")), line: entry.line });
    }
    key = undefined;
    more = [];
  };
  let number = 0;
  for (const raw of text.split("\n")) {
    number++;
    const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    if (line.includes("\0")) throw fail(number, "a NUL byte: this is no text");
    if (line.trim() === "" || line[0] === "#" || line[0] === ";") continue;
    if (line[0] === " " || line[0] === "\t") {
      if (key === undefined) throw fail(number, "an indented line that continues nothing");
      more.push(line.trim());
      continue;
    }
    finish();
    if (line[0] === "[") {
      const end = line.indexOf("]");
      const name = line.slice(1, end).trim();
      if (end < 0 || name === "") throw fail(number, "a section without a name or without its ]");
      if (!/^\s*([#;].*)?$/.test(line.slice(end + 1))) throw fail(number, "text behind a section's ]");
      if (sections.size >= mostSections) throw fail(number, `more than ${mostSections} sections`);
      const section = sections.get(name) ?? { name, line: number, entries: new Map<string, IniEntry>() };
      sections.set(name, section);
      entries = section.entries;
      continue;
    }
    const equals = line.indexOf("=");
    const name = line.slice(0, Math.max(0, equals)).trim();
    if (name === "") throw fail(number, "neither a [section] nor key = value");
    if (entries === undefined) throw fail(number, `${name.slice(0, 60)} stands before the first [section]`);
    entries.set(name, { value: line.slice(equals + 1).trim(), line: number });
    key = name;
  }
  finish();
  return [...sections.values()];
}

function withoutQuotes(value: string): string {
  const quote = value[0];
  const quoted = value.length >= 2 && (quote === '"' || quote === "'") && value.endsWith(quote);
  return quoted ? value.slice(1, -1) : value;
}
