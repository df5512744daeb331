import { describe, expect, it } from "vitest";
import { hashBytes, hashStart, mixHash, StringHeap } from "./string-heap.ts";

describe("StringHeap", () => {
  it("gives equal texts equal ids and others others, in the order they came", () => {
    const heap = new StringHeap();
    const texts = Array.from({ length: 20_000 }, (_, index) => `text ${index % 9000} ✓`);
    const ids = texts.map((text) => heap.internText(text));
    expect(ids.slice(0, 9000)).toEqual(Array.from({ length: 9000 }, (_, index) => index + 1));
    expect(ids.slice(9000)).toEqual(ids.slice(0, 11_000).map((_, index) => (index % 9000) + 1));
    expect(heap.text(5)).toBe("text 4 ✓");
    expect(heap.find("text 8999 ✓")).toBe(9000);
    expect(heap.find("other")).toBe(-1);
    expect([heap.internText(""), heap.find(""), heap.text(0), heap.firstByte(0)]).toEqual([0, 0, "", 0]);
    expect([heap.firstByte(1), heap.lengthOf(1)]).toEqual([116, 10]);
  });

  it("hashes as a scanner may do while it reads", () => {
    const bytes = Buffer.from("glibc");
    const hash = mixHash(mixHash(hashStart, bytes.readInt32LE()), bytes[4] ?? 0);
    expect(hash).toBe(hashBytes(bytes, 0, bytes.length));
    const heap = new StringHeap();
    expect(heap.internHashed(bytes, 0, 5, hash)).toBe(heap.internText("glibc"));
    expect(heap.findHashed(bytes, 0, 5, hash)).toBe(1);
  });

  it("keeps what never repeats apart", () => {
    const heap = new StringHeap();
    const bytes = Buffer.from("x".repeat(100));
    expect([heap.append(bytes, 0, 100), heap.append(bytes, 0, 100)]).toEqual([1, 2]);
    expect(heap.text(2)).toBe("x".repeat(100));
    expect(heap.find("x".repeat(100))).toBe(-1);
  });

  it("goes on from arrays that hold exactly what is there", () => {
    const heap = new StringHeap();
    for (let index = 0; index < 1000; index++) heap.internText(`name${index}`);
    const again = new StringHeap({
      bytes: heap.bytes.slice(0, heap.offsets[heap.count]),
      offsets: heap.offsets.slice(0, heap.count + 1),
      count: heap.count,
      table: heap.table.slice(),
    });
    expect(again.find("name999")).toBe(1000);
    expect(again.internText("name12")).toBe(13);
    for (let index = 0; index < 3000; index++) again.internText(`more${index}`);
    expect([again.find("name999"), again.find("more2999"), again.count]).toEqual([1000, 4000, 4001]);
  });

  it("makes room at once and keeps what it has", () => {
    const heap = new StringHeap();
    heap.internText("before");
    heap.reserve(10_000, 100_000);
    const { bytes, table } = heap;
    for (let index = 0; index < 9_000; index++) heap.internText(`n${index}`);
    expect([heap.find("before"), heap.bytes === bytes, heap.table === table]).toEqual([1, true, true]);
  });

  it("stays right and quick when somebody makes texts collide", () => {
    const heap = new StringHeap();
    const add = (value: string) => heap.internText(value);
    const texts = collidingTexts(3000);
    const start = process.cpuUsage();
    const ids = texts.map(add);
    expect(new Set(ids).size).toBe(texts.length);
    expect(texts.map(add)).toEqual(ids);
    expect(texts.map((text) => heap.find(text))).toEqual(ids);
    for (let index = 0; index < 5000; index++) add(`usual${index}`);
    expect(texts.map((text) => heap.find(text))).toEqual(ids);
    expect(process.cpuUsage(start).user).toBeLessThan(10_000_000);
  });
});

/** Different texts with one hash: pieces that lead from one state to the same other one, put together in all ways. */
function collidingTexts(count: number): string[] {
  let texts = [""];
  let state = hashStart;
  while (texts.length < count) {
    const [a, b, next] = collidingPair(state);
    texts = texts.flatMap((text) => [text + a, text + b]);
    state = next;
  }
  return texts.slice(0, count);
}

function collidingPair(start: number): [string, string, number] {
  const seen = new Map<number, string>();
  for (let number = 0; ; number++) {
    const text = (Math.imul(number, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0");
    const bytes = Buffer.from(text);
    const hash = mixHash(mixHash(start, bytes.readInt32LE(0)), bytes.readInt32LE(4));
    const other = seen.get(hash);
    if (other !== undefined) return [other, text, hash];
    seen.set(hash, text);
  }
}
