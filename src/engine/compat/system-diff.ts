import { compareText, formatNevra, messageOf, type Skip, WeirError } from "../../core/index.ts";
import type { PackageMetadata } from "../../formats/rpmmd/index.ts";
import type { PackageIndex } from "./package-index.ts";
import type { Change, PackageOpener } from "./types.ts";

const presetPath = /^\/(?:usr\/lib|etc)\/systemd\/system-preset\/[^/]+\.preset$/;
const sysusersPath = /^\/(?:usr\/lib|etc)\/sysusers\.d\/[^/]+\.conf$/;
const unitPath = /^\/usr\/lib\/systemd\/system\/([^/]+\.(?:service|socket|target|timer|path))$/;
const maxRules = 20_000;

interface SystemUser {
  readonly kind: "user" | "group";
  /** Number or path as written, `-` for any. */
  readonly id: string;
  readonly by: string;
}

interface SystemFacts {
  readonly presets: readonly { readonly enable: boolean; readonly pattern: string }[];
  /** By kind and name. */
  readonly users: ReadonlyMap<string, SystemUser>;
  /** Package that ships a unit. */
  readonly units: ReadonlyMap<string, PackageMetadata>;
  /** Every file of the kind was read. */
  readonly complete: boolean;
}

/** Changes of what a whole distribution decides together, by the name of the package before that they belong to. */
export async function compareSystem(
  before: PackageIndex,
  after: PackageIndex,
  openBefore: PackageOpener | undefined,
  openAfter: PackageOpener | undefined,
  skips: Skip[],
): Promise<Map<string, Change[]>> {
  const changes = new Map<string, Change[]>();
  const add = (name: string, change: Change) => {
    const list = changes.get(name);
    if (list) list.push(change);
    else changes.set(name, [change]);
  };
  const old = await collect(before, openBefore, skips);
  const now = await collect(after, openAfter, skips);
  if (!old || !now) return changes;
  for (const [key, user] of [...old.users].sort((a, b) => compareText(a[0], b[0]))) {
    const name = key.slice(key.indexOf(" ") + 1);
    const successor = now.users.get(key);
    const change = (what: string): Change => ({ rule: "COMPAT014", breaks: true, subject: name, what, consumers: [] });
    if (!successor) {
      if (now.complete && !now.users.has(`user ${name}`))
        add(user.by, change(`${user.kind} ${name} is declared by nothing any more`));
    } else if (/^\d/.test(user.id) && successor.id !== user.id) {
      add(user.by, change(`${user.kind} ${name}: number ${user.id} → ${successor.id === "-" ? "any" : successor.id}`));
    }
  }
  if (!old.complete || !now.complete) return changes;
  if (old.presets.length === 0 || now.presets.length === 0) {
    if (old.presets.length !== now.presets.length)
      skips.push({ subject: "presets", reason: "one side has no preset files" });
    return changes;
  }
  for (const [unit, owner] of [...old.units].sort((a, b) => compareText(a[0], b[0]))) {
    if (!now.units.has(unit)) continue;
    const was = isEnabled(unit, old.presets);
    const is = isEnabled(unit, now.presets);
    if (was === is) continue;
    const what = `${was ? "enabled" : "disabled"} → ${is ? "enabled" : "disabled"} by preset`;
    add(owner.name, { rule: "COMPAT013", breaks: true, subject: unit, what, consumers: [] });
  }
  return changes;
}

async function collect(
  index: PackageIndex,
  open: PackageOpener | undefined,
  skips: Skip[],
): Promise<SystemFacts | undefined> {
  const holders: PackageMetadata[] = [];
  const units = new Map<string, PackageMetadata>();
  for (const pkg of index.packages()) {
    let holds = false;
    for (const { path, type } of pkg.files) {
      if (type !== "file") continue;
      if (presetPath.test(path) || sysusersPath.test(path)) holds = true;
      const unit = unitPath.exec(path)?.[1];
      if (unit !== undefined) units.set(unit, pkg);
    }
    if (holds) holders.push(pkg);
  }
  if (!open) {
    skips.push({
      subject: index.repository.id,
      reason: "no package files at hand: presets and system users are not compared",
    });
    return undefined;
  }
  const files: { path: string; text: string; pkg: PackageMetadata }[] = [];
  let complete = index.repository.filesComplete;
  for (const pkg of holders) {
    try {
      const opened = await open(pkg);
      if (!opened) complete = false;
      else {
        const wanted = (path: string) => presetPath.test(path) || sysusersPath.test(path);
        for await (const { path, bytes } of opened.contents((file) => wanted(file.path) && file.size < 1 << 20)) {
          files.push({ path, text: Buffer.from(bytes).toString("utf8"), pkg });
        }
      }
    } catch (error) {
      if (!(error instanceof WeirError)) throw error;
      complete = false;
      skips.push({
        subject: formatNevra(pkg),
        reason: `its presets and system users could not be read: ${messageOf(error)}`,
      });
    }
  }
  files.sort(
    (a, b) => compareText(a.path.replace(/^.*\//, ""), b.path.replace(/^.*\//, "")) || compareText(a.path, b.path),
  );
  const presets: { enable: boolean; pattern: string }[] = [];
  const users = new Map<string, SystemUser>();
  for (const { path, text, pkg } of files) {
    if (presetPath.test(path)) for (const item of parsePreset(text)) presets.push(item);
    else
      for (const user of parseSysusers(text))
        if (!users.has(user.key)) users.set(user.key, { kind: user.kind, id: user.id, by: pkg.name });
  }
  return { presets: presets.slice(0, maxRules), users, units, complete };
}

/** Rules of a preset file (systemd.preset(5)) in order. */
export function parsePreset(text: string): { enable: boolean; pattern: string }[] {
  const rules: { enable: boolean; pattern: string }[] = [];
  for (const line of text.split("\n")) {
    const match = /^\s*(enable|disable)\s+(\S+)/.exec(line);
    if (match) rules.push({ enable: match[1] === "enable", pattern: match[2] as string });
  }
  return rules;
}

/** The first rule that matches decides; without one a unit is enabled. */
export function isEnabled(unit: string, rules: readonly { enable: boolean; pattern: string }[]): boolean {
  return rules.find((rule) => matchesGlob(unit, rule.pattern))?.enable ?? true;
}

/** Users and groups of a sysusers.d(5) file. */
export function parseSysusers(text: string): { key: string; kind: "user" | "group"; id: string }[] {
  const found: { key: string; kind: "user" | "group"; id: string }[] = [];
  for (const line of text.split("\n")) {
    const match = /^\s*([ug])!?\s+(\S+)(?:\s+(\S+))?/.exec(line);
    if (!match) continue;
    const kind = match[1] === "u" ? "user" : "group";
    const id = (match[3] ?? "-").replace(/:.*$/, "");
    found.push({ key: `${kind} ${match[2]}`, kind, id });
  }
  return found;
}

/** `*` and `?` of fnmatch, in time linear in both for each star. */
export function matchesGlob(text: string, pattern: string): boolean {
  let at = 0;
  let star = -1;
  let mark = 0;
  let index = 0;
  while (at < text.length) {
    if (index < pattern.length && (pattern[index] === "?" || (pattern[index] === text[at] && pattern[index] !== "*"))) {
      at++;
      index++;
    } else if (pattern[index] === "*") {
      star = index++;
      mark = at;
    } else if (star >= 0) {
      index = star + 1;
      at = ++mark;
    } else return false;
  }
  while (pattern[index] === "*") index++;
  return index === pattern.length;
}
