// Bundles src/cli/main.ts into dist/. Run by `npm run build`, and by bin/weir when a source is newer than the bundle.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stamp = join(root, "dist/.stamp");

/** A digest over the names and contents of everything the bundle is made from. */
export function sourceStamp() {
  const hash = createHash("sha256");
  const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter(
    (name) => /\.(ts|json|sh|css|html)$/.test(name) && !name.endsWith(".test.ts"),
  );
  for (const file of files.sort())
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(root, "src", file)));
  for (const file of ["package.json", "scripts/build.mjs"]) hash.update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

export function isBuilt() {
  return existsSync(join(root, "dist/main.js")) && existsSync(stamp) && readFileSync(stamp, "utf8") === sourceStamp();
}

export async function build() {
  const { build: bundle } = await import("esbuild");
  const made = join(root, `dist-partial-${process.pid}`);
  try {
    await bundle({
      entryPoints: { main: join(root, "src/cli/main.ts") },
      outdir: made,
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      splitting: true,
      packages: "external",
      chunkNames: "chunks/[name]-[hash]",
      define: { __WEIR_SOURCES__: JSON.stringify(sourceStamp()) },
      logLevel: "warning",
    });
    writeFileSync(join(made, ".stamp"), sourceStamp());
    rmSync(join(root, "dist"), { recursive: true, force: true });
    mkdirSync(root, { recursive: true });
    renameSync(made, join(root, "dist"));
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
