import { formatCommand } from "../src/core/index.ts";
import { measure } from "./measure.ts";
import { median, medianOf, ratioOf } from "./statistics.ts";
import type { Contest, Entry, EntryResult, Measurement, Side, SideResult, Timing, TimingResult } from "./types.ts";

/** Measures an entry. Sides take turns, and another one begins each round; the round before the first is not counted. */
export async function runEntry(entry: Entry, rounds: number): Promise<EntryResult> {
  if (entry.kind === "skipped") return entry;
  return entry.kind === "timing" ? runTiming(entry) : runContest(entry, rounds);
}

async function runContest(contest: Contest, rounds: number): Promise<EntryResult> {
  const { sides } = contest;
  const taken = new Map<Side, Measurement[]>(sides.map((side) => [side, []]));
  const answers = new Map<Side, string>();
  for (const side of sides) {
    const { stdout } = await measure(side);
    answers.set(side, side.answer?.(stdout) ?? "");
  }
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < sides.length; turn++) {
      const side = sides[(round + turn) % sides.length] as Side;
      taken.get(side)?.push((await measure(side)).measurement);
    }
  }
  const ours = taken.get(sides[0]) ?? [];
  const results = sides.map((side, index): SideResult => {
    const measured = taken.get(side) ?? [];
    const [command, ...args] = side.command;
    const result = {
      label: side.label,
      command: formatCommand(command, args),
      answer: answers.get(side) ?? "",
      median: medianOf(measured),
      rounds: measured,
    };
    if (index === 0) return result;
    return { ...result, ratio: { wall: ratioOf(ours, measured, "wall"), cpu: ratioOf(ours, measured, "cpu") } };
  });
  const { title, input, absent = [] } = contest;
  return { kind: "contest", title, input, absent, sides: results };
}

async function runTiming(timing: Timing): Promise<EntryResult> {
  const [command, ...args] = timing.command;
  const { stdout } = await measure({ label: timing.title, command: timing.command });
  const found = JSON.parse(stdout) as Record<string, readonly number[]>;
  const timings = Object.entries(found).map(
    ([label, rounds]): TimingResult => ({ label, rounds, median: median(rounds) }),
  );
  const { title, input, absent = [] } = timing;
  return { kind: "timing", title, input, absent, command: formatCommand(command, args), timings };
}
