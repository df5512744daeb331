import type { Instruction, Position, Span } from "../../formats/dockerfile/index.ts";
import { matchesGlob } from "../compat/index.ts";
import type { Collector } from "./collector.ts";
import type { LegacyFacts } from "./types.ts";

interface Line {
  readonly text: string;
  readonly start: Position;
}

const mostHits = 200;

/** Judges paths, URLs, key files and tests for the distribution, wherever they stand in an instruction. */
export function checkText(out: Collector, instruction: Instruction, legacy: LegacyFacts): void {
  const lines = codeLines(out.text, instruction);
  const taken: Span[] = [];
  const paths = Object.entries(legacy.paths).sort((a, b) => b[0].length - a[0].length || (a[0] < b[0] ? -1 : 1));
  if (paths.length > 0) out.looked("PM005");
  const free = (span: Span) =>
    taken.every((other) => span.end.offset <= other.start.offset || span.start.offset >= other.end.offset) &&
    taken.push(span) > 0;
  for (const [path, replacement] of paths) {
    for (const { span } of findAll(lines, path, isPathBoundary)) {
      if (!free(span)) continue;
      if (path.endsWith("-release")) {
        out.finding("OS001", span, path, `${path} is not on the target`, {
          remedy: `read ID and ID_LIKE from ${replacement}`,
        });
      } else
        out.finding("PM005", span, path, `${path} is a path of ${legacy.name}`, {
          remedy: `use ${replacement}`,
          edit: replacement,
        });
    }
  }
  for (const [path, advice] of Object.entries(legacy.lostPaths)) {
    for (const { span } of findAll(lines, path, isPathBoundary))
      if (free(span)) out.finding("PM005", span, path, `${path} is a path of ${legacy.name}`, { remedy: advice });
  }
  for (const url of legacy.repositoryUrls) {
    for (const { span } of findAll(lines, url, () => true))
      out.finding("REPO001", span, url, `${url} belongs to ${legacy.name}`);
  }
  for (const name of legacy.keyFiles) {
    for (const { span } of findAll(lines, name, isWordBoundary))
      out.finding("REPO003", span, name, `${name} is a key file of ${legacy.name}`);
  }
  for (const line of lines) {
    const match = /(?:^|[^\w.-])((?:repo_)?gpgcheck\s*=\s*(?:0|false|no))\b/i.exec(line.text);
    if (match && !/--setopt/.test(line.text)) {
      const at = match.index + match[0].length - (match[1] as string).length;
      out.finding(
        "REPO005",
        spanIn(line, at, (match[1] as string).length),
        "gpgcheck",
        "signatures of packages are not checked",
      );
    }
  }
  for (const line of lines) {
    const match = /\/yum\.repos\.d\/([\w.*-]{1,200}?)(?:\.repo)?(?=[\s"';:,)]|$)|^\s*\[([\w.-]{1,200})\]\s*$/.exec(
      line.text,
    );
    const id = match?.[1] ?? match?.[2];
    if (match === null || id === undefined || !legacy.repositoryIds.some((pattern) => matchesGlob(id, pattern)))
      continue;
    const at = match.index + match[0].indexOf(id);
    out.finding("REPO002", spanIn(line, at, id.length), id, `${id} is a repository of ${legacy.name}`);
  }
  if (instruction.keyword === "RUN") checkOsTests(out, lines, legacy);
}

/** An id of the legacy distribution in a line that tests or reads what the system is. */
function checkOsTests(out: Collector, lines: readonly Line[], legacy: LegacyFacts): void {
  const reads = lines.some((line) => /os-release|lsb_release/.test(line.text));
  if (reads) out.looked("OS001");
  for (const id of legacy.osIds) {
    for (const { span, line } of findAll(lines, id, isWordBoundary)) {
      const tests =
        /os-release|lsb_release|\bID(?:_LIKE)?\b|\$\{?(?:NAME|PRETTY_NAME|DISTRO|OS)\b|\[\[?\s|\btest\s|\bcase\b|\bgrep\b|==|^\s*"?[\w|*" -]+"?\s*\)/.test(
          line.text,
        );
      if (reads || tests) out.finding("OS001", span, id, `a test for ${id}, which the target is not`);
    }
  }
}

/** Lines of an instruction that are no comments. */
function codeLines(text: string, instruction: Instruction): Line[] {
  const lines: Line[] = [];
  const { start, end } = instruction.span;
  let { offset, line, column } = start;
  while (offset < end.offset) {
    const newline = text.indexOf("\n", offset);
    const stop = newline < 0 ? end.offset : Math.min(newline, end.offset);
    const content = text.slice(offset, stop);
    if (!content.trimStart().startsWith("#")) lines.push({ text: content, start: { offset, line, column } });
    offset = stop + 1;
    line++;
    column = 1;
  }
  return lines;
}

function spanIn(line: Line, at: number, length: number): Span {
  const { offset, column } = line.start;
  const start = { offset: offset + at, line: line.start.line, column: column + at };
  return { start, end: { offset: start.offset + length, line: start.line, column: start.column + length } };
}

function findAll(
  lines: readonly Line[],
  needle: string,
  boundary: (text: string, from: number, to: number) => boolean,
): { span: Span; line: Line }[] {
  const found: { span: Span; line: Line }[] = [];
  if (needle === "") return found;
  for (const line of lines) {
    for (
      let at = line.text.indexOf(needle);
      at >= 0 && found.length < mostHits;
      at = line.text.indexOf(needle, at + needle.length)
    ) {
      if (boundary(line.text, at, at + needle.length)) found.push({ span: spanIn(line, at, needle.length), line });
    }
  }
  return found;
}

/** A whole path or a folder above one; a path of another root (`/mnt/etc/x`) is meant for that root, and counts as well. */
function isPathBoundary(text: string, from: number, to: number): boolean {
  return !/[\w.-]/.test(text[to] ?? " ") && !/[.-]/.test(text[from - 1] ?? " ");
}

function isWordBoundary(text: string, from: number, to: number): boolean {
  return !/[\w./-]/.test(text[to] ?? " ") && !/[\w.-]/.test(text[from - 1] ?? " ");
}
