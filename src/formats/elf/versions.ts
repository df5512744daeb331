import { type DynamicTables, tag } from "./dynamic.ts";
import type { ElfBytes } from "./layout.ts";
import type { ElfVersionDefinition, ElfVersionNeed } from "./types.ts";

const maxVersions = 1 << 15;

export interface VersionTables {
  readonly definitions: readonly ElfVersionDefinition[];
  readonly needs: readonly ElfVersionNeed[];
  /** By version index: a defined node, or a needed one with its library. */
  readonly byIndex: ReadonlyMap<number, { readonly name: string; readonly library: string | undefined }>;
  /** Offset of the table of version indexes, one u16 a symbol. */
  readonly indexes: number | undefined;
}

/** Symbol versions after the GNU version extension (LSB core, "Symbol Versioning"). Lists that do not move forward are errors. */
export function readVersions(file: ElfBytes, dynamic: DynamicTables): VersionTables {
  const byIndex = new Map<number, { name: string; library: string | undefined }>();
  const definitions = readDefinitions(file, dynamic, byIndex);
  const needs = readNeeds(file, dynamic, byIndex);
  return { definitions, needs, byIndex, indexes: dynamic.locate(tag.versym) };
}

function countOf(file: ElfBytes, dynamic: DynamicTables, name: number): number {
  const count = dynamic.values.get(name) ?? 0;
  if (count > maxVersions) throw file.malformed(`${count} symbol version entries, more than ${maxVersions}`);
  return count;
}

function readDefinitions(
  file: ElfBytes,
  dynamic: DynamicTables,
  byIndex: Map<number, { name: string; library: string | undefined }>,
): ElfVersionDefinition[] {
  const definitions: ElfVersionDefinition[] = [];
  let at = dynamic.locate(tag.verdef);
  if (at === undefined) return definitions;
  let budget = maxVersions;
  for (let left = countOf(file, dynamic, tag.verdefnum); left > 0; left--) {
    file.need(at, 20, "version definition");
    const flags = file.u16(at + 2);
    const index = file.u16(at + 4) & 0x7fff;
    const names: string[] = [];
    let entry = at + file.u32(at + 12);
    for (let count = file.u16(at + 6); count > 0; count--) {
      if (--budget < 0) throw file.malformed("too many symbol version names");
      file.need(entry, 8, "version definition name");
      names.push(dynamic.strings.at(file.u32(entry)));
      const step = file.u32(entry + 4);
      if (step === 0) break;
      entry += step;
    }
    const [name = "", ...parents] = names;
    const base = (flags & 1) !== 0;
    definitions.push({ name, parents, base, weak: (flags & 2) !== 0 });
    if (!base) byIndex.set(index, { name, library: undefined });
    const step = file.u32(at + 16);
    if (step === 0) break;
    at += step;
  }
  return definitions;
}

function readNeeds(
  file: ElfBytes,
  dynamic: DynamicTables,
  byIndex: Map<number, { name: string; library: string | undefined }>,
): ElfVersionNeed[] {
  const needs: ElfVersionNeed[] = [];
  let at = dynamic.locate(tag.verneed);
  if (at === undefined) return needs;
  let budget = maxVersions;
  for (let left = countOf(file, dynamic, tag.verneednum); left > 0; left--) {
    file.need(at, 16, "version need");
    const library = dynamic.strings.at(file.u32(at + 4));
    const versions: { name: string; weak: boolean }[] = [];
    let entry = at + file.u32(at + 8);
    for (let count = file.u16(at + 2); count > 0; count--) {
      if (--budget < 0) throw file.malformed("too many symbol version names");
      file.need(entry, 16, "version need entry");
      const name = dynamic.strings.at(file.u32(entry + 8));
      versions.push({ name, weak: (file.u16(entry + 4) & 2) !== 0 });
      byIndex.set(file.u16(entry + 6) & 0x7fff, { name, library });
      const step = file.u32(entry + 12);
      if (step === 0) break;
      entry += step;
    }
    needs.push({ library, versions });
    const step = file.u32(at + 12);
    if (step === 0) break;
    at += step;
  }
  return needs;
}
