import type { SolverFlags } from "../jobs.ts";

type Flag<Name extends keyof SolverFlags> = Required<Pick<SolverFlags, Name>>;
/** Settings with their defaults filled in. */
export type Settings = { readonly [Name in keyof Omit<SolverFlags, "vendorClasses">]-?: Flag<Name>[Name] };

/** Fills defaults in. */
export function settingsOf(flags: SolverFlags): Settings {
  const on = (value: boolean | undefined): boolean => value ?? false;
  return {
    allowDowngrade: on(flags.allowDowngrade),
    allowNameChange: flags.allowNameChange ?? true,
    allowArchChange: on(flags.allowArchChange),
    allowVendorChange: on(flags.allowVendorChange),
    allowUninstall: on(flags.allowUninstall),
    dupAllowDowngrade: flags.dupAllowDowngrade ?? true,
    dupAllowNameChange: flags.dupAllowNameChange ?? true,
    dupAllowArchChange: flags.dupAllowArchChange ?? true,
    dupAllowVendorChange: flags.dupAllowVendorChange ?? true,
    noUpdateProvide: on(flags.noUpdateProvide),
    needUpdateProvide: on(flags.needUpdateProvide),
    splitProvides: on(flags.splitProvides),
    ignoreRecommended: on(flags.ignoreRecommended),
    addAlreadyRecommended: on(flags.addAlreadyRecommended),
    strongRecommends: on(flags.strongRecommends),
    onlyNamespaceRecommended: on(flags.onlyNamespaceRecommended),
    noInfArchCheck: on(flags.noInfArchCheck),
    keepExplicitObsoletes: flags.keepExplicitObsoletes ?? true,
    bestObeyPolicy: on(flags.bestObeyPolicy),
    noAutoTarget: on(flags.noAutoTarget),
    focusInstalled: on(flags.focusInstalled),
    focusNew: on(flags.focusNew),
    focusBest: on(flags.focusBest),
    yumObsoletes: on(flags.yumObsoletes),
    urpmReorder: on(flags.urpmReorder),
    installAlsoUpdates: on(flags.installAlsoUpdates),
    strictRepoPriority: on(flags.strictRepoPriority),
    keepOrphans: on(flags.keepOrphans),
    breakOrphans: on(flags.breakOrphans),
    forbidSelfConflicts: on(flags.forbidSelfConflicts),
    forbidRichSelfConflicts: on(flags.forbidRichSelfConflicts),
    obsoleteUsesProvides: on(flags.obsoleteUsesProvides),
    implicitObsoleteUsesProvides: on(flags.implicitObsoleteUsesProvides),
    obsoleteUsesColours: on(flags.obsoleteUsesColours),
    implicitObsoleteUsesColours: on(flags.implicitObsoleteUsesColours),
    noInstalledObsoletes: on(flags.noInstalledObsoletes),
    systemMeetsOnly: on(flags.systemMeetsOnly),
  };
}
