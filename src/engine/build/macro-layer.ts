import { copyFile, lstat, mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { compareText, digestFile, Fingerprint } from "../../core/index.ts";
import { weakMacros } from "./etc.ts";
import type { BuildStore } from "./store.ts";

/** A layer that lays macro folders over rpm's own, and the digest of what is in it. */
export interface MacroLayer {
  readonly folder: string;
  readonly digest: string;
}

/**
 * Folders laid out as /usr/lib/rpm (`macros.d/`, `fileattrs/`, scripts), later over earlier, as one layer below all packages. Links are
 * left out.
 */
export async function makeMacroLayer(store: BuildStore, folders: readonly string[]): Promise<MacroLayer> {
  const files = new Map<string, string>();
  for (const folder of folders) {
    for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) files.set(path.slice(folder.length).replace(/^\/+/, ""), path);
    }
  }
  const sorted = [...files].sort(([a], [b]) => compareText(a, b));
  const print = new Fingerprint().add("weak", weakMacros);
  for (const [name, path] of sorted) {
    print.add(name, await digestFile(path)).add("mode", ((await lstat(path)).mode & 0o100) !== 0);
  }
  const digest = print.hex();
  const folder = await store.ensureFolder("macros", digest, async (into) => {
    const base = join(into, "usr/lib/rpm");
    await mkdir(join(base, "macros.d"), { recursive: true });
    await writeFile(join(base, "macros.d/macros.00-weir"), weakMacros);
    for (const [name, path] of sorted) {
      await mkdir(dirname(join(base, name)), { recursive: true });
      await copyFile(path, join(base, name));
    }
  });
  return { folder, digest };
}
