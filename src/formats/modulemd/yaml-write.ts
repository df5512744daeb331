import type { YamlMap, YamlValue } from "./types.ts";

/** Fields whose values are numbers and truth values to YAML: they are written bare, all other text so that it stays text. */
const bareValues = /^(?:true|false|0|[1-9]\d{0,19})$/;
const bareKeys: ReadonlySet<string> = new Set(["version", "modified", "static_context", "reset", "buildorder"]);

/** What no reader of YAML 1.1 or 1.2 takes for anything but text. */
const plain = /^[A-Za-z/_.(][A-Za-z0-9/_.()+~^@=%$*!?<>;,: '"&|-]*$/;
const special = /^(?:true|false|yes|no|on|off|y|n|null|none|nan|inf|\.nan|\.inf|[.0-9][0-9_,:.eE+-]*|0[xo][0-9a-f]+)$/i;

const unprintableInBlock = /[^\n\x20-\x7e\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;
const quotedSpecial = /[\\"]|[^\x20-\x7e\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/gu;

/** A map as block YAML, ending with a line feed. Small empty values are `{}` and `[]`, text is quoted where it has to be. */
export function writeYaml(value: YamlMap): string {
  const parts: string[] = [];
  writeMap(value, 0, parts);
  return parts.join("");
}

function writeMap(map: YamlMap, indent: number, parts: string[]): void {
  for (const [key, value] of map) {
    parts.push(" ".repeat(indent), scalar(key, false), ":");
    writeValue(value, indent, parts, bareKeys.has(key));
  }
}

/** What stands behind a key: at once, or below. */
function writeValue(value: YamlValue, indent: number, parts: string[], bare: boolean): void {
  if (typeof value === "string") writeText(value, indent, parts, bare);
  else if (value instanceof Map) {
    if (value.size === 0) parts.push(" {}\n");
    else {
      parts.push("\n");
      writeMap(value as YamlMap, indent + 2, parts);
    }
  } else writeList(value as readonly YamlValue[], indent, parts);
}

function writeList(list: readonly YamlValue[], indent: number, parts: string[]): void {
  if (list.length === 0) {
    parts.push(" []\n");
    return;
  }
  parts.push("\n");
  for (const item of list) {
    if (item instanceof Map && item.size > 0) {
      const inner: string[] = [];
      writeMap(item as YamlMap, indent + 2, inner);
      parts.push(" ".repeat(indent), "- ", inner.join("").slice(indent + 2));
    } else {
      parts.push(" ".repeat(indent), "-");
      writeValue(item, indent + 2, parts, false);
    }
  }
}

function writeText(text: string, indent: number, parts: string[], bare: boolean): void {
  if (!isBlock(text)) {
    parts.push(" ", scalar(text, bare), "\n");
    return;
  }
  const body = text.replace(/\n+$/, "");
  const trailing = text.length - body.length;
  parts.push(" |", trailing === 0 ? "-" : trailing > 1 ? "+" : "", "\n");
  for (const line of body.split("\n")) parts.push(line === "" ? "" : " ".repeat(indent + 2) + line, "\n");
  for (let count = 1; count < trailing; count++) parts.push("\n");
}

/** Text of several lines that a block holds as it is: the first begins with no blank, none ends with one, all is printable. */
function isBlock(text: string): boolean {
  return /^\S/.test(text) && text.includes("\n") && !/[ \t](?:\n|$)/.test(text) && !unprintableInBlock.test(text);
}

function scalar(text: string, bare: boolean): string {
  if (bare && bareValues.test(text)) return text;
  if (plain.test(text) && !special.test(text) && !/: |:$| #|\s$/.test(text)) return text;
  return `"${text.replace(quotedSpecial, escape)}"`;
}

function escape(found: string): string {
  if (found === "\\" || found === '"') return `\\${found}`;
  if (found === "\n") return "\\n";
  if (found === "\t") return "\\t";
  const code = found.codePointAt(0) ?? 0;
  // Half a surrogate pair is no character.
  if (code >= 0xd800 && code <= 0xdfff) return "\\ufffd";
  return `\\u${code.toString(16).padStart(4, "0")}`;
}
