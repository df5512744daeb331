import { spawn, spawnSync } from "node:child_process";
import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { findProgram, WeirError } from "../../src/core/index.ts";
import { type Answer, plainStep } from "./answer.ts";
import { repositoryTags } from "./tags.ts";
import type { Peer } from "./peer.ts";
import type { DiffRequest } from "./request.ts";
import { installedName, type Universe } from "./universe.ts";

const wanted = "result transaction,problems <inline>";
const mostOutput = 1 << 30;

/** libsolv's command-line tools, asked in batches: one process answers many requests. */
export class LibsolvPeer implements Peer {
  readonly name = "libsolv";
  readonly batch = 100;
  readonly own = { flags: {}, jobs: [] };
  readonly #scratch: string;
  readonly #testsolv: string;
  readonly #preamble: string;
  readonly #universe: Universe;
  #ordered: string | undefined;

  private constructor(universe: Universe, scratch: string, testsolv: string, preamble: string) {
    this.#universe = universe;
    this.#scratch = scratch;
    this.#testsolv = testsolv;
    this.#preamble = preamble;
  }

  /** `tools`: folder of testsolv and rpmmd2solv; they are looked for on PATH without it. Errors: `CONFORM_PEER`. */
  static async open(universe: Universe, tools: string | undefined): Promise<LibsolvPeer> {
    const [testsolv, rpmmd2solv] = ["testsolv", "rpmmd2solv"].map((name) => needTool(name, tools)) as [string, string];
    const scratch = mkdtempSync(join(tmpdir(), "weir-conform-"));
    const lines: string[] = [];
    for (const [index, { id, primary }] of universe.repositories.entries()) {
      await convert(rpmmd2solv, primary, join(scratch, `${index}.solv`));
      lines.push(`repo ${id} 0 solv ${index}.solv`);
    }
    writeFileSync(join(scratch, "installed"), repositoryTags(universe.pool, universe.pool.installed));
    lines.push(`repo ${installedName} 0 testtags installed`, `system ${universe.arch} rpm ${installedName}`);
    return new LibsolvPeer(universe, scratch, testsolv, lines.join("\n"));
  }

  refuses(): undefined {}

  ask(requests: readonly DiffRequest[]): Answer[] {
    const text = `${this.#preamble}\n${requests.map((request) => `${requestCommands(request).join("\n")}\n${wanted}\n`).join("nextjob\n")}`;
    return this.askText(text, requests.length).map(parseAnswer);
  }

  /**
   * Asks once more over the packages as text: libsolv's binary files have the dependencies of a package in another order than the metadata,
   * and with the order goes what is chosen first.
   */
  askInOrder(request: DiffRequest): Answer[] {
    const { pool, arch } = this.#universe;
    this.#ordered ??= [
      ...pool.repositories.map(({ id, index }) => {
        writeFileSync(join(this.#scratch, `${index}.repo`), repositoryTags(pool, index));
        return `repo ${id} 0 testtags ${index}.repo`;
      }),
      `system ${arch} rpm ${installedName}`,
    ].join("\n");
    return this.askText(`${this.#ordered}\n${requestCommands(request).join("\n")}\n${wanted}\n`, 1).map(parseAnswer);
  }

  /** The lines of the result of each solve of a case. */
  askText(text: string, solves: number): string[][] {
    const file = join(this.#scratch, "case.t");
    writeFileSync(file, text);
    return askTestsolv(this.#testsolv, [file], solves);
  }

  close(): void {
    rmSync(this.#scratch, { recursive: true, force: true });
  }
}

/**
 * Runs testsolv over cases that together have so many solves, at least two in the first unless there is one in all; gives the lines of each
 * result. Errors: `CONFORM_PEER`.
 */
export function askTestsolv(testsolv: string, files: readonly string[], solves: number): string[][] {
  const { stdout, stderr, error, signal } = spawnSync(testsolv, ["-r", ...files], {
    encoding: "utf8",
    maxBuffer: mostOutput,
    timeout: 600_000,
  });
  if (error !== undefined || signal !== null)
    throw new WeirError("CONFORM_PEER", "testsolv did not finish", { cause: error ?? signal, kind: "machine" });
  const parts = solves === 1 && !stdout.startsWith("test 1:") ? ["", stdout] : stdout.split(/^test \d+:\n/m);
  if (parts.length !== solves + 1)
    throw new WeirError(
      "CONFORM_PEER",
      `testsolv gave ${parts.length - 1} results for ${solves} requests: ${stderr.slice(0, 300)}`,
    );
  return parts.slice(1).map((part) => part.split("\n").filter((line) => line !== ""));
}

/** The commands of a request in a case, without the result they want. */
export function requestCommands({ jobs, flags, weak }: DiffRequest): string[] {
  const settings = weak ? flags : [...flags, "ignorerecommended"];
  return [...(settings.length === 0 ? [] : [`solverflags ${settings.join(" ")}`]), ...jobs.map((job) => `job ${job}`)];
}

function parseAnswer(lines: readonly string[]): Answer {
  const problems = lines.flatMap((line) => /^problem \S+ info (.*)$/.exec(line)?.[1] ?? []);
  const steps = problems.length > 0 ? [] : lines.filter((line) => !line.startsWith("problem ")).map(plainStep);
  return { steps: steps.sort(), problems };
}

async function convert(rpmmd2solv: string, primary: string, target: string): Promise<void> {
  const out = openSync(target, "w");
  const child = spawn(rpmmd2solv, [], { stdio: ["pipe", out, "inherit"] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const source = createReadStream(primary);
  try {
    const stdin = child.stdin;
    if (stdin === null) throw new Error("no input");
    await (primary.endsWith(".gz") ? pipeline(source, createGunzip(), stdin) : pipeline(source, stdin));
    if ((await ended) !== 0)
      throw new WeirError("CONFORM_PEER", "rpmmd2solv failed", { where: primary, kind: "machine" });
  } finally {
    closeSync(out);
  }
}

/** Path of one of libsolv's tools, in a folder or on PATH. Errors: `CONFORM_PEER`. */
export function needTool(name: string, tools: string | undefined): string {
  const found = tools === undefined ? findProgram(name) : join(tools, name);
  if (found === undefined)
    throw new WeirError("CONFORM_PEER", `${name} is not on this machine`, {
      kind: "machine",
      hints: ["install libsolv-tools", "or name the folder of a built libsolv's tools with --tools"],
    });
  return found;
}
