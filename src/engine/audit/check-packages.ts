import type { Severity } from "../../core/index.ts";
import type { PackageCommand, ShellWord } from "../../formats/dockerfile/index.ts";
import type { PackageFate, VirtualFate } from "../compat/index.ts";
import type { Collector } from "./collector.ts";
import type { NameResolver, Resolved, Rest } from "./resolve-name.ts";
import type { LegacyFacts } from "./types.ts";
import { distTag, isForeign, majorOf } from "./versions.ts";

const installVerbs = new Set([
  "install",
  "in",
  "reinstall",
  "localinstall",
  "update",
  "upgrade",
  "up",
  "downgrade",
  "distro-sync",
  "builddep",
]);
const removeVerbs = new Set(["remove", "rm", "erase", "autoremove"]);

/** Names that the target is asked for by a command, each with the word that asks. */
export interface Request {
  readonly name: string;
  readonly word: ShellWord;
}

/** Judges the packages of one command. Gives what the target would be asked for after the edits. */
export class PackageChecks {
  readonly #out: Collector;
  readonly #names: NameResolver;
  readonly #legacy: LegacyFacts;
  readonly #targetTag: string | undefined;
  /** Arguments that each place of the command gives. */
  #counts = new Map<number, number>();
  /** Arguments looked at. */
  count = 0;

  constructor(out: Collector, names: NameResolver, legacy: LegacyFacts, targetTag: string | undefined) {
    this.#out = out;
    this.#names = names;
    this.#legacy = legacy;
    this.#targetTag = targetTag;
  }

  check(command: PackageCommand, isExec: boolean): Request[] {
    const { verb } = command;
    const requests: Request[] = [];
    if (verb === undefined) {
      if (command.verbWord)
        this.#out.skip(command.verbWord.span, command.verbWord.text, "the command is known only when it runs");
      return requests;
    }
    this.#counts = new Map();
    for (const { span } of command.packages) {
      this.#counts.set(span.start.offset, (this.#counts.get(span.start.offset) ?? 0) + 1);
    }
    const removes = removeVerbs.has(verb);
    if (!installVerbs.has(verb) && !removes) return requests;
    for (const word of command.packages) {
      this.count++;
      if (word.value === undefined) {
        this.#out.skip(word.span, word.text, "which packages it stands for is known only when it runs");
        continue;
      }
      if (word.value === "") continue;
      for (const name of this.#judge(word.value, word, removes, isExec)) if (!removes) requests.push({ name, word });
    }
    return requests;
  }

  /** Names to ask the target for; none where it has no answer. */
  #judge(argument: string, word: ShellWord, removes: boolean, isExec: boolean): readonly string[] {
    const resolved = this.#names.resolve(argument);
    switch (resolved.kind) {
      case "package":
        return this.#fate(resolved, word, removes, isExec);
      case "virtual":
        return this.#virtual(resolved.fate, word, removes, isExec);
      case "target":
        this.#out.looked("PKG001");
        this.#pin(resolved.rest, resolved.name, word, this.#replacement(word, [resolved.name], isExec));
        return [resolved.name];
      case "glob":
        this.#glob(argument, resolved, word);
        return [];
      case "path":
        this.#path(argument, resolved, word);
        return resolved.owners.slice(0, 1);
      case "group":
        this.#out.skip(word.span, argument, "groups are not compared");
        return [];
      case "file":
        this.#file(argument, resolved.file, word);
        return [];
      case "unknown":
        if (!removes) this.#unknown(argument, word);
        return [];
    }
  }

  #fate(
    resolved: Extract<Resolved, { kind: "package" }>,
    word: ShellWord,
    removes: boolean,
    isExec: boolean,
  ): readonly string[] {
    const { fate, rest } = resolved;
    const { name, to } = fate;
    const { evidence } = fate;
    const out = this.#out;
    out.looked("PKG001", "PKG002", "PKG004", "PKG005", "PKG007");
    const replace = this.#replacement(word, to, isExec);
    const target = to[0] ?? "";
    const list = to.join(", ");
    switch (fate.fate) {
      case "kept":
        this.#pin(rest, name, word, replace);
        return to;
      case "older": {
        const severity: Severity = majorOf(fate.after ?? "") < majorOf(fate.before) ? "high" : "low";
        if (!removes)
          out.finding("PKG007", word.span, name, `${name} goes back from ${fate.before} to ${fate.after}`, {
            severity,
            evidence,
          });
        this.#pin(rest, name, word, replace);
        return to;
      }
      case "renamed": {
        const stillAnswers = this.#names.targetFor(name) !== undefined;
        const message = `${name} is now ${list}${stillAnswers ? ", which still answers to the old name" : ""}`;
        if (to.length > 1) out.finding("PKG004", word.span, name, message, { evidence, edit: replace });
        else
          out.finding("PKG002", word.span, name, message, {
            evidence,
            edit: replace,
            remedy: `install ${target}`,
            ...(stillAnswers || removes ? { severity: "low" as const } : {}),
          });
        this.#pin(rest, name, word, undefined);
        return to;
      }
      case "provided":
        if (to.length === 1) {
          out.finding("PKG002", word.span, name, `${name} is provided by ${target}`, {
            evidence,
            edit: replace,
            severity: "low",
            remedy: `install ${target}`,
          });
        } else {
          const same =
            rest.version === undefined
              ? []
              : to.filter((one) => majorOf(this.#versionOf(one)) === majorOf(rest.version ?? ""));
          const choice = same.length === 1 ? same[0] : undefined;
          out.finding("PKG004", word.span, name, `${name} is provided by several packages: ${list}`, {
            evidence,
            severity: "low",
            remedy:
              choice === undefined
                ? `choose one of ${list}`
                : `install ${choice}, which has version ${this.#versionOf(choice)}`,
          });
          this.#pin(rest, name, word, this.#replacement(word, [choice ?? name], isExec), choice);
          return [choice ?? name];
        }
        this.#pin(rest, name, word, undefined);
        return [name];
      case "merged":
      case "split":
        this.#pin(rest, name, word, undefined);
        out.finding("PKG004", word.span, name, `${name} is now in ${list}`, {
          evidence,
          edit: replace,
          remedy: `install ${list}`,
        });
        return to;
      case "dropped":
        if (removes) return [];
        if (fate.sourceKept && !fate.meant) this.#subpackageGone(fate, word);
        else
          out.finding(
            "PKG001",
            word.span,
            name,
            fate.meant ? `${name} was given up` : `${name} is on the target under no name`,
            { evidence },
          );
        return [];
    }
  }

  #subpackageGone(fate: PackageFate, word: ShellWord): void {
    const siblings = this.#names.builtFrom(fate.source).slice(0, 8);
    this.#out.finding("PKG005", word.span, fate.name, `${fate.source} no longer builds ${fate.name}`, {
      evidence: fate.evidence,
      ...(siblings.length > 0 ? { remedy: `look for what is used in ${siblings.join(", ")}` } : {}),
    });
  }

  #virtual(fate: VirtualFate, word: ShellWord, removes: boolean, isExec: boolean): readonly string[] {
    this.#out.looked("PKG006");
    if (fate.to.length > 0) return [fate.name];
    if (removes) return [];
    const { successors } = fate;
    const [only] = successors;
    const edit = successors.length === 1 ? this.#replacement(word, successors, isExec) : undefined;
    const remedy =
      successors.length > 0 ? `install ${successors.join(" or ")}` : "find the package that holds what is used";
    this.#out.finding(
      "PKG006",
      word.span,
      fate.name,
      `${fate.name}, a name of ${fate.by.join(", ")}, is provided by nothing`,
      { edit, remedy },
    );
    return successors.length === 1 && only !== undefined ? [only] : [];
  }

  /** A version behind the name: with the legacy dist tag, or one that the target does not have. */
  #pin(rest: Rest, name: string, word: ShellWord, edit: string | undefined, instead = name): void {
    if (rest.version === undefined) return;
    const out = this.#out;
    out.looked("PKG009", "PKG010");
    const tag = rest.release === undefined ? undefined : distTag(rest.release);
    if (tag !== undefined && this.#legacy.distTags.includes(tag)) {
      out.finding("PKG009", word.span, name, `${word.value} is a version of the legacy distribution (.${tag})`, {
        edit,
        remedy: `install ${instead} without a version`,
      });
    } else if (tag !== undefined && tag !== this.#targetTag && isForeign(tag)) {
      out.finding("PKG010", word.span, name, `${word.value} is of a foreign distribution (.${tag})`, {
        remedy: `install ${name} without a version`,
      });
    } else {
      // A package of another name has versions of its own.
      const versions = (this.#names.target.byName.get(name) ?? []).map((pkg) => pkg.version);
      if (versions.length > 0 && !versions.includes(rest.version)) {
        out.finding("PKG009", word.span, name, `the target has ${name} ${versions[0]}, not ${rest.version}`, {
          edit,
          remedy: `install ${name} without a version, or ${name}-${versions[0]}`,
        });
      }
    }
  }

  #glob(argument: string, resolved: Extract<Resolved, { kind: "glob" }>, word: ShellWord): void {
    const { before, after } = resolved;
    this.#out.looked("PKG001");
    if (after.length > 0) return;
    if (before.length > 0)
      this.#out.finding(
        "PKG001",
        word.span,
        argument,
        `nothing on the target matches ${argument}; it matched ${before.slice(0, 3).join(", ")}`,
      );
    else this.#unknown(argument, word);
  }

  #path(argument: string, resolved: Extract<Resolved, { kind: "path" }>, word: ShellWord): void {
    this.#out.looked("PKG006");
    if (resolved.owners.length > 0) return;
    if (resolved.complete)
      this.#out.finding("PKG006", word.span, argument, `no package of the target holds ${argument}`, {
        remedy: "ask for the package that holds the command",
      });
    else this.#out.skip(word.span, argument, "the target's full file lists were not read");
  }

  #file(argument: string, file: string, word: ShellWord): void {
    const tag = distTag(file.replace(/(?:\.[a-z0-9_]+)?\.rpm$/, ""));
    this.#out.looked("PKG009", "PKG010");
    if (tag !== undefined && this.#legacy.distTags.includes(tag))
      this.#out.finding("PKG009", word.span, file, `${file} is built for the legacy distribution (.${tag})`, {
        remedy: "take the package built for the target",
      });
    else if (tag !== undefined && tag !== this.#targetTag && isForeign(tag))
      this.#out.finding("PKG010", word.span, file, `${file} is built for a foreign distribution (.${tag})`);
    else this.#out.skip(word.span, argument, "a package file from elsewhere: only its name was looked at");
  }

  #unknown(argument: string, word: ShellWord): void {
    this.#out.skip(
      word.span,
      argument,
      "neither distribution has a package of this name: it may come from another repository",
    );
  }

  #versionOf(name: string): string {
    return this.#names.target.main(name)?.version ?? "";
  }

  /** A word with variables inside that starts with a name and gives one argument: `name-${VERSION}`. */
  #standsAlone(word: ShellWord): boolean {
    const { start, end } = word.span;
    if (
      this.#out.text.slice(start.offset, end.offset) !== word.text ||
      !/^[\w.+-]+-\$\{?\w+\}?[\w.~^$+{}-]*$/.test(word.text)
    )
      return false;
    return this.#counts.get(start.offset) === 1;
  }

  /** Names as they would be written in place of the word, if that is safe. */
  #replacement(word: ShellWord, names: readonly string[], isExec: boolean): string | undefined {
    if (names.length === 0 || !(word.literal || this.#standsAlone(word))) return undefined;
    return isExec && word.text.startsWith('"') ? names.map((name) => JSON.stringify(name)).join(", ") : names.join(" ");
  }
}
