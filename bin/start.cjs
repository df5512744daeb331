// Starts the bundle with its code compiled before, from a file beside it.
"use strict";
const { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { basename, dirname, join } = require("node:path");
const { setFlagsFromString } = require("node:v8");
const vm = require("node:vm");

/** So often a command's cache is written anew: each run may compile functions that the ones before did not need. */
const mostWrites = 3;

// Most runs end within a few hundred milliseconds: only what stays hot for longer is worth optimising, some forty times longer than V8 thinks.
// `src/cli/short-run.ts` says otherwise where more is to be read. V8 complains of flags it does not know.
const [major] = process.versions.node.split(".");
const patience = {
  20: ["--interrupt-budget=1000000"],
  22: ["--invocation-count-for-turbofan=120000", "--invocation-count-for-osr=20000"],
};
patience[24] = [...patience[22], "--invocation-count-for-maglev=16000", "--invocation-count-for-maglev-osr=4000"];
bePatient();
// What is warm is compiled simply, and soon.
if (major in patience) setFlagsFromString("--baseline-batch-compilation-threshold=1000");

/** Runs the command line and sets the exit code: from the small bundle where that can answer, else from the one that holds everything. */
async function start(folder, argv) {
  const code = argv[0] === "solve" ? await run(join(folder, "quick.cjs"), "quick", argv) : undefined;
  // All is written: there is nothing to take apart.
  if (code !== undefined) process.exit(code);
  process.exitCode = await run(join(folder, "main.cjs"), "main", argv);
}

/** Gives what the function of that name gives. */
async function run(bundle, name, argv) {
  const cacheFile = join(
    dirname(bundle),
    "cache",
    `${name}-${commandOf(argv)}-${process.arch}-${process.versions.v8}.bin`,
  );
  const cached = readCache(cacheFile);
  // Escapes in the bundle leave no byte above 127; one byte a character halves what is read.
  const source = readFileSync(bundle, "latin1");
  const script = new vm.Script(`(function (exports, require, module, __filename, __dirname, __import) {${source}\n})`, {
    filename: bundle,
    cachedData: cached.data,
  });
  const module = { exports: {} };
  const load = (name) => import(name);
  script.runInThisContext()(module.exports, require, module, bundle, dirname(bundle), load);
  const code = await module.exports[name](argv);
  // The command has ended: what comes now shall not turn its exit code into a death by signal.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => undefined);
  // V8 takes kept code only where its flags are as they were when that was written.
  bePatient();
  const writes = script.cachedDataRejected === true ? 0 : cached.writes;
  if (writes < mostWrites) writeCache(cacheFile, writes + 1, script.createCachedData());
  return code;
}

/** Sets what `src/cli/short-run.ts` changes. */
function bePatient() {
  for (const flag of patience[major] ?? []) setFlagsFromString(flag);
  setFlagsFromString("--max-inlined-bytecode-size-cumulative=920");
}

/** Commands differ in what they run, so each has a cache of its own. */
function commandOf(argv) {
  const word = argv.find((item) => !item.startsWith("-")) ?? "help";
  return /^[a-z]{1,20}$/.test(word) ? word : "help";
}

/** The first byte says how often the file was written. */
function readCache(path) {
  try {
    const bytes = readFileSync(path);
    return { writes: bytes[0] ?? 0, data: bytes.subarray(1) };
  } catch {
    return { writes: 0, data: undefined };
  }
}

function writeCache(path, writes, data) {
  const partial = join(dirname(path), `.${process.pid}-${basename(path)}`);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(partial, Buffer.concat([Buffer.from([writes]), data]));
    renameSync(partial, path);
  } catch {
    // Where the bundle lies may be closed to this user: then each start compiles.
    rmSync(partial, { force: true });
  }
}

module.exports = { start };
