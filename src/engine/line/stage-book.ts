import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson, compareText, digestFile, writeFileSafely } from "../../core/index.ts";

/** Input name → digest. Names are for people: `component libflow`, `macro set`, `image description`. */
export type StageInputs = Readonly<Record<string, string>>;

interface StageRecord {
  readonly schema: "weir/stage/1";
  readonly stage: string;
  readonly inputs: StageInputs;
  /** File relative to the out folder → sha256 of its content when the stage ended. */
  readonly outputs: Readonly<Record<string, string>>;
}

export interface StageState {
  readonly fresh: boolean;
  /** Why it has to run, or that nothing changed. */
  readonly reason: string;
}

/**
 * What each stage was made from, kept under `<out>/.weir/stages`. A record is written after the outputs it names, so a stage that was
 * interrupted has no record, or an old one whose outputs no longer fit, and is run again.
 */
export class StageBook {
  readonly #out: string;
  readonly #tool: string;

  /** `tool` names the version of Weir; a record of another version counts as a changed input. */
  constructor(out: string, tool: string) {
    this.#out = out;
    this.#tool = tool;
  }

  async check(stage: string, given: StageInputs): Promise<StageState> {
    const inputs = { ...given, "weir itself": this.#tool };
    const record = await this.#read(stage);
    if (record === undefined) return { fresh: false, reason: "not done before" };
    const changes = changedInputs(record.inputs, inputs);
    if (changes.length > 0) return { fresh: false, reason: listSome(changes) };
    for (const [file, digest] of Object.entries(record.outputs)) {
      const path = join(this.#out, file);
      const info = await stat(path).catch(() => undefined);
      if (!info?.isFile()) return { fresh: false, reason: `${file} is gone` };
      if ((await digestFile(path)) !== digest) return { fresh: false, reason: `${file} was changed by hand` };
    }
    return { fresh: true, reason: "same inputs" };
  }

  /** Records a stage as done. `outputs` are files relative to the out folder; they must exist. */
  async finish(stage: string, given: StageInputs, outputs: readonly string[]): Promise<void> {
    const inputs = { ...given, "weir itself": this.#tool };
    const digests: Record<string, string> = {};
    for (const file of outputs) digests[file] = await digestFile(join(this.#out, file));
    const record: StageRecord = { schema: "weir/stage/1", stage, inputs, outputs: digests };
    await writeFileSafely(this.#path(stage), `${canonicalJson(record, 1)}\n`);
  }

  async #read(stage: string): Promise<StageRecord | undefined> {
    try {
      const record: unknown = JSON.parse(await readFile(this.#path(stage), "utf8"));
      return isRecord(record, stage) ? record : undefined;
    } catch {
      return undefined;
    }
  }

  #path(stage: string): string {
    return join(this.#out, ".weir/stages", `${stage}.json`);
  }
}

function isRecord(value: unknown, stage: string): value is StageRecord {
  if (typeof value !== "object" || value === null) return false;
  const record = value as Partial<StageRecord>;
  const isMap = (map: unknown) =>
    typeof map === "object" && map !== null && Object.values(map).every((item) => typeof item === "string");
  return record.schema === "weir/stage/1" && record.stage === stage && isMap(record.inputs) && isMap(record.outputs);
}

/** Sentences, one for each input that differs, sorted by input name. */
export function changedInputs(before: StageInputs, after: StageInputs): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(compareText);
  return names.flatMap((name) => {
    if (before[name] === after[name]) return [];
    if (before[name] === undefined) return [`${name} is new`];
    return [after[name] === undefined ? `${name} is gone` : `${name} changed`];
  });
}

function listSome(changes: readonly string[]): string {
  const shown = changes.slice(0, 3).join(", ");
  return changes.length > 3 ? `${shown} and ${changes.length - 3} more` : shown;
}
