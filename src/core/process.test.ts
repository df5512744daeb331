import { describe, expect, it } from "vitest";
import { findProgram, formatCommand, run } from "./process.ts";

const node = process.execPath;

describe("run", () => {
  it("passes arguments untouched and keeps both streams", async () => {
    const script = "process.stdout.write(process.argv[1]); process.stderr.write('e')";
    const result = await run(node, ["-e", script, "$(id) ; `x`"]);
    expect(result.stdout.toString()).toBe("$(id) ; `x`");
    expect(result.stderr.toString()).toBe("e");
  });

  it("names a missing program", async () => {
    await expect(run("weir-no-such-program", [])).rejects.toMatchObject({ code: "PROCESS_NOT_FOUND", exitCode: 3 });
  });

  it("reports a failure with the line to run again", async () => {
    await expect(run(node, ["-e", "console.error('broken'); process.exit(9)"])).rejects.toMatchObject({
      code: "PROCESS_FAILED",
      message: expect.stringContaining("broken"),
      hints: [expect.stringContaining("process.exit(9)")],
    });
    expect((await run(node, ["-e", "process.exit(9)"], { accept: [9] })).exitCode).toBe(9);
  });

  it("kills the whole group on timeout", async () => {
    const spawner =
      "require('child_process').spawn('sleep', ['30'], { stdio: 'inherit' }); setTimeout(() => {}, 30000)";
    const start = performance.now();
    await expect(run(node, ["-e", spawner], { timeout: 400 })).rejects.toMatchObject({ code: "PROCESS_TIMEOUT" });
    expect(performance.now() - start).toBeLessThan(25_000);
  });

  it("bounds the output", async () => {
    await expect(run("yes", [], { maxOutput: 1 << 20 })).rejects.toMatchObject({
      code: "PROCESS_OUTPUT_LIMIT",
    });
  });

  it("stops on abort", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 200);
    await expect(run("sleep", ["30"], { signal: controller.signal })).rejects.toMatchObject({ code: "INTERRUPTED" });
  });
});

describe("words for people", () => {
  it("quotes what a shell would split", () => {
    expect(formatCommand("rpm", ["-q", "a b", "it's"])).toBe("rpm -q 'a b' 'it'\\''s'");
  });

  it("finds programs", () => {
    expect(findProgram("sh")).toMatch(/\/sh$/);
    expect(findProgram("weir-no-such-program")).toBeUndefined();
  });
});
