import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** Writes files into a new folder, which is removed when the test that asked for it ends. Gives the folder's real path. */
export function definitionTree(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "weir-definition-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return root;
}

/** An `azldev.toml` that loads: one distribution to build, one to take from, then what the test adds. */
export function smallProject(more = ""): string {
  return `
[project]
description = "Small"
default-distro = { name = "down", version = "1" }

[distros.down.versions.1]
release-ver = "1.0"
default-component-config.spec = { type = "upstream", upstream-distro = { name = "up", version = "9" } }

[distros.up]
default-version = "9"
dist-git-base-uri = "https://git.example/$pkg.git"
lookaside-base-uri = "https://cache.example/$pkg/$filename/$hashtype/$hash/$filename"

[distros.up.versions.9]
release-ver = "9"
dist-git-branch = "u9"
${more}`;
}
