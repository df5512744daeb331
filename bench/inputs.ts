import { existsSync } from "node:fs";
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
