import { chmodSync, cpSync, existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { named } from "./inputs.ts";
import type { Benchmark, Entry } from "./types.ts";

const title = "every component of the Azure Linux definition";

/** `component list` on the real tree. */
export const componentList: Benchmark = {
  name: "component-list",
  about: "resolve and list every component of a definition, beside azldev",
  prepare: async (context): Promise<readonly Entry[]> => {
    const tree = named("WEIR_AZURELINUX_TREE", "unpacked Azure Linux tree");
    if ("missing" in tree) return [{ kind: "skipped", title, reason: tree.missing }];
    const peer = named("WEIR_AZLDEV", "azldev program");
    if ("missing" in peer) return [{ kind: "skipped", title, reason: peer.missing }];
    const copy = join(context.scratch, "tree");
    copyDefinition(tree.path, copy);
    chmodSync(context.scratch, 0o755);
    return [
      {
        kind: "contest",
        title,
        input: "the tree that WEIR_AZURELINUX_TREE names, without specs/, copied to where azldev may write its log",
        sides: [
          {
            label: "weir",
            command: [process.execPath, context.weir, "component", "list", "-C", copy, "-o", "json"],
            answer: (text) => `${(JSON.parse(text) as { components: unknown[] }).components.length} components`,
          },
          {
            label: "azldev",
            command: [peer.path, "component", "list", "-a", "-q", "-O", "json"],
            cwd: copy,
            answer: (text) => `${(JSON.parse(text) as unknown[]).length} components`,
          },
        ],
      },
    ];
  },
};

/** azldev refuses to run as root and writes a log into the tree: the copy is everybody's. */
function copyDefinition(from: string, to: string): void {
  cpSync(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => ![join(from, "specs"), join(from, ".git")].includes(path),
  });
  const open = (folder: string) => {
    chmodSync(folder, 0o777);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) open(path);
      else if (entry.isFile()) chmodSync(path, statSync(path).mode | 0o444);
    }
  };
  if (existsSync(to)) open(to);
}
