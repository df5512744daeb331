import type { Place } from "../../core/index.ts";

/** One definition of a macro. `previous` is what it hides: definitions of a name form a stack. */
export interface MacroDefinition {
  readonly name: string;
  /** getopt string of a parametric macro (`""` for none of its own, `"-"` for arguments taken as they come); undefined for a plain one. */
  readonly options: string | undefined;
  readonly body: string;
  /** Where it was defined; undefined when the caller set it. */
  readonly place: Place | undefined;
  readonly previous: MacroDefinition | undefined;
}

/**
 * Text after expansion. Where a part could only be known by running foreign code, that part is missing from `text` and `taints` says why;
 * an empty list means that the text is exact.
 */
export interface Expansion {
  readonly text: string;
  readonly taints: readonly string[];
}

/** A definition that an expansion went through, in order of first use. */
export interface MacroUse {
  readonly name: string;
  readonly body: string;
  readonly place: Place | undefined;
}

export interface MacroOptions {
  /** Answers `%{rpmversion}`; default 6.0.1. */
  readonly rpmVersion?: string;
  /** Answers `%{getconfdir}`; default /usr/lib/rpm. */
  readonly configFolder?: string;
  /** Answers `%{getenv:…}`; nothing of this process leaks in. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Answers `%{getncpus}`; fixed so that results do not depend on the machine. Default 1. */
  readonly processors?: number;
  /**
   * Byte source behind `%{load:…}`, `%{exists:…}` and `%include`: the text of a path that expansion names, or undefined. The caller decides
   * which paths exist; nothing is read otherwise.
   */
  readonly readFile?: (path: string) => string | undefined;
  /** Characters that may be scanned before `MACRO_BUDGET`; default 200 million. */
  readonly budget?: number;
  /** Characters that one expansion may give before `MACRO_TOO_LARGE`; default 16 million. */
  readonly maxLength?: number;
}

/** Told about each call of a parametric macro, with its expanded arguments. */
export type CallListener = (name: string, args: readonly string[]) => void;
