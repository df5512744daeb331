import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { WeirError } from "../../src/core/index.ts";
import { outcomeTable, Results } from "../results.ts";
import { askWeir } from "./answer.ts";
import { DnfPeer } from "./dnf.ts";
import { freezeRequest } from "./freeze.ts";
import { judge, type Verdict } from "./judge.ts";
import { LibsolvPeer } from "./libsolv.ts";
import { type Peer, requestText } from "./peer.ts";
import { Random } from "./random.ts";
import { type DiffRequest, randomChange, randomRequest } from "./request.ts";
import { installSomething } from "./state.ts";
import { loadUniverse, type Universe } from "./universe.ts";

export interface DiffOptions {
  readonly directories: readonly string[];
  readonly arch: string;
  readonly seed: number;
  readonly count: number;
  /** `libsolv`, `dnf`; those of them that are on this machine where it is absent. */
  readonly peers: readonly string[] | undefined;
  /** Folder of libsolv's tools. */
  readonly tools: string | undefined;
  /** Ask for changes to a random set of installed packages, in place of an empty one. */
  readonly installed: boolean;
  /** Folder for requests that libsolv answers otherwise, as small cases. */
  readonly freeze: string | undefined;
  readonly results: string | undefined;
}

const fine: ReadonlySet<Verdict> = new Set(["same", "reordered", "unsolvable", "valid"]);

/**
 * Solves random requests over repositories with Weir and with other solvers, and prints how the answers agree. Gives the exit code. Errors:
 * `CONFORM_REPOSITORY`, `CONFORM_PEER`, `CONFORM_USAGE`.
 */
export async function conformSolveDiff(options: DiffOptions): Promise<number> {
  const universe = await loadUniverse(options.directories, options.arch);
  const random = new Random(options.seed);
  if (options.installed) installSomething(universe, random);
  const ask = options.installed ? randomChange : randomRequest;
  const requests = Array.from({ length: options.count }, () => ask(universe.pool, random));
  const results = new Results(options.results);
  const counts: Record<string, Record<Verdict, number>> = {};
  let milliseconds = 0;
  const names = options.peers ?? (options.installed ? ["libsolv"] : ["libsolv", "dnf"]);
  for (const name of names) {
    let peer: Peer;
    try {
      peer = await openPeer(name, universe, options.tools);
    } catch (error) {
      const isLast = name === names.at(-1) && Object.keys(counts).length === 0;
      if (options.peers !== undefined || isLast || !(error instanceof WeirError) || error.kind !== "machine")
        throw error;
      results.add({ case: `${name} ${options.seed}`, result: "skip", reason: error.message });
      continue;
    }
    try {
      const run = runPeer(universe, requests, peer, options, results);
      counts[name] = run.counts;
      milliseconds += run.milliseconds;
    } finally {
      peer.close();
    }
  }
  results.close();
  process.stdout.write(outcomeTable(results.outcomes, (name) => name.split(" ")[0] ?? ""));
  const [pass, fail] = [results.count("pass"), results.count("fail")];
  const summary = {
    suite: "solve-diff",
    packages: universe.pool.columns.count - 2,
    installed: installedCount(universe),
    seed: options.seed,
    requests: requests.length,
    cases: results.outcomes.length,
    pass,
    fail,
    skip: results.count("skip"),
    ...counts,
    millisecondsEach: Number((milliseconds / Math.max(1, results.outcomes.length)).toFixed(2)),
  };
  process.stdout.write(`${JSON.stringify(summary)}\n`);
  return fail === 0 ? 0 : 1;
}

function installedCount({ pool }: Universe): number {
  let count = 0;
  for (let pkg = pool.columns.count - 1; pool.isInstalled(pkg); pkg--) count++;
  return count;
}

async function openPeer(name: string, universe: Universe, tools: string | undefined): Promise<Peer> {
  if (name === "libsolv") return LibsolvPeer.open(universe, tools);
  if (name === "dnf") return new DnfPeer(universe);
  throw new WeirError("CONFORM_USAGE", `there is no peer ${name}`, { hints: ["peers are libsolv and dnf"] });
}

function runPeer(
  universe: Universe,
  requests: readonly DiffRequest[],
  peer: Peer,
  options: DiffOptions,
  results: Results,
): { counts: Record<Verdict, number>; milliseconds: number } {
  const counts = {
    same: 0,
    reordered: 0,
    unsolvable: 0,
    valid: 0,
    larger: 0,
    invalid: 0,
    "only-weir": 0,
    "only-peer": 0,
  };
  let milliseconds = 0;
  const taken = requests.flatMap((request, number) => {
    const reason = peer.refuses(request);
    if (reason === undefined) return [{ request, number }];
    results.add({ case: `${peer.name} ${options.seed}/${number}`, result: "skip", reason });
    return [];
  });
  for (let from = 0; from < taken.length; from += peer.batch) {
    const some = taken.slice(from, from + peer.batch);
    for (const [index, theirs] of peer.ask(some.map(({ request }) => request)).entries()) {
      const { request, number } = some[index] as { request: DiffRequest; number: number };
      const ours = askWeir(universe, request, peer.own);
      milliseconds += ours.milliseconds;
      let { verdict, reason } = judge(ours, theirs);
      if (verdict !== "same" && verdict !== "unsolvable") {
        const [again] = peer.askInOrder?.(request) ?? [];
        if (again !== undefined && judge(ours, again).verdict === "same") [verdict, reason] = ["reordered", ""];
      }
      counts[verdict]++;
      const name = `${peer.name} ${options.seed}/${number}`;
      const told =
        verdict === "same" || verdict === "unsolvable" ? "" : `${verdict}: ${requestText(request)}: ${reason}`;
      results.add({ case: name, result: fine.has(verdict) ? "pass" : "fail", reason: told });
      if (verdict === "valid") process.stdout.write(`${name} ${told}\n`);
      if (told === "" || options.freeze === undefined || !(peer instanceof LibsolvPeer)) continue;
      const file = join(options.freeze, `request-${options.seed}-${number}.t`);
      mkdirSync(options.freeze, { recursive: true });
      writeFileSync(file, freezeRequest(universe, request, peer));
    }
  }
  return { counts, milliseconds };
}
