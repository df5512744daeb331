import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cleanText, messageOf, type Skip, WeirError } from "../../core/index.ts";
import type { Sandbox } from "../../engine/build/index.ts";
import { createOverlaySandbox, createPlainSandbox } from "./overlay.ts";
import { createProotSandbox } from "./proot.ts";
import { type SandboxName, type SandboxOptions, sandboxNames } from "./types.ts";
import { privateFolder } from "./view.ts";

const makers: Record<SandboxName, (options: SandboxOptions) => Sandbox> = {
  overlay: createOverlaySandbox,
  plain: createPlainSandbox,
  proot: createProotSandbox,
};

export interface ChosenSandbox {
  readonly sandbox: Sandbox;
  /** Why better ones were refused, and what the chosen one cannot do. */
  readonly notices: readonly Skip[];
}

/**
 * The best sandbox that works here, found by running a program in each. `prefer` leaves no choice. Errors: `SANDBOX_NONE` (machine),
 * with what each said.
 */
export async function chooseSandbox(
  options: SandboxOptions & { readonly prefer?: SandboxName },
): Promise<ChosenSandbox> {
  const notices: Skip[] = [];
  for (const name of options.prefer === undefined ? sandboxNames : [options.prefer]) {
    const { sandbox, refused } = await tryOut(name, options);
    if (refused !== undefined) {
      notices.push({ subject: `sandbox ${name}`, reason: refused });
      continue;
    }
    if (!sandbox.networkIsolated) {
      notices.push({ subject: `sandbox ${name}`, reason: "builds are not cut off from the network in it" });
    }
    return { sandbox, notices };
  }
  throw new WeirError(
    "SANDBOX_NONE",
    `no way to run a build apart works here: ${notices.map((notice) => `${notice.subject.slice(8)}: ${notice.reason}`).join("; ")}`,
    {
      kind: "machine",
      hints: [
        "install bubblewrap (package bubblewrap on Debian and Fedora) and allow user namespaces",
        "or install proot, which needs neither root nor namespaces",
      ],
    },
  );
}

export interface SandboxProbe {
  readonly name: SandboxName;
  readonly works: boolean;
  /** Why it does not. */
  readonly reason: string | undefined;
}

/** Tries every sandbox out, best first, for a report on the machine. Without a `scratch` a temporary folder serves. */
export async function probeSandboxes(signal?: AbortSignal, scratch?: string): Promise<SandboxProbe[]> {
  const folder = scratch ?? (await mkdtemp(join(tmpdir(), "weir-probe-")));
  const probes: SandboxProbe[] = [];
  try {
    for (const name of sandboxNames) {
      const { refused } = await tryOut(name, { scratch: folder }, signal);
      probes.push({ name, works: refused === undefined, reason: refused });
    }
  } finally {
    if (scratch === undefined) await rm(folder, { recursive: true, force: true });
  }
  return probes;
}

async function tryOut(
  name: SandboxName,
  options: SandboxOptions,
  signal?: AbortSignal,
): Promise<{ readonly sandbox: Sandbox; readonly refused: string | undefined }> {
  const sandbox = makers[name](options);
  if (name === "plain" && process.getuid?.() !== 0) return { sandbox, refused: "it needs root" };
  return { sandbox, refused: await probe(sandbox, options.scratch, signal) };
}

async function probe(sandbox: Sandbox, scratch: string, signal?: AbortSignal): Promise<string | undefined> {
  const folder = join(await privateFolder(scratch), `probe-${sandbox.name}-${process.pid}`);
  const file = "usr/share/weir-probe/file";
  try {
    await mkdir(join(folder, "usr/share/weir-probe"), { recursive: true });
    await writeFile(join(folder, file), "");
    const result = await sandbox.run({
      layers: [folder],
      hostUsr: true,
      binds: [],
      tmpfs: ["/build"],
      env: { PATH: "/usr/bin:/bin" },
      cwd: "/build",
      command: ["/bin/sh", "-c", 'ls -l "$1" && echo x > a && mv a b && cp -p b c && test -f c', "probe", `/${file}`],
      timeout: 20_000,
      signal,
    });
    return result.exitCode === 0 ? undefined : `a probe ended with ${result.exitCode} ${result.stderr}`.trim();
  } catch (error) {
    if (signal?.aborted) throw error;
    return cleanText(messageOf(error)).slice(0, 300);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
