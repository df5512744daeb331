import { WeirError } from "../../core/index.ts";
import type { MacroContext } from "../macro/index.ts";
import { type DependencyKind, type PackageBuilder, packageDependencyTags } from "./builder.ts";
import { parseDependencyList, qualifierFlags } from "./dependencies.ts";
import { readTag } from "./lines.ts";
import type { SpecDependency, SpecSource } from "./types.ts";

/** Values rpm keeps one of; the last one counts. */
const singleTags = new Set([
  "name",
  "version",
  "release",
  "epoch",
  "summary",
  "license",
  "url",
  "buildarch",
  "buildarchitectures",
  "group",
  "vendor",
  "packager",
  "distribution",
  "vcs",
  "bugurl",
  "disturl",
]);

/** Known to rpm, of no consequence here. */
const otherTags = new Set([
  "nosource",
  "nopatch",
  "excludeos",
  "exclusiveos",
  "icon",
  "prefixes",
  "prefix",
  "buildroot",
  "autoreqprov",
  "autoreq",
  "autoprov",
  "docdir",
  "disttag",
  "orderwithrequires",
  "modularitylabel",
  "removepathpostfixes",
  "translationurl",
  "upstreamreleases",
  "sourcelicense",
  "buildsystem",
  "buildoption",
  "copyright",
]); // prettier-ignore

/** Tags whose value no literal macro may be left in. */
const strictTags = new Set(["name", "version", "release", "epoch", "buildarch"]);

const leftover = /%(?:\{[^{}\n]{0,200}\}?|[A-Za-z_]\w{2,})/;

const leftovers = new RegExp(leftover, "g");

/** More than any spec has; what follows would only fill memory. */
const maxDependencies = 200_000;

/** Takes the tags of the preamble and of %package sections. */
export class Preamble {
  readonly exclusiveArch: string[] = [];
  readonly excludeArch: string[] = [];
  readonly buildRequires: SpecDependency[] = [];
  readonly buildConflicts: SpecDependency[] = [];
  readonly sources: SpecSource[] = [];
  readonly patches: SpecSource[] = [];
  readonly #macros: MacroContext;
  readonly #taint: (subject: string, reason: string) => void;
  readonly #seen = new Set<string>();
  #dependencyCount = 0;
  #nextSource = 0;
  #nextPatch = 0;

  constructor(macros: MacroContext, taint: (subject: string, reason: string) => void) {
    this.#macros = macros;
    this.#taint = taint;
  }

  takeTag(line: string, target: PackageBuilder, isMain: boolean, lineNumber: number): void {
    const start = line.trimStart();
    if (start === "" || start.startsWith("#")) return;
    const tag = readTag(line);
    if (tag === undefined) {
      this.#unknown(start);
      return;
    }
    const name = tag.name.toLowerCase();
    if (singleTags.has(name)) {
      if (tag.qualifier === undefined)
        this.#single(name === "buildarchitectures" ? "buildarch" : name, tag.name, tag.value, target, isMain);
      return;
    }
    const kind = Object.hasOwn(packageDependencyTags, name)
      ? packageDependencyTags[name as keyof typeof packageDependencyTags]
      : undefined;
    if (kind !== undefined) {
      const flags = name === "prereq" ? (1 << 9) | (1 << 11) : qualifierFlags(tag.qualifier);
      this.#dependencies(tag.name, tag.value, flags, lineNumber, (one) =>
        target.add(kind satisfies DependencyKind, one),
      );
      return;
    }
    switch (name) {
      case "buildrequires":
      case "buildprereq":
        this.#dependencies(tag.name, tag.value, 0, lineNumber, (one) => this.#once("r", one, this.buildRequires));
        return;
      case "buildconflicts":
        this.#dependencies(tag.name, tag.value, 0, lineNumber, (one) => this.#once("c", one, this.buildConflicts));
        return;
      case "exclusivearch":
      case "excludearch": {
        const { text, taints } = this.#macros.clean(tag.value);
        if (taints[0] !== undefined) this.#taint(tag.name, taints[0]);
        const list = name === "exclusivearch" ? this.exclusiveArch : this.excludeArch;
        for (const word of text.split(/[\s,]+/)) {
          if (word.startsWith("%")) this.#taint(tag.name, `the macro ${word} is not defined`);
          else if (word !== "") list.push(word);
        }
        return;
      }
    }
    const numbered = /^(source|patch)(\d{0,9})$/.exec(name);
    if (numbered !== null) {
      this.#source(
        tag.name,
        tag.value,
        numbered[1] === "patch",
        numbered[2] === "" ? undefined : Number(numbered[2]),
        lineNumber,
      );
      return;
    }
    if (name === "buildsystem") this.#taint(tag.name, `the build system ${tag.value} adds sections of its own`);
    else if (!otherTags.has(name)) this.#taint(tag.name, "no tag that rpm knows");
  }

  /** A line of %sourcelist or %patchlist. */
  takeListed(line: string, isPatch: boolean, lineNumber: number): void {
    const value = line.trim();
    if (value === "" || value.startsWith("#")) return;
    this.#source(isPatch ? "%patchlist" : "%sourcelist", value, isPatch, undefined, lineNumber);
  }

  #unknown(start: string): void {
    const { text, taints } = this.#macros.clean(start);
    if (taints[0] !== undefined) {
      this.#taint(text.trim() === "" ? "line" : text.trim().slice(0, 40), taints[0]);
      return;
    }
    const macro = /^%[{?!]*(\w+)/.exec(text)?.[1];
    if (macro !== undefined) this.#taint(`%${macro}`, `the macro %${macro} is not defined`);
    else if (text.trim() !== "") this.#taint(text.trim().slice(0, 40), "no tag");
  }

  #single(name: string, written: string, marked: string, target: PackageBuilder, isMain: boolean): void {
    let value = marked;
    const clean = this.#macros.clean(marked);
    let taint = clean.taints[0];
    const left = strictTags.has(name) ? leftover.exec(clean.text)?.[0] : undefined;
    if (left !== undefined) {
      taint ??= `the macro ${left} is not defined`;
      value = marked.replace(left, this.#macros.mark(taint));
    }
    if (taint !== undefined) this.#taint(written, taint);
    const text = taint === undefined ? clean.text : this.#macros.clean(value).text;
    target.values.set(name, text);
    if (name === "buildarch") return;
    this.#macros.set(name, value);
    if (isMain) this.#macros.set(name.toUpperCase(), value);
  }

  #dependencies(tag: string, marked: string, flags: number, line: number, add: (one: SpecDependency) => void): void {
    const value = marked.includes("%")
      ? marked.replace(leftovers, (left) => this.#macros.mark(`the macro ${left.slice(0, 80)} is not defined`))
      : marked;
    for (const one of parseDependencyList(value)) {
      if (++this.#dependencyCount > maxDependencies) throw tooMany("dependencies", maxDependencies);
      const name = this.#macros.clean(one.name);
      if (name.taints[0] !== undefined) {
        this.#taint(name.text === "" ? tag : `${tag} ${name.text}`, name.taints[0]);
        continue;
      }
      if (one.op === undefined || one.evr === undefined) {
        add({ name: name.text, flags, line });
        continue;
      }
      const evr = this.#macros.clean(one.evr);
      if (evr.taints[0] !== undefined) {
        this.#taint(`${tag} ${name.text}`, evr.taints[0]);
        add({ name: name.text, flags, line });
      } else {
        add({ name: name.text, op: one.op, evr: evr.text, flags: flags | comparisonFlags[one.op], line });
      }
    }
  }

  #once(list: string, dependency: SpecDependency, into: SpecDependency[]): void {
    const key = `${list}\0${dependency.name}\0${dependency.op ?? ""}\0${dependency.evr ?? ""}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    into.push(dependency);
  }

  #source(tag: string, marked: string, isPatch: boolean, given: number | undefined, line: number): void {
    const number = given ?? (isPatch ? this.#nextPatch : this.#nextSource);
    if (isPatch) this.#nextPatch = number + 1;
    else this.#nextSource = number + 1;
    if (this.sources.length + this.patches.length >= maxDependencies) throw tooMany("sources", maxDependencies);
    const fileMarked = fileOf(marked);
    const { text, taints } = this.#macros.clean(marked);
    if (taints[0] !== undefined) this.#taint(tag, taints[0]);
    const left = leftover.exec(text)?.[0];
    if (left !== undefined) this.#taint(tag, `the macro ${left} is not defined`);
    (isPatch ? this.patches : this.sources).push({
      number,
      value: text,
      file: this.#macros.clean(fileMarked).text,
      line,
    });
    const name = isPatch ? "PATCH" : "SOURCE";
    this.#macros.set(`${name}${number}`, `%{_sourcedir}/${fileMarked}`);
    this.#macros.set(`${name}URL${number}`, marked);
  }
}

function tooMany(what: string, limit: number): WeirError {
  return new WeirError("SPEC_TOO_LARGE", `the spec has more than ${limit} ${what}`, {
    hints: ["look for a macro that repeats itself"],
  });
}

const comparisonFlags = { "<": 2, "<=": 10, "=": 8, ">=": 12, ">": 4 } as const;

/** The name that a source has in the source folder: behind the last slash, a `#/name` at the end of a URL included. */
function fileOf(value: string): string {
  return value.slice(value.lastIndexOf("/") + 1);
}
