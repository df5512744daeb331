import type { YamlMap, YamlValue } from "./types.ts";
import type { YamlCursor } from "./yaml-cursor.ts";
import { mostDepth } from "./yaml-error.ts";
import { doubleQuoted, singleQuoted } from "./yaml-quoted.ts";
import { FoldedText, trimBlanks } from "./yaml-scalars.ts";

/** The value inside brackets, or in quotes, that begins here. */
export function flowValue(cursor: YamlCursor, depth: number): YamlValue {
  if (depth > mostDepth) throw cursor.refuse("values nested too deeply");
  const mark = cursor.text[cursor.at];
  if (mark === '"') return doubleQuoted(cursor);
  if (mark === "'") return singleQuoted(cursor);
  if (mark === "[") return flowSequence(cursor, depth);
  if (mark === "{") return flowMap(cursor, depth);
  cursor.refuseIndicator();
  return flowPlain(cursor);
}

function flowSequence(cursor: YamlCursor, depth: number): YamlValue[] {
  const list: YamlValue[] = [];
  cursor.at++;
  for (;;) {
    flowSpace(cursor);
    if (cursor.text[cursor.at] === "]") break;
    list.push(flowValue(cursor, depth + 1));
    flowSpace(cursor);
    if (cursor.text[cursor.at] === ",") cursor.at++;
    else if (cursor.text[cursor.at] !== "]") throw cursor.refuse("neither , nor ] behind an item");
  }
  cursor.at++;
  return list;
}

function flowMap(cursor: YamlCursor, depth: number): YamlMap {
  const map = new Map<string, YamlValue>();
  cursor.at++;
  for (;;) {
    flowSpace(cursor);
    if (cursor.text[cursor.at] === "}") break;
    const key = flowValue(cursor, depth + 1);
    if (typeof key !== "string") throw cursor.refuse("a complex key, which is not read");
    if (map.has(key)) throw cursor.refuse(`the key ${key.slice(0, 80)} is there twice`);
    flowSpace(cursor);
    let value: YamlValue = "";
    if (cursor.text[cursor.at] === ":") {
      cursor.at++;
      flowSpace(cursor);
      const next = cursor.text[cursor.at];
      if (next !== "," && next !== "}") value = flowValue(cursor, depth + 1);
      flowSpace(cursor);
    }
    map.set(key, value);
    if (cursor.text[cursor.at] === ",") cursor.at++;
    else if (cursor.text[cursor.at] !== "}") throw cursor.refuse("neither , nor } behind a value");
  }
  cursor.at++;
  return map;
}

/** Skips blanks, breaks and comments; gives the number of breaks. */
function flowSpace(cursor: YamlCursor): number {
  const text = cursor.text;
  let breaks = 0;
  for (;;) {
    const code = text.charCodeAt(cursor.at);
    if (cursor.at >= text.length) throw cursor.refuse("a bracket that is never closed");
    if (code === 10) {
      breaks++;
      cursor.startLine(cursor.at);
    } else if (code === 32 || code === 9) cursor.at++;
    else if (code === 35 && cursor.isBlankAt(cursor.at - 1)) cursor.at = cursor.lineEnd(cursor.at);
    else return breaks;
  }
}

function flowPlain(cursor: YamlCursor): string {
  let folded: FoldedText | undefined;
  const text = cursor.text;
  for (;;) {
    let at = cursor.at;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 10 || code === 44 || code === 91 || code === 93 || code === 123 || code === 125) break;
      if (code === 58 && (cursor.isBlankAt(at + 1) || ",[]{}".includes(text[at + 1] ?? " "))) break;
      if (code === 35 && cursor.isBlankAt(at - 1)) break;
    }
    const piece = trimBlanks(text.slice(cursor.at, at));
    if (folded === undefined) folded = new FoldedText(piece);
    else folded.line(piece);
    cursor.at = at;
    if (text.charCodeAt(at) !== 10) break;
    const breaks = flowSpace(cursor);
    for (let count = 1; count < breaks; count++) folded.blank();
    const next = text[cursor.at] ?? "";
    if (",[]{}:#".includes(next)) break;
  }
  const value = folded.text;
  if (value === "") throw cursor.refuse("an empty item");
  return value;
}
