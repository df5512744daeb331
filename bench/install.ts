import { cpSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const checkout = join(import.meta.dirname, "..");

interface BuildScript {
  readonly isBuilt: () => boolean;
  readonly build: () => Promise<void>;
}

/** Copies the bundle as a package would hold it and gives the path of its `bin/weir`; edits of the sources do not reach it any more. */
export async function installWeir(scratch: string): Promise<string> {
  const script = (await import(pathToFileURL(join(checkout, "scripts/build.mjs")).href)) as BuildScript;
  if (!script.isBuilt()) await script.build();
  const folder = join(scratch, "weir");
  mkdirSync(folder);
  for (const name of ["bin", "dist", "package.json"])
    cpSync(join(checkout, name), join(folder, name), { recursive: true });
  symlinkSync(join(checkout, "node_modules"), join(folder, "node_modules"));
  return join(folder, "bin/weir");
}

/** Bundles `bench/NAME.ts` the way the tool itself is bundled. */
export async function bundleTask(scratch: string, name: string): Promise<string> {
  const file = join(scratch, "weir", `${name}.mjs`);
  if (existsSync(file)) return file;
  const { build } = await import("esbuild");
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    logLevel: "warning",
  });
  return file;
}
