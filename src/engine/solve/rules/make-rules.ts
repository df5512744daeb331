import { systemPackage } from "../../pool/index.ts";
import { isPossible } from "../search/fulfilled.ts";
import type { Policy } from "../search/policy.ts";
import type { RuleArea } from "./areas.ts";
import { addBestRules } from "./best.ts";
import { addChoiceRules } from "./choice.ts";
import { addDupRules, markDistupgrade } from "./dup.ts";
import { addInfArchRules } from "./infarch.ts";
import { markExcludedFromWeak, markFavors, markInstalled, markMultiversion } from "./job-marks.ts";
import { addJobRules } from "./job-rules.ts";
import { clauseSink, PackageRules, type RuleSink } from "./package-rules.ts";
import { addBlackRules, addRecommendsRules, addStrictPriorityRules } from "./restrictions.ts";
import { addFeatureRules, addUpdateRules, indexObsoletes, updateCandidates } from "./updates.ts";
import type { Workspace } from "./workspace.ts";
import { addYumObsoletesRules } from "./yumobs.ts";

/** Makes all rules. Gives how many packages have some. */
export function makeRules(work: Workspace, policy: Policy): number {
  indexObsoletes(work);
  markMultiversion(work);
  markInstalled(work);
  const added = new Uint8Array(work.count);
  added[systemPackage] = 1;
  const candidates = new Uint8Array(work.count);
  addPackageRules(work, added, candidates);
  if (work.jobs.some((job) => job.action === "distupgrade")) {
    work.processOrphans = work.jobs.some((job) => job.action === "distupgrade" && job.select.kind === "all");
    markDistupgrade(work);
  }
  addFeatureRules(work);
  addUpdateRules(work);
  const facts = addJobRules(work, candidates);
  markFavors(work);
  addInfArchRules(work, added);
  addDupRules(work, added);
  addBestRules(work, policy, facts);
  // Which packages are good ends to matter here; which are involved still does.
  work.dup = undefined;
  addYumObsoletesRules(work);
  addBlackRules(work);
  markExcludedFromWeak(work);
  addRecommendsRules(work);
  addStrictPriorityRules(work, added);
  addChoiceRules(work, policy);
  for (const rule of work.areas.recommended) work.areas.weak.add(rule);
  if (work.cleandepsUpdates !== undefined) work.cleandeps = work.map(work.cleandeps);
  return work.added.length;
}

function addPackageRules(work: Workspace, added: Uint8Array, candidates: Uint8Array): void {
  const { clauses } = work;
  const area: RuleArea = work.areas.package;
  area.from = clauses.count;
  const marks = work.settings.strongRecommends ? new Marks() : undefined;
  const maker = new PackageRules(work, marks === undefined ? clauseSink(work) : marks.sink(work), added);
  const installed = work.installedPackages();
  for (const pkg of installed) maker.add(pkg);
  for (const pkg of installed) for (const other of updateCandidates(work, pkg, "all")) maker.add(other);
  for (const job of work.jobs) {
    if (job.action !== "install") continue;
    for (const pkg of work.selected(job.select)) {
      candidates[pkg] = 1;
      maker.add(pkg);
    }
    const form = work.installForm(job);
    if (form === undefined || typeof form === "boolean") continue;
    for (const literal of form.flat()) if (literal > 0 && literal < work.count) maker.add(literal);
  }
  addWeakPackages(work, maker, added);
  work.added = Int32Array.from(maker.done).sort();
  marks?.reach(clauses.count);
  clauses.unify(area.from, work.variables, marks?.bits);
  area.to = clauses.count;
  if (marks !== undefined)
    for (let rule = area.from; rule < area.to; rule++) if (marks.bits[rule] === 1) work.areas.recommended.push(rule);
}

/** Packages that supplement or enhance those there are. */
function addWeakPackages(work: Workspace, maker: PackageRules, added: Uint8Array): void {
  const { columns } = work;
  const { lists, list } = columns;
  const open: number[] = [];
  for (const pkg of work.supplementing) {
    if (added[pkg] !== 1 && (work.isInstalled(pkg) || work.isInstallable(pkg))) open.push(pkg);
  }
  const asks = (pkg: number): boolean =>
    (["supplements", "enhances"] as const).some((kind) => {
      for (let at = list[kind][pkg] as number; lists[at] !== 0; at++)
        if (isPossible(work, lists[at] as number, added)) return true;
      return false;
    });
  for (let again = true; again; ) {
    again = false;
    for (const pkg of open) {
      if (added[pkg] === 1 || !asks(pkg)) continue;
      maker.add(pkg);
      again = true;
    }
  }
}

/** Which clauses were made of recommends. */
class Marks {
  bits: Uint8Array = new Uint8Array(256);

  /** Makes room for clauses below a number. */
  reach(count: number): void {
    if (count <= this.bits.length) return;
    const bits = new Uint8Array(2 * count);
    bits.set(this.bits);
    this.bits = bits;
  }

  sink(work: Workspace): RuleSink {
    const inner = clauseSink(work);
    const { clauses } = work;
    const marked = (type: string, before: number): void => {
      if (clauses.count === before || type !== "recommends") return;
      this.reach(before + 1);
      this.bits[before] = 1;
    };
    return {
      pair: (first, second, type, from, dependency) => {
        const before = clauses.count;
        inner.pair(first, second, type, from, dependency);
        marked(type, before);
      },
      list: (first, list, at, type, from, dependency) => {
        const before = clauses.count;
        inner.list(first, list, at, type, from, dependency);
        marked(type, before);
      },
    };
  }
}
