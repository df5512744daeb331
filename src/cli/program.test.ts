import { describe, expect, it } from "vitest";
import { commands } from "./commands.ts";
import { completionScript } from "./completion.ts";
import { createProgram } from "./program.ts";
import { shells } from "./shells.ts";

describe("the command table", () => {
  it("has an example for each command that names the command", () => {
    for (const spec of commands) {
      expect(spec.examples.length, spec.name).toBeGreaterThan(0);
      for (const example of spec.examples) expect(example.command).toMatch(new RegExp(`^weir ${spec.name}( |$)`));
    }
  });

  it("gives every command to the parser, with its options", async () => {
    for (const spec of commands) {
      const seen: string[] = [];
      const program = createProgram(commands, async (asked) => void seen.push(asked.name));
      const args = (spec.arguments ?? []).filter((argument) => argument.name.startsWith("<")).map(() => "x");
      await program.parseAsync(["node", "weir", ...spec.name.split(" "), ...args, "-o", "json", "--quiet"]);
      expect(seen).toEqual([spec.name]);
    }
  });

  it("refuses what it does not know", async () => {
    const program = createProgram(commands, async () => undefined);
    program.configureOutput({ writeErr: () => undefined });
    for (const words of [["frob"], ["repo", "frob"], ["rebuild", "--frob"], ["rebuild", "-o", "yaml"]]) {
      for (const command of [program, ...program.commands, ...program.commands.flatMap((child) => child.commands)]) {
        command.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
      }
      await expect(program.parseAsync(["node", "weir", ...words])).rejects.toMatchObject({ name: "CommanderError" });
    }
  });
});

describe("completion", () => {
  it.each(shells)("has a script for %s that asks the tool", (shell) => {
    const script = completionScript(commands, shell);
    expect(script).toContain("weir complete --");
    expect(script.length).toBeGreaterThan(200);
  });
});
