import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Finding, type Skip, WeirError } from "../../core/index.ts";
import type { RpmPackage, Scriptlet } from "../../formats/rpm/index.ts";
import type { Sandbox } from "../build/index.ts";
import { imageRules } from "./rules.ts";
import type { RootTree } from "./root-tree.ts";

/** Seen private and empty by scriptlets, whatever the image has there. */
const hidden = new Set(["proc", "sys", "dev", "run", "tmp", "build"]);
const timeout = 300_000;
const quoteMost = 600;
const ldconfig = "/usr/sbin/ldconfig";

/**
 * Runs scriptlets of packages as rpm does when it installs (or, with `count` 0, erases): the image's root is writable at its place, the
 * rest of the machine is not seen, there is no network.
 */
export class ScriptletRunner {
  readonly findings: Finding[] = [];
  readonly skips: Skip[] = [];
  readonly #tree: RootTree;
  readonly #sandbox: Sandbox | undefined;
  readonly #work: string;
  readonly #epoch: number;
  readonly #signal: AbortSignal | undefined;
  #ran = 0;
  #librariesChanged = false;

  constructor(
    tree: RootTree,
    sandbox: Sandbox | undefined,
    options: { readonly work: string; readonly epoch: number; readonly signal: AbortSignal | undefined },
  ) {
    this.#tree = tree;
    this.#sandbox = sandbox;
    this.#work = options.work;
    this.#epoch = options.epoch;
    this.#signal = options.signal;
  }

  /** Says that libraries came or went, so that the loader's cache is renewed before the next program runs. */
  noteLibraries(): void {
    this.#librariesChanged = true;
  }

  /** Renews the loader's cache where the image has the means and libraries changed since. */
  async renewLoaderCache(): Promise<void> {
    if (!this.#librariesChanged || this.#sandbox === undefined || !this.#tree.isFile(ldconfig)) return;
    this.#librariesChanged = false;
    const result = await this.#sandbox.run(await this.#request([ldconfig], []));
    if (result.exitCode !== 0) {
      this.skips.push({
        subject: ldconfig,
        reason: `ended with ${result.exitCode}: ${result.stderr.slice(0, quoteMost)}`,
      });
    }
  }

  /** How many ran. */
  get ran(): number {
    return this.#ran;
  }

  /**
   * Runs one kind of scriptlet of a package, if it has it. A failing %pre, or %pretrans, is `IMAGE_SCRIPTLET_FAILED`, since rpm would not
   * install the package; any other failure is a finding.
   */
  async run(item: RpmPackage, nevra: string, kind: Scriptlet["kind"], count: number): Promise<void> {
    const scriptlet = item.scriptlets.find((one) => one.kind === kind);
    if (scriptlet === undefined) return;
    const subject = `%${kind} of ${nevra}`;
    const [program = "/bin/sh", ...args] = scriptlet.interpreter;
    const reason = this.#refuse(program);
    if (reason !== undefined || this.#sandbox === undefined) {
      this.skips.push({ subject, reason: reason ?? "no way to run programs apart was given" });
      return;
    }
    await this.renewLoaderCache();
    const result = await this.#execute(this.#sandbox, program, args, scriptlet, count);
    this.#ran++;
    if (result.exitCode === 0) return;
    const said = `${result.stderr}${result.stdout}`.trim().slice(-quoteMost);
    const message = `${subject} ended with ${result.exitCode}${said === "" ? "" : `: ${said}`}`;
    if (kind === "pre" || kind === "pretrans") {
      throw new WeirError("IMAGE_SCRIPTLET_FAILED", `the package cannot be installed: ${message}`, {
        where: nevra,
        kind: "refused",
        hints: ["mend the scriptlet, or leave the package out of the image"],
      });
    }
    this.findings.push({
      rule: imageRules.IMAGE001.id,
      severity: imageRules.IMAGE001.severity,
      subject: nevra,
      message,
      evidence: [{ what: scriptlet.body.trim().slice(0, quoteMost), where: subject }],
      remedy: imageRules.IMAGE001.remedy,
    });
  }

  #refuse(program: string): string | undefined {
    if (program === "<lua>") return "written in rpm's own Lua";
    if (program.startsWith("<")) return `written for rpm's own interpreter ${program}`;
    return this.#tree.isFile(program) ? undefined : `${program} is not in the image`;
  }

  async #execute(
    sandbox: Sandbox,
    program: string,
    args: readonly string[],
    scriptlet: Scriptlet,
    count: number,
  ): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }> {
    if (scriptlet.body === "") return sandbox.run(await this.#request([program, ...args], []));
    const folder = join(this.#work, "scriptlet");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "body"), scriptlet.body, { mode: 0o755 });
    try {
      const bind = { from: folder, to: "/build", writable: false };
      return await sandbox.run(await this.#request([program, ...args, "/build/body", String(count)], [bind]));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #request(
    command: readonly [string, ...string[]],
    more: readonly { readonly from: string; readonly to: string; readonly writable: boolean }[],
  ): Promise<Parameters<Sandbox["run"]>[0]> {
    // Its private /var/tmp is mounted before /var is bound writable, so there has to be a place for it.
    if (this.#tree.isFolder("/var")) this.#tree.makeFolder("/var/tmp", { mode: 0o1777, origin: "scriptlets" });
    const folders = this.#tree
      .list("/")
      .filter((name) => !hidden.has(name) && this.#tree.linkTarget(name) === undefined && this.#tree.isFolder(name));
    return {
      layers: [this.#tree.root],
      hostUsr: false,
      binds: [
        ...folders.map((name) => ({ from: join(this.#tree.root, name), to: `/${name}`, writable: true })),
        ...more,
      ],
      tmpfs: [],
      env: {
        PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
        HOME: "/root",
        LANG: "C.UTF-8",
        SOURCE_DATE_EPOCH: String(this.#epoch),
        SYSTEMD_OFFLINE: "1",
      },
      cwd: "/",
      command,
      timeout,
      signal: this.#signal,
    };
  }
}
