import type { SolverFlags } from "../../src/engine/solve/jobs.ts";
import type { Answer } from "./answer.ts";
import type { DiffRequest } from "./request.ts";

/** A solver to compare with. */
export interface Peer {
  readonly name: string;
  /** How many requests it answers in one go. */
  readonly batch: number;
  /** Settings and jobs that Weir needs to be asked the same. */
  readonly own: OwnSettings;
  /** Why a request means something else to it, undefined where it does not. */
  refuses(request: DiffRequest): string | undefined;
  ask(requests: readonly DiffRequest[]): Answer[];
  /** Asks again with dependencies in the order of the metadata, where that may matter; one answer. */
  askInOrder?(request: DiffRequest): Answer[];
  close(): void;
}

export interface OwnSettings {
  readonly flags: SolverFlags;
  /** Jobs besides what is asked for. */
  readonly jobs: readonly string[];
  /** Flags of the install jobs of what is not asked for by name, e.g. `[setarch]`. */
  readonly capabilityFlags?: string;
  /** What is asked for by name may as well be a package that obsoletes it. */
  readonly orObsoleters?: boolean;
}

export function requestText({ jobs, flags, weak }: DiffRequest): string {
  const settings = weak ? flags : [...flags, "no weak"];
  return `${jobs.join(", ")}${settings.length === 0 ? "" : ` (${settings.join(", ")})`}`;
}
