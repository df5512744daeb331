import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { missingTool } from "../../../test/support/tools.ts";
import { run } from "../../core/index.ts";
import { readRpm } from "./index.ts";

describe("what is no regular file", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "weir-rpm-pipe-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const refuses = (path: string) =>
    expect(() => readRpm({ path }, "x.rpm")).toThrow(expect.objectContaining({ code: "RPM_UNREADABLE" }));

  it.skipIf(missingTool("mkfifo"))("does not wait at a pipe that nobody writes into", async () => {
    const path = join(folder, "pipe.rpm");
    await run("mkfifo", [path]);
    refuses(path);
  });

  it("refuses folders, devices and links in a circle", () => {
    symlinkSync("circle.rpm", join(folder, "circle.rpm"));
    for (const path of [folder, "/dev/zero", join(folder, "circle.rpm")]) refuses(path);
  });
});
