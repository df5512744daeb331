import { describe, expect, it } from "vitest";
import { commands } from "./commands.ts";
import type { CommandInput } from "./command.ts";
import type { GlobalOptions } from "./globals.ts";
import { parsePlain } from "./plain-arguments.ts";
import { createProgram } from "./program.ts";

interface Seen {
  readonly name: string;
  readonly args: readonly string[];
  readonly values: unknown;
  readonly globals: GlobalOptions;
}

/** Options are private to commands, so they are asked for by every name that some command knows. */
function valuesOf({ options }: CommandInput): unknown {
  const names = new Set(
    commands.flatMap((spec) => (spec.options ?? []).map(({ flags }) => /--(?:no-)?([a-z-]+)/.exec(flags)?.[1] ?? "")),
  );
  return [...names].map((name) => {
    const key = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return [key, options.text(key), options.flag(key), options.off(key), options.list(key)];
  });
}

async function byCommander(argv: readonly string[]): Promise<Seen | undefined> {
  let seen: Seen | undefined;
  const program = createProgram(commands, async (spec, input, globals) => {
    seen = { name: spec.name, args: input.args, values: valuesOf(input), globals };
  });
  const silent = { writeErr: () => undefined, writeOut: () => undefined };
  for (const command of [program, ...program.commands, ...program.commands.flatMap((child) => child.commands)])
    command.configureOutput(silent);
  await program.parseAsync(["node", "weir", ...argv]).catch(() => undefined);
  return seen;
}

function byPlain(argv: readonly string[]): Seen | undefined {
  const found = parsePlain(commands, argv);
  if (found === undefined) return undefined;
  return { name: found.spec.name, args: found.input.args, values: valuesOf(found.input), globals: found.globals };
}

describe("parsePlain", () => {
  it.each([
    "solve bash --repo a --repo=b -o json",
    "solve --repo a bash --no-weak vim",
    "solve a b c --repo x --exclude y --exclude z -q --arch aarch64",
    "rebuild -C examples/downstream --out out/example --dry-run",
    "component list -o json --fail-on never",
    "component show libflow -C .",
    "repo list dir --progress none --network -v",
    "repo check a b c",
    "doctor",
    "completion bash",
  ])("reads `%s` as the full parser does", async (line) => {
    const argv = line.split(" ");
    expect(byPlain(argv)).toBeDefined();
    expect(byPlain(argv)).toEqual(await byCommander(argv));
  });

  it.each([
    "",
    "--version",
    "help solve",
    "solve --help",
    "solve bash --frob",
    "solve bash --repo",
    "solve bash --repo --no-weak",
    "solve bash -ojson",
    "solve bash -qv",
    "solve -- bash",
    "solve bash --quiet=yes",
    "rebuild -o yaml",
    "repo frob",
    "component show",
    "component show a b",
  ])("leaves `%s` to the full parser", (line) => {
    expect(byPlain(line === "" ? [] : line.split(" "))).toBeUndefined();
  });

  it("reads every command with its defaults as the full parser does", async () => {
    for (const spec of commands) {
      const args = (spec.arguments ?? []).filter(({ name }) => name.startsWith("<")).map(() => "x");
      const argv = [...spec.name.split(" "), ...args];
      expect(byPlain(argv), spec.name).toEqual(await byCommander(argv));
    }
  });

  it("reads every option of every command as the full parser does", async () => {
    for (const spec of commands) {
      const args = (spec.arguments ?? []).filter(({ name }) => name.startsWith("<")).map(() => "x");
      for (const option of spec.options ?? []) {
        const flag = /--[a-z-]+/.exec(option.flags)?.[0] ?? "";
        const value = option.flags.includes("<") ? [option.choices?.[0] ?? "value"] : [];
        const twice = option.repeatable === true ? [flag, ...value] : [];
        const argv = [...spec.name.split(" "), ...args, flag, ...value, ...twice];
        expect(byPlain(argv), argv.join(" ")).toEqual(await byCommander(argv));
      }
    }
  });
});
