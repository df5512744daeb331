import { constants } from "node:fs";
import { chmod, copyFile, mkdir, readdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compareText, digestFile, digestOf, formatCommand, joinBelow, messageOf, WeirError } from "../../core/index.ts";
import { formatDependency, isRpmlib, readRpm } from "../../formats/rpm/index.ts";
import type { RenderedComponent } from "../define/index.ts";
import type { BuildNode } from "../plan/index.ts";
import type { Buildroot, PreparedRoot, SolvedRoot } from "./buildroot.ts";
import { settingsDigest } from "./etc.ts";
import { buildFailed, readFailure, readTail } from "./failure.ts";
import { type BuildInputs, explainChange, keyOf, sortInputs } from "./inputs.ts";
import { type CandidatePackage, readArtifact } from "./packages.ts";
import { type BuildStore, fileNameOf, type StoredBuild } from "./store.ts";
import type { BuildContext, BuiltNode, SandboxRequest } from "./types.ts";

/** What is built: one node of the plan, its rendered files, and its remote sources as files on disk, by name. */
export interface ComponentBuild {
  readonly node: Pick<BuildNode, "id" | "with" | "without" | "buildRequires" | "dynamicBuildRequires">;
  readonly rendered: Pick<RenderedComponent, "name" | "specFile" | "files" | "sourceDateEpoch">;
  readonly sources: ReadonlyMap<string, string>;
  /** Further inputs of the key, for what the spec reads from its root. */
  readonly inputs?: BuildInputs;
}

export interface ComponentBuildOptions extends BuildContext {
  readonly store: BuildStore;
  readonly buildroot: Buildroot;
  /** What earlier nodes gave. */
  readonly built: readonly CandidatePackage[];
  /** Milliseconds for one run of rpmbuild (default 4 hours). */
  readonly timeout?: number;
  /** Where sources are compiled: private memory (default), or a folder of the store. */
  readonly buildOn?: "memory" | "disk";
}

const mostRounds = 10;
const fourHours = 4 * 3600_000;

/**
 * Builds one node, or finds it in the store: solves its buildroot first, so that the key covers exactly the packages that it sees.
 * Errors: `BUILD_FAILED`, `BUILD_TIMEOUT`, `BUILD_NOTHING`, `BUILD_REQUIRES_UNSETTLED`, `BUILD_SOURCE_MISSING`, those of the buildroot,
 * `INTERRUPTED`. A failed build leaves its folder in `failed/` of the store, an interrupted one nothing.
 */
export async function buildComponent(build: ComponentBuild, options: ComponentBuildOptions): Promise<BuiltNode> {
  const started = performance.now();
  const { store } = options;
  const { node } = build;
  const own = await ownInputs(build);
  const runner = new Runner(build, options);
  try {
    const { solved, inputs, key } = await settleRoot(build, options, own, runner);
    const history = await store.history(node.id);
    const known = await store.find(key);
    if (known !== undefined) {
      if (history?.key !== key)
        await store.noteHistory(node.id, { key, inputs, milliseconds: history?.milliseconds ?? 0 });
      return result(build, known, key, inputs, true, "same inputs", 0);
    }
    const reason = explainChange(history?.inputs, inputs);
    const made = await runner.build(solved, inputs);
    const stored = await store.put(key, made);
    const milliseconds = Math.round(performance.now() - started);
    await store.noteHistory(node.id, { key, inputs, milliseconds });
    return result(build, stored, key, inputs, false, reason, milliseconds);
  } finally {
    await runner.remove();
  }
}

function result(
  build: ComponentBuild,
  stored: StoredBuild,
  key: string,
  inputs: BuildInputs,
  reused: boolean,
  reason: string,
  milliseconds: number,
): BuiltNode {
  const { srpm, rpms, log } = stored;
  return { node: build.node.id, key, reused, reason, srpm, rpms, log, inputs, milliseconds };
}

async function ownInputs(build: ComponentBuild): Promise<Record<string, string>> {
  const { node, rendered, sources } = build;
  const inputs: Record<string, string> = { settings: settingsDigest(), ...build.inputs };
  for (const [name, file] of rendered.files) {
    const label = name === rendered.specFile ? "spec" : `file ${name}`;
    inputs[label] = digestOf(file.content) + (file.executable ? " executable" : "");
  }
  for (const [name, path] of sources)
    inputs[`source ${name}`] = await digestFile(path).catch(() => missingSource(build, name));
  inputs.time = String(rendered.sourceDateEpoch);
  if (node.with.length > 0) inputs.with = node.with.join(" ");
  if (node.without.length > 0) inputs.without = node.without.join(" ");
  return inputs;
}

function missingSource(build: ComponentBuild, name: string): never {
  throw new WeirError("BUILD_SOURCE_MISSING", `the source ${name} is not where it was said to be`, {
    where: build.node.id,
    hints: ["fetch the sources again"],
  });
}

interface SettledRoot {
  readonly solved: SolvedRoot;
  readonly inputs: BuildInputs;
  readonly key: string;
}

/** Solves the root; where requirements are generated, runs %generate_buildrequires until it asks for nothing new. */
async function settleRoot(
  build: ComponentBuild,
  options: ComponentBuildOptions,
  own: Readonly<Record<string, string>>,
  runner: Runner,
): Promise<SettledRoot> {
  const { node } = build;
  const requires = new Set(node.buildRequires);
  for (let round = 0; round < mostRounds; round++) {
    const solved = options.buildroot.solve([...requires].sort(compareText), options.built, node.id);
    const inputs = sortInputs({ ...own, ...solved.inputs, architecture: options.buildroot.arch });
    const key = keyOf(inputs);
    if (!node.dynamicBuildRequires) return { solved, inputs, key };
    let generated = await options.store.dynamicRequires(key);
    if (generated === undefined) {
      generated = await runner.generateRequires(solved);
      await options.store.noteDynamicRequires(key, generated);
    }
    const before = requires.size;
    for (const requirement of generated) requires.add(requirement);
    if (requires.size === before) return { solved, inputs, key };
  }
  throw new WeirError(
    "BUILD_REQUIRES_UNSETTLED",
    `%generate_buildrequires still asks for more after ${mostRounds} rounds`,
    {
      where: node.id,
      kind: "refused",
      hints: ["see what the section prints: its answer must not depend on what is installed without end"],
    },
  );
}

/** The folder of one build and the runs of rpmbuild in it. */
class Runner {
  readonly #build: ComponentBuild;
  readonly #options: ComponentBuildOptions;
  #folder: string | undefined;

  constructor(build: ComponentBuild, options: ComponentBuildOptions) {
    this.#build = build;
    this.#options = options;
  }

  async generateRequires(solved: SolvedRoot): Promise<string[]> {
    const view = await this.#options.buildroot.prepare(solved, this.#options);
    const folder = await this.#prepare();
    // With --nodeps rpmbuild -br ends with 11 and always writes the list.
    await this.#rpmbuild(view, ["-br", "--nodeps"], 11);
    const entries = await readdir(join(folder, "out"), { withFileTypes: true });
    const list = entries.find((entry) => entry.isFile() && entry.name.endsWith(".buildreqs.nosrc.rpm"))?.name;
    if (list === undefined) throw await this.#failure(view, ["-br", "--nodeps"]);
    const path = join(folder, "out", list);
    const { requires } = readRpm({ path }, list).package;
    await rm(path);
    return requires
      .filter((dependency) => !isRpmlib(dependency))
      .map(formatDependency)
      .sort(compareText);
  }

  async build(solved: SolvedRoot, inputs: BuildInputs): Promise<StoredBuild> {
    const view = await this.#options.buildroot.prepare(solved, this.#options);
    const folder = await this.#prepare();
    // Not -ba: it writes the source package's digest into the binary ones, so that a comment in a spec would change them all.
    await this.#rpmbuild(view, ["-bs", "--nodeps"], 0);
    await this.#rpmbuild(view, ["-bb", "--nodeps"], 0);
    const rpms: CandidatePackage[] = [];
    for (const entry of await readdir(join(folder, "out"), { withFileTypes: true })) {
      if (entry.isFile() && entry.name.endsWith(".rpm")) rpms.push(await readArtifact(join(folder, "out", entry.name)));
    }
    rpms.sort((a, b) => compareText(a.artifact.file, b.artifact.file));
    const sources = rpms.filter(({ metadata }) => metadata.arch === "src" || metadata.arch === "nosrc");
    const binaries = rpms.filter((candidate) => !sources.includes(candidate));
    if (binaries.length === 0) {
      throw new WeirError("BUILD_NOTHING", "the build ended well and gave no package", {
        where: this.#build.node.id,
        kind: "refused",
        hints: [
          "a binary package needs a %files section",
          `the log: ${join(await this.#keep(view, ["-bb", "--nodeps"]), "build.log")}`,
        ],
      });
    }
    return {
      node: this.#build.node.id,
      inputs,
      srpm: sources[0]?.artifact,
      rpms: binaries.map(({ artifact }) => artifact),
      log: join(folder, "build.log"),
    };
  }

  async remove(): Promise<void> {
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }

  /** SPECS and SOURCES with constant times and modes, since a source package records both. */
  async #prepare(): Promise<string> {
    if (this.#folder !== undefined) return this.#folder;
    const folder = await this.#options.store.workFolder();
    this.#folder = folder;
    for (const name of ["SPECS", "SOURCES", "out", "disk"]) await mkdir(join(folder, name));
    const { rendered, sources } = this.#build;
    const place = async (below: string, name: string, executable: boolean, write: (path: string) => Promise<void>) => {
      const path = joinBelow(join(folder, below), name);
      await mkdir(join(path, ".."), { recursive: true });
      await write(path);
      await chmod(path, executable ? 0o755 : 0o644);
      await utimes(path, rendered.sourceDateEpoch, rendered.sourceDateEpoch);
    };
    for (const [name, { content, executable }] of rendered.files) {
      await place(name === rendered.specFile ? "SPECS" : "SOURCES", name, executable, (path) =>
        writeFile(path, content),
      );
    }
    for (const [name, from] of sources) {
      await place("SOURCES", name, false, (path) => copyFile(from, path, constants.COPYFILE_FICLONE));
    }
    return folder;
  }

  #command(mode: readonly string[]): [string, ...string[]] {
    const { node, rendered } = this.#build;
    const conditions = [
      ...node.with.flatMap((name) => ["--with", name]),
      ...node.without.flatMap((name) => ["--without", name]),
    ];
    const target = ["--target", this.#options.buildroot.arch];
    return ["/usr/bin/rpmbuild", ...mode, ...target, ...conditions, `/build/SPECS/${rendered.specFile}`];
  }

  #request(view: PreparedRoot["view"], folder: string, command: readonly [string, ...string[]]): SandboxRequest {
    const onDisk = this.#options.buildOn === "disk";
    return {
      ...view,
      tmpfs: onDisk ? [] : ["/build"],
      binds: [
        ...(onDisk ? [{ from: join(folder, "disk"), to: "/build", writable: true }] : []),
        { from: join(folder, "SPECS"), to: "/build/SPECS", writable: false },
        { from: join(folder, "SOURCES"), to: "/build/SOURCES", writable: false },
        { from: join(folder, "out"), to: "/build/out", writable: true },
      ],
      env: {
        PATH: "/usr/bin:/usr/sbin",
        HOME: "/build",
        USER: "root",
        LOGNAME: "root",
        LANG: "C.UTF-8",
        TZ: "UTC",
        SOURCE_DATE_EPOCH: String(this.#build.rendered.sourceDateEpoch),
        PKG_CONFIG_PATH: "/usr/lib64/pkgconfig:/usr/share/pkgconfig",
      },
      cwd: "/build",
      command,
      timeout: this.#options.timeout ?? fourHours,
      signal: this.#options.signal,
    };
  }

  async #rpmbuild(view: PreparedRoot["view"], mode: readonly string[], accepted: number): Promise<void> {
    const folder = await this.#prepare();
    const request = { ...this.#request(view, folder, this.#command(mode)), logFile: join(folder, "build.log") };
    try {
      const { exitCode } = await this.#options.sandbox.run(request);
      if (exitCode === accepted) return;
    } catch (error) {
      if (error instanceof WeirError && error.code === "PROCESS_TIMEOUT") {
        throw new WeirError("BUILD_TIMEOUT", `the build did not end within ${Math.round(request.timeout / 1000)} s`, {
          where: this.#build.node.id,
          kind: "refused",
          hints: [`the log so far: ${await this.#keep(view, mode)}/build.log`],
          cause: error,
        });
      }
      throw error;
    }
    throw await this.#failure(view, mode);
  }

  async #failure(view: PreparedRoot["view"], mode: readonly string[]): Promise<WeirError> {
    const folder = await this.#prepare();
    const reading = readFailure(await readTail(join(folder, "build.log")));
    const kept = await this.#keep(view, mode);
    return buildFailed(this.#build.node.id, reading, join(kept, "build.log"), join(kept, "enter.sh"));
  }

  /** Moves the build's folder to `failed/` and writes the script that enters the sandbox again. Gives the folder. */
  async #keep(view: PreparedRoot["view"], mode: readonly string[]): Promise<string> {
    const folder = await this.#prepare();
    const kept = this.#options.store.path("failed", fileNameOf(this.#build.node.id));
    await rm(kept, { recursive: true, force: true });
    await rename(folder, kept);
    this.#folder = undefined;
    const [program, ...args] = this.#command(mode);
    const enter = this.#request(view, kept, ["/usr/bin/env", "bash", "-i"]);
    const line = await this.#options.sandbox.commandLine(enter).catch((error: unknown) => `# ${messageOf(error)}`);
    const failed = formatCommand(program, args);
    const script = `#!/bin/sh\n${formatCommand("echo", [`Inside, this failed: ${failed}`])}\n${line}\n`;
    await writeFile(join(kept, "enter.sh"), script, { mode: 0o755 });
    return kept;
  }
}
