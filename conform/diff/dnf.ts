import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { findProgram, WeirError } from "../../src/core/index.ts";
import type { SolverFlags } from "../../src/engine/solve/jobs.ts";
import type { Answer } from "./answer.ts";
import type { OwnSettings, Peer } from "./peer.ts";
import type { DiffRequest } from "./request.ts";
import type { Universe } from "./universe.ts";

/** The settings dnf gives its solver. */
const dnfFlags: SolverFlags = {
  allowDowngrade: true,
  allowVendorChange: true,
  keepOrphans: true,
  bestObeyPolicy: true,
  yumObsoletes: true,
  urpmReorder: true,
  implicitObsoleteUsesColours: true,
};

/** Jobs dnf adds by itself: packages whose versions stand side by side. */
const dnfJobs: readonly string[] = [
  "kernel",
  "kernel-PAE",
  "installonlypkg(kernel)",
  "installonlypkg(kernel-module)",
  "installonlypkg(vm)",
  "multiversion(kernel)",
].map((name) => `multiversion provides ${name}`);

/** dnf through its Python API; one process answers all. */
export class DnfPeer implements Peer {
  readonly name = "dnf";
  readonly batch = 1_000_000;
  readonly own: OwnSettings = { flags: dnfFlags, jobs: dnfJobs, capabilityFlags: "[setarch]", orObsoleters: true };
  readonly #universe: Universe;
  readonly #python: string;

  /** Errors: `CONFORM_PEER`. */
  constructor(universe: Universe) {
    this.#universe = universe;
    this.#python = needPython();
  }

  refuses({ jobs, flags }: DiffRequest): string | undefined {
    if (flags.length > 0 || jobs.some((job) => !job.startsWith("install "))) return "dnf is only asked to install";
    // It would look for packages that could meet one side of "(a and b)" and install one of them.
    return jobs.some((job) => / ([|&]|<IF>) /.test(job)) ? "dnf takes no request of several parts" : undefined;
  }

  ask(requests: readonly DiffRequest[]): Answer[] {
    const scratch = mkdtempSync(join(tmpdir(), "weir-conform-"));
    try {
      const { repositories, arch } = this.#universe;
      const job = {
        scratch,
        arch,
        repositories: repositories.map(({ id, directory }) => ({ id, directory: resolve(directory) })),
        requests: requests.map(({ jobs, weak }) => ({ specs: jobs.map(specOf), weak })),
      };
      const { status, stdout, stderr } = spawnSync(this.#python, [join(import.meta.dirname, "dnf_peer.py")], {
        input: JSON.stringify(job),
        encoding: "utf8",
        maxBuffer: 1 << 30,
        timeout: 1_800_000,
      });
      const lines = stdout.split("\n").filter((line) => line !== "");
      if (status !== 0 || lines.length !== requests.length)
        throw new WeirError(
          "CONFORM_PEER",
          `dnf gave ${lines.length} answers to ${requests.length} requests: ${stderr.slice(-400)}`,
          {
            kind: "machine",
          },
        );
      return lines.map((line) => {
        const { install = [], problems = [] } = JSON.parse(line) as { install?: string[]; problems?: string[] };
        return { steps: install.map((text) => `install ${text}`).sort(), problems };
      });
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }

  close(): void {}
}

/** An install job as dnf takes it on its command line. */
function specOf(job: string): string {
  return job.replace(/^install \w+ /, "").replace(" . ", ".");
}

function needPython(): string {
  const python = ["/usr/bin/python3", findProgram("python3")].find(
    (path) => path !== undefined && spawnSync(path, ["-c", "import dnf"], { stdio: "ignore" }).status === 0,
  );
  if (python === undefined)
    throw new WeirError("CONFORM_PEER", "there is no Python with dnf's module on this machine", {
      kind: "machine",
      hints: ["install python3-dnf", "or compare with libsolv alone: --peer libsolv"],
    });
  return python;
}
