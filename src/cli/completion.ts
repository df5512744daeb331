import { RootCommand } from "@bomb.sh/tab";
import type { CommandSpec } from "./command.ts";
import { shells } from "./shells.ts";

export { shells };

/** The script that makes a shell ask `weir complete -- WORDS` for what comes next. */
export function completionScript(commands: readonly CommandSpec[], shell: (typeof shells)[number]): string {
  const completion = declare(commands);
  const lines: string[] = [];
  const log = console.log;
  console.log = (...parts: unknown[]) => void lines.push(parts.join(" "));
  try {
    completion.setup("weir", "weir", shell);
  } finally {
    console.log = log;
  }
  return `${lines.join("\n")}\n`;
}

/** Prints what may follow the words. */
export function completeWords(commands: readonly CommandSpec[], words: readonly string[]): void {
  declare(commands).parse([...words]);
}

function declare(commands: readonly CommandSpec[]): RootCommand {
  const tab = new RootCommand();
  const nouns = new Set<string>();
  for (const spec of commands) {
    const noun = spec.name.split(" ")[0] ?? "";
    if (noun !== spec.name && !nouns.has(noun)) {
      nouns.add(noun);
      tab.command(noun, `${noun} commands`);
    }
    const command = tab.command(spec.name, spec.summary);
    if (spec.name === "completion") {
      command.argument("shell", (complete) => shells.forEach((shell) => complete(shell, `for ${shell}`)));
    }
    for (const option of [...(spec.options ?? []), ...commonOptions]) {
      const long = /--([a-z-]+)/.exec(option.flags)?.[1];
      if (long === undefined) continue;
      const choices = option.choices;
      if (choices)
        command.option(long, option.description, (complete) => choices.forEach((choice) => complete(choice, "")));
      else command.option(long, option.description);
    }
  }
  return tab;
}

const commonOptions: readonly { flags: string; description: string; choices?: readonly string[] }[] = [
  { flags: "--output", description: "how to print", choices: ["table", "json", "markdown"] },
  { flags: "--progress", description: "how to show work", choices: ["auto", "tree", "plain", "json", "none"] },
  { flags: "--quiet", description: "print only errors" },
  { flags: "--verbose", description: "print more" },
];
