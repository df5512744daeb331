import { WeirError } from "../../src/core/index.ts";
import { wordsOf } from "./words.ts";

/** Data that stands in the case, or in a file beside it. */
export type CaseData = { readonly inline: readonly string[] } | { readonly file: string };

/** A command of a case; `line` counts from 1. Words are as they stand there. */
export type CaseCommand = { readonly line: number } & (
  | {
      readonly kind: "repo";
      readonly name: string;
      readonly priority: number;
      readonly subPriority: number;
      readonly type: string;
      readonly data: CaseData | undefined;
    }
  | { readonly kind: "system"; readonly arch: string; readonly types: string; readonly installed: string | undefined }
  | {
      readonly kind:
        | "job"
        | "vendorclass"
        | "namespace"
        | "poolflags"
        | "solverflags"
        | "disable"
        | "feature"
        | "genid"
        | "autoinst"
        | "evrcmp";
      readonly words: readonly string[];
    }
);

/** One solve of a case. Repositories and the system stay for those after it. */
export interface CaseSection {
  readonly commands: readonly CaseCommand[];
  /** What the result is compared in, e.g. `transaction`; the data is absent where a case expects nothing. */
  readonly result: { readonly sections: readonly string[]; readonly data: CaseData | undefined } | undefined;
  /** The next section goes on with the solver of this one, and its settings. */
  readonly reuseSolver: boolean;
}

const simpleKinds = new Set([
  "job",
  "vendorclass",
  "namespace",
  "poolflags",
  "solverflags",
  "disable",
  "feature",
  "genid",
  "autoinst",
  "evrcmp",
] as const);
type SimpleKind = typeof simpleKinds extends Set<infer Kind> ? Kind : never;

/** Reads the text of a test case in libsolv's format. Errors: `CASE_SYNTAX`, at the line. */
export function readCase(text: string, file: string): CaseSection[] {
  const lines = text.split("\n");
  const sections: CaseSection[] = [];
  let commands: CaseCommand[] = [];
  let result: CaseSection["result"];
  let at = 0;
  const inline = (): string[] => {
    const found: string[] = [];
    while (at < lines.length && (lines[at] as string).startsWith("#>")) found.push((lines[at++] as string).slice(2));
    return found;
  };
  const dataOf = (word: string | undefined): CaseData | undefined =>
    word === undefined ? undefined : word === "<inline>" ? { inline: inline() } : { file: word };
  const finish = (reuseSolver: boolean): void => {
    if (commands.length > 0 || result !== undefined) sections.push({ commands, result, reuseSolver });
    commands = [];
    result = undefined;
  };
  while (at < lines.length) {
    const line = at + 1;
    const words = wordsOf(lines[at++] as string);
    const [kind] = words;
    if (kind === undefined || kind.startsWith("#")) continue;
    const wrong = (message: string): WeirError =>
      new WeirError("CASE_SYNTAX", message, {
        where: { file, line },
        hints: ["commands are described in docs/guides/conformance.md"],
      });
    if (kind === "nextjob") finish(words[1] === "reusesolver");
    else if (kind === "result") {
      if (words[1] === undefined) throw wrong("a result names no sections");
      const data = dataOf(words[2]);
      result = { sections: words[1].split(","), data };
    } else if (kind === "repo") {
      const [, name, priorities, type] = words;
      const numbers = /^(-?\d+)(?:\.(-?\d+))?$/.exec(priorities ?? "");
      if (name === undefined || type === undefined || numbers === null)
        throw wrong("a repository has a name, a priority and a type");
      const data = type === "empty" ? undefined : dataOf(words[4]);
      const [, priority, subPriority] = numbers;
      commands.push({
        kind,
        line,
        name,
        priority: Number(priority),
        subPriority: Number(subPriority ?? 0),
        type,
        data,
      });
    } else if (kind === "system") {
      const [, arch, types, installed] = words;
      if (arch === undefined || types === undefined)
        throw wrong("a system has an architecture and a kind of distribution");
      commands.push({ kind, line, arch, types, installed });
    } else if (simpleKinds.has(kind as SimpleKind)) {
      if (words.length < 2 && kind !== "poolflags") throw wrong(`${kind} needs something after it`);
      commands.push({ kind: kind as SimpleKind, line, words: words.slice(1) });
    } else throw wrong(`there is no command ${kind}`);
  }
  finish(false);
  return sections;
}
