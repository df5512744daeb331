import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Path → digest of content, or link target, of everything below a folder; modes included. Names in `without` are left out at any depth. */
export function treeDigests(root: string, without: readonly string[] = []): Record<string, string> {
  const digests: Record<string, string> = {};
  const walk = (relative: string) => {
    for (const name of readdirSync(join(root, relative)).sort()) {
      if (without.includes(name)) continue;
      const path = relative === "" ? name : `${relative}/${name}`;
      const info = lstatSync(join(root, path));
      if (info.isDirectory()) walk(path);
      else if (info.isSymbolicLink()) digests[path] = `link ${readlinkSync(join(root, path))}`;
      else
        digests[path] = `${(info.mode & 0o777).toString(8)} ${createHash("sha256")
          .update(readFileSync(join(root, path)))
          .digest("hex")}`;
    }
  };
  walk("");
  return digests;
}
