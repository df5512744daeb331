import { WeirError } from "../../src/core/index.ts";
import { relationOp } from "../../src/formats/rpmmd/index.ts";
import type { Pool } from "../../src/engine/pool/index.ts";
import type { JobAction, JobFlag, Selection, SolverJob } from "../../src/engine/solve/jobs.ts";
import {
  type DependencySource,
  filterBySelection,
  type Selected,
  type SelectionOptions,
  selectByDependency,
  selectByProvider,
  selectPackages,
} from "../../src/engine/solve/selection/index.ts";
import { caseDependencyText, parseCaseDependency } from "./dependency-text.ts";
import { casePackageText, findCasePackage } from "./package-text.ts";

const actions: ReadonlySet<string> = new Set<JobAction>([
  "noop",
  "install",
  "erase",
  "update",
  "weakendeps",
  "multiversion",
  "lock",
  "distupgrade",
  "verify",
  "droporphaned",
  "userinstalled",
  "allowuninstall",
  "favor",
  "disfavor",
  "blacklist",
  "excludefromweak",
]);

/** In the order they are written. */
const flagNames = [
  "weak",
  "essential",
  "cleandeps",
  "orupdate",
  "forcebest",
  "targeted",
  "notbyuser",
  "setev",
  "setevr",
  "setarch",
  "setvendor",
  "setrepo",
  "noautoset",
] as const satisfies readonly JobFlag[];

const optionNames: Readonly<Record<string, keyof SelectionOptions>> = {
  name: "name",
  provides: "provides",
  filelist: "filelist",
  canon: "canon",
  dotarch: "dotArch",
  rel: "relation",
  installedonly: "installedOnly",
  glob: "glob",
  flat: "flat",
  nocase: "noCase",
  sourceonly: "sourceOnly",
  withsource: "withSource",
  skipkind: "skipKind",
  depstr: "dependencyText",
  withdisabled: "withDisabled",
  withbadarch: "withBadArch",
};
const modes = ["add", "subtract", "filter"] as const;

/** A job as cases write it: `install name foo [weak]`. */
export function caseJobText(pool: Pool, job: SolverJob): string {
  const flags = flagNames.filter((flag) => job.flags?.includes(flag));
  return `${job.action} ${selectText(pool, job.select)}${flags.length === 0 ? "" : ` [${flags.join()}]`}`;
}

function selectText(pool: Pool, select: Selection): string {
  switch (select.kind) {
    case "package":
      return `pkg ${casePackageText(pool, select.package)}`;
    case "name":
    case "provides":
      return `${select.kind} ${caseDependencyText(pool.columns, select.dependency)}`;
    case "oneof": {
      const texts = select.packages.map((pkg) => casePackageText(pool, pkg));
      return `oneof ${texts.length === 0 ? "nothing" : texts.join(" ")}`;
    }
    case "repository":
      return `repo ${pool.repositories[select.repository]?.id ?? ""}`;
    case "all":
      return "all packages";
  }
}

/** The jobs that a job line of a case gives, after those before it: a selection may take the place of these. Errors: `CASE_JOB`. */
export function readCaseJob(pool: Pool, words: readonly string[], before: readonly SolverJob[]): SolverJob[] {
  const [word = "", ...rest] = words;
  const action = word === "noobsoletes" ? "multiversion" : word;
  if (!actions.has(action)) throw wrong(words, "there is no such job");
  let flags: JobFlag[] = [];
  const last = rest[rest.length - 1] ?? "";
  if (rest.length > 2 && /^\[.*\]$/.test(last)) {
    rest.pop();
    flags = last
      .slice(1, -1)
      .split(",")
      .map((name) => {
        if (!(flagNames as readonly string[]).includes(name)) throw wrong(words, `there is no flag ${name}`);
        return name as JobFlag;
      });
  }
  const make = ({ select, flags: gained }: Selected): SolverJob => ({
    action: action as JobAction,
    select,
    flags: [...new Set([...flags, ...gained])],
  });
  if (rest[0]?.startsWith("selection") !== true)
    return [...before, make({ select: readCaseSelect(pool, rest), flags: [] })];
  const [kind = "", ...pattern] = rest;
  const names = (pattern.pop() ?? "").split(",");
  const mode = modes.find((name) => names.includes(name));
  const options: { -readonly [Name in keyof SelectionOptions]: boolean } = {};
  for (const name of names) {
    const option = optionNames[name];
    if (option !== undefined) options[option] = true;
    else if (!(modes as readonly string[]).includes(name)) throw wrong(words, `there is no selection setting ${name}`);
  }
  const old: Selected[] = before.map((job) => ({
    select: job.select,
    flags: (job.flags ?? []).filter((flag) => /^(set|noauto)/.test(flag)),
  }));
  const within = mode === "subtract" || mode === "filter" ? old : undefined;
  const found = select(pool, kind, pattern, options, within, words);
  if (mode === undefined) return [...before, ...found.map(make)];
  if (mode === "add") return [...old, ...found].map(make);
  return filterBySelection(pool, old, found, mode === "filter").map(make);
}

function select(
  pool: Pool,
  kind: string,
  pattern: readonly string[],
  options: SelectionOptions,
  within: readonly Selected[] | undefined,
  words: readonly string[],
): Selected[] {
  if (kind === "selection") return selectPackages(pool, pattern.join(" "), options);
  const [source = "", ...rest] = pattern;
  const list = source.replace("solvable:", "") as DependencySource;
  const text = rest.join(" ");
  if (!/^(name|provides|requires|conflicts|obsoletes|recommends|suggests|supplements|enhances)$/.test(list))
    throw wrong(words, `packages have no ${list}`);
  switch (kind) {
    case "selection_matchdeps":
      return selectByDependency(pool, text, list, options, within);
    case "selection_matchdepid":
      return selectByDependency(pool, parseCaseDependency(pool.columns, text), list, options, within);
    case "selection_matchsolvable": {
      if (list === "name") throw wrong(words, "packages match dependencies, not names");
      return selectByProvider(pool, needPackage(pool, text), list, options, within);
    }
    default:
      throw wrong(words, `there is no ${kind}`);
  }
}

/** A selection that is no pattern: `pkg P`, `name D`, `provides D`, `oneof P…`, `repo R`, `all packages`. Errors: `CASE_JOB`. */
export function readCaseSelect(pool: Pool, words: readonly string[]): Selection {
  const [kind, ...rest] = words;
  const text = rest.join(" ");
  switch (kind) {
    case "pkg":
      return { kind: "package", package: needPackage(pool, text) };
    case "name":
      return { kind: "name", dependency: parseCaseDependency(pool.columns, text) };
    case "provides": {
      const namespace = /^(namespace:[^(]*)\((.*)\)$/.exec(text);
      if (namespace === null) return { kind: "provides", dependency: parseCaseDependency(pool.columns, text) };
      const [, name = "", argument = ""] = namespace;
      const right = argument === "<NULL>" ? 0 : parseCaseDependency(pool.columns, argument);
      const dependency = pool.columns.relation(pool.columns.strings.internText(name), relationOp.namespace, right);
      return { kind: "provides", dependency };
    }
    case "oneof":
      return { kind: "oneof", packages: text === "nothing" ? [] : rest.map((name) => needPackage(pool, name)) };
    case "repo": {
      const found = pool.repositories.find(({ id }) => id === text);
      if (found === undefined) throw wrong(words, `there is no repository ${text}`);
      return { kind: "repository", repository: found.index };
    }
    case "all":
      if (text === "packages") return { kind: "all" };
      break;
  }
  throw wrong(words, "this selects nothing");
}

function needPackage(pool: Pool, text: string): number {
  const found = findCasePackage(pool, text);
  if (found === undefined) throw new WeirError("CASE_JOB", `there is no package ${text}`);
  return found;
}

function wrong(words: readonly string[], message: string): WeirError {
  return new WeirError("CASE_JOB", `${words.join(" ")}: ${message}`);
}
