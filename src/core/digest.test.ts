import { describe, expect, it } from "vitest";
import { canonicalJson, digestOf, Fingerprint } from "./digest.ts";

describe("digests", () => {
  it("matches the published vector", () => {
    expect(digestOf("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it("tells apart what plain concatenation would not", () => {
    const a = new Fingerprint().add("x", "ab").add("y", "c").hex();
    const b = new Fingerprint().add("x", "a").add("y", "bc").hex();
    expect(a).not.toBe(b);
  });

  it("orders keys, not arrays", () => {
    expect(canonicalJson({ b: [2, 1], a: { d: 1, c: 2 } })).toBe('{"a":{"c":2,"d":1},"b":[2,1]}');
  });
});
