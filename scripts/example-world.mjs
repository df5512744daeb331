// Makes the upstream of examples/: bare dist-git repositories and a lookaside cache, the same bytes and commit hashes on every machine.
// Usage: node scripts/example-world.mjs [--to DIR] [--update] [--commits]
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "smol-toml";

const here = fileURLToPath(import.meta.url);
const examples = join(dirname(here), "../examples");
const branch = "b1";
/** Modification time of everything in a source archive: the first second of 2025. */
const archiveTime = 1735689600;

/**
 * Writes the world into `to` unless it is there already.
 * `update` rewrites `sources` files whose hashes differ from the source trees instead of failing.
 * Returns the folder, whether anything was written, and name → folder of the commit → hash.
 */
export function makeWorld({ to = join(examples, ".world"), update = false } = {}) {
  const stamp = inputDigest();
  const known = readStamp(to);
  if (!update && known?.stamp === stamp) return { to, written: false, commits: known.commits };
  const made = `${to}-partial-${process.pid}`;
  rmSync(made, { recursive: true, force: true });
  try {
    const commits = {};
    const problems = [];
    for (const name of folders(join(examples, "upstream"))) {
      const history = readHistory(name);
      problems.push(...writeLookaside(name, history, made, update));
      if (problems.length === 0) commits[name] = writeRepository(name, history, made);
    }
    if (problems.length === 0) problems.push(...missingPins(commits));
    if (problems.length > 0) throw new Error(problems.join("\n"));
    writeFileSync(join(made, ".stamp.json"), `${JSON.stringify({ stamp: inputDigest(), commits }, null, 2)}\n`);
    publish(made, to, stamp);
    return { to, written: true, commits };
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/** Puts the finished folder in its place. Another process that made the same world first has won, which is as good. */
function publish(made, to, stamp) {
  const old = `${to}-old-${process.pid}`;
  mkdirSync(dirname(to), { recursive: true });
  for (let attempt = 0; ; attempt++) {
    try {
      if (existsSync(to)) renameSync(to, old);
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
    try {
      renameSync(made, to);
      break;
    } catch (error) {
      if (attempt === 3 || !["ENOTEMPTY", "EEXIST"].includes(error.code)) throw error;
      if (readStamp(to)?.stamp === stamp) break;
    } finally {
      rmSync(old, { recursive: true, force: true });
    }
  }
}

function readStamp(to) {
  const file = join(to, ".stamp.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** A digest over everything the world is made from, and over the pins that have to fit it. */
function inputDigest() {
  const hash = createHash("sha256").update(readFileSync(here));
  hash.update(JSON.stringify(pins()));
  for (const part of ["upstream", "upstream-src", "macros"]) {
    for (const file of files(join(examples, part))) {
      const path = join(examples, part, file);
      hash
        .update(`${part}/${file}\0${executable(path)}\0`)
        .update(createHash("sha256").update(readFileSync(path)).digest());
    }
  }
  return hash.digest("hex");
}

/** The commits of one dist-git repository, oldest first, each with the files it changes and the commits it follows. */
function readHistory(name) {
  const folder = join(examples, "upstream", name);
  const description = parse(readFileSync(join(folder, "commits.toml"), "utf8"));
  const commits = description.commit.map((commit, index, all) => ({
    remove: [],
    parents: index === 0 ? [] : [all[index - 1].dir],
    ...commit,
    folder: join(folder, commit.dir),
  }));
  return { commits, sources: description.source ?? [] };
}

const sourceLine = /^SHA512 \((.+)\) = ([0-9a-f]+)$/;

/** Packs the archives that the `sources` files name. Returns what does not fit, as messages that hold the right line. */
function writeLookaside(name, { commits, sources }, made, update) {
  const problems = [];
  for (const { folder } of commits) {
    const list = join(folder, "sources");
    if (!existsSync(list)) continue;
    const lines = readFileSync(list, "utf8").trimEnd().split("\n");
    const right = lines.map((line) => {
      const match = sourceLine.exec(line);
      if (!match) throw new Error(`${relative(examples, list)}: cannot read the line ${line}`);
      const [, file, hash] = match;
      const from =
        sources.find((source) => source.file === file)?.from ?? join("../../upstream-src", file.replace(/\.tar$/, ""));
      const archive = pack(join(examples, "upstream", name, from), file.replace(/\.tar$/, ""));
      const actual = createHash("sha512").update(archive).digest("hex");
      if (hash !== actual && !update)
        problems.push(
          `${relative(examples, list)}: the source tree has changed; write this line (or run with --update):\nSHA512 (${file}) = ${actual}`,
        );
      const target = join(made, "lookaside", name, file, "sha512", actual);
      mkdirSync(target, { recursive: true });
      writeFileSync(join(target, file), archive);
      return `SHA512 (${file}) = ${actual}`;
    });
    if (update && right.join("\n") !== lines.join("\n")) writeFileSync(list, `${right.join("\n")}\n`);
  }
  return problems;
}

/** Writes one bare repository with `git fast-import`. Returns folder of the commit → hash. */
function writeRepository(name, { commits }, made) {
  const repository = join(made, "dist-git", `${name}.git`);
  mkdirSync(dirname(repository), { recursive: true });
  git(["init", "--quiet", "--bare", "--template=", `--initial-branch=${branch}`, repository]);
  const marks = new Map(commits.map(({ dir }, index) => [dir, index + 1]));
  const merged = new Set(commits.flatMap(({ parents }) => parents));
  const parts = [];
  for (const commit of commits) {
    const seconds = Date.parse(commit.date) / 1000;
    const person = `${commit.author} <${commit.email}> ${seconds} +0000`;
    const [first, ...others] = commit.parents.map((dir) => `:${marks.get(dir)}`);
    parts.push(
      `commit refs/${merged.has(commit.dir) ? "hidden/line" : `heads/${branch}`}\nmark :${marks.get(commit.dir)}\n`,
      `author ${person}\ncommitter ${person}\n`,
      data(Buffer.from(`${commit.subject}\n`)),
      first ? `from ${first}\n` : "",
      ...others.map((other) => `merge ${other}\n`),
      ...commit.remove.map((file) => `D ${file}\n`),
    );
    for (const file of existsSync(commit.folder) ? files(commit.folder) : []) {
      const path = join(commit.folder, file);
      parts.push(`M ${executable(path) ? "100755" : "100644"} inline ${file}\n`, data(readFileSync(path)));
    }
    parts.push("\n");
  }
  const stream = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const markFile = join(repository, "marks");
  git(["-C", repository, "fast-import", "--quiet", "--force", `--export-marks=${markFile}`], stream);
  const hashes = new Map(
    readFileSync(markFile, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => line.slice(1).split(" ")),
  );
  rmSync(markFile);
  git(["-C", repository, "update-ref", "-d", "refs/hidden/line"]);
  return Object.fromEntries(commits.map(({ dir }) => [dir, hashes.get(String(marks.get(dir)))]));
}

function data(bytes) {
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from("\n")]);
}

/** Runs git as if nobody had ever configured it. */
function git(words, input) {
  const { PATH, TMPDIR } = process.env;
  const env = {
    PATH,
    ...(TMPDIR ? { TMPDIR } : {}),
    HOME: "/nonexistent",
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
  };
  const result = spawnSync("git", words, { env, input, encoding: "utf8" });
  if (result.error) throw new Error(`git cannot be run: ${result.error.message}`);
  if (result.status !== 0) throw new Error(`git ${words.join(" ")} failed with ${result.status}:\n${result.stderr}`);
  return result.stdout;
}

/** The commits that the downstream definition pins. */
function pins() {
  const root = join(examples, "downstream");
  return files(root)
    .filter((file) => file.endsWith(".toml"))
    .flatMap((file) =>
      Object.entries(parse(readFileSync(join(root, file), "utf8")).components ?? {}).flatMap(
        ([component, { spec }]) => {
          const commit = spec?.["upstream-commit"];
          return commit === undefined
            ? []
            : [{ file, component, upstream: spec["upstream-name"] ?? component, commit }];
        },
      ),
    );
}

/** Pins that no repository holds, as messages that name the commits there are. */
function missingPins(commits) {
  return pins().flatMap(({ file, component, upstream, commit }) => {
    const history = Object.entries(commits[upstream] ?? {});
    if (history.some(([, hash]) => hash.startsWith(commit))) return [];
    const choice = history.map(([dir, hash]) => `  ${hash} ${dir}`).join("\n");
    return [`downstream/${file}: ${component} is pinned to ${commit}, which does not exist. There are:\n${choice}`];
  });
}

/** An uncompressed ustar archive of a folder below `top`, in the order of the names. */
function pack(folder, top) {
  const blocks = [header(`${top}/`, 0, 0o755, "5")];
  const seen = new Set();
  for (const file of files(folder)) {
    const parts = file.split("/");
    for (let depth = 1; depth < parts.length; depth++) {
      const parent = parts.slice(0, depth).join("/");
      if (!seen.has(parent)) blocks.push(header(`${top}/${parent}/`, 0, 0o755, "5"));
      seen.add(parent);
    }
    const path = join(folder, file);
    const content = readFileSync(path);
    blocks.push(header(`${top}/${file}`, content.length, executable(path) ? 0o755 : 0o644, "0"), content);
    blocks.push(Buffer.alloc((512 - (content.length % 512)) % 512));
  }
  blocks.push(Buffer.alloc(1024));
  return Buffer.concat(blocks);
}

function header(name, size, mode, type) {
  if (Buffer.byteLength(name) > 100) throw new Error(`${name}: longer than the archive format holds`);
  const block = Buffer.alloc(512);
  const octal = (value, offset, length) => block.write(`${value.toString(8).padStart(length - 1, "0")}\0`, offset);
  block.write(name, 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(archiveTime, 136, 12);
  block.write(" ".repeat(8), 148);
  block.write(type, 156);
  block.write("ustar\x0000", 257);
  block.write("root", 265);
  block.write("root", 297);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

/** Regular files below a folder with forward slashes, sorted by their bytes. What Python leaves behind is none of the world's. */
function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)).replaceAll("\\", "/"))
    .filter((name) => !/(^|\/)__pycache__\//.test(name))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function folders(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function executable(path) {
  return (statSync(path).mode & 0o111) !== 0;
}

if (process.argv[1] && resolve(process.argv[1]) === here) {
  const words = process.argv.slice(2);
  const at = words.indexOf("--to");
  try {
    const world = makeWorld({ ...(at >= 0 ? { to: resolve(words[at + 1]) } : {}), update: words.includes("--update") });
    console.error(world.written ? `written: ${relative(process.cwd(), world.to)}` : "the world is up to date");
    if (words.includes("--commits"))
      for (const [name, commits] of Object.entries(world.commits))
        for (const [dir, hash] of Object.entries(commits)) console.log(`${hash} ${name} ${dir}`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
