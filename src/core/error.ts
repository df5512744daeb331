/** A place in a file, or the identity of what an error is about (a NEVRA, a URL). Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

export interface WeirErrorInit {
  /** Where it happened: a file position, or a NEVRA, URL or path as text. */
  readonly where?: Place | string | undefined;
  /** One action each, computed from state. */
  readonly hints?: readonly string[];
  readonly cause?: unknown;
  /** Exit code class; `input` (2) unless said otherwise. */
  readonly kind?: WeirErrorKind;
}

/** What sort of trouble it is; decides the exit code: refused 1, input 2, machine 3, remote 4. */
export type WeirErrorKind = "refused" | "input" | "machine" | "remote";

const exitCodes: Record<WeirErrorKind, number> = { refused: 1, input: 2, machine: 3, remote: 4 };

/**
 * The tool cannot do what was asked. `code` is stable (`RPMMD_CHECKSUM_MISMATCH`), messages are for people.
 * Control characters and credentials in URLs are removed when the error is made, since much of the text is the input's.
 */
export class WeirError extends Error {
  override readonly name = "WeirError";
  readonly code: string;
  readonly where: Place | string | undefined;
  readonly hints: readonly string[];
  readonly kind: WeirErrorKind;

  constructor(code: string, message: string, init: WeirErrorInit = {}) {
    super(cleanText(message), init.cause === undefined ? undefined : { cause: init.cause });
    this.code = code;
    this.where =
      typeof init.where === "string"
        ? cleanText(init.where)
        : init.where && { ...init.where, file: cleanText(init.where.file) };
    this.hints = (init.hints ?? []).map(cleanText);
    this.kind = init.kind ?? "input";
  }

  get exitCode(): number {
    return exitCodes[this.kind];
  }
}

/** `file:line:column`, as far as known. */
export function formatPlace(place: Place | string): string {
  if (typeof place === "string") return place;
  let text = place.file;
  if (place.line !== undefined) text += `:${place.line}`;
  if (place.line !== undefined && place.column !== undefined) text += `:${place.column}`;
  return text;
}

/** Removes control characters (but newline and tab), bidirectional overrides and `user:password@` in URLs; bounds the length. */
export function cleanText(text: string): string {
  const clean = text
    .slice(0, 4 * longest)
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd")
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, "$1***@");
  return text.length > longest ? `${clean.slice(0, longest)}…` : clean;
}

const longest = 4000;

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The `code` of a system error such as `ENOENT`, or undefined. */
export function systemCode(thrown: unknown): string | undefined {
  if (thrown instanceof Error && "code" in thrown && typeof thrown.code === "string") return thrown.code;
  return undefined;
}
