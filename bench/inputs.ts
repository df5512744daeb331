import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Metadata kept beside the checkout, or why it cannot be used. */
export function sharedRepository(name: string): { readonly path: string } | { readonly missing: string } {
  const path = join(import.meta.dirname, "../../shared/data/repodata", name);
  return existsSync(join(path, "repodata/repomd.xml"))
    ? { path }
    : { missing: `no ../shared/data/repodata/${name} beside the checkout` };
}

/** The folder or file that a variable of the environment names, or why it cannot be used. */
export function named(variable: string, what: string): { readonly path: string } | { readonly missing: string } {
  const path = process.env[variable];
  if (path === undefined || path === "") return { missing: `${variable} names no ${what}` };
  return existsSync(path) ? { path } : { missing: `${variable} names ${path}, which is not there` };
}

/** Path of a repository's primary.xml, packed. */
export function primaryOf(root: string): string {
  const folder = join(root, "repodata");
  const name = readdirSync(folder).find((entry) => /primary\.xml(\.\w+)?$/.test(entry));
  if (name === undefined) throw new Error(`no primary.xml in ${folder}`);
  return join(folder, name);
}

/** One of libsolv's tools, from the folder that `WEIR_LIBSOLV` names, or undefined. (Debian's own are built for its own packages.) */
export function libsolvTool(name: string): string | undefined {
  const folder = named("WEIR_LIBSOLV", "folder of libsolv's tools");
  if ("missing" in folder) return undefined;
  const path = join(folder.path, name);
  return existsSync(path) ? path : undefined;
}
