import type { Progress, Skip } from "../../core/index.ts";
import type { Sandbox } from "../build/index.ts";
import type { DistGit, Project, RemoteSource, WeirProject } from "../define/index.ts";

/** What the project's own version control says of its components. */
export interface ProjectHistory {
  /** Component → commits that changed it. */
  readonly changes: ReadonlyMap<string, number>;
  /** False where the history is cut off, so that counts may be too low. */
  readonly complete: boolean;
}

/** The outside world of a rebuild, wired in by the face that calls it. */
export interface LineTools {
  readonly distGit: DistGit;
  /** Counts the project's own commits by component. */
  projectHistory(project: Project): Promise<ProjectHistory>;
  /** Which Weir this is; part of every stage's inputs. */
  readonly version: string;
  /** Folder of rpm's own macros. */
  readonly rpmFolder: string;
  /** Brings a source to a local file, its checksum verified. */
  fetchSource(
    remote: RemoteSource,
  ): Promise<{ readonly file: string; readonly path: string; readonly cached: boolean }>;
  /** The best sandbox of this machine, and why no better one. Asked only when something has to run. */
  chooseSandbox(): Promise<{ readonly sandbox: Sandbox; readonly notices: readonly Skip[] }>;
}

/** Folders as the user would write them, for the commands that the run's table shows. */
export interface LineLabels {
  /** How the user calls Weir: `weir`, or `bin/weir` in a checkout. */
  readonly tool: string;
  readonly out: string;
  readonly definition: string;
}

export interface LineOptions {
  readonly labels: LineLabels;
  /** Absolute folder for results. */
  readonly out: string;
  readonly arch: string;
  readonly jobs: number;
  /** Folders of rpm-md repositories to build in; none means the machine's own toolchain. */
  readonly buildrootRepositories: readonly string[];
  readonly until: StageName | undefined;
  /** Say what would run, write nothing. */
  readonly dryRun: boolean;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export const stageNames = ["render", "plan", "build", "compose", "image", "compat", "audit", "report"] as const;
export type StageName = (typeof stageNames)[number];

/** A definition with Weir's own part of it. */
export interface Definition {
  readonly project: Project;
  readonly weir: WeirProject | undefined;
}

/** What one stage did, for the report. */
export interface StageSummary {
  readonly stage: string;
  readonly outcome: "done" | "unchanged" | "planned";
  /** What it gave, in a few words. */
  readonly did: string;
  readonly reason: string;
  /** A command that shows the result. */
  readonly look: string;
}
