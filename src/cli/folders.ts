import { homedir } from "node:os";
import { join } from "node:path";

/** Where what was downloaded or derived is kept: `$XDG_CACHE_HOME/weir`, by default `~/.cache/weir`. */
export function cacheFolder(): string {
  const base = process.env.XDG_CACHE_HOME;
  return join(base !== undefined && base.startsWith("/") ? base : join(homedir(), ".cache"), "weir");
}

const archNames: Readonly<Record<string, string>> = {
  x64: "x86_64",
  arm64: "aarch64",
  ia32: "i686",
  ppc64: "ppc64le",
};

/** This machine's architecture as rpm names it. */
export function machineArch(): string {
  return archNames[process.arch] ?? process.arch;
}
