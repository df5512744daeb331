import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "./main.ts";

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
    vi.spyOn(process.stdout, "write").mockImplementation(((_text: string, done: (error?: Error) => void) => {
      done(Object.assign(new Error("ENOSPC"), { code: "ENOSPC", syscall: "write" }));
      return false;
    }) as typeof process.stdout.write);
    expect(await main(["doctor"])).toBe(3);
    expect(said.join("")).toContain("[FILE_NO_SPACE]");
  });
});
