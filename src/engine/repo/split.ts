import { WeirError } from "../../core/index.ts";
import type { IndexedPackage } from "./index-packages.ts";
import type { ChannelRule } from "./types.ts";

/** Packages of one channel, their locations as seen from its folder. */
export interface ChannelPackages {
  readonly name: string;
  readonly packages: readonly IndexedPackage[];
  /** Names of its packages. */
  readonly names: ReadonlySet<string>;
}

/**
 * Parts packages by channel: each goes to the first one whose rule it meets, or to that of the rest. Gives the channels in the order of
 * the rules, and the locations of packages that no channel takes. Errors: `COMPOSE_CHANNEL_NAME`.
 */
export async function splitByChannel(
  packages: readonly IndexedPackage[],
  rules: readonly ChannelRule[],
  hasBase: boolean,
): Promise<{ readonly channels: readonly ChannelPackages[]; readonly left: readonly string[] }> {
  for (const { name } of rules) checkName(name);
  const matchers = await Promise.all(rules.map(matcherOf));
  const rest = rules.findIndex((rule) => rule.rest === true);
  const lists: IndexedPackage[][] = rules.map(() => []);
  const names: Set<string>[] = rules.map(() => new Set());
  const left: string[] = [];
  for (const pkg of packages) {
    const facts = factsOf(pkg);
    const first = matchers.findIndex((matches) => matches(facts));
    const channel = first < 0 ? rest : first;
    if (channel < 0) left.push(pkg.location);
    else {
      lists[channel]?.push(hasBase ? pkg : seenFromBelow(pkg));
      names[channel]?.add(facts.name);
    }
  }
  const channels = rules.map(({ name }, index) => ({
    name,
    packages: lists[index] ?? [],
    names: names[index] ?? new Set<string>(),
  }));
  return { channels, left };
}

interface Facts {
  readonly name: string;
  readonly component: string;
  readonly location: string;
}

function factsOf(pkg: IndexedPackage): Facts {
  const { primary } = pkg.fragments;
  const text = Buffer.from(primary.buffer, primary.byteOffset, primary.length).toString("utf8");
  const name = plain(/<name>([^<]*)<\/name>/.exec(text)?.[1] ?? "");
  const source = plain(/<rpm:sourcerpm>([^<]*)<\/rpm:sourcerpm>/.exec(text)?.[1] ?? "");
  return { name, component: /^(.+)-[^-]+-[^-]+\.(?:no)?src\.rpm$/.exec(source)?.[1] ?? name, location: pkg.location };
}

function plain(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

async function matcherOf(rule: ChannelRule): Promise<(facts: Facts) => boolean> {
  const { Minimatch } = await import("minimatch");
  const make = (globs: readonly string[] = []) =>
    globs.map((glob) => new Minimatch(glob, { dot: true, nocomment: true, nonegate: true }));
  const [byName, byComponent, byLocation] = [make(rule.packages), make(rule.components), make(rule.locations)];
  return ({ name, component, location }) =>
    byName.some((glob) => glob.match(name)) ||
    byComponent.some((glob) => glob.match(component)) ||
    byLocation.some((glob) => glob.match(location));
}

const href = Buffer.from(' href="');
const element = Buffer.from("<location");

/** The same package, listed in a folder below the repository's root. */
function seenFromBelow(pkg: IndexedPackage): IndexedPackage {
  const primary = Buffer.from(pkg.fragments.primary);
  const at = primary.indexOf(href, primary.indexOf(element)) + href.length;
  const moved = Buffer.concat([primary.subarray(0, at), Buffer.from("../"), primary.subarray(at)]);
  return { ...pkg, fragments: { ...pkg.fragments, primary: moved } };
}

function checkName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/.test(name) && name !== "repodata") return;
  throw new WeirError("COMPOSE_CHANNEL_NAME", `no channel can be called ${name}`, {
    where: name,
    hints: ["use letters, digits, dots, dashes and underscores"],
  });
}

/**
 * Reads a file of channels: `[channels.NAME]` with globs `packages` (names), `components` (source packages) or `locations` (paths), and
 * `rest = true` for one that takes what no other does. Errors: `REPO_CHANNELS_BAD` with line and column.
 */
export async function parseChannels(text: string, file: string): Promise<ChannelRule[]> {
  const { parse, TomlError } = await import("smol-toml");
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [message = ""] = error.message.split("\n");
    throw badChannels(message, { file, line: error.line, column: error.column });
  }
  const channels = isTable(value) ? value.channels : undefined;
  if (!isTable(channels) || Object.keys(channels).length === 0)
    throw badChannels("it has no table of channels", { file });
  const rules = Object.entries(channels).map(([name, rule]) => ruleOf(name, rule, file));
  if (rules.filter((rule) => rule.rest === true).length > 1)
    throw badChannels("more than one channel takes the rest", { file });
  return rules;
}

const lists = ["packages", "components", "locations"] as const;

function ruleOf(name: string, rule: unknown, file: string): ChannelRule {
  if (!isTable(rule)) throw badChannels(`channel ${name} is no table`, { file });
  for (const [key, value] of Object.entries(rule)) {
    const fits =
      key === "rest"
        ? typeof value === "boolean"
        : lists.some((list) => list === key) && Array.isArray(value) && value.every((item) => typeof item === "string");
    if (!fits) throw badChannels(`channel ${name}: ${key} is not known, or not a list of globs`, { file });
  }
  return { name, ...(rule as Omit<ChannelRule, "name">) };
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function badChannels(why: string, where: { file: string; line?: number; column?: number }): WeirError {
  return new WeirError("REPO_CHANNELS_BAD", `channels cannot be read: ${why}`, {
    where,
    hints: ['write [channels.base] with packages = ["bash*"], components = [], locations = [], or rest = true'],
  });
}
