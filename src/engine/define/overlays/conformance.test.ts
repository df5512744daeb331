import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { azureLinuxTree, sharedPath } from "../../../../test/support/tools.ts";
import type { OverlayConfig } from "../types.ts";
import { editSpec } from "./apply.ts";
import { OverlayFailure } from "./failure.ts";
import { decodeText, encodeText, joinSpec, splitSpec } from "./text.ts";

interface Case {
  readonly path: string;
  readonly n: number;
  readonly blob: string;
  readonly overlays: readonly OverlayConfig[];
  readonly sha256?: string;
  readonly failedAt?: number;
  readonly error?: string;
}

const tree = azureLinuxTree();
const cases = sharedPath("data", "overlay-cases.jsonl.gz");
const reason = tree.missing ?? cases.missing;

const codes: Record<string, string> = {
  OVERLAY_NO_SUCH_TAG: "no-such-tag",
  OVERLAY_SECTION_NOT_FOUND: "section-not-found",
  OVERLAY_PATTERN_NOT_FOUND: "pattern-not-found",
  OVERLAY_CONDITIONAL_SPANS: "conditional-spans",
  OVERLAY_UNMATCHED_IF: "unmatched-if",
  OVERLAY_NO_PATCHES: "no-patches",
};

describe.skipIf(reason !== undefined)(`azldev's own results${reason ? ` (skipped: ${reason})` : ""}`, () => {
  it("are reached in all cases", () => {
    const lines = gunzipSync(readFileSync(cases.path ?? ""))
      .toString()
      .trimEnd()
      .split("\n");
    const wrong: string[] = [];
    let foreign = 0;
    for (const line of lines) {
      const item = JSON.parse(line) as Case;
      const content = inputOf(item);
      if (!content) {
        foreign++;
        continue;
      }
      const got = outcome(item, content);
      const wanted = item.sha256 ?? `${item.failedAt} ${item.error}`;
      if (got !== wanted)
        wrong.push(`${item.path} ${item.n} ${item.overlays.map((o) => o.type).join("+")}: ${got} not ${wanted}`);
    }
    expect(wrong).toEqual([]);
    expect(foreign).toBe(0);
    expect(lines.length).toBe(4575);
  });
});

const inputs = new Map<string, Uint8Array | undefined>();

function inputOf(item: Case): Uint8Array | undefined {
  if (!inputs.has(item.path)) {
    const path = join(tree.path ?? "", item.path);
    const content = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    const blob = createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
    inputs.set(item.path, blob === item.blob ? content : undefined);
  }
  return inputs.get(item.path);
}

function outcome(item: Case, content: Uint8Array): string {
  let text = decodeText(content);
  for (const [index, overlay] of item.overlays.entries()) {
    try {
      const lines = editSpec(splitSpec(text), overlay);
      if (lines === undefined) return `${index} edits no spec`;
      text = decodeText(encodeText(joinSpec(lines)));
    } catch (error) {
      if (!(error instanceof OverlayFailure)) throw error;
      return `${index} ${codes[error.code] ?? error.code}`;
    }
  }
  return createHash("sha256").update(encodeText(text)).digest("hex");
}
