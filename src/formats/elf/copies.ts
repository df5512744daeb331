import { type DynamicTables, tag } from "./dynamic.ts";
import type { ElfBytes } from "./layout.ts";

/** Number of the copy relocation of each machine that has one. */
const copyType: Readonly<Record<number, number>> = {
  3: 5,
  20: 19,
  21: 19,
  22: 9,
  40: 20,
  62: 5,
  183: 1024,
  243: 4,
  258: 4,
};
const maxRelocations = 1 << 24;

/** Symbol numbers of the objects that a program copies from its libraries at start. */
export function readCopies(file: ElfBytes, dynamic: DynamicTables, machine: number): ReadonlySet<number> {
  const copies = new Set<number>();
  const copy = copyType[machine];
  if (copy === undefined) return copies;
  for (const [table, size, least] of [
    [tag.rela, tag.relasz, file.wide ? 24 : 12],
    [tag.rel, tag.relsz, file.wide ? 16 : 8],
  ] as const) {
    const at = dynamic.locate(table);
    if (at === undefined) continue;
    const count = Math.floor((dynamic.values.get(size) ?? 0) / least);
    if (count > maxRelocations) throw file.malformed(`${count} relocations, more than ${maxRelocations}`);
    file.need(at, count * least, "relocations");
    for (let index = 0, entry = at + (file.wide ? 8 : 4); index < count; index++, entry += least) {
      if (!file.wide) {
        const info = file.u32(entry);
        if ((info & 0xff) === copy) copies.add(info >>> 8);
        continue;
      }
      const type = file.u32(file.little ? entry : entry + 4);
      if (type === copy) copies.add(file.u32(file.little ? entry + 4 : entry));
    }
  }
  return copies;
}
