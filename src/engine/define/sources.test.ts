import { describe, expect, it } from "vitest";
import { WeirError } from "../../core/index.ts";
import { formatSources, isSafeFileName, parseSources, remoteSourcesOf } from "./sources.ts";

const sha = "0123456789abcdef".repeat(8);
const md5 = "0123456789abcdef".repeat(2);
const sample = `# a comment\n\nSHA512 (a-1.0.tar.xz) = ${sha}\n${md5}  old.zip\nSHA256 (b+c~1.zip) = ${sha.slice(64)}\n`;

describe("sources files", () => {
  it("reads both forms and writes the same bytes", () => {
    const lines = parseSources(sample, "a/sources");
    expect(lines.flatMap((line) => (line.entry ? [[line.entry.file, line.entry.hashType]] : []))).toEqual([
      ["a-1.0.tar.xz", "sha512"],
      ["old.zip", "md5"],
      ["b+c~1.zip", "sha256"],
    ]);
    expect(formatSources(lines)).toBe(sample);
    expect(parseSources("", "x")).toEqual([]);
  });

  it("fills the lookaside template", () => {
    const lines = parseSources(`SHA512 (a+b.tar) = ${sha.toUpperCase()}\n`, "x");
    const at = (template: string) => remoteSourcesOf(lines, [], { template, package: "c++" })[0]?.uri;
    expect(at("https://l/repo/pkgs/$pkg/$filename/$hashtype/$hash/$filename")).toBe(
      `https://l/repo/pkgs/c%2B%2B/a%2Bb.tar/sha512/${sha}/a%2Bb.tar`,
    );
    expect(at("/srv/$pkg/$filename/$hashtype/$hash")).toBe(`/srv/c++/a+b.tar/sha512/${sha}`);
    expect(remoteSourcesOf(lines, [], undefined)[0]?.uri).toBe("");
  });

  it("places errors", () => {
    const error = (text: string) => {
      try {
        parseSources(text, "a/sources");
      } catch (thrown) {
        if (thrown instanceof WeirError) return [thrown.code, thrown.where];
        throw thrown;
      }
      return undefined;
    };
    const where = { file: "a/sources", line: 2 };
    expect(error("# x\nwhat is this")).toEqual(["SOURCES_BAD_LINE", where]);
    expect(error(`\nSHA1 (a) = ${sha.slice(0, 40)}`)).toEqual(["SOURCES_BAD_HASH", where]);
    expect(error("\nSHA512 (a) = abc")).toEqual(["SOURCES_BAD_HASH", where]);
    expect(error(`\nSHA512 (../a) = ${sha}`)).toEqual(["SOURCES_BAD_FILE_NAME", where]);
    expect(error(`${md5} a\n${md5} a`)).toEqual(["SOURCES_DUPLICATE", where]);
  });

  it("takes any truncation and mutation", () => {
    for (let seed = 1; seed < 3000; seed++) {
      const text = Buffer.from(sample.slice(0, seed <= sample.length ? seed : sample.length));
      if (seed > sample.length) text[(seed * 7919) % text.length] = (seed * 104729) % 256;
      try {
        parseSources(text.toString(), "x");
      } catch (error) {
        if (!(error instanceof WeirError)) throw error;
      }
    }
    const started = performance.now();
    expect(() => parseSources(`SHA512 (${" ".repeat(500_000)}\n`, "x")).toThrow(WeirError);
    expect(() => parseSources(`${"a".repeat(300_000)}${"\t".repeat(300_000)}`, "x")).toThrow(WeirError);
    expect(performance.now() - started).toBeLessThan(40_000);
  });

  it("knows safe file names", () => {
    for (const name of ["a", "a-1.0~rc1+git^2.tar.gz", "A_b,c(1).patch"]) expect(isSafeFileName(name)).toBe(true);
    for (const name of ["", ".", "..", "a/b", "a b", "a\\b", "\u00e4", "a\n", "x".repeat(256)])
      expect(isSafeFileName(name)).toBe(false);
  });
});
