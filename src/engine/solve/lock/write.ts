import { compareText } from "../../../core/index.ts";
import type { LockFile } from "./types.ts";

/** A lock file's text: TOML, one line a value, equal for equal locks. */
export function formatLock(lock: LockFile): string {
  const lines = [
    "# Written by weir solve --lock. Take newer packages with --update-lock.",
    `schema = ${quote(lock.schema)}`,
    `arch = ${quote(lock.arch)}`,
    `requests = ${list(lock.requests)}`,
    `weak = ${lock.weak}`,
    `exclude = ${list(lock.exclude)}`,
    `modules = ${list(lock.modules)}`,
  ];
  for (const repository of lock.repositories) {
    lines.push(
      "",
      "[[repository]]",
      `id = ${quote(repository.id)}`,
      `revision = ${quote(repository.revision)}`,
      `repomd = ${quote(repository.repomd)}`,
    );
  }
  const packages = [...lock.packages].sort((a, b) => compareText(a.nevra, b.nevra));
  for (const item of packages) {
    lines.push(
      "",
      "[[package]]",
      `nevra = ${quote(item.nevra)}`,
      `repository = ${quote(item.repository)}`,
      `location = ${quote(item.location)}`,
      `checksum = ${quote(item.checksum)}`,
      `size = ${item.size}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function list(texts: readonly string[]): string {
  return `[${texts.map(quote).join(", ")}]`;
}

/** A basic string of TOML. It allows what JSON allows but the delete character and lone surrogates. */
function quote(text: string): string {
  return JSON.stringify(text.replace(/\p{Surrogate}/gu, "\ufffd")).replaceAll("\u007f", "\\u007F");
}
