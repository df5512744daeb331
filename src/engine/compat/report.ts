import { type Evidence, type Finding, makeReport, type Report, type Severity } from "../../core/index.ts";
import { listSome } from "./path-diff.ts";
import { type CompatRule, compatRules } from "./rules.ts";
import { type Change, type CompatResult, type PackageComparison, verdicts } from "./types.ts";

/** Changes of one rule of one package that are listed one by one. */
const listed = 20;

/** Findings, one for each package and rule, and tables of verdicts. `data` is the result itself. */
export function compatReport(result: CompatResult): Report {
  const findings: Finding[] = [];
  const inBoth = result.packages.length - result.totals.added;
  const empty = inBoth === 0 || result.packages.length === result.totals.removed;
  if (empty || result.comparedFiles === 0) {
    findings.push({
      rule: "COMPAT001",
      severity: compatRules.COMPAT001.severity,
      subject: `${result.before} → ${result.after}`,
      message:
        inBoth === 0
          ? `${result.before} has no packages: nothing was compared`
          : "not one file was compared: nothing says that the two are compatible",
      evidence: [],
      remedy: compatRules.COMPAT001.remedy,
      inhibitor: true,
    });
  }
  for (const pkg of result.packages) for (const item of packageFindings(pkg)) findings.push(item);
  const left = new Map<string, string[]>();
  for (const { nevra, capability } of result.leftBehind) {
    const list = left.get(nevra);
    if (list) list.push(capability);
    else left.set(nevra, [capability]);
  }
  for (const [nevra, capabilities] of left) {
    findings.push({
      rule: "COMPAT018",
      severity: "blocker",
      subject: nevra,
      message: `requires ${listSome(capabilities)}, which ${result.after} no longer provides`,
      evidence: capabilities.map((capability) => ({ what: `Requires: ${capability}`, where: nevra })),
      remedy: compatRules.COMPAT018.remedy,
      inhibitor: true,
    });
  }
  const { totals } = result;
  const rows = result.packages
    .filter((pkg) => pkg.verdict !== "added")
    .map((pkg) => [pkg.name, pkg.verdict, pkg.before ?? "", pkg.after.join(", "), pkg.comparedFiles, summary(pkg)]);
  return makeReport("compat", `Compatibility of ${result.after} with ${result.before}`, {
    summary: [
      `${inBoth} packages before: ${verdicts
        .filter((verdict) => verdict !== "added")
        .map((verdict) => `${totals[verdict]} ${verdict}`)
        .join(", ")}; ${totals.added} added.`,
      `${result.comparedFiles} files compared by content.`,
    ],
    tables: [
      {
        id: "verdicts",
        title: "Verdicts",
        columns: ["verdict", "packages"],
        rows: verdicts.map((verdict) => [verdict, totals[verdict]]),
      },
      {
        id: "packages",
        title: "Packages",
        columns: ["package", "verdict", "before", "after", "files compared", "why"],
        rows,
      },
      {
        id: "added",
        title: "Added packages",
        columns: ["package"],
        rows: result.packages.filter((pkg) => pkg.verdict === "added").map((pkg) => [pkg.after[0] ?? pkg.name]),
      },
    ],
    findings,
    skips: result.skips,
    data: result,
  });
}

function summary(pkg: PackageComparison): string {
  if (pkg.reason !== undefined && pkg.changes.length === 0) return pkg.reason;
  const breaking = pkg.changes.filter((change) => change.breaks);
  const [first] = breaking.length > 0 ? breaking : pkg.changes;
  if (!first) return pkg.verdict === "identical" ? "every file is the same" : "";
  const rest = pkg.changes.length - 1;
  return `${first.subject}: ${first.what}${rest > 0 ? ` (and ${rest} more)` : ""}`;
}

/** One finding for all that goes with a removed package. */
function removedFinding(pkg: PackageComparison): Finding {
  const { changes } = pkg;
  const info = compatRules.COMPAT002;
  const consumers = [...new Set(changes.flatMap((change) => change.consumers))];
  const removal = changes.find((change) => change.rule === "COMPAT002");
  const meant = removal?.breaks === false;
  const users = consumers.length > 0 ? `; needed by ${listSome(consumers)}` : "";
  return {
    rule: "COMPAT002",
    severity: meant ? "low" : info.severity,
    subject: pkg.before ?? pkg.name,
    message: `${info.title}: ${removal?.what ?? "gone"}${users}`,
    evidence: [...pkg.evidence, ...evidenceOf(changes.filter((change) => change !== removal))],
    remedy: info.remedy,
  };
}

function packageFindings(pkg: PackageComparison): Finding[] {
  if (pkg.verdict === "removed") return [removedFinding(pkg)];
  const byRule = new Map<CompatRule, Change[]>();
  for (const change of pkg.changes) {
    const list = byRule.get(change.rule);
    if (list) list.push(change);
    else byRule.set(change.rule, [change]);
  }
  return [...byRule].map(([rule, changes]) => {
    const consumers = [...new Set(changes.flatMap((change) => change.consumers))];
    const [first] = changes;
    const detail =
      changes.length === 1 && first
        ? `${first.subject}: ${first.what}`
        : `${changes.length} changes: ${listSome(changes.map((change) => change.subject))}`;
    const users = consumers.length > 0 ? `; needed by ${listSome(consumers)}` : "";
    return {
      rule,
      severity: severityOf(rule, changes, consumers.length),
      subject: pkg.before ?? pkg.name,
      message: `${compatRules[rule].title}: ${detail}${users}`,
      evidence: [
        ...evidenceOf(changes),
        ...(rule === "COMPAT003" || rule === "COMPAT002" || rule === "COMPAT017" ? pkg.evidence : []),
      ],
      remedy: compatRules[rule].remedy,
    };
  });
}

/** Proved users raise what is about libraries and names; what breaks nobody is low at most. */
function severityOf(rule: CompatRule, changes: readonly Change[], consumers: number): Severity {
  const { severity } = compatRules[rule];
  if (!changes.some((change) => change.breaks)) {
    if (rule === "COMPAT017" || rule === "COMPAT003") return severity;
    return rule === "COMPAT010" || rule === "COMPAT015" ? "info" : "low";
  }
  return consumers > 0 && severity !== "blocker" ? "high" : severity;
}

function evidenceOf(changes: readonly Change[]): Evidence[] {
  const evidence: Evidence[] = changes.slice(0, listed).map((change) => {
    const users = change.consumers.length > 0 ? ` (needed by ${listSome(change.consumers)})` : "";
    return {
      what: `${change.subject}: ${change.what}${users}`,
      ...(change.path === undefined ? {} : { where: change.path }),
    };
  });
  if (changes.length > listed) evidence.push({ what: `and ${changes.length - listed} more of the kind` });
  return evidence;
}
