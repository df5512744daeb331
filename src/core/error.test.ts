import { describe, expect, it } from "vitest";
import { cleanText, formatPlace, WeirError } from "./error.ts";

describe("WeirError", () => {
  it("removes control characters and credentials where the error is made", () => {
    const error = new WeirError("X_TEST", "bad \u001b[31mhttps://bob:secret@host/x\u0000", {
      hints: ["see https://a:b@h/"],
    });
    expect(error.message).toBe("bad \ufffd[31mhttps://***@host/x\ufffd");
    expect(error.hints).toEqual(["see https://***@h/"]);
  });

  it("maps its kind to an exit code", () => {
    const codes = (["refused", "input", "machine", "remote"] as const).map(
      (kind) => new WeirError("X", "x", { kind }).exitCode,
    );
    expect(codes).toEqual([1, 2, 3, 4]);
  });

  it("bounds the text", () => {
    expect(cleanText("x".repeat(10_000)).length).toBe(4001);
    expect(cleanText(`${"x".repeat(3990)} https://bob:secret@host/`)).not.toContain("secr");
  });

  it("writes places", () => {
    expect(formatPlace({ file: "a.toml", line: 3, column: 7 })).toBe("a.toml:3:7");
    expect(formatPlace({ file: "a.toml" })).toBe("a.toml");
  });
});
