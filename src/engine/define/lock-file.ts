import { createHash } from "node:crypto";
import type { ComponentLock, ResolutionInputs } from "./types.ts";

/**
 * The hash by which azldev tells whether a locked commit still answers what the definition asks: sha256 over one line
 * `length:label=length:value` for each input, lengths in bytes.
 */
export function resolutionHash(inputs: ResolutionInputs): string {
  const hash = createHash("sha256");
  const fields: readonly (readonly [string, string])[] = [
    ["snapshot", inputs.snapshot],
    ["distro_name", inputs.distroName],
    ["distro_version", inputs.distroVersion],
    ["dist_git_branch", inputs.branch],
    ["dist_git_base_uri", inputs.baseUri],
    ["upstream_commit_pin", inputs.pin],
    ["upstream_name", inputs.upstreamName],
  ];
  for (const [label, value] of fields) hash.update(`${label.length}:${label}=${Buffer.byteLength(value)}:${value}\n`);
  return `sha256:${hash.digest("hex")}`;
}

/** The text of a lock file, version 1, keys in azldev's order, those without a value left out. */
export function formatLock(lock: ComponentLock): string {
  const lines = ["# Managed by azldev component update. Do not edit manually.", "version = 1"];
  const text = (key: string, value: string | undefined): void => {
    if (value !== undefined && value !== "") lines.push(`${key} = ${tomlText(value)}`);
  };
  text("import-commit", lock.importCommit);
  text("upstream-commit", lock.upstreamCommit);
  if (lock.manualBump !== 0) lines.push(`manual-bump = ${lock.manualBump}`);
  text("input-fingerprint", lock.inputFingerprint);
  text("resolution-input-hash", lock.resolutionHash);
  return `${lines.join("\n")}\n`;
}

/** The text of a file that pins one component in the dialect `upstream-commits`. */
export function formatPin(component: string, commit: string): string {
  const key = /^[A-Za-z0-9_-]+$/.test(component) ? component : tomlText(component);
  return `[components.${key}]\nspec.upstream-commit = ${tomlText(commit)}\n`;
}

function tomlText(value: string): string {
  return /^[^'\u0000-\u001f\u007f]*$/.test(value)
    ? `'${value}'`
    : JSON.stringify(value).replaceAll("\u007f", "\\u007f");
}
