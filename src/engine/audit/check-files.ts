import type { Instruction, Span } from "../../formats/dockerfile/index.ts";
import { matchesGlob, type PackageIndex, type PackageMap } from "../compat/index.ts";
import { programOf } from "./check-system.ts";
import type { Collector } from "./collector.ts";
import type { NameResolver } from "./resolve-name.ts";
import type { LegacyFacts } from "./types.ts";

/** Judges sonames, paths and commands that a file names and that only the legacy distribution had. */
export function checkFiles(
  out: Collector,
  instruction: Instruction,
  names: NameResolver,
  map: PackageMap,
  before: PackageIndex | undefined,
  legacy: LegacyFacts,
): void {
  const libraries = new Map(map.libraries.map((library) => [library.soname, library]));
  const words = [
    ...instruction.words,
    ...instruction.commands.flatMap((command) => [
      ...command.words,
      ...command.redirects.flatMap(({ target }) => target ?? []),
    ]),
  ];
  const seen = new Set<number>();
  for (const word of words) {
    const { value, span } = word;
    if (value === undefined || value.length > 4096 || seen.has(span.start.offset)) continue;
    seen.add(span.start.offset);
    for (const [soname] of value.matchAll(/\blib[\w.+-]{1,128}\.so\.[\w.]{1,64}/g)) {
      const library = libraries.get(soname);
      out.looked("ABI003");
      if (!library || library.to.includes(soname)) continue;
      const remedy =
        library.to.length > 0
          ? `the target has ${library.to.join(", ")}: build against that`
          : "no package of the target has this library";
      out.finding(
        "ABI003",
        part(out, span, soname),
        soname,
        `${soname} of ${library.by.join(", ")} is not on the target`,
        { remedy },
      );
    }
    checkInterpreter(out, value, span, names);
    if (before && value.startsWith("/") && !/\.so(?:\.|$)/.test(value))
      checkPath(out, value, span, names, before, legacy);
  }
  if (!before) return;
  for (const command of instruction.commands) {
    const program = programOf(command);
    const [word] = command.words;
    if (
      program === undefined ||
      !word ||
      word.value?.includes("/") !== false ||
      Object.hasOwn(legacy.managers, program)
    )
      continue;
    out.looked("FILE001");
    const path = `/usr/bin/${program}`;
    const owners = before.owners(path);
    if (owners.length > 0 && names.target.owners(path).length === 0)
      report(out, word.span, program, owners[0]?.name ?? "", names);
  }
}

/** `python3.12` in a path, a command or a package name, where the target has another one. */
function checkInterpreter(out: Collector, value: string, span: Span, names: NameResolver): void {
  const { python } = names;
  if (!python) return;
  out.looked("ABI004");
  const text = `python${python.before}`;
  const at = value.indexOf(text);
  if (at < 0 || /[\w.]/.test(value[at - 1] ?? " ") || /\d/.test(value[at + text.length] ?? " ")) return;
  const what = part(out, span, text);
  out.finding(
    "ABI004",
    what,
    text,
    `${text} is of the legacy distribution; the target has python${python.after.join(", python")}`,
  );
}

function checkPath(
  out: Collector,
  path: string,
  span: Span,
  names: NameResolver,
  before: PackageIndex,
  legacy: LegacyFacts,
): void {
  const known = [...Object.keys(legacy.paths), ...Object.keys(legacy.lostPaths)];
  if (known.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))) return;
  const repository = /^\/etc\/yum\.repos\.d\/(.+)\.repo$/.exec(path)?.[1];
  if (repository !== undefined && legacy.repositoryIds.some((pattern) => matchesGlob(repository, pattern))) return;
  const complete = names.target.repository.filesComplete || /^\/(?:usr\/)?s?bin\/|^\/etc\//.test(path);
  const owners = before.owners(path.replace(/\/+$/, ""));
  if (owners.length === 0 || !complete) return;
  out.looked("FILE001");
  if (names.target.owners(path.replace(/\/+$/, "")).length === 0) report(out, span, path, owners[0]?.name ?? "", names);
}

function report(out: Collector, span: Span, what: string, owner: string, names: NameResolver): void {
  const folder = what.startsWith("/") ? /^\/[^/]+\//.exec(what)?.[0] : "/usr/bin/";
  const instead = names.filesOfSuccessors(owner, (path) => folder !== undefined && path.startsWith(folder)).slice(0, 4);
  const now = names.targetFor(owner);
  const remedy =
    instead.length > 0
      ? `${owner} held it; now there is ${instead.join(", ")}`
      : now === undefined
        ? `${owner} held it, which is gone`
        : `${owner} held it: see what ${now} has instead`;
  out.finding("FILE001", span, what, `${what} is in no package of the target`, { remedy });
}

/** The part of a word's span that holds a text, if the source holds it as it is. */
function part(out: Collector, span: Span, text: string): Span {
  const at = out.text.indexOf(text, span.start.offset);
  if (at < 0 || at + text.length > span.end.offset || out.text.slice(span.start.offset, at).includes("\n")) return span;
  const { line, column } = span.start;
  const start = { offset: at, line, column: column + at - span.start.offset };
  return { start, end: { offset: at + text.length, line, column: start.column + text.length } };
}
