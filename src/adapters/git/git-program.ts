import { baseEnvironment } from "../../core/index.ts";

/** Protocols that git may speak in one call: none for work on what is on disk. */
export type GitProtocol = "none" | "https" | "file";

/** The environment of git: nothing of the user's or the system's configuration, no prompt, no lazy fetch, no replaced objects. */
export function gitEnvironment(protocol: GitProtocol): Record<string, string> {
  return {
    ...baseEnvironment(),
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "/bin/false",
    GIT_ALLOW_PROTOCOL: protocol,
    GIT_NO_LAZY_FETCH: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_OPTIONAL_LOCKS: "0",
  };
}

/** Options that every call of git starts with: repositories of other owners may be read, none of their hooks or monitors runs. */
export const gitOptions: readonly string[] = [
  "-c",
  "safe.directory=*",
  "-c",
  "core.hooksPath=/dev/null",
  "-c",
  "core.fsmonitor=false",
  "-c",
  "gc.auto=0",
  "-c",
  "maintenance.auto=false",
];
