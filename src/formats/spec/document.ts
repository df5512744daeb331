import {
  type ConditionalKind,
  logicalLines,
  readDirective,
  readSectionHeader,
  readSelector,
  readTag,
} from "./lines.ts";
import type { SpecBranch, SpecConditional, SpecDocument, SpecLine, SpecSection, SpecTag } from "./types.ts";

interface OpenConditional {
  readonly index: number;
  readonly parent: number;
  readonly branches: { kind: SpecBranch["kind"]; line: number; end: number }[];
}

interface OpenSection {
  name: string;
  full: string | undefined;
  suffix: string | undefined;
  start: number;
  end: number;
  conditional: number;
}

/** Reads the structure of a spec. Takes any text, never fails, and keeps every character: `writeSpec(parseSpec(x)) === x`. */
export function parseSpec(text: string): SpecDocument {
  const lines = splitKeepingEnds(text);
  const texts = lines.map((line) => line.text);
  const sections: OpenSection[] = [
    { name: "preamble", full: undefined, suffix: undefined, start: 0, end: lines.length, conditional: -1 },
  ];
  const conditionals: (SpecConditional | undefined)[] = [];
  const open: OpenConditional[] = [];
  const tags: SpecTag[] = [];
  const unclosed: number[] = [];
  const innermost = () => open[open.length - 1]?.index ?? -1;

  for (const { start, end } of logicalLines(texts, (line) => unclosed.push(line))) {
    const line = texts[start] as string;
    const directive = readDirective(line);
    if (directive !== undefined) {
      if (directive.kind !== "include") takeDirective(directive.kind, start, conditionals, open);
      continue;
    }
    const header = readSectionHeader(line);
    const section = sections[sections.length - 1] as OpenSection;
    if (header !== undefined) {
      section.end = start;
      const { full, suffix } = readSelector(header);
      const hasPackage = header.name !== "changelog" && header.name !== "patchlist" && header.name !== "sourcelist";
      sections.push({
        name: header.name,
        full: hasPackage ? full : undefined,
        suffix: hasPackage ? suffix : undefined,
        start,
        end: lines.length,
        conditional: innermost(),
      });
      continue;
    }
    if (section.name !== "preamble" && section.name !== "package") continue;
    const tag = line.trimStart().startsWith("#") ? undefined : readTag(texts.slice(start, end).join("\n"));
    if (tag !== undefined) tags.push({ ...tag, line: start, section: sections.length - 1, conditional: innermost() });
  }
  for (const one of open) closeConditional(one, lines.length, undefined, conditionals);
  return {
    lines,
    sections: sections satisfies readonly SpecSection[],
    conditionals: conditionals.filter((one) => one !== undefined),
    tags,
    unclosed,
  };
}

/** The text of a document. */
export function writeSpec(document: SpecDocument): string {
  let text = "";
  for (const line of document.lines) text += line.text + line.ending;
  return text;
}

/** Reads the bytes of a spec: UTF-8 where they are, else each byte a character (ISO 8859-1), so that nothing is lost either way. */
export function decodeSpec(bytes: Uint8Array): { readonly text: string; readonly encoding: "utf8" | "latin1" } {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), encoding: "utf8" };
  } catch {
    return { text: Buffer.from(bytes).toString("latin1"), encoding: "latin1" };
  }
}

/** The bytes of a text that `decodeSpec` gave. */
export function encodeSpec(text: string, encoding: "utf8" | "latin1"): Uint8Array {
  return Buffer.from(text, encoding);
}

function splitKeepingEnds(text: string): SpecLine[] {
  const lines: SpecLine[] = [];
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf("\n", start);
    if (newline < 0) {
      lines.push({ text: text.slice(start), ending: "" });
      break;
    }
    const carriage = newline > start && text.charCodeAt(newline - 1) === 13;
    lines.push({ text: text.slice(start, carriage ? newline - 1 : newline), ending: carriage ? "\r\n" : "\n" });
    start = newline + 1;
  }
  return lines;
}

function takeDirective(
  kind: Exclude<ConditionalKind, "include">,
  line: number,
  conditionals: (SpecConditional | undefined)[],
  open: OpenConditional[],
): void {
  if (kind === "endif") {
    const one = open.pop();
    if (one !== undefined) closeConditional(one, line, line, conditionals);
    return;
  }
  if (kind.startsWith("if")) {
    const parent = open[open.length - 1]?.index ?? -1;
    conditionals.push(undefined);
    open.push({ index: conditionals.length - 1, parent, branches: [{ kind, line, end: line }] });
    return;
  }
  const one = open[open.length - 1];
  const last = one?.branches[one.branches.length - 1];
  if (one === undefined || last === undefined) return;
  last.end = line;
  one.branches.push({ kind, line, end: line });
}

function closeConditional(
  one: OpenConditional,
  end: number,
  endif: number | undefined,
  conditionals: (SpecConditional | undefined)[],
): void {
  const last = one.branches[one.branches.length - 1];
  if (last !== undefined) last.end = end;
  conditionals[one.index] = { branches: one.branches, endif, parent: one.parent };
}
