// Bundles src/cli/main.ts into dist/main.cjs. Run by `npm run build`, and by bin/weir when a source is newer than the bundle.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stamp = join(root, "dist/.stamp");
const { listSources, sourceTimes } = createRequire(import.meta.url)("./source-times.cjs");

/** Small packages that start with every command; they go into the bundle, their licences beside it. Others stay packages of their own. */
const bundled = ["fast-string-width", "picocolors", "saxes"];

/** A digest over the names and contents of everything the bundle is made from. */
export function sourceStamp() {
  const hash = createHash("sha256");
  for (const file of listSources(root))
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

export function isBuilt() {
  return existsSync(join(root, "dist/main.cjs")) && existsSync(stamp) && readFileSync(stamp, "utf8") === sourceStamp();
}

/** Remembers when the sources were last touched, so that the next start need not read them. */
export function rememberTimes(times = sourceTimes(root)) {
  try {
    writeFileSync(join(root, "dist/.times"), times);
  } catch {
    // Somebody else's checkout: each start reads the sources then.
  }
}

export async function build() {
  const { build: bundle } = await import("esbuild");
  const made = join(root, `dist-partial-${process.pid}`);
  const times = sourceTimes(root);
  const sources = sourceStamp();
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  try {
    // CommonJS can be compiled from a cache on every Node. In the file that holds everything, what a command does not need is not evaluated;
    // the other holds what one command needs, and nothing that is loaded later.
    const common = {
      outdir: made,
      outExtension: { ".js": ".cjs" },
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node20",
      absWorkingDir: root,
      external: Object.keys(dependencies).filter((name) => !bundled.includes(name)),
      metafile: true,
      define: { __WEIR_SOURCES__: JSON.stringify(sources), "import.meta.url": "__weir.url" },
      banner: { js: banner },
      minifyWhitespace: true,
      minifySyntax: true,
      write: false,
      logLevel: "warning",
    };
    const [whole, quick] = await Promise.all([
      bundle({ ...common, entryPoints: { main: join(root, "src/cli/main.ts") }, plugins: [whenCalled] }),
      bundle({ ...common, entryPoints: { quick: join(root, "src/cli/quick.ts") }, plugins: [whenCalled, leftOut] }),
    ]);
    mkdirSync(made);
    writeFileSync(join(made, "main.cjs"), withLazyRequires(whole.outputFiles[0].text));
    writeFileSync(join(made, "quick.cjs"), withLazyRequires(quick.outputFiles[0].text));
    writeFileSync(join(made, "licences.txt"), licencesOf(Object.keys(whole.metafile.inputs)));
    writeFileSync(join(made, ".stamp"), sources);
    rmSync(join(root, "dist"), { recursive: true, force: true });
    renameSync(made, join(root, "dist"));
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  rememberTimes(times);
}

/** Packages that are evaluated when they are called: one builds large expressions that only tables need, one sets the output's stream up. */
const whenCalled = {
  name: "when-called",
  setup({ onResolve, onLoad }) {
    const functions = { "fast-string-width": "", picocolors: "createColors" };
    onResolve({ filter: new RegExp(`^(${Object.keys(functions).join("|")})$`) }, ({ namespace, path }) =>
      namespace === "when-called" ? undefined : { path, namespace: "when-called" },
    );
    onLoad({ filter: /./, namespace: "when-called" }, ({ path }) => {
      const name = functions[path];
      const load = `(...given) => (loaded ??= require(${JSON.stringify(path)}))${name === "" ? ".default" : `.${name}`}(...given)`;
      return {
        contents: `let loaded; module.exports = ${name === "" ? load : `{ ${name}: ${load} }`};`,
        resolveDir: root,
      };
    });
  },
};

/** Leaves out what is only loaded when it is needed, and of the rest what nobody uses: no source of Weir does anything but define when it is loaded. */
const leftOut = {
  name: "left-out",
  setup({ onResolve, onLoad, resolve }) {
    const stub = join(root, "src/cli/needs-more.ts");
    onResolve({ filter: /^\.{1,2}\// }, async ({ kind, path, resolveDir, importer, namespace, pluginData }) => {
      if (pluginData === leftOut) return undefined;
      if (kind === "dynamic-import") return { path, namespace: "left-out" };
      const found = await resolve(path, { kind, resolveDir, importer, namespace, pluginData: leftOut });
      return /node_modules/.test(found.path) ? found : { ...found, sideEffects: false };
    });
    onLoad({ filter: /./, namespace: "left-out" }, () => ({
      contents: `const { needsMore } = require(${JSON.stringify(stub)}); needsMore();`,
      resolveDir: root,
    }));
  },
};

const banner = `
const __weir = { get url() { return require("node:url").pathToFileURL(__filename).href; } };
const __lazy = (id) => {
  let loaded;
  return new Proxy({}, { get: (_, name) => (name === "default" ? (loaded ??= require(id)) : (loaded ??= require(id))[name]) });
};`;

/**
 * Modules that the bundle takes by name are loaded when the first name is used: half of Node's own cost some milliseconds each. Those it imports
 * later come through the start script, since code compiled from a cache has no loader of its own.
 */
function withLazyRequires(text) {
  return text
    .replace(/(\bimport_\w+) ?= ?require\(("[^"]+")\)/g, "$1=__lazy($2)")
    .replace(/\bimport\((?=")/g, "__import(")
    .replace(/= ?__toESM\(require\(("node:[^"]+")\)(?:, ?1)?\)/g, "=__lazy($1)");
}

/** The licences of all packages that files of the bundle come from. */
function licencesOf(inputs) {
  const folders = new Set(inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  const texts = [...folders]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
      const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? "" : `\n${readFileSync(join(root, folder, file), "utf8").trim()}\n`;
      return `${name} ${version} (${license})\n${text}`;
    });
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
