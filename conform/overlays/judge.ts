import { createHash } from "node:crypto";
import { editSpec } from "../../src/engine/define/overlays/apply.ts";
import { OverlayFailure } from "../../src/engine/define/overlays/failure.ts";
import { decodeText, encodeText, joinSpec, splitSpec } from "../../src/engine/define/overlays/text.ts";
import type { OverlayCase } from "./read-cases.ts";

/** What Weir calls a failure → the class that case files name. */
const classes: Readonly<Record<string, string>> = {
  OVERLAY_NO_SUCH_TAG: "no-such-tag",
  OVERLAY_SECTION_NOT_FOUND: "section-not-found",
  OVERLAY_PATTERN_NOT_FOUND: "pattern-not-found",
  OVERLAY_CONDITIONAL_SPANS: "conditional-spans",
  OVERLAY_UNMATCHED_IF: "unmatched-if",
  OVERLAY_NO_PATCHES: "no-patches",
};

/** The class of a failure: as in case files, else its code in their manner. */
export function failureClass(code: string): string {
  return (
    classes[code] ??
    code
      .replace(/^OVERLAY_/, "")
      .toLowerCase()
      .replaceAll("_", "-")
  );
}

export interface Verdict {
  readonly result: "pass" | "fail" | "skip";
  readonly reason: string;
}

/** Applies a case's overlays to its input and compares with what is wanted. Only the spec's part of an overlay is looked at. */
export function judgeCase(item: OverlayCase, input: Uint8Array): Verdict {
  const { wanted } = item;
  const got = outcome(item, input);
  if ("skip" in got) return { result: "skip", reason: got.skip };
  const same =
    "sha256" in got
      ? "sha256" in wanted && got.sha256 === wanted.sha256
      : "error" in wanted && got.error === wanted.error && got.failedAt === wanted.failedAt;
  return same
    ? { result: "pass", reason: "" }
    : { result: "fail", reason: `${describe(got)} instead of ${describe(wanted)}` };
}

type Outcome = OverlayCase["wanted"] | { readonly skip: string };

function outcome(item: OverlayCase, input: Uint8Array): Outcome {
  let text = decodeText(input);
  for (const [index, overlay] of item.overlays.entries()) {
    try {
      const lines = editSpec(splitSpec(text), overlay);
      if (lines === undefined) return { skip: `${overlay.type} edits no spec` };
      text = decodeText(encodeText(joinSpec(lines)));
    } catch (error) {
      if (!(error instanceof OverlayFailure)) throw error;
      return { failedAt: index, error: failureClass(error.code) };
    }
  }
  return { sha256: createHash("sha256").update(encodeText(text)).digest("hex") };
}

function describe(outcome: OverlayCase["wanted"]): string {
  return "sha256" in outcome
    ? `a spec of digest ${outcome.sha256.slice(0, 12)}`
    : `${outcome.error} at overlay ${outcome.failedAt}`;
}
