import type { PackageCommand, PackageOption } from "../../formats/dockerfile/index.ts";
import { matchesGlob } from "../compat/index.ts";
import type { Collector } from "./collector.ts";
import type { LegacyFacts } from "./types.ts";

const listKinds: Readonly<Record<string, string>> = {
  installed: "--installed",
  available: "--available",
  updates: "--upgrades",
  upgrades: "--upgrades",
  extras: "--extras",
  obsoletes: "--obsoletes",
};
const goneOptions: Readonly<Record<string, string>> = {
  "-4": "leave it out",
  "-6": "leave it out",
  "--color": "leave it out",
  "--disableexcludepkgs": "use --setopt=disable_excludes",
};
const repositoryOptions = new Set(["--enablerepo", "--disablerepo", "--repo", "--repoid"]);

/** Judges how the package manager is called. */
export function checkManager(out: Collector, command: PackageCommand, legacy: LegacyFacts, isExec: boolean): void {
  const { manager, program, verb, options, packages } = command;
  const successor = Object.hasOwn(legacy.managers, manager) ? legacy.managers[manager] : undefined;
  out.looked("PM001", "PM006");
  if (successor !== undefined && successor !== manager) {
    const edit = program.literal
      ? isExec && program.text.startsWith('"')
        ? JSON.stringify(successor)
        : successor
      : undefined;
    out.finding(
      "PM001",
      program.span,
      manager,
      `${manager} is the package manager of ${legacy.name}; the target's is ${successor}`,
      { edit, remedy: `call ${successor}` },
    );
  }
  const [first] = packages;
  if (verb === "autoremove") {
    out.looked("PM002");
    if (first && command.verbWord) {
      const edit = command.verbWord.literal && !isExec ? "remove" : undefined;
      out.finding("PM002", command.verbWord.span, "autoremove", "autoremove with package names fails on the target", {
        edit,
        remedy: "use remove, which takes unneeded dependencies along",
      });
    }
  }
  if (verb === "list" && first) {
    out.looked("PM003");
    const option =
      first.value !== undefined && Object.hasOwn(listKinds, first.value) ? listKinds[first.value] : undefined;
    if (option !== undefined) {
      const edit = first.literal && !isExec ? option : undefined;
      out.finding("PM003", first.span, `list ${first.value}`, `list takes ${option}, not the word ${first.value}`, {
        edit,
        remedy: `use list ${option}`,
      });
    }
  }
  if (verb === "check-update" && command.command.after !== "|") {
    out.finding(
      "PM003",
      command.command.span,
      "check-update",
      "check-update ends with 100 where there are updates, and prints another format",
      { severity: "medium", remedy: "accept exit code 100, or use check-upgrade --quiet" },
    );
  }
  const has = (name: string) => options.some((option) => option.name === name);
  if (has("--installroot") && has("--releasever")) {
    out.looked("PM004");
    const root = options.find((option) => option.name === "--installroot");
    if (!has("--use-host-config") && root) {
      out.finding(
        "PM004",
        root.word.span,
        "--installroot",
        "--releasever with --installroot: repositories are read from the root",
        {},
      );
      if (root.word.literal && !isExec)
        out.edit("PM004", { start: root.word.span.start, end: root.word.span.start }, "--use-host-config ");
    }
  }
  for (const { name, value, word } of options) {
    if (name !== "--releasever") continue;
    out.looked("PM004");
    if (value === undefined || !legacy.releases.includes(value)) continue;
    const edit = word.literal && !isExec && word.value?.includes("=") ? "" : undefined;
    out.finding("PM004", word.span, `${name}=${value}`, `${value} is a release of ${legacy.name}`, {
      edit,
      remedy: "leave it out",
    });
  }
  for (const option of options) checkOption(out, option, legacy);
}

function checkOption(out: Collector, option: PackageOption, legacy: LegacyFacts): void {
  const { name, value, word } = option;
  if (Object.hasOwn(goneOptions, name))
    out.finding("PM006", word.span, name, `the target's package manager has no ${name}`, {
      remedy: goneOptions[name] as string,
    });
  if (
    name === "--nogpgcheck" ||
    (name === "--setopt" && /(?:^|\.)(?:pkg_|repo_)?gpgcheck\s*=\s*(?:0|false|no)$/i.test(value ?? ""))
  ) {
    out.finding("REPO005", word.span, name, "signatures of packages are not checked");
  }
  if (!repositoryOptions.has(name)) return;
  out.looked("REPO002");
  for (const id of (value ?? "").split(",")) {
    if (legacy.repositoryIds.some((pattern) => matchesGlob(id, pattern))) {
      out.finding("REPO002", word.span, id, `${id} is a repository of ${legacy.name}`);
    }
  }
}
