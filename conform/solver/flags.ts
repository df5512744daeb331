import { WeirError } from "../../src/core/index.ts";
import type { SolverFlags } from "../../src/engine/solve/jobs.ts";

type FlagName = Exclude<keyof SolverFlags, "vendorClasses">;
/** Settings while they are read. */
export type FlagDraft = { -readonly [Name in FlagName]?: boolean };

const solverFlags: Readonly<Record<string, FlagName>> = {
  allowdowngrade: "allowDowngrade",
  allownamechange: "allowNameChange",
  allowarchchange: "allowArchChange",
  allowvendorchange: "allowVendorChange",
  allowuninstall: "allowUninstall",
  noupdateprovide: "noUpdateProvide",
  needupdateprovide: "needUpdateProvide",
  splitprovides: "splitProvides",
  ignorerecommended: "ignoreRecommended",
  addalreadyrecommended: "addAlreadyRecommended",
  strongrecommends: "strongRecommends",
  onlynamespacerecommended: "onlyNamespaceRecommended",
  noinfarchcheck: "noInfArchCheck",
  keepexplicitobsoletes: "keepExplicitObsoletes",
  bestobeypolicy: "bestObeyPolicy",
  noautotarget: "noAutoTarget",
  focusinstalled: "focusInstalled",
  focusnew: "focusNew",
  focusbest: "focusBest",
  yumobsoletes: "yumObsoletes",
  urpmreorder: "urpmReorder",
  installalsoupdates: "installAlsoUpdates",
  strictrepopriority: "strictRepoPriority",
  keeporphans: "keepOrphans",
  breakorphans: "breakOrphans",
  dupallowdowngrade: "dupAllowDowngrade",
  dupallownamechange: "dupAllowNameChange",
  dupallowarchchange: "dupAllowArchChange",
  dupallowvendorchange: "dupAllowVendorChange",
};

const poolFlags: Readonly<Record<string, FlagName>> = {
  forbidselfconflicts: "forbidSelfConflicts",
  obsoleteusesprovides: "obsoleteUsesProvides",
  implicitobsoleteusesprovides: "implicitObsoleteUsesProvides",
  obsoleteusescolors: "obsoleteUsesColours",
  implicitobsoleteusescolors: "implicitObsoleteUsesColours",
  noinstalledobsoletes: "noInstalledObsoletes",
};

/** They change how an index is made, or a default that cases set anyway. */
const withoutEffect = ["addfileprovidesfiltered", "nowhatprovidesaux", "noobsoletesmultiversion"];

/** Pool flags that the stage itself looks at, or that change nothing here. */
export interface PoolFlagDraft {
  flags: FlagDraft;
  providersWithDisabled: boolean;
}

/** Settings of a solver that a case has not touched. */
export function untouchedSolverFlags(): FlagDraft {
  return {
    allowNameChange: true,
    keepExplicitObsoletes: false,
    dupAllowDowngrade: true,
    dupAllowNameChange: true,
    dupAllowArchChange: true,
    dupAllowVendorChange: true,
  };
}

/** Errors: `CASE_SYNTAX`. */
export function setSolverFlags(flags: FlagDraft, words: readonly string[]): void {
  for (const { name, on } of eachFlag(words)) {
    const flag = solverFlags[name];
    if (flag === undefined) throw new WeirError("CASE_SYNTAX", `there is no solver flag ${name}`);
    flags[flag] = on;
  }
}

/** Errors: `CASE_SYNTAX`, `CASE_UNSUPPORTED` for what changes the meaning of versions. */
export function setPoolFlags(draft: PoolFlagDraft, words: readonly string[]): void {
  for (const { name, on } of eachFlag(words)) {
    const flag = poolFlags[name];
    if (flag !== undefined) draft.flags[flag] = on;
    else if (name === "whatprovideswithdisabled") draft.providersWithDisabled = on;
    else if (name === "promoteepoch" || name === "havedistepoch") {
      if (on) throw new WeirError("CASE_UNSUPPORTED", `pool flag ${name}: not RPM's order of versions`);
    } else if (!withoutEffect.includes(name)) throw new WeirError("CASE_SYNTAX", `there is no pool flag ${name}`);
  }
}

function* eachFlag(words: readonly string[]): IterableIterator<{ name: string; on: boolean }> {
  for (const word of words.flatMap((text) => text.split(","))) {
    if (word === "" || word === "!") continue;
    const on = !word.startsWith("!");
    yield { name: on ? word : word.slice(1), on };
  }
}
