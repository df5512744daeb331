import { outcomeTable, Results } from "../results.ts";
import { type Answer, askWeir, type OwnAnswer } from "./answer.ts";
import { SetCheck } from "./check.ts";
import { LibsolvPeer } from "./libsolv.ts";
import { Random } from "./random.ts";
import { type DiffRequest, randomRequest } from "./request.ts";
import { loadUniverse, type Universe } from "./universe.ts";

export interface DiffOptions {
  readonly directories: readonly string[];
  readonly arch: string;
  readonly seed: number;
  readonly count: number;
  readonly tools: string | undefined;
  readonly results: string | undefined;
}

/** How an answer of Weir's stands to another one. */
export type Verdict = "same" | "unsolvable" | "valid" | "larger" | "invalid" | "only-weir" | "only-peer";
const good: ReadonlySet<Verdict> = new Set(["same", "unsolvable", "valid"]);

/** A solver to compare with. */
interface Peer {
  readonly name: string;
  ask(requests: readonly DiffRequest[]): Answer[];
  close(): void;
}

const batch = 100;

/** Solves random requests over repositories with Weir and with another solver and prints how the answers agree. Gives the exit code. */
export async function conformSolveDiff(options: DiffOptions): Promise<number> {
  const universe = await loadUniverse(options.directories, options.arch);
  const random = new Random(options.seed);
  const requests = Array.from({ length: options.count }, () => randomRequest(universe.pool, random));
  const results = new Results(options.results);
  const verdicts: Record<Verdict, number> = {
    same: 0,
    unsolvable: 0,
    valid: 0,
    larger: 0,
    invalid: 0,
    "only-weir": 0,
    "only-peer": 0,
  };
  let sameProblems = 0;
  let own = 0;
  const peer: Peer = await LibsolvPeer.open(universe, options.tools);
  try {
    for (let from = 0; from < requests.length; from += batch) {
      const some = requests.slice(from, from + batch);
      for (const [index, theirs] of peer.ask(some).entries()) {
        const request = some[index] as DiffRequest;
        const ours = askWeir(universe, request, {});
        own += ours.milliseconds;
        const { verdict, reason } = judge(universe, request, ours, theirs);
        verdicts[verdict]++;
        if (verdict === "unsolvable" && [...ours.problems].sort().join() === [...theirs.problems].sort().join())
          sameProblems++;
        const name = `${peer.name} ${options.seed}/${from + index}`;
        results.add({
          case: name,
          result: good.has(verdict) ? "pass" : "fail",
          reason: good.has(verdict) ? "" : `${verdict}: ${requestText(request)}: ${reason}`,
        });
        if (verdict === "valid") process.stdout.write(`valid ${name}: ${requestText(request)}: ${reason}\n`);
      }
    }
  } finally {
    peer.close();
    results.close();
  }
  process.stdout.write(outcomeTable(results.outcomes, () => peer.name));
  const fail = results.count("fail");
  const summary = {
    suite: "solve-diff",
    peer: peer.name,
    packages: universe.pool.columns.count - 2,
    seed: options.seed,
    requests: requests.length,
    ...verdicts,
    sameProblems,
    pass: results.count("pass"),
    fail,
    millisecondsEach: Number((own / Math.max(1, requests.length)).toFixed(2)),
  };
  process.stdout.write(`${JSON.stringify(summary)}\n`);
  return fail === 0 ? 0 : 1;
}

function judge(
  { pool }: Universe,
  _request: DiffRequest,
  ours: OwnAnswer,
  theirs: Answer,
): { verdict: Verdict; reason: string } {
  if (ours.problems.length > 0 && theirs.problems.length > 0) return { verdict: "unsolvable", reason: "" };
  if (ours.problems.length > 0) return { verdict: "only-peer", reason: ours.problems.join("; ") };
  const complaints = new SetCheck(pool, ours.packages).complaints(ours.jobs);
  if (complaints.length > 0) return { verdict: "invalid", reason: complaints.slice(0, 3).join("; ") };
  if (theirs.problems.length > 0) return { verdict: "only-weir", reason: theirs.problems.join("; ") };
  const [more, less] = [missingIn(ours.install, theirs.install), missingIn(theirs.install, ours.install)];
  if (more.length === 0 && less.length === 0) return { verdict: "same", reason: "" };
  const reason = `+${more.slice(0, 4).join(" +")} -${less.slice(0, 4).join(" -")} (${ours.install.length} for ${theirs.install.length})`;
  return { verdict: ours.install.length <= theirs.install.length ? "valid" : "larger", reason };
}

function missingIn(a: readonly string[], b: readonly string[]): string[] {
  const there = new Set(b);
  return a.filter((text) => !there.has(text));
}

function requestText({ items, weak }: DiffRequest): string {
  return `${items.join(", ")}${weak ? "" : " (no weak)"}`;
}
