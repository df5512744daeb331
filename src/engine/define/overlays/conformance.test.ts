import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { WeirError } from "../../../core/index.ts";
import { azureLinuxTree, sharedPath } from "../../../../test/support/tools.ts";
import type { OverlayConfig, RenderedFile } from "../types.ts";
import { applyOverlays, editSpec } from "./apply.ts";
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
const cases = tree.missing === undefined ? sharedPath("data", "overlay-cases.jsonl.gz") : tree;
const reason = cases.missing;

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

interface RandomCase {
  readonly files: Readonly<Record<string, string>>;
  readonly overlays: readonly OverlayConfig[];
  readonly sha256?: string;
  readonly failedAt?: number;
}

describe("azldev's results on random input", () => {
  it("are reached in all 900 cases", () => {
    const path = join(import.meta.dirname, "fixtures/azldev-random.jsonl.gz");
    const lines = gunzipSync(readFileSync(path)).toString().trimEnd().split("\n");
    const wrong: string[] = [];
    for (const line of lines) {
      const item = JSON.parse(line) as RandomCase;
      const got = randomOutcome(item);
      const wanted = item.sha256 ?? `failed at ${item.failedAt}`;
      if (got !== wanted) wrong.push(`${got} not ${wanted}: ${JSON.stringify(item.overlays)}`);
    }
    expect(wrong).toEqual([]);
    expect(lines.length).toBe(900);
  });
});

function randomOutcome(item: RandomCase): string {
  let files: ReadonlyMap<string, RenderedFile> = new Map(
    Object.entries(item.files).map(([name, text]) => [
      name,
      { content: Buffer.from(text, "latin1"), executable: false },
    ]),
  );
  const context = { component: "a", source: () => Buffer.from("new\n") };
  for (const [id, config] of item.overlays.entries()) {
    try {
      files = applyOverlays(files, "a.spec", [{ config, id }], context).files;
    } catch (error) {
      if (!(error instanceof WeirError)) throw error;
      return `failed at ${id}`;
    }
  }
  const hash = createHash("sha256");
  for (const [name, { content }] of files) hash.update(`${name}\0${content.length}\0`).update(content);
  return hash.digest("hex");
}
