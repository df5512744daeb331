import { type Place, WeirError } from "../../core/index.ts";
import { MacroContext } from "../macro/index.ts";
import { sense } from "../rpm/index.ts";
import { PackageBuilder } from "./builder.ts";
import { readFileLine } from "./file-list.ts";
import {
  logicalLines,
  readDirective,
  readSectionHeader,
  readSelector,
  type SectionHeader,
  splitLines,
} from "./lines.ts";
import { ConditionalStack } from "./conditionals.ts";
import { Preamble } from "./preamble.ts";
import type { BuildCondition, EvaluatedSpec, EvaluateOptions, Taint } from "./types.ts";

/** Errors after which going on would take unbounded time or memory. */
const fatal = new Set(["MACRO_TOO_DEEP", "MACRO_TOO_LARGE", "MACRO_BUDGET", "SPEC_TOO_LARGE"]);

const maxInclude = 16;
const maxLines = 2_000_000;

const scriptFlags: Readonly<Record<string, number>> = {
  pre: sense.scriptPre,
  post: sense.scriptPost,
  preun: sense.scriptPreun,
  postun: sense.scriptPostun,
  pretrans: 1 << 7,
  posttrans: 1 << 5,
  preuntrans: 1 << 20,
  postuntrans: 1 << 21,
  verifyscript: 1 << 13,
};

/**
 * Evaluates a spec over a macro set: what `rpmspec -q` would tell, without running anything. A value that needs foreign code or a macro that the set
 * lacks is left out and listed in `tainted`, and does not spoil the rest. As rpm does, a spec with `BuildArch: noarch` is read twice.
 * Provides hold `name = evr` and `name(isa) = evr`, requires hold scriptlet interpreters, as in rpmspec's answer.
 * Errors: `SPEC_TAG_MISSING` (no Name, Version or Release), `SPEC_CONDITIONAL` (unbalanced %if), `SPEC_PACKAGE_TWICE`,
 * `SPEC_TOO_LARGE`, and the bounds of the macro language (`MACRO_TOO_DEEP`, `MACRO_TOO_LARGE`, `MACRO_BUDGET`).
 */
export function evaluateSpec(text: string, context: MacroContext, options: EvaluateOptions = {}): EvaluatedSpec {
  const arch = options.arch ?? "x86_64";
  const macros = prepareContext(context, options);
  const first = new Evaluation(macros, options, arch);
  const again = first.run(text);
  if (again === undefined) return first.finish(macros.get("_isa") === undefined ? "" : macros.expand("%{_isa}"));
  macros.set("_target_cpu", again);
  const second = new Evaluation(macros, options, again);
  second.run(text);
  return second.finish(macros.get("_isa") === undefined ? "" : macros.expand("%{_isa}"));
}

function prepareContext(context: MacroContext, options: EvaluateOptions): MacroContext {
  const folder = "/sources";
  const given = options.readSource;
  const readFile =
    given &&
    ((path: string) => {
      if (!path.startsWith(`${folder}/`)) return context.options.readFile?.(path);
      const name = path.slice(folder.length + 1);
      return name.includes("/") || name === "" || name === ".." ? undefined : given(name);
    });
  const macros = context.fork(readFile === undefined ? {} : { readFile });
  if (given !== undefined || macros.get("_sourcedir") === undefined) macros.define("_sourcedir", folder);
  if (macros.get("nil") === undefined) macros.define("nil", "%{!?nil}");
  macros.define("_target_cpu", options.arch ?? "x86_64");
  for (const name of options.undefines ?? []) macros.undefine(name);
  for (const name of options.with ?? []) macros.define(`_with_${name}`, `--with-${name}`);
  for (const name of options.without ?? []) macros.define(`_without_${name}`, `--without-${name}`);
  for (const [name, body] of Object.entries(options.defines ?? {})) macros.define(name, body);
  return macros;
}

class Evaluation {
  readonly #macros: MacroContext;
  readonly #file: string;
  readonly #arch: string;
  readonly #canRestart: boolean;
  readonly #tainted: Taint[] = [];
  readonly #taintKeys = new Set<string>();
  readonly #packages: PackageBuilder[] = [];
  readonly #byName = new Map<string, PackageBuilder>();
  readonly #conditions = new Map<string, BuildCondition>();
  readonly #stack: ConditionalStack;
  readonly #preamble: Preamble;
  #section = "preamble";
  #package: PackageBuilder;
  #dynamic = false;
  #line = 0;
  #lines = 0;
  #restart = false;

  constructor(macros: MacroContext, options: EvaluateOptions, arch: string) {
    this.#macros = macros;
    this.#file = options.file ?? "spec";
    this.#arch = arch;
    this.#canRestart = arch !== "noarch";
    this.#package = new PackageBuilder("", 1);
    this.#packages.push(this.#package);
    const taint = (subject: string, reason: string) => this.#taint(subject, reason);
    this.#stack = new ConditionalStack(macros, this.#file, taint);
    this.#preamble = new Preamble(macros, taint);
    macros.onCall((name, args) => this.#noticeCondition(name, args));
  }

  /** Reads the whole text; gives an architecture when it has to be read again for that one. */
  run(text: string): string | undefined {
    this.#read(splitLines(text), 0);
    this.#macros.at(undefined);
    this.#macros.onCall(undefined);
    if (this.#section === "preamble") this.#endPreamble();
    if (this.#restart) return "noarch";
    this.#stack.finish();
    return undefined;
  }

  finish(isa: string): EvaluatedSpec {
    const main = this.#packages[0] as PackageBuilder;
    const value = (tag: string) => main.values.get(tag) ?? "";
    for (const tag of ["name", "version", "release"]) {
      if (main.values.has(tag)) continue;
      throw new WeirError("SPEC_TAG_MISSING", `the spec has no ${tag[0]?.toUpperCase()}${tag.slice(1)}`, {
        where: { file: this.#file },
        hints: [
          this.#tainted.length > 0
            ? `it may hide behind ${this.#tainted[0]?.subject}: ${this.#tainted[0]?.reason}`
            : "add it to the preamble",
        ],
      });
    }
    const name = value("name");
    const packages = this.#packages.map((one, index) =>
      one.finish(main, index === 0 ? name : one.name, this.#arch, isa),
    );
    const conditions = [...this.#conditions.values()].map((one) => ({
      ...one,
      value: this.#macros.get(`with_${one.name}`) !== undefined,
    }));
    return {
      name,
      epoch: Number(value("epoch")) || 0,
      version: value("version"),
      release: value("release"),
      license: value("license"),
      summary: value("summary"),
      url: value("url"),
      buildArch: main.values.get("buildarch")?.split(/[\s,]+/)[0],
      exclusiveArch: this.#preamble.exclusiveArch,
      excludeArch: this.#preamble.excludeArch,
      buildRequires: this.#preamble.buildRequires,
      buildConflicts: this.#preamble.buildConflicts,
      sources: this.#preamble.sources,
      patches: this.#preamble.patches,
      packages,
      conditions,
      dynamicBuildRequires: this.#dynamic,
      tainted: this.#tainted,
    };
  }

  #read(lines: readonly string[], depth: number): void {
    const outer = this.#line;
    for (const { start, end } of logicalLines(lines)) {
      if (this.#restart) return;
      if (depth === 0) this.#line = start + 1;
      else this.#line = outer;
      if (++this.#lines > maxLines) throw this.#tooLarge();
      let text = end - start === 1 ? (lines[start] as string) : lines.slice(start, end).join("\n");
      if (this.#stack.reading && text.includes("%")) {
        this.#macros.at(this.#place());
        const expanded = this.#expand(text);
        if (expanded === undefined) continue;
        text = expanded;
      }
      if (!text.includes("\n")) this.#take(text, depth);
      else {
        for (const line of text.split("\n")) {
          if (++this.#lines > maxLines) throw this.#tooLarge();
          if (!this.#restart) this.#take(line, depth);
        }
      }
    }
  }

  #tooLarge(): WeirError {
    return new WeirError("SPEC_TOO_LARGE", `the spec expands to more than ${maxLines} lines`, {
      where: this.#place(),
      hints: ["look for a macro that repeats itself"],
    });
  }

  #expand(text: string): string | undefined {
    try {
      return this.#macros.expandMarked(text);
    } catch (error) {
      if (!(error instanceof WeirError) || fatal.has(error.code)) throw error;
      const directive = readDirective(text);
      this.#taint(directive === undefined ? this.#subject(text) : `%${directive.kind}`, error.message);
      // A condition that cannot be read still opens a level.
      return directive === undefined ? undefined : `%${directive.kind} 0`;
    }
  }

  #subject(text: string): string {
    if (this.#section !== "preamble" && this.#section !== "package") return `%${this.#section}`;
    return /^\s*([^\s:]{1,40})/.exec(text)?.[1] ?? "line";
  }

  #take(line: string, depth: number): void {
    const directive = line.includes("%") ? readDirective(line) : undefined;
    if (directive !== undefined) {
      if (directive.kind !== "include") {
        this.#stack.take(directive.kind, directive.argument, this.#line);
        return;
      }
      if (this.#stack.reading) this.#include(directive.argument, depth);
      return;
    }
    if (!this.#stack.reading) return;
    const header = readSectionHeader(line);
    if (header !== undefined) {
      this.#open(header);
      return;
    }
    switch (this.#section) {
      case "files":
        if (line.includes("/")) readFileLine(this.#macros.clean(line), this.#package);
        break;
      case "preamble":
      case "package":
        this.#preamble.takeTag(line, this.#package, this.#package === this.#packages[0], this.#line);
        break;
      case "sourcelist":
      case "patchlist":
        this.#preamble.takeListed(line, this.#section === "patchlist", this.#line);
        break;
    }
  }

  #include(argument: string, depth: number): void {
    const path = this.#macros.clean(argument);
    const text = path.taints.length > 0 ? undefined : this.#macros.options.readFile?.(path.text);
    if (text === undefined || depth >= maxInclude) {
      this.#taint(
        "%include",
        path.taints[0] ?? (text === undefined ? `${path.text} was not given` : "includes nest too deeply"),
      );
      return;
    }
    const line = this.#line;
    this.#read(splitLines(text), depth + 1);
    this.#line = line;
  }

  #open(header: SectionHeader): void {
    if (this.#section === "preamble") this.#endPreamble();
    if (this.#restart) return;
    this.#section = header.name;
    if (header.name === "generate_buildrequires") this.#dynamic = true;
    const isScript = header.name in scriptFlags || header.name.includes("trigger");
    if (header.name !== "package" && header.name !== "files" && !isScript && header.name !== "description") return;
    const selector = readSelector(header);
    const marked = this.#macros.clean(`${selector.full ?? ""}${selector.suffix ?? ""}`);
    if (marked.taints.length > 0 || /%[{\w]/.test(marked.text)) {
      this.#taint(
        `%${header.name}`,
        marked.taints[0] ?? `its package is named by a macro that is not defined: ${marked.text}`,
      );
      this.#package = new PackageBuilder("", this.#line);
      return;
    }
    const main = this.#packages[0] as PackageBuilder;
    const base = main.values.get("name") ?? "";
    const name = selector.full ?? (selector.suffix === undefined ? base : `${base}-${selector.suffix}`);
    const isMain = selector.full === undefined && selector.suffix === undefined;
    if (header.name === "package") {
      if (isMain) return;
      if (this.#byName.has(name) || name === base) {
        throw new WeirError("SPEC_PACKAGE_TWICE", `the package ${name} is declared twice`, {
          where: this.#place(),
          hints: [`the first is in line ${this.#byName.get(name)?.line ?? 1}; remove one`],
        });
      }
      this.#package = new PackageBuilder(name, this.#line);
      this.#packages.push(this.#package);
      this.#byName.set(name, this.#package);
      return;
    }
    const found = isMain || name === base ? main : this.#byName.get(name);
    this.#package = found ?? new PackageBuilder("", this.#line);
    if (found === undefined) {
      // Without its %package, which a macro outside the set may have given, there is nothing to attach it to.
      if (header.name === "files" || isScript) this.#taint(`%${header.name}`, `there is no %package for ${name}`);
      return;
    }
    if (header.name === "files") found.built = true;
    if (isScript) this.#addInterpreter(found, header.name, selector.program);
  }

  #addInterpreter(target: PackageBuilder, section: string, program: string | undefined): void {
    const argv = program === undefined ? ["/bin/sh"] : program.trim().split(/\s+/);
    const interpreter = argv[0] ?? "";
    if (argv.length > 1) this.#needFeature(target, "ScriptletInterpreterArgs", "4.0.3-1");
    if (interpreter.startsWith("<")) {
      this.#needFeature(target, "BuiltinLuaScripts", "4.2.2-1");
      return;
    }
    const clean = this.#macros.clean(interpreter);
    if (clean.taints[0] !== undefined) this.#taint(`%${section}`, clean.taints[0]);
    else if (clean.text !== "") {
      target.add("requires", { name: clean.text, flags: sense.interp | (scriptFlags[section] ?? 0), line: this.#line });
    }
  }

  #needFeature(target: PackageBuilder, feature: string, evr: string): void {
    target.add("requires", {
      name: `rpmlib(${feature})`,
      op: "<=",
      evr,
      flags: sense.rpmlib | sense.less | sense.equal,
      line: this.#line,
    });
  }

  #endPreamble(): void {
    const main = this.#packages[0] as PackageBuilder;
    const archs = main.values.get("buildarch")?.split(/[\s,]+/) ?? [];
    if (this.#canRestart && archs.includes("noarch") && !archs.includes(this.#arch)) this.#restart = true;
    this.#section = "";
  }

  #noticeCondition(called: string, args: readonly string[]): void {
    const name = args[0];
    if (name === undefined || name === "" || this.#conditions.has(name)) return;
    let byDefault: boolean;
    if (called === "bcond_with") byDefault = false;
    else if (called === "bcond_without") byDefault = true;
    else if (called === "bcond") {
      try {
        byDefault = this.#macros.isTrue(args.slice(1).join(" ")).value;
      } catch {
        byDefault = false;
      }
    } else return;
    this.#conditions.set(name, { name, default: byDefault, value: false, line: this.#line });
  }

  #place(): Place {
    return { file: this.#file, line: Math.max(1, this.#line) };
  }

  #taint(subject: string, reason: string): void {
    const key = `${this.#line}\0${subject}\0${reason}`;
    if (this.#taintKeys.has(key)) return;
    this.#taintKeys.add(key);
    this.#tainted.push({ line: this.#line, subject, reason });
  }
}
