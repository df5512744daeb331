import { existsSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "../../src/core/index.ts";

const inCi = process.env.CI !== undefined && process.env.CI !== "";

function absent(reason: string): string {
  if (inCi) throw new Error(`${reason}; in CI this is a failure`);
  return reason;
}

/** Why a test that needs these programs cannot run here, or undefined. Throws in CI, where nothing may be missing. */
export function missingTool(...names: string[]): string | undefined {
  const missing = names.filter((name) => findProgram(name) === undefined);
  return missing.length === 0 ? undefined : absent(`not on this machine: ${missing.join(", ")}`);
}

/** A path below the folder that lies beside the checkout, or the reason why it is not there. Throws in CI. */
export function sharedPath(
  ...parts: string[]
): { path: string; missing: undefined } | { path: undefined; missing: string } {
  const path = join(import.meta.dirname, "../../../shared", ...parts);
  if (existsSync(path)) return { path, missing: undefined };
  return { path: undefined, missing: absent(`no ../shared/${parts.join("/")} beside the checkout`) };
}

/** The unpacked Azure Linux 4 tree named by WEIR_AZURELINUX_TREE; it is nowhere to be had offline, so its absence is a skip in CI too. */
export function azureLinuxTree(): { path: string; missing: undefined } | { path: undefined; missing: string } {
  const path = process.env.WEIR_AZURELINUX_TREE;
  if (path !== undefined && existsSync(join(path, "azldev.toml"))) return { path, missing: undefined };
  return { path: undefined, missing: "WEIR_AZURELINUX_TREE names no tree" };
}
