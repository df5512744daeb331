import { type RpmHeader, sense, tag } from "../rpm/index.ts";
import { richDependencyNames } from "./rich-names.ts";

/** An index table of rpm's database: its name, the tag it is over, the SQL indexes it has. */
export interface IndexTable {
  readonly name: string;
  readonly tag: number;
  readonly keyType: "TEXT" | "BLOB";
  readonly keyIndex: boolean;
  readonly numberIndex: boolean;
}

const text = (name: string, number: number, numberIndex = true): IndexTable => ({
  name,
  tag: number,
  keyType: "TEXT",
  keyIndex: true,
  numberIndex,
});

/** In the order in which rpm makes them. */
export const indexTables: readonly IndexTable[] = [
  text("Name", tag.name, false),
  text("Basenames", tag.baseNames),
  text("Group", tag.group, false),
  text("Requirename", tag.requireName),
  text("Providename", tag.provideName),
  text("Conflictname", tag.conflictName),
  text("Obsoletename", tag.obsoleteName),
  text("Triggername", tag.triggerName),
  text("Dirnames", tag.dirNames),
  { name: "Installtid", tag: tag.installTid, keyType: "BLOB", keyIndex: false, numberIndex: false },
  { name: "Sigmd5", tag: 261, keyType: "BLOB", keyIndex: false, numberIndex: false },
  text("Sha1header", 269, false),
  text("Filetriggername", tag.fileTriggerName),
  text("Transfiletriggername", tag.transFileTriggerName),
  text("Recommendname", tag.recommendName),
  text("Suggestname", tag.suggestName),
  text("Supplementname", tag.supplementName),
  text("Enhancename", tag.enhanceName),
];

export type IndexRow = readonly [key: string | Uint8Array, index: number];

const installOnly = sense.scriptPre | sense.scriptPost | sense.rpmlib | (1 << 26) | (1 << 7) | (1 << 5);
const eraseToo = sense.scriptPreun | sense.scriptPostun;

/** Tags whose values may be rich dependencies. */
const richTags = new Set<number>([
  tag.requireName,
  tag.conflictName,
  tag.recommendName,
  tag.suggestName,
  tag.supplementName,
  tag.enhanceName,
]);

const triggerTags = new Set<number>([tag.triggerName, tag.fileTriggerName, tag.transFileTriggerName]);

/** What an index table holds of one installed package, in rpm's order. */
export function rowsOf(header: RpmHeader, table: IndexTable): IndexRow[] {
  if (!header.has(table.tag)) return [];
  if (table.tag === tag.installTid) {
    const key = Buffer.alloc(4);
    key.writeUInt32LE(header.number(tag.installTid) ?? 0);
    return [[key, 0]];
  }
  if (table.keyType === "BLOB") return [[header.binary(table.tag) ?? new Uint8Array(0), 0]];
  if (table.tag === tag.group) return [[header.string(tag.group) ?? "", 0]];
  const flags = table.tag === tag.requireName ? header.numbers(tag.requireFlags) : [];
  const seen = triggerTags.has(table.tag) ? new Set<string>() : undefined;
  const rows: IndexRow[] = [];
  for (const [i, key] of header.strings(table.tag).entries()) {
    const bits = flags[i] ?? 0;
    if ((bits & installOnly) !== 0 && (bits & eraseToo) === 0) continue;
    if (seen?.has(key) === true) continue;
    seen?.add(key);
    rows.push([key, i]);
    if (key.startsWith("(") && richTags.has(table.tag)) {
      for (const name of richDependencyNames(key)) rows.push([name, i]);
    }
  }
  return rows;
}
