import type { YamlMap, YamlValue } from "./types.ts";
import { YamlCursor } from "./yaml-cursor.ts";
import { mostDepth } from "./yaml-error.ts";
import { flowValue } from "./yaml-flow.ts";
import { doubleQuoted, singleQuoted } from "./yaml-quoted.ts";
import { trimBlanks } from "./yaml-scalars.ts";
import { blockScalar, plainText } from "./yaml-text.ts";

/**
 * Reads one YAML document in linear time: block and flow collections, all kinds of scalars, comments. Anchors, aliases, tags and complex
 * keys are refused, equal keys too: module metadata has none, and what they make possible is harm. Scalars stay text.
 */
export function readYaml(text: string, firstLine: number): YamlValue {
  const cursor = new YamlCursor(text, firstLine);
  const column = cursor.nextContent();
  if (column < 0) return "";
  const value = blockNode(cursor, column, -1, 0);
  if (cursor.nextContent() >= 0) throw cursor.refuse("text that belongs to nothing above it");
  return value;
}

function blockNode(cursor: YamlCursor, column: number, parent: number, depth: number): YamlValue {
  if (depth > mostDepth) throw cursor.refuse("values nested too deeply");
  if (cursor.isItem()) return blockSequence(cursor, column, depth);
  if (isKey(cursor)) return blockMap(cursor, column, depth);
  return scalar(cursor, parent, depth);
}

/** Whether a key and its colon stand here, on one line. */
function isKey(cursor: YamlCursor): boolean {
  const code = cursor.text.charCodeAt(cursor.at);
  if (code === 91 || code === 123) return false;
  return keyEnd(cursor) >= 0;
}

/** Where the colon of the key that stands here is, or -1. */
function keyEnd(cursor: YamlCursor): number {
  const text = cursor.text;
  const start = cursor.at;
  const quote = text.charCodeAt(start);
  let at = start;
  if (quote === 34 || quote === 39) {
    for (at++; ; at++) {
      const code = text.charCodeAt(at);
      if (code === 10 || at >= text.length) return -1;
      if (quote === 34 && code === 92 && text.charCodeAt(at + 1) !== 10) at++;
      else if (code === quote) {
        if (quote === 39 && text.charCodeAt(at + 1) === 39) at++;
        else break;
      }
    }
    at++;
    while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9) at++;
    return text.charCodeAt(at) === 58 && cursor.isBlankAt(at + 1) ? at : -1;
  }
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10) return -1;
    if (code === 58 && cursor.isBlankAt(at + 1)) return at;
    if (code === 35 && at > start && cursor.isBlankAt(at - 1)) return -1;
  }
  return -1;
}

function blockSequence(cursor: YamlCursor, column: number, depth: number): YamlValue[] {
  const list: YamlValue[] = [];
  for (;;) {
    cursor.at++;
    list.push(valueBehind(cursor, column, depth + 1, false));
    const next = cursor.nextContent();
    if (next < column) return list;
    if (next > column) throw cursor.refuse("a line indented more than its sequence");
    if (!cursor.isItem()) return list;
  }
}

function blockMap(cursor: YamlCursor, column: number, depth: number): YamlMap {
  const map = new Map<string, YamlValue>();
  for (;;) {
    const end = keyEnd(cursor);
    if (end < 0) throw cursor.refuse("a line that is no key with a colon");
    const key = keyText(cursor, end);
    if (map.has(key)) throw cursor.refuse(`the key ${key.slice(0, 80)} is there twice`);
    cursor.at = end + 1;
    map.set(key, valueBehind(cursor, column, depth + 1, true));
    const next = cursor.nextContent();
    if (next < column) return map;
    if (next > column) throw cursor.refuse("a line indented more than its map");
  }
}

function keyText(cursor: YamlCursor, end: number): string {
  const code = cursor.text.charCodeAt(cursor.at);
  if (code === 34) return doubleQuoted(cursor);
  if (code === 39) return singleQuoted(cursor);
  cursor.refuseIndicator();
  return trimBlanks(cursor.text.slice(cursor.at, end));
}

/** What comes behind a `-` or a key's colon; ends at a line's start. */
function valueBehind(cursor: YamlCursor, column: number, depth: number, ofMap: boolean): YamlValue {
  const text = cursor.text;
  const begin = cursor.at;
  while (text.charCodeAt(cursor.at) === 32 || text.charCodeAt(cursor.at) === 9) cursor.at++;
  const code = text.charCodeAt(cursor.at);
  if (cursor.at >= text.length || code === 10 || (code === 35 && cursor.at > begin)) {
    cursor.startLine(cursor.lineEnd(cursor.at));
    const next = cursor.nextContent();
    if (next > column) return blockNode(cursor, next, column, depth);
    if (ofMap && next === column && cursor.isItem()) {
      if (depth > mostDepth) throw cursor.refuse("values nested too deeply");
      return blockSequence(cursor, next, depth);
    }
    // Seen, not consumed: whoever comes next looks at the line from its start.
    if (next >= 0) cursor.at = cursor.lineStart;
    return "";
  }
  if (ofMap) {
    if (cursor.isItem()) throw cursor.refuse("a sequence on the line of its key");
    return scalar(cursor, column, depth);
  }
  return blockNode(cursor, cursor.at - cursor.lineStart, column, depth);
}

function scalar(cursor: YamlCursor, parent: number, depth: number): YamlValue {
  switch (cursor.text[cursor.at]) {
    case "|":
    case ">":
      return blockScalar(cursor, parent);
    case '"':
    case "'":
    case "[":
    case "{": {
      const value = closedValue(cursor, depth);
      cursor.finishLine();
      return value;
    }
    default:
      cursor.refuseIndicator();
      return plainText(cursor, parent);
  }
}

function closedValue(cursor: YamlCursor, depth: number): YamlValue {
  const mark = cursor.text[cursor.at];
  if (mark === '"') return doubleQuoted(cursor);
  return mark === "'" ? singleQuoted(cursor) : flowValue(cursor, depth);
}
