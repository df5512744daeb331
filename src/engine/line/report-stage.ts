import {
  type Finding,
  formatPlace,
  makeReport,
  type Report,
  severities,
  type Skip,
  sortFindings,
  type Table,
} from "../../core/index.ts";
import type { BuiltNode } from "../build/index.ts";
import type { Snapshot } from "../compose/index.ts";
import type { RenderedComponent } from "../define/index.ts";
import { type BuildPlan, planReasons } from "../plan/index.ts";
import type { StageSummary } from "./types.ts";

/** What the final report is made of. Nothing in it depends on the clock or on where the folders lie. */
export interface ReportInput {
  readonly name: string;
  readonly description: string;
  readonly rendered: readonly RenderedComponent[];
  readonly plan: BuildPlan;
  readonly built: readonly BuiltNode[];
  readonly snapshot: Snapshot;
  readonly sections: readonly Report[];
  readonly skips: readonly Skip[];
}

/** The report of a rebuild, the same for the same distribution whether something ran or not. */
export function rebuildReport(input: ReportInput): Report {
  const edits = input.rendered.reduce(
    (sum, item) => sum + item.edits.filter((edit) => typeof edit.overlay === "number").length,
    0,
  );
  const rpms = input.built.reduce((sum, node) => sum + node.rpms.length, 0);
  return makeReport("rebuild", `Rebuild of ${input.name}`, {
    summary: [
      ...(input.description === "" ? [] : [input.description]),
      `${input.rendered.length} components with ${edits} declared edits gave ${rpms} packages; the snapshot is ${input.snapshot.digest.slice(0, 12)}.`,
    ],
    sections: [
      renderSection(input),
      planSection(input.plan),
      buildSection(input),
      composeSection(input.snapshot),
      ...input.sections,
    ],
    skips: input.skips,
  });
}

function renderSection(input: ReportInput): Report {
  const components: Table = {
    id: "components",
    title: "Components",
    columns: ["component", "upstream commit", "edits", "sources"],
    rows: input.rendered.map((item) => [
      item.name,
      item.commit?.slice(0, 12) ?? "local",
      item.edits.filter((edit) => typeof edit.overlay === "number").length,
      item.remoteSources.length,
    ]),
  };
  const edits: Table = {
    id: "edits",
    title: "Declared edits",
    columns: ["component", "edit", "why", "declared at", "file"],
    rows: input.rendered.flatMap((item) =>
      item.edits
        .filter((edit) => typeof edit.overlay === "number")
        .map((edit) => [
          item.name,
          edit.type,
          edit.description,
          edit.origin ? formatPlace(edit.origin) : "",
          edit.file,
        ]),
    ),
  };
  return makeReport("render", "Render", {
    summary: ["Upstream sources with the declared edits applied."],
    tables: [components, edits],
  });
}

/** The plan for people: order, reasons, cut cycles, what the buildroot must have of itself. */
export function planSection(plan: BuildPlan): Report {
  const reasons = planReasons(plan);
  return makeReport("plan", "Plan", {
    summary: [
      `${plan.nodes.length} builds for ${plan.arch}; ${plan.cycles.length === 0 ? "no cycle" : `${plan.cycles.length} cycle${plan.cycles.length > 1 ? "s" : ""} cut`}.`,
      ...plan.cycles.map((cycle) => cycle.explanation),
    ],
    tables: [
      {
        id: "order",
        title: "Order",
        columns: ["build", "wave", "version", "why here"],
        rows: plan.nodes.map((node, index) => [node.id, node.wave, node.nevr, reasons[index]?.reason ?? ""]),
      },
      {
        id: "external",
        title: "What the buildroot must have of itself",
        columns: ["capability", "needed by", "provided by"],
        rows: plan.external.map((item) => [item.capability, item.neededBy.join(", "), item.providedBy]),
      },
    ],
    skips: plan.skips,
    data: plan,
  });
}

function buildSection(input: ReportInput): Report {
  return makeReport("build", "Build", {
    summary: ["Each build in a sandbox without network; its key covers everything that it saw."],
    tables: [
      {
        id: "builds",
        title: "Builds",
        columns: ["build", "key", "packages", "inputs", "log"],
        rows: input.built.map((node) => [
          node.node,
          node.key.slice(0, 12),
          node.rpms.map((rpm) => rpm.nevra).join(", "),
          Object.keys(node.inputs).length,
          `logs/${logName(node.node)}`,
        ]),
      },
    ],
  });
}

/** Name of a build's log below `logs/`. */
export function logName(node: string): string {
  return `${node.replace("#", "-")}.log`;
}

function composeSection(snapshot: Snapshot): Report {
  return makeReport("compose", "Compose", {
    summary: [`Snapshot ${snapshot.digest.slice(0, 12)}, revision ${snapshot.revision}.`],
    tables: [
      {
        id: "repositories",
        title: "Repositories",
        columns: ["channel", "path", "packages"],
        rows: snapshot.repositories.map((item) => [
          item.channel === "" ? "(all)" : item.channel,
          item.path,
          item.packages,
        ]),
      },
      {
        id: "packages",
        title: "Packages",
        columns: ["package", "channel", "bytes", "sha256"],
        rows: snapshot.packages.map((pkg) => [pkg.nevra, pkg.channel ?? "", pkg.size, pkg.sha256.slice(0, 16)]),
      },
    ],
  });
}

export interface RunFacts {
  readonly name: string;
  readonly stages: readonly StageSummary[];
  /** Something was not up to date. */
  readonly worked: boolean;
  /** Of the distribution's report. */
  readonly findings: readonly Finding[];
  /** What this machine could not do. */
  readonly notices: readonly Skip[];
  readonly dry: boolean;
}

/** What the terminal shows at the end: the stages of this run, and where to look. */
export function runReport(run: RunFacts): Report {
  const { name, stages, worked, findings, dry } = run;
  const verdict = dry
    ? "Dry run: nothing was written."
    : worked
      ? `${name} is rebuilt.`
      : `${name} is up to date: nothing to do.`;
  const counts = severities
    .map((severity) => ({ severity, count: findings.filter((finding) => finding.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .reverse()
    .map(({ severity, count }) => `${count} ${severity}`);
  const first = firstOfEach(sortFindings(findings)).slice(0, 3);
  return makeReport("run", "", {
    summary: counts.length === 0 ? [verdict] : [verdict, `For those who follow: ${counts.join(", ")} findings.`],
    tables: [
      {
        id: "stages",
        title: "",
        columns: ["stage", "outcome", "what", "why", "look at it"],
        rows: stages.map((stage) => [stage.stage, stage.outcome, stage.did, stage.reason, stage.look]),
      },
      {
        id: "first",
        title: "The first three things to do",
        columns: ["severity", "subject", "what", "remedy"],
        rows: first.map((finding) => [finding.severity, finding.subject, finding.message, finding.remedy ?? ""]),
      },
    ],
    skips: run.notices,
    data: { schema: "weir/run/1", worked, stages, notices: run.notices },
  });
}

/** One finding for each rule and subject: the same library missed in four places is one thing to do. */
function firstOfEach(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const key = `${finding.rule}\0${finding.subject}`;
    return !seen.has(key) && seen.add(key);
  });
}
