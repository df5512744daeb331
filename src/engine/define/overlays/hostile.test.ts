import { describe, expect, it } from "vitest";
import { WeirError } from "../../../core/index.ts";
import type { OverlayConfig, RenderedFile } from "../types.ts";
import { applyOverlays, overlayTypes } from "./apply.ts";
import { compileRegex, replaceAllLiteral } from "./regex.ts";
import { decodeText, encodeText } from "./text.ts";

/** A small generator of whole numbers below a bound, the same for the same seed. */
function seeded(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

const sample = Buffer.from(
  "Name: a\nVersion: 1\n%if 0%{?x}\nPatch0: a.patch\n%endif\nPatch: b.patch\n%package -n b\nSummary: s\n%description -n b\nt\n" +
    "%prep\n%autosetup\n%if %{y}\n%check\nmake \xff\xc3\n%else\n%files -f c d\n/e\n%endif\n%patchlist\nc.patch\n%changelog\n* x\n",
  "latin1",
);

const values: Record<string, string[]> = {
  section: ["", "%check", "%files", "%prep", "%package", "%patchlist", "%description", "\n", "%"],
  package: ["", "b", "d", "-n", "\u00a0"],
  tag: ["", "Patch", "Patch0", "Name", "9", "%files x", "a\nb:", "__proto__"],
  value: ["", "1", "a.patch", "\r", "x\n%check\n", "\ud800"],
  regex: ["", "x*", ".", "^", "$", "(a|b)*", "(?s).*", "[^a]", "\\b", "(", "a{9999}", "\\pZ", "(?i)\u212a"],
  replacement: ["", "$0", "\n%files\n", "%endif", "z/y"],
  file: [
    "",
    "*",
    "**",
    "**/*",
    "a.patch",
    "[",
    "{a,b}*",
    "../x",
    "/x",
    "\\",
    "[!a]*",
    "a/../b",
    ".git/x",
    "{{{{",
    "a\0",
  ],
  source: ["", "/", "/x/..", "/x/n.patch", "/x/a.spec"],
  archive: ["", "", "", "", "x.tar"],
};

function randomOverlay(next: (bound: number) => number): OverlayConfig {
  const overlay: Record<string, unknown> = { type: overlayTypes[next(overlayTypes.length)] ?? "none" };
  for (const [key, choices] of Object.entries(values)) if (next(3) > 0) overlay[key] = choices[next(choices.length)];
  if (next(2) === 0) overlay.lines = Array.from({ length: next(3) }, () => values.replacement?.[next(5)] ?? "");
  return overlay as unknown as OverlayConfig;
}

/** Says whether the overlays applied; what else than a WeirError is thrown goes on. */
function attempt(spec: Uint8Array, overlays: readonly OverlayConfig[]): boolean {
  const files = new Map<string, RenderedFile>([
    ["a.spec", { content: spec, executable: false }],
    ["a.patch", { content: spec.subarray(0, 40), executable: false }],
    ["d/e.bin", { content: Uint8Array.of(0, 255, 10), executable: true }],
  ]);
  const placed = overlays.map((config, id) => ({ config, id }));
  try {
    const result = applyOverlays(files, "a.spec", placed, { component: "a", source: () => spec });
    for (const name of result.files.keys()) expect(name).not.toMatch(/^\/|(?:^|\/)\.\.(?:\/|$)/);
  } catch (error) {
    if (!(error instanceof WeirError)) throw error;
    return false;
  }
  return true;
}

describe("hostile input", () => {
  it("of every truncation ends in a result or a WeirError", () => {
    const next = seeded(1);
    let applied = 0;
    for (let end = 0; end <= sample.length; end++) {
      for (let i = 0; i < 4; i++) if (attempt(sample.subarray(0, end), [randomOverlay(next)])) applied++;
    }
    expect(applied).toBeGreaterThan(100);
  });

  it("of thousands of mutations ends in a result or a WeirError", () => {
    const next = seeded(2);
    let applied = 0;
    for (let round = 0; round < 4000; round++) {
      const spec = Buffer.from(sample);
      for (let i = next(8); i >= 0; i--)
        spec[next(spec.length)] = next(4) === 0 ? (sample[next(sample.length)] ?? 0) : next(256);
      const first = randomOverlay(next);
      if (!attempt(spec, [first])) continue;
      applied++;
      for (let i = 0; i < 4; i++) attempt(spec, [first, randomOverlay(next)]);
    }
    expect(applied).toBeGreaterThan(300);
  });

  it("takes a bounded time on large specs", () => {
    const lines = Array.from({ length: 60_000 }, (_, i) =>
      i % 3 === 0 ? "%if x" : i % 3 === 1 ? `Patch${i}: p` : "%endif",
    );
    const large = Buffer.from(`${lines.join("\n")}\n%files\nx\n`);
    const started = performance.now();
    attempt(large, [
      { type: "spec-remove-section", section: "%files" },
      { type: "spec-search-replace", regex: "p|i", replacement: "\n" },
      { type: "patch-add", source: "/x/n.patch" },
      { type: "spec-insert-tag", tag: "Patch", value: "x" },
      { type: "spec-update-tag", tag: "Nmae", value: "x" },
    ]);
    expect(performance.now() - started).toBeLessThan(40_000);
  });

  it("keeps every byte through text and back", () => {
    const next = seeded(3);
    for (let round = 0; round < 3000; round++) {
      const bytes = Uint8Array.from(
        { length: next(12) },
        () => [0x41, 0xc3, 0xa4, 0xf0, 0x9f, 0x98, 0x80, 0xed, 0xa0, next(256)][next(10)] ?? 0,
      );
      expect(Buffer.from(encodeText(decodeText(bytes))).equals(bytes)).toBe(true);
    }
  });
});

describe("replaceAllLiteral", () => {
  it.each([
    ["x*", "ab", "-", "-a-b-"],
    ["a*", "baac", "-", "-b-c-"],
    ["", "\u{1f600}b", "-", "-\u{1f600}-b-"],
    ["$", "a", "-", "a-"],
    ["^", "ab", "-", "-ab"],
    ["(?m)^", "a\nb", "-", "-a\n-b"],
    ["\\b", "ab c", "|", "|ab| |c|"],
    [".", "\u{1f600}", "$1", "$1"],
    ["a|", "aba", "-", "-b-"],
  ])("%s on %s", (regex, text, replacement, wanted) => {
    expect(replaceAllLiteral(compileRegex(regex), text, replacement)).toBe(wanted);
  });

  it("gives up on what takes too long", () => {
    const slow = () => replaceAllLiteral(compileRegex("a"), "a".repeat(1000), "b", -1);
    expect(slow).toThrow(expect.objectContaining({ code: "OVERLAY_REGEX_TOO_SLOW" }) as Error);
  });
});
