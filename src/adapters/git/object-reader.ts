import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { systemCode, WeirError } from "../../core/index.ts";
import { gitEnvironment, gitOptions } from "./git-program.ts";

export interface GitObject {
  readonly id: string;
  readonly type: "commit" | "tree" | "blob" | "tag";
  readonly content: Buffer;
}

const types: Readonly<Record<string, GitObject["type"]>> = { commit: "commit", tree: "tree", blob: "blob", tag: "tag" };

/** Largest object that is read. */
const mostBytes = 512 << 20;

/**
 * Reads objects of one repository through a single `git cat-file --batch`. Requests are answered in order. The process does not keep this
 * one alive, and ends with it.
 */
export class ObjectReader {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #where: string;
  #chunks: Buffer[] = [];
  #buffered = 0;
  #wake: (() => void) | undefined;
  #ended: Error | undefined;
  #complaint = "";
  #turn: Promise<unknown> = Promise.resolve();

  constructor(gitDir: string, where: string) {
    this.#where = where;
    this.#child = spawn("git", [...gitOptions, `--git-dir=${gitDir}`, "cat-file", "--batch"], {
      env: gitEnvironment("none"),
      stdio: ["pipe", "pipe", "pipe"],
      cwd: "/",
    });
    this.#child.stdout.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#buffered += chunk.length;
      if (this.#buffered > 4 << 20) this.#child.stdout.pause();
      this.#wake?.();
    });
    this.#child.stderr.on("data", (chunk: Buffer) => {
      if (this.#complaint.length < 2000) this.#complaint += chunk.toString("utf8");
    });
    this.#child.stdin.on("error", () => undefined);
    this.#child.on("error", (error) => this.#end(error));
    this.#child.on("close", () => this.#end(new Error("git ended early")));
    this.#child.unref();
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) {
      if ("unref" in stream && typeof stream.unref === "function") stream.unref();
    }
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#wake?.();
  }

  /** The objects of these names, in order; undefined where there is none of a name, or several. Names hold no newline. */
  read(names: readonly string[], signal?: AbortSignal): Promise<(GitObject | undefined)[]> {
    const answer = this.#turn.then(() => this.#readNow(names, signal));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  close(): void {
    this.#child.stdin.end();
    this.#child.kill();
  }

  async #readNow(names: readonly string[], signal: AbortSignal | undefined): Promise<(GitObject | undefined)[]> {
    const abort = () =>
      this.#end(new WeirError("INTERRUPTED", "reading from git was interrupted", { kind: "refused" }));
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    // A timer keeps this process alive while it waits: the child itself is unreferenced.
    const alive = setInterval(() => undefined, 1 << 30);
    try {
      this.#child.stdin.write(names.map((name) => `${name}\n`).join(""));
      const objects: (GitObject | undefined)[] = [];
      let total = 0;
      for (const name of names) {
        const object = await this.#readOne(name);
        total += object?.content.length ?? 0;
        if (total > mostBytes) throw this.#tooLarge(name);
        objects.push(object);
      }
      return objects;
    } catch (error) {
      this.#end(error instanceof Error ? error : new Error(String(error)));
      this.close();
      throw error;
    } finally {
      clearInterval(alive);
      signal?.removeEventListener("abort", abort);
    }
  }

  async #readOne(name: string): Promise<GitObject | undefined> {
    const line = (await this.#takeLine()).toString("utf8");
    if (line.endsWith(" missing") || line.endsWith(" ambiguous")) return undefined;
    const [, id, type, size] = /^([0-9a-f]{40,64}) (commit|tree|blob|tag) ([0-9]{1,12})$/.exec(line) ?? [];
    if (id === undefined || size === undefined)
      throw this.#broken(`an unexpected answer for ${name}: ${line.slice(0, 100)}`);
    if (Number(size) > mostBytes) throw this.#tooLarge(name);
    const content = await this.#take(Number(size) + 1);
    return { id, type: types[type ?? ""] ?? "blob", content: content.subarray(0, -1) };
  }

  async #takeLine(): Promise<Buffer> {
    for (;;) {
      let before = 0;
      for (const chunk of this.#chunks) {
        const at = chunk.indexOf(10);
        if (at >= 0) return (await this.#take(before + at + 1)).subarray(0, -1);
        before += chunk.length;
      }
      if (before > 1 << 16) throw this.#broken("an answer without end");
      await this.#more();
    }
  }

  async #take(size: number): Promise<Buffer> {
    while (this.#buffered < size) await this.#more();
    const parts: Buffer[] = [];
    let left = size;
    while (left > 0) {
      const chunk = this.#chunks[0];
      if (!chunk) break;
      if (chunk.length <= left) {
        parts.push(chunk);
        this.#chunks.shift();
      } else {
        parts.push(chunk.subarray(0, left));
        this.#chunks[0] = chunk.subarray(left);
      }
      left -= Math.min(left, chunk.length);
    }
    this.#buffered -= size;
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts, size);
  }

  async #more(): Promise<void> {
    if (this.#ended) throw this.#asError(this.#ended);
    const waiting = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#child.stdout.resume();
    await waiting;
    this.#wake = undefined;
  }

  #asError(error: Error): WeirError {
    if (error instanceof WeirError) return error;
    if (systemCode(error) === "ENOENT") {
      return new WeirError("PROCESS_NOT_FOUND", "the program git is not on this machine", {
        kind: "machine",
        hints: ["`weir doctor` names the package that holds it"],
        cause: error,
      });
    }
    return this.#broken(this.#complaint.trim() || error.message);
  }

  #broken(what: string): WeirError {
    return new WeirError("UPSTREAM_UNREACHABLE", `git cannot read the repository: ${what}`, {
      where: this.#where,
      kind: "remote",
      hints: ["`git fsck` there tells more"],
    });
  }

  #tooLarge(name: string): WeirError {
    return new WeirError("UPSTREAM_TOO_LARGE", `more than ${mostBytes >> 20} MiB to read for ${name}`, {
      where: this.#where,
    });
  }
}
