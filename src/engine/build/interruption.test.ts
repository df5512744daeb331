import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { missingTool } from "../../../test/support/tools.ts";
import { BuildStore } from "./index.ts";

const missing = missingTool("rpmbuild", "gcc", "bwrap", "setpriv");
const script = join(import.meta.dirname, "../../../test/support/build-flow.ts");
let folder: string;
let reference: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "weir-kill-"));
  await chmod(folder, 0o755);
  if (missing === undefined) reference = await output(start(join(folder, "reference")));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function start(to: string, ...before: string[]): ChildProcess {
  const words = [...before, process.execPath, "--import", "tsx", script, to];
  return spawn(words[0] ?? process.execPath, words.slice(1), {
    stdio: ["ignore", "pipe", "pipe"],
    cwd: join(import.meta.dirname, "../../.."),
  });
}

async function output(child: ChildProcess): Promise<string> {
  let text = "";
  let errors = "";
  child.stdout?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`ended with ${code}: ${errors}`);
  return text;
}

describe("a build that is killed", () => {
  it.skipIf(missing)("leaves a store that is whole, at whatever moment", async () => {
    const to = join(folder, "killed");
    for (const delay of [350, 500, 650, 800, 950, 1150, 1400]) {
      const child = start(to);
      const closed = new Promise((resolve) => child.on("close", resolve));
      await new Promise((resolve) => setTimeout(resolve, delay));
      child.kill("SIGKILL");
      await closed;
      const store = await BuildStore.open(join(to, "store"));
      for (const key of await readdir(store.path("builds"))) expect(await store.find(key), key).toBeDefined();
      expect(await readdir(store.path("work"))).toEqual([]);
    }
    expect(await output(start(to))).toBe(reference);
    const left = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).split("\n");
    expect(left.filter((line) => line.includes(to))).toEqual([]);
  });
});

describe("an ordinary user", () => {
  it.skipIf(missing ?? (process.getuid?.() === 0 ? undefined : "this is one already"))(
    "builds the same bytes",
    async () => {
      const to = join(folder, "nobody");
      await mkdir(to);
      execFileSync("chown", ["65534:65534", to]);
      const child = start(to, "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", `HOME=${to}`);
      expect(await output(child)).toBe(reference);
    },
  );
});
