import { WeirError } from "../../core/index.ts";
import type { RepoVariables } from "./types.ts";

const baseArchitectures: Readonly<Record<string, string>> = {
  i386: "i386",
  i486: "i386",
  i586: "i386",
  i686: "i386",
  athlon: "i386",
  amd64: "x86_64",
  x86_64_v2: "x86_64",
  x86_64_v3: "x86_64",
  x86_64_v4: "x86_64",
  armv7hl: "armhfp",
  armv7hnl: "armhfp",
  armv8hl: "armhfp",
};

/** The `$basearch` of an architecture, as dnf has it. */
export function baseArchitecture(arch: string): string {
  return Object.hasOwn(baseArchitectures, arch) ? (baseArchitectures[arch] ?? arch) : arch;
}

/** `$arch`, `$basearch` and, where a release is given, `$releasever` with its parts. */
export function repoVariables(arch: string, releasever?: string, more: RepoVariables = {}): RepoVariables {
  const release: Record<string, string> = {};
  if (releasever !== undefined) {
    const dot = releasever.indexOf(".");
    release.releasever = releasever;
    release.releasever_major = dot < 0 ? releasever : releasever.slice(0, dot);
    release.releasever_minor = dot < 0 ? "" : releasever.slice(dot + 1);
  }
  return { arch, basearch: baseArchitecture(arch), ...release, ...more };
}

/**
 * Replaces `$name`, `${name}`, `${name:-otherwise}` and `${name:+instead}`; what is not known stays as it is. Values are not looked at
 * again, so nothing grows without bound.
 */
export function replaceVariables(text: string, variables: RepoVariables): string {
  return text.replace(
    /\$(?:\{([A-Za-z0-9_]{1,64})(?::([-+])([^{}$]{0,1000}))?\}|([A-Za-z0-9_]{1,64}))/g,
    (whole: string, braced: string | undefined, sign: string | undefined, word: string | undefined, plain?: string) => {
      const name = (braced ?? plain ?? "").toLowerCase();
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      if (sign === "-") return value === undefined || value === "" ? (word ?? "") : value;
      if (sign === "+") return value === undefined || value === "" ? "" : (word ?? "");
      return value ?? whole;
    },
  );
}

/** Refuses an address that still has a variable in it. Errors: `REPOFILE_VARIABLE`. */
export function refuseVariables(address: string, id: string): void {
  const left = /\$\{?([A-Za-z0-9_]{1,64})/.exec(address)?.[1];
  if (left === undefined) return;
  throw new WeirError("REPOFILE_VARIABLE", `repository ${id} needs a value for $${left}`, {
    where: address,
    hints: [left === "releasever" ? "say the release with --releasever" : `write the value in place of $${left}`],
  });
}
