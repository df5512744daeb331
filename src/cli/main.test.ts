import { writeSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "./main.ts";

vi.mock("node:fs", async (original) => ({ ...(await original<object>()), writeSync: vi.fn<typeof writeSync>() }));

describe("the exit code", () => {
  const said: string[] = [];
  beforeEach(() => {
    said.length = 0;
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      said.push(String(text));
      return true;
    });
  });
  afterEach(() => vi.restoreAllMocks());

  it("is 3 when what is printed finds no room", async () => {
    vi.mocked(writeSync).mockImplementation(() => {
      throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC", syscall: "write" });
    });
    expect(await main(["doctor"])).toBe(3);
    expect(said.join("")).toContain("[FILE_NO_SPACE]");
  });
});

describe("what is printed", () => {
  beforeEach(() => vi.mocked(writeSync).mockReset());
  afterEach(() => vi.restoreAllMocks());

  it("goes on where a write took only a part, and through the stream where a pipe has no room", async () => {
    const written: Buffer[] = [];
    vi.mocked(writeSync).mockImplementation(((file: number, bytes: Buffer) => {
      if (file !== 1) return 0;
      if (written.length === 2) throw Object.assign(new Error("EAGAIN"), { code: "EAGAIN", syscall: "write" });
      written.push(bytes.subarray(0, 3));
      return 3;
    }) as typeof writeSync);
    vi.spyOn(process.stdout, "write").mockImplementation(((bytes: Buffer, done: () => void) => {
      written.push(bytes);
      done();
      return true;
    }) as typeof process.stdout.write);
    expect(await main(["doctor", "-o", "json"])).toBe(0);
    expect(written).toHaveLength(3);
    expect(JSON.parse(Buffer.concat(written).toString())).toMatchObject({ schema: expect.stringContaining("weir/") });
  });
});
