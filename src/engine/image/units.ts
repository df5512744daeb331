import { Minimatch } from "minimatch";
import { compareText, type Skip } from "../../core/index.ts";
import { dropIns } from "./drop-ins.ts";
import type { RootTree } from "./root-tree.ts";
import type { ServiceChoice } from "./types.ts";

const unitFolders = ["/etc/systemd/system", "/usr/lib/systemd/system"];
const presetFolders = ["/etc/systemd/system-preset", "/usr/lib/systemd/system-preset"];
const unitName =
  /^[A-Za-z0-9:_.\\-]+(?:@[A-Za-z0-9:_.\\-]*)?\.(service|socket|target|timer|path|mount|automount|swap|slice)$/;
const origin = "presets";
const unitsMost = 20_000;

interface Install {
  readonly wantedBy: readonly string[];
  readonly requiredBy: readonly string[];
  readonly alias: readonly string[];
  readonly also: readonly string[];
  readonly defaultInstance: string;
}

/**
 * Enables units as `systemctl preset-all` would (systemd.preset(5)): the first line that fits decides, no line means enabled, no
 * preset file at all means as it is. The choice given here comes before all presets. Enabling makes the links that a unit's [Install] section asks for, disabling removes
 * them. Gives the enabled units, sorted.
 */
export function applyPresets(
  tree: RootTree,
  choice: ServiceChoice,
): { readonly enabled: readonly string[]; readonly skips: readonly Skip[] } {
  const skips: Skip[] = [];
  const units = readUnits(tree);
  const presets = readPresets(tree);
  const enable = new Set<string>();
  for (const [name, install] of units) {
    if (!hasInstall(install)) continue;
    if (presets.length === 0 && !choice.enable.includes(name)) continue;
    if (name.includes("@.") && install.defaultInstance === "") continue;
    if (decide(name, presets, choice)) enable.add(name);
    else disable(tree, name, install);
  }
  for (const name of choice.enable) {
    const install = units.get(name) ?? units.get(templateOf(name));
    if (install === undefined)
      skips.push({ subject: name, reason: "is to be enabled, but no package brings this unit" });
    else if (!hasInstall(install))
      skips.push({ subject: name, reason: "is to be enabled, but has no [Install] section" });
    else enable.add(name);
  }
  for (const name of choice.disable) {
    if (!units.has(name)) skips.push({ subject: name, reason: "is to be disabled, but no package brings this unit" });
  }
  const open = [...enable].sort(compareText);
  const enabled = new Set<string>();
  for (let name = open.shift(); name !== undefined; name = open.shift()) {
    const install = units.get(name) ?? units.get(templateOf(name));
    if (enabled.has(name) || install === undefined || choice.disable.includes(name)) continue;
    enabled.add(name);
    link(tree, name, install);
    open.push(...install.also.filter((also) => unitName.test(also)));
  }
  return { enabled: [...enabled].sort(compareText), skips };
}

function hasInstall(install: Install): boolean {
  return install.wantedBy.length + install.requiredBy.length + install.alias.length + install.also.length > 0;
}

function templateOf(name: string): string {
  return name.replace(/@[^.]*\./, "@.");
}

function decide(name: string, presets: readonly Preset[], choice: ServiceChoice): boolean {
  if (choice.disable.includes(name)) return false;
  if (choice.enable.includes(name)) return true;
  return presets.find((preset) => preset.fits(name))?.enable ?? true;
}

interface Preset {
  readonly enable: boolean;
  fits(name: string): boolean;
}

function readPresets(tree: RootTree): Preset[] {
  const presets: Preset[] = [];
  for (const { text } of dropIns(tree, presetFolders, ".preset")) {
    for (const line of text.split("\n")) {
      const match = /^\s*(enable|disable)\s+(\S+)/.exec(line);
      const pattern = match?.[2];
      if (!match || pattern === undefined || pattern.length > 256) continue;
      const enable = match[1] === "enable";
      if (!/[*?[]/.test(pattern)) presets.push({ enable, fits: (name) => name === pattern });
      else {
        const glob = new Minimatch(pattern, { nobrace: true, noext: true, nocomment: true, nonegate: true, dot: true });
        presets.push({ enable, fits: (name) => glob.match(name) });
      }
    }
  }
  return presets;
}

function readUnits(tree: RootTree): Map<string, Install> {
  const units = new Map<string, Install>();
  for (const folder of unitFolders) {
    for (const name of tree.list(folder)) {
      if (!unitName.test(name) || units.has(name) || units.size >= unitsMost) continue;
      const path = `${folder}/${name}`;
      // A link is an alias of another unit, or masks this one.
      if (tree.linkTarget(path) !== undefined) continue;
      const text = tree.read(path);
      if (text !== undefined) units.set(name, readInstall(text));
    }
  }
  return units;
}

function readInstall(text: string): Install {
  const lists: Record<string, string[]> = { WantedBy: [], RequiredBy: [], Alias: [], Also: [], DefaultInstance: [] };
  let section = "";
  for (const line of text.replaceAll("\\\n", " ").split("\n")) {
    const trimmed = line.trim();
    if (trimmed.startsWith("[")) section = trimmed;
    if (section !== "[Install]") continue;
    const match = /^(WantedBy|RequiredBy|Alias|Also|DefaultInstance)\s*=\s*(.*)$/.exec(trimmed);
    const key = match?.[1];
    if (key === undefined) continue;
    if (match?.[2] === "") lists[key] = [];
    else lists[key]?.push(...(match?.[2] ?? "").split(/\s+/));
  }
  return {
    wantedBy: lists.WantedBy ?? [],
    requiredBy: lists.RequiredBy ?? [],
    alias: lists.Alias ?? [],
    also: lists.Also ?? [],
    defaultInstance: lists.DefaultInstance?.[0] ?? "",
  };
}

/** Links that enabling makes: place → target. */
function linksOf(tree: RootTree, name: string, install: Install): Map<string, string> {
  const file = tree.isFile(`/etc/systemd/system/${name}`) ? name : templateOf(name);
  const folder = unitFolders.find((one) => tree.isFile(`${one}/${file}`)) ?? "/usr/lib/systemd/system";
  const target = `${folder}/${file}`;
  const linked = name.includes("@.") ? name.replace("@.", `@${install.defaultInstance}.`) : name;
  const links = new Map<string, string>();
  const add = (names: readonly string[], suffix: string) => {
    for (const by of names) {
      const expanded = by.replace(/%[iIjJ]/g, install.defaultInstance);
      if (unitName.test(expanded)) links.set(`/etc/systemd/system/${expanded}.${suffix}/${linked}`, target);
    }
  };
  add(install.wantedBy, "wants");
  add(install.requiredBy, "requires");
  for (const alias of install.alias) if (unitName.test(alias)) links.set(`/etc/systemd/system/${alias}`, target);
  return links;
}

function link(tree: RootTree, name: string, install: Install): void {
  for (const [path, target] of linksOf(tree, name, install)) {
    if (tree.linkTarget(path) === target) continue;
    if (tree.find(path) !== undefined && tree.linkTarget(path) === undefined) continue;
    tree.link(path, target, origin);
  }
}

function disable(tree: RootTree, name: string, install: Install): void {
  for (const path of linksOf(tree, name, install).keys()) {
    if (tree.linkTarget(path) === undefined) continue;
    tree.remove(path);
    tree.removeIfEmpty(path.slice(0, path.lastIndexOf("/")));
  }
}
