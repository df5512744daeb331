import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Side } from "./types.ts";

/** dnf with repositories of folders, a root of its own that holds its cache, and nothing of the machine's configuration. */
export interface DnfSetup {
  /** Folder for configuration and root. */
  readonly folder: string;
  readonly repositories: Readonly<Record<string, string>>;
}

export function setUpDnf({ folder, repositories }: DnfSetup): {
  readonly cold: (label: string, args: readonly string[]) => Side;
  readonly warm: (label: string, args: readonly string[]) => Side;
} {
  mkdirSync(folder, { recursive: true });
  const root = join(folder, "root");
  const main = [
    "[main]",
    "plugins=0",
    "gpgcheck=0",
    "reposdir=/nowhere",
    "cachedir=/cache",
    "persistdir=/persist",
    "logdir=/log",
    "module_platform_id=platform:el9",
    "",
  ];
  const parts = Object.entries(repositories).map(([id, path]) => `[${id}]\nname=${id}\nbaseurl=file://${path}\n`);
  const config = join(folder, "dnf.conf");
  writeFileSync(config, `${main.join("\n")}${parts.join("")}`);
  const base = ["dnf", "-c", config, `--installroot=${root}`, "--releasever=9", "--forcearch=x86_64"] as const;
  mkdirSync(root);
  return {
    // The cache lies below the root.
    cold: (label, args) => ({
      label,
      command: [...base, ...args],
      before: () => {
        rmSync(root, { recursive: true, force: true });
        mkdirSync(root);
      },
    }),
    warm: (label, args) => ({ label, command: [...base, "-C", ...args] }),
  };
}
