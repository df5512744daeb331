import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
// @ts-expect-error: a plain script without types.
import { makeWorld } from "../scripts/example-world.mjs";

const examples = fileURLToPath(new URL(".", import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "weir-world-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function content(world: string): string[] {
  return readdirSync(world, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(world.length))
    .sort();
}

test("the world is the same wherever it is made, whatever git is told by its user", () => {
  const first = makeWorld({ to: join(folder, "first") });
  process.env.GIT_AUTHOR_NAME = "Somebody Else";
  process.env.GIT_DEFAULT_HASH = "sha256";
  const second = makeWorld({ to: join(folder, "second") });
  delete process.env.GIT_AUTHOR_NAME;
  delete process.env.GIT_DEFAULT_HASH;
  expect(second.commits).toEqual(first.commits);
  expect(content(second.to)).toEqual(content(first.to));
});

test("a world that is up to date is left alone", () => {
  const to = join(folder, "third");
  expect(makeWorld({ to }).written).toBe(true);
  expect(makeWorld({ to }).written).toBe(false);
});

test("the snapshot leaves out what first parents bring later", () => {
  const { to, commits } = makeWorld({ to: join(folder, "fourth") });
  const at = (name: string) =>
    execFileSync("git", ["rev-list", "-1", "--first-parent", "--before=2025-09-01T00:00:00Z", "b1"], {
      cwd: join(to, "dist-git", `${name}.git`),
      encoding: "utf8",
    }).trim();
  expect(at("headrace")).toBe(commits.headrace["02-update"]);
  expect(at("ferry")).toBe(commits.ferry["02-quays"]);
});

test("macros that a package installs are the ones its builds were given", () => {
  const read = (file: string) => readFileSync(join(examples, file), "utf8");
  expect(read("downstream/comps/mill-release/macros.dist")).toBe(read("downstream/macros/macros.d/macros.dist"));
  expect(read("legacy/specs/oldmill-macros/macros.oldmill")).toBe(read("legacy/macros/macros.d/macros.oldmill"));
});
