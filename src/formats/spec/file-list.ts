import type { Expansion } from "../macro/index.ts";
import type { PackageBuilder } from "./builder.ts";

const maxFiles = 500_000;

/** Takes the absolute paths of one line of %files. A path that is not wholly known is left out. */
export function readFileLine(line: Expansion, target: PackageBuilder): void {
  if (line.taints.length > 0) return;
  const text = line.text.trim();
  if (text.startsWith("#") || text.includes("%exclude")) return;
  if (target.files.length > maxFiles) return;
  for (const word of text.replace(/%(?:attr|defattr|config|lang|verify|caps)[ \t]*\([^)]*\)/g, " ").split(/\s+/)) {
    const path = word.startsWith('"') && word.endsWith('"') && word.length > 1 ? word.slice(1, -1) : word;
    if (path.startsWith("/") && path.length > 1 && !path.includes("%")) target.files.push(path);
  }
}
