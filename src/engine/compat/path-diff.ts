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
  const moved = new Map<string, string[]>();
  for (const { path, type } of pkg.files) {
    const kind = pathKind(path);
    if (kind === "ignored" || type === "dir" || kept.has(plainPath(path))) continue;
    if (!complete && kind !== "command" && kind !== "config") continue;
    const owner = after.owners(path)[0];
    if (owner) {
      const list = moved.get(owner.name);
      if (list) list.push(path);
      else moved.set(owner.name, [path]);
      continue;
    }
    if (type === "ghost") continue;
    const consumers = before.requirers([path, plainPath(path)], pkg.name);
    if (kind === "command")
      changes.push({ rule: "COMPAT009", breaks: true, subject: path, what: "in no package any more", path, consumers });
    else if (kind === "unit")
      changes.push({
        rule: "COMPAT012",
        breaks: true,
        subject: path.replace(/^.*\//, ""),
        what: "in no package any more",
        path,
        consumers,
      });
    else if (kind === "config")
      changes.push({
        rule: "COMPAT011",
        breaks: false,
        subject: path,
        what: "in no package any more",
        path,
        consumers,
      });
    else if (kind === "other" || consumers.length > 0) lost.push(path);
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

/** The first few of a list, and how many more there are. */
export function listSome(items: readonly string[], count = 3): string {
  const sorted = [...items].sort(compareText);
  const rest = sorted.length - count;
  return rest > 0 ? `${sorted.slice(0, count).join(", ")} and ${rest} more` : sorted.join(", ");
}
