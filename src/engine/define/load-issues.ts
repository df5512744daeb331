import type { Place } from "../../core/index.ts";
import { compareText, formatPlace, WeirError } from "../../core/index.ts";
import type { Checkable } from "./load-file.ts";
import type { ValuePath } from "./load-positions.ts";
import { suggest } from "./load-suggest.ts";

/** One thing that is wrong with a definition. */
export interface DefinitionIssue {
  readonly code: string;
  readonly message: string;
  readonly where: Place;
  /** What to do, if it can be computed. */
  readonly hint?: string;
}

const maximumIssues = 1000;
const maximumHints = 20;
const maximumSuggestions = 50;

/** All issues of one load. The first one gives the error its code, message and place; the hints name the others. */
export class DefinitionError extends WeirError {
  readonly issues: readonly DefinitionIssue[];

  constructor(issues: readonly DefinitionIssue[]) {
    const [first, ...others] = issues;
    if (first === undefined) throw new Error("no issues");
    const hints = first.hint === undefined ? [] : [first.hint];
    for (const issue of others.slice(0, maximumHints)) {
      hints.push(`${formatPlace(issue.where)}: ${issue.message}${issue.hint === undefined ? "" : ` (${issue.hint})`}`);
    }
    if (others.length > maximumHints) hints.push(`and ${others.length - maximumHints} more`);
    super(first.code, first.message, { where: first.where, hints });
    this.issues = issues;
  }
}

/** Collects what is wrong while a definition is loaded. */
export class Issues {
  readonly #list: DefinitionIssue[] = [];
  #suggestions = 0;

  get any(): boolean {
    return this.#list.length > 0;
  }

  /** Says that no more issues are wanted: checks may stop. */
  get full(): boolean {
    return this.#list.length >= maximumIssues;
  }

  add(code: string, message: string, file: Checkable, path: ValuePath, hint?: string): void {
    if (!this.full) this.addAt(code, message, file.place(path), hint);
  }

  addAt(code: string, message: string, where: Place, hint?: string): void {
    if (this.full) return;
    this.#list.push(hint === undefined ? { code, message, where } : { code, message, where, hint });
  }

  /** A did-you-mean hint. Bounded over a whole load: a hostile definition may have many unknown names. */
  didYouMean(name: string, candidates: Iterable<string>): string | undefined {
    if (this.#suggestions++ >= maximumSuggestions) return undefined;
    const best = suggest(name, candidates);
    return best === undefined ? undefined : `did you mean "${best}"?`;
  }

  /** Throws a {@link DefinitionError} if there was anything: by file in the order of reading, then by place. */
  throwIfAny(fileOrder: readonly string[]): void {
    if (this.#list.length === 0) return;
    const order = new Map(fileOrder.map((file, index) => [file, index]));
    const rank = (issue: DefinitionIssue) => order.get(issue.where.file) ?? fileOrder.length;
    const sorted = [...this.#list].sort(
      (a, b) =>
        rank(a) - rank(b) ||
        (a.where.line ?? 0) - (b.where.line ?? 0) ||
        (a.where.column ?? 0) - (b.where.column ?? 0) ||
        compareText(a.code, b.code) ||
        compareText(a.message, b.message),
    );
    throw new DefinitionError(sorted);
  }
}
