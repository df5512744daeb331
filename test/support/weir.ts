import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";

export const checkout = join(import.meta.dirname, "../..");

/** A folder for results of a test of the line, below out/. */
export function testOut(...parts: string[]): string {
  return join(checkout, "out/test", ...parts);
}

export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Options {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the child, for tests that interrupt it. */
  readonly started?: (child: ChildProcess) => void;
}

function launch(file: string, args: readonly string[], options: Options): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(checkout, file), ...args], {
      cwd: options.cwd ?? checkout,
      env: { ...process.env, NO_COLOR: "1", ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
    options.started?.(child);
  });
}

/** Runs the tool, or a script of the checkout, as a user would. */
export const weir = {
  run: (args: readonly string[], options: Options = {}) => launch("bin/weir", args, options),
  script: (file: string, args: readonly string[] = [], options: Options = {}) => launch(file, args, options),
};

/** Rebuilds the example into out/test/NAME. */
export function rebuildExample(name: string, args: readonly string[] = [], options: Options = {}): Promise<Outcome> {
  return weir.run(
    ["rebuild", "-C", "examples/downstream", "--out", testOut(name), "--progress", "plain", ...args],
    options,
  );
}
