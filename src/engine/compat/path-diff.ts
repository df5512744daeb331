import { compareText } from "../../core/index.ts";
import type { PackageMetadata } from "../../formats/rpmmd/index.ts";
import { type PackageIndex, plainPath } from "./package-index.ts";
import type { Change } from "./types.ts";

const ignored =
  /^\/usr\/(?:share\/(?:doc|man|info|licenses|locale|help|gtk-doc|icons|bash-completion|zsh|fish)|lib\/(?:debug|\.build-id)|src\/debug)(?:\/|$)/;
const unitPath =
  /^\/usr\/lib\/systemd\/(?:system|user)\/([^/]+\.(?:service|socket|target|timer|path|mount|automount|slice|swap|scope))$/;
const commandPath = /^\/usr\/(?:local\/)?bin\/[^/]+$/;
const libraryPath = /^\/usr\/lib(?:64)?\/[^/]+\.so(?:\.[^/]*)?$/;

/** What kind of thing a path is to those who rely on it. */
export function pathKind(path: string): "command" | "unit" | "library" | "config" | "ignored" | "other" {
  const plain = plainPath(path);
  if (ignored.test(plain)) return "ignored";
  if (commandPath.test(plain)) return "command";
  if (unitPath.test(plain)) return "unit";
  if (libraryPath.test(plain)) return "library";
  return plain.startsWith("/etc/") ? "config" : "other";
}

/** Folders named after an interpreter's version, which a new interpreter renames for all packages at once. */
const versionedPath = /^(\/usr\/(?:lib|lib64|share)\/)(python3\.\d+|perl5\/\d[\d.]*|ruby\/(?:gems\/)?\d[\d.]*)\//;

/** Paths of the package that its successors do not list: gone from the distribution, or now in another package. */
export function comparePaths(
  pkg: PackageMetadata,
  successors: readonly PackageMetadata[],
  before: PackageIndex,
  after: PackageIndex,
): Change[] {
  const changes: Change[] = [];
  const complete = before.repository.filesComplete && after.repository.filesComplete;
  const kept = new Set(successors.flatMap((successor) => successor.files.map((file) => plainPath(file.path))));
  const lost: string[] = [];
  const renamed = new Map<string, number>();
  const versioned = new Map<string, string>();
  for (const path of kept) {
    const match = versionedPath.exec(path);
    if (match) versioned.set(path.replace(match[2] as string, "*"), match[2] as string);
  }
  const moved = new Map<string, string[]>();
  for (const { path, type } of pkg.files) {
    const kind = pathKind(path);
    if (kind === "ignored" || type === "dir" || kept.has(plainPath(path))) continue;
    if (!complete && kind !== "command" && kind !== "config") continue;
    const version = versionedPath.exec(plainPath(path))?.[2];
    const next = version === undefined ? undefined : versioned.get(plainPath(path).replace(version, "*"));
    if (next !== undefined) {
      const key = `${version} → ${next}`;
      renamed.set(key, (renamed.get(key) ?? 0) + 1);
      continue;
    }
    const owner = after.owners(path)[0];
    if (owner) {
      const list = moved.get(owner.name);
      if (list) list.push(path);
      else moved.set(owner.name, [path]);
      continue;
    }
    if (type === "ghost") continue;
    const consumers = before.requirers([path, plainPath(path)], pkg.name);
    const what = `in no package any more${nearest(path, kind, successors)}`;
    if (kind === "command") changes.push({ rule: "COMPAT009", breaks: true, subject: path, what, path, consumers });
    else if (kind === "unit")
      changes.push({
        rule: "COMPAT012",
        breaks: true,
        subject: path.replace(/^.*\//, ""),
        what,
        path,
        consumers,
      });
    else if (kind === "config")
      changes.push({
        rule: "COMPAT011",
        breaks: false,
        subject: path,
        what,
        path,
        consumers,
      });
    else if (kind === "other" || consumers.length > 0) lost.push(path);
  }
  for (const [key, count] of renamed) {
    const what = `${key}: ${count} file${count > 1 ? "s" : ""} in the folder of another interpreter version`;
    changes.push({ rule: "COMPAT010", breaks: false, subject: pkg.name, what, consumers: [] });
  }
  for (const [name, paths] of moved) {
    changes.push({
      rule: "COMPAT010",
      breaks: false,
      subject: name,
      what: `${listSome(paths)} moved to ${name}`,
      consumers: [],
    });
  }
  if (lost.length > 0) {
    const consumers = before.requirers(lost, pkg.name);
    changes.push({
      rule: "COMPAT010",
      breaks: consumers.length > 0,
      subject: pkg.name,
      what: `${listSome(lost)} gone`,
      consumers,
    });
  }
  return changes;
}

/** What successors have of the same kind and a name that is like it. */
function nearest(path: string, kind: string, successors: readonly PackageMetadata[]): string {
  const stem = (name: string) => name.replace(/^.*\//, "").replace(/\.[a-z]+$/, "");
  const own = stem(path);
  const found: string[] = [];
  for (const { name, files } of successors) {
    for (const file of files) {
      const other = stem(file.path);
      if (pathKind(file.path) === kind && file.type === "file" && (other.startsWith(own) || own.startsWith(other)))
        found.push(`${file.path} of ${name}`);
    }
  }
  return found.length > 0 ? `; there is ${listSome(found)}` : "";
}

/** The first few of a list, and how many more there are. */
export function listSome(items: readonly string[], count = 3): string {
  const sorted = [...items].sort(compareText);
  const rest = sorted.length - count;
  return rest > 0 ? `${sorted.slice(0, count).join(", ")} and ${rest} more` : sorted.join(", ");
}
