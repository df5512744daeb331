import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { WeirError } from "../../src/core/index.ts";
import { Pool, compareEvrIds } from "../../src/engine/pool/index.ts";
import type { SolverFlags, SolverJob } from "../../src/engine/solve/jobs.ts";
import { packagesOf } from "../../src/engine/solve/selection/index.ts";
import { type DependencyId, parsePrimary, addPackage, relationOp } from "../../src/formats/rpmmd/index.ts";
import { caseOperator, parseCaseDependency } from "./dependency-text.ts";
import { type FlagDraft, setPoolFlags, setSolverFlags, untouchedSolverFlags } from "./flags.ts";
import { readCaseJob, readCaseSelect } from "./job-text.ts";
import { findCasePackage } from "./package-text.ts";
import type { CaseCommand, CaseData, CaseSection } from "./read-case.ts";
import { addTesttags } from "./testtags.ts";
import { unescapeHex } from "./words.ts";

const mostBytes = 512 << 20;

/** What a section of a case asks a solver. */
export interface StagedSolve {
  readonly pool: Pool;
  readonly jobs: readonly SolverJob[];
  readonly flags: SolverFlags;
}

type CommandOf<Kind extends CaseCommand["kind"]> = Extract<CaseCommand, { readonly kind: Kind }>;

/**
 * Carries out the commands of a case, section by section: packages, the system and vendors stay from one to the next, disabled packages too; settings of the
 * solver and jobs do not. Errors: `CASE_…`; `CASE_UNSUPPORTED` where the case is about what Weir does not do.
 */
export class CaseStage {
  readonly pool: Pool = new Pool();
  readonly #directory: string;
  readonly #vendorClasses: string[][] = [];
  #poolFlags: { flags: FlagDraft; providersWithDisabled: boolean } = { flags: {}, providersWithDisabled: false };
  #poolFlagsReset = false;
  #namespaces = new Map<DependencyId, number[]>();
  #solverFlags: FlagDraft = untouchedSolverFlags();
  #prepared = false;

  /** `file`: path of the case; files it names lie beside it. */
  constructor(file: string) {
    this.#directory = dirname(file);
  }

  run(section: CaseSection, keepSolver: boolean): StagedSolve {
    const { pool } = this;
    this.#prepared = false;
    this.#poolFlagsReset = false;
    const kept = keepSolver ? this.#solverFlags : undefined;
    this.#solverFlags = untouchedSolverFlags();
    let jobs: SolverJob[] = [];
    const stack: DependencyId[] = [];
    const autoInstalled: string[] = [];
    for (const command of section.commands) {
      switch (command.kind) {
        case "repo":
          this.#addRepository(command);
          break;
        case "system":
          this.#setSystem(command);
          break;
        case "job":
          this.#prepare();
          jobs = readCaseJob(pool, command.words, jobs);
          break;
        case "evrcmp":
          jobs.push(this.#compareVersions(command.words));
          break;
        case "vendorclass":
          this.#vendorClasses.push(command.words.map(unescapeHex));
          break;
        case "namespace":
          this.#setNamespace(command.words);
          break;
        case "poolflags":
          this.#resetPoolFlags();
          setPoolFlags(this.#poolFlags, command.words);
          break;
        case "solverflags":
          setSolverFlags(this.#solverFlags, command.words);
          break;
        case "disable":
          this.#disable(command.words);
          break;
        case "feature":
          needFeatures(command.words);
          break;
        case "genid":
          this.#makeDependency(command.words, stack);
          break;
        case "autoinst":
          autoInstalled.push(command.words[1] ?? "");
      }
    }
    this.#prepare();
    for (const dependency of stack.reverse()) jobs.push(nothing(dependency));
    if (autoInstalled.length > 0) jobs.push(...this.#userInstalled(autoInstalled));
    if (kept !== undefined) this.#solverFlags = kept;
    const flags: SolverFlags = { ...this.#poolFlags.flags, ...this.#solverFlags, vendorClasses: this.#vendorClasses };
    return { pool, jobs, flags };
  }

  /** The lines of data of a command, from the case or from the file it names. */
  read(data: CaseData): string {
    if ("inline" in data) return data.inline.map((line) => `${line}\n`).join("");
    const { file } = data;
    if (file.startsWith("/") || file.split("/").includes(".."))
      throw new WeirError("CASE_FILE", `${file} is not beside the case`);
    const path = join(this.#directory, file);
    let bytes: Buffer;
    try {
      if (statSync(path).size > mostBytes)
        throw new WeirError("CASE_FILE", `${file} is larger than ${mostBytes} bytes`);
      bytes = readFileSync(path);
    } catch (error) {
      if (error instanceof WeirError) throw error;
      throw new WeirError("CASE_FILE", `${file} cannot be read`, { cause: error });
    }
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString("utf8");
    try {
      return gunzipSync(bytes, { maxOutputLength: mostBytes }).toString("utf8");
    } catch (error) {
      throw new WeirError("CASE_FILE", `${file} cannot be unpacked`, { cause: error });
    }
  }

  #addRepository({ name, priority, subPriority, type, data }: CommandOf<"repo">): void {
    const { pool } = this;
    this.#resetPoolFlags();
    this.#prepared = false;
    const { index } = pool.addRepository({ id: name, priority, subPriority });
    if (data === undefined) return;
    if (type === "testtags") addTesttags(pool.columns, index, this.read(data));
    else if (type === "rpmmd") {
      for (const pkg of parsePrimary(Buffer.from(this.read(data)), name)) addPackage(pool.columns, index, pkg);
    } else throw new WeirError("CASE_UNSUPPORTED", `repositories of type ${type}`);
  }

  #setSystem({ arch, types, installed }: CommandOf<"system">): void {
    const { pool } = this;
    if (types !== "*" && !types.split(",").includes("rpm"))
      throw new WeirError("CASE_UNSUPPORTED", `a system of ${types} packages`);
    this.#prepared = false;
    if (arch.startsWith(":"))
      pool.setArchs(
        arch
          .slice(1)
          .split(/[:=>]/)
          .filter((name) => name !== "" && name !== "noarch"),
      );
    else if (arch !== "unset" && arch !== "-") pool.setArch(arch);
    if (installed === undefined) return;
    const found = pool.repositories.find(({ id }) => id === installed);
    if (found === undefined) throw new WeirError("CASE_SYNTAX", `there is no repository ${installed}`);
    pool.installed = found.index;
  }

  #resetPoolFlags(): void {
    if (!this.#poolFlagsReset) this.#poolFlags = { flags: {}, providersWithDisabled: false };
    this.#poolFlagsReset = true;
  }

  #prepare(): void {
    if (this.#prepared) return;
    this.pool.providersWithDisabled = this.#poolFlags.providersWithDisabled;
    for (const id of this.#namespaces.keys()) this.pool.setNamespace(id, []);
    this.pool.prepare();
    this.#prepared = true;
  }

  #setNamespace([text = "", ...packages]: readonly string[]): void {
    const found = /^(.*?)\((.*)\)$/.exec(text);
    if (found === null) throw new WeirError("CASE_SYNTAX", `${text} is no namespace`);
    this.#prepare();
    const { columns } = this.pool;
    const [, name = "", argument = ""] = found;
    const id = columns.relation(
      columns.strings.internText(name),
      relationOp.namespace,
      columns.strings.internText(argument),
    );
    const providers = packages.flatMap((word) => findCasePackage(this.pool, word) ?? []);
    this.#namespaces.set(id, providers);
    this.pool.setNamespace(id, providers);
  }

  #disable(words: readonly string[]): void {
    const { pool } = this;
    if (!this.#prepared) this.#prepare();
    pool.considered ??= new Uint8Array(pool.columns.count).fill(1);
    // A package that is not there is as good as disabled.
    if (words[0] === "pkg" && findCasePackage(pool, words[1] ?? "") === undefined) return;
    for (const pkg of packagesOf(pool, readCaseSelect(pool, words))) pool.considered[pkg] = 0;
    this.#prepared = false;
  }

  #makeDependency([command, ...rest]: readonly string[], stack: DependencyId[]): void {
    const { columns } = this.pool;
    const text = rest.join(" ");
    switch (command) {
      case "lit":
        stack.push(columns.strings.internText(text === "" ? "\0" : text));
        return;
      case "null":
        stack.push(0);
        return;
      case "dep":
        stack.push(parseCaseDependency(columns, text));
        return;
      case "op": {
        const op = caseOperator(text);
        const right = stack.pop();
        const left = stack.pop();
        if (op === undefined || left === undefined || right === undefined)
          throw new WeirError("CASE_SYNTAX", `genid op ${text}: an operator and two dependencies are needed`);
        stack.push(columns.relation(left, op, right));
        return;
      }
      case "susedep":
        throw new WeirError("CASE_UNSUPPORTED", "SUSE's way to write dependencies");
      default:
        throw new WeirError("CASE_SYNTAX", `there is no genid ${command}`);
    }
  }

  #compareVersions([a = "", b = ""]: readonly string[]): SolverJob {
    const { columns } = this.pool;
    const { strings } = columns;
    const [left, right] = [strings.internText(a), strings.internText(b)];
    const order = compareEvrIds(strings, left, right, "order");
    const op = order < 0 ? relationOp.less : order > 0 ? relationOp.greater : relationOp.equal;
    return nothing(columns.relation(left, op, right));
  }

  /** Jobs that say of each installed package whose name is not listed that somebody wished for it. */
  #userInstalled(automatic: readonly string[]): SolverJob[] {
    const { columns } = this.pool;
    const names = new Set<number>();
    for (const pkg of packagesOf(this.pool, { kind: "repository", repository: this.pool.installed })) {
      const name = columns.name[pkg] as number;
      if (!automatic.includes(columns.strings.text(name))) names.add(name);
    }
    return [...names].map((dependency) => ({ action: "userinstalled", select: { kind: "name", dependency } }));
  }
}

function nothing(dependency: DependencyId): SolverJob {
  return { action: "noop", select: { kind: "provides", dependency } };
}

function needFeatures(words: readonly string[]): void {
  for (const word of words)
    if (word !== "complex_deps") throw new WeirError("CASE_UNSUPPORTED", `cases that need ${word}`);
}
