import { compareText } from "../../../core/index.ts";
import { systemPackage } from "../../pool/index.ts";
import type { StepType, TransactionStep } from "../jobs.ts";
import type { Workspace } from "../rules/workspace.ts";

/** The changes that lead from what is installed to what was decided, by package. */
export function transactionSteps(work: Workspace, decided: readonly number[]): TransactionStep[] {
  const isIn = new Set(decided.filter((literal) => literal > 0 && literal < work.count));
  const going = work.installedPackages().filter((pkg) => !isIn.has(pkg));
  const coming = [...isIn].filter((pkg) => pkg !== systemPackage && !work.isInstalled(pkg)).sort((a, b) => a - b);
  const replacements = findReplacements(work, coming, new Set(going));
  const steps: TransactionStep[] = [];
  const shown = new Set<number>();
  for (const pkg of going) {
    const other = bestReplacement(work, pkg, replacements.byInstalled.get(pkg) ?? []);
    // Another name in its place: the package is said to go, which is what "obsolete" says.
    const type = other === 0 ? "erase" : work.sameName(pkg, other) ? replacedBy(work, pkg, other) : "obsolete";
    steps.push({ type, package: pkg, other });
    if (other !== 0 && work.sameName(pkg, other)) shown.add(other);
  }
  for (const pkg of coming) {
    const [type, hidden] = arrival(work, pkg, replacements.byComing.get(pkg) ?? [], shown);
    if (!hidden) steps.push({ type, package: pkg, other: 0 });
  }
  return steps.sort((a, b) => a.package - b.package || a.other - b.other || compareText(a.type, b.type));
}

interface Replacements {
  readonly byInstalled: Map<number, number[]>;
  readonly byComing: Map<number, number[]>;
}

function findReplacements(work: Workspace, coming: readonly number[], going: ReadonlySet<number>): Replacements {
  const { pool, settings, columns } = work;
  const byInstalled = new Map<number, number[]>();
  const byComing = new Map<number, number[]>();
  const add = (map: Map<number, number[]>, key: number, pkg: number): void => {
    const known = map.get(key);
    if (known === undefined) map.set(key, [pkg]);
    else if (!known.includes(pkg)) known.push(pkg);
  };
  const replace = (pkg: number, other: number): void => {
    add(byInstalled, other, pkg);
    add(byComing, pkg, other);
  };
  for (const pkg of coming) {
    const multi = work.isMultiversion(pkg);
    for (const other of pool.providersOf(columns.name[pkg] as number)) {
      if (!going.has(other) || (multi && !work.sameNevra(pkg, other))) continue;
      if (!settings.implicitObsoleteUsesProvides && !work.sameName(pkg, other)) continue;
      if (!settings.implicitObsoleteUsesColours || work.coloursMeet(pkg, other)) replace(pkg, other);
    }
    if (multi) continue;
    for (const dependency of pool.dependencies(pkg, "obsoletes"))
      for (const other of pool.providersOf(dependency))
        if (going.has(other) && work.obsoletes(pkg, other, dependency)) replace(pkg, other);
  }
  return { byInstalled, byComing };
}

/** Of several packages that take the place of one: its name first, then names in order; newest; its architecture. 0 for none. */
function bestReplacement(work: Workspace, pkg: number, candidates: readonly number[]): number {
  return [...candidates].sort((a, b) => compareReplacements(work, pkg, a, b))[0] ?? 0;
}

function compareReplacements(work: Workspace, pkg: number, a: number, b: number): number {
  const { name, arch, strings } = work.columns;
  if (name[a] !== name[b]) {
    if (work.sameName(a, pkg)) return -1;
    if (work.sameName(b, pkg)) return 1;
    return compareText(strings.text(name[a] as number), strings.text(name[b] as number));
  }
  const order = work.compareEvr(b, a);
  if (order !== 0) return order;
  if (arch[a] !== arch[b]) {
    if (arch[a] === arch[pkg]) return -1;
    if (arch[b] === arch[pkg]) return 1;
  }
  return a - b;
}

function replacedBy(work: Workspace, pkg: number, other: number): StepType {
  if (work.identical(pkg, other)) return "reinstall";
  const order = work.compareEvr(pkg, other);
  return order < 0 ? "upgrade" : order > 0 ? "downgrade" : "change";
}

/** How a package comes, and whether the step of what it replaces tells that already. */
function arrival(
  work: Workspace,
  pkg: number,
  replaced: readonly number[],
  shown: ReadonlySet<number>,
): [type: StepType, hidden: boolean] {
  const isSame = replaced.some((other) => work.sameName(pkg, other));
  return [work.isMultiversion(pkg) ? "multiinstall" : "install", isSame && shown.has(pkg)];
}
