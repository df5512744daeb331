import { compareText } from "../../src/core/index.ts";
import { formatDependency, sense } from "../../src/formats/rpm/index.ts";
import type { EvaluatedSpec, SpecDependency, SpecPackage } from "../../src/formats/spec/index.ts";

/** What makes a header whole, in the order in which differences are told. */
export const headerFields = [
  "name",
  "evr",
  "buildRequires",
  "buildConflicts",
  "sources",
  "patches",
  "packages",
  "dependencies",
] as const;

/** Told and counted as well, but no part of a whole header. */
export const extraFields = ["license", "summary", "url", "exclusiveArch", "excludeArch", "buildArchs"] as const;

export type SpecField = (typeof headerFields)[number] | (typeof extraFields)[number];

const kinds = [
  "requires",
  "provides",
  "conflicts",
  "obsoletes",
  "recommends",
  "suggests",
  "supplements",
  "enhances",
] as const;

/** Names of dependency types as rpm's `:deptype` writes them, in its order. */
const types: readonly (readonly [number, string])[] = [
  [sense.scriptPre, "pre"],
  [sense.scriptPost, "post"],
  [sense.scriptPreun, "preun"],
  [sense.scriptPostun, "postun"],
  [1 << 13, "verify"],
  [sense.interp, "interp"],
  [sense.rpmlib, "rpmlib"],
  [1 << 6, "prereq"],
  [1 << 7, "pretrans"],
  [1 << 5, "posttrans"],
  [1 << 20, "preuntrans"],
  [1 << 21, "postuntrans"],
  [1 << 28, "config"],
  [1 << 19, "missingok"],
  [1 << 29, "meta"],
];

/** The fields that differ, each with what is missing (`-`) and what is too much (`+`). An empty map means exact. */
export function judgeSpec(spec: EvaluatedSpec, truth: Readonly<Record<string, unknown>>): Map<SpecField, string> {
  const differences = new Map<SpecField, string>();
  const compare = (field: SpecField, wanted: readonly string[], got: readonly string[]) => {
    const difference = differenceOf(wanted, got);
    if (difference !== "") differences.set(field, difference);
  };
  const sorted = (field: SpecField, wanted: readonly string[], got: readonly string[]) =>
    compare(field, wanted.toSorted(compareText), got.toSorted(compareText));
  const packages = listOf(truth["packages"]).map(tableOf);
  compare("name", [textOf(truth["name"])], [spec.name]);
  compare("evr", [evrOf(truth)], [`${spec.epoch || ""}:${spec.version}-${spec.release}`]);
  sorted("buildRequires", textsOf(truth["buildRequires"]), spec.buildRequires.map(formatDependency));
  sorted("buildConflicts", textsOf(truth["buildConflicts"]), spec.buildConflicts.map(formatDependency));
  compare("sources", textsOf(truth["sources"]), spec.sources.map(fileOf));
  compare("patches", textsOf(truth["patches"]), spec.patches.map(fileOf));
  sorted("packages", packages.map(packageText), spec.packages.map(ownPackageText));
  sorted("dependencies", packages.flatMap(dependencyLines), spec.packages.flatMap(ownDependencyLines));
  for (const field of ["license", "summary", "url"] as const) compare(field, [textOf(truth[field])], [spec[field]]);
  for (const field of ["exclusiveArch", "excludeArch"] as const) sorted(field, textsOf(truth[field]), spec[field]);
  sorted("buildArchs", textsOf(truth["buildArchs"]), spec.buildArch?.split(/[\s,]+/) ?? []);
  return differences;
}

/** A dependency as truth files write it: the capability, and ` #types` where it is no plain one. */
export function dependencyText(dependency: SpecDependency): string {
  const flags = dependency.flags ?? 0;
  const names = types.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
  const text = formatDependency(dependency);
  return names.length === 0 ? text : `${text} #${names.join(",")}`;
}

function ownPackageText(one: SpecPackage): string {
  return `${one.name} ${one.epoch || ""}:${one.version}-${one.release}.${one.arch}${one.built ? "" : " (not built)"}`;
}

function packageText(one: Readonly<Record<string, unknown>>): string {
  return `${textOf(one["name"])} ${evrOf(one)}.${textOf(one["arch"])}${one["built"] === true ? "" : " (not built)"}`;
}

function ownDependencyLines(one: SpecPackage): string[] {
  return kinds.flatMap((kind) => {
    const texts = new Set(one[kind].map(kind === "requires" ? dependencyText : formatDependency));
    return [...texts].map((text) => `${one.name} ${kind} ${text}`);
  });
}

function dependencyLines(one: Readonly<Record<string, unknown>>): string[] {
  return kinds.flatMap((kind) =>
    [...new Set(textsOf(one[kind]))].map((text) => `${textOf(one["name"])} ${kind} ${text}`),
  );
}

function evrOf(table: Readonly<Record<string, unknown>>): string {
  return `${textOf(table["epoch"] || "")}:${textOf(table["version"])}-${textOf(table["release"])}`;
}

function differenceOf(wanted: readonly string[], got: readonly string[]): string {
  if (wanted.length === got.length && wanted.every((text, index) => text === got[index])) return "";
  const lines = [...without(wanted, got).map((text) => `-${text}`), ...without(got, wanted).map((text) => `+${text}`)];
  return lines.length === 0 ? "the order differs" : lines.slice(0, 4).join(" ") + (lines.length > 4 ? " …" : "");
}

function without(all: readonly string[], taken: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of taken) counts.set(text, (counts.get(text) ?? 0) + 1);
  return all.filter((text) => {
    const left = counts.get(text) ?? 0;
    if (left > 0) counts.set(text, left - 1);
    return left === 0;
  });
}

function fileOf(source: { readonly file: string }): string {
  return source.file;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function tableOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function textsOf(value: unknown): string[] {
  return listOf(value).map(textOf);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}
