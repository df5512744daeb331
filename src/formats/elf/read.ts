import { open } from "node:fs/promises";
import { messageOf, systemCode, WeirError } from "../../core/index.ts";
import { readCopies } from "./copies.ts";
import { type DynamicTables, readSkeleton, tag } from "./dynamic.ts";
import { ElfBytes, segmentType } from "./layout.ts";
import type { ElfBinding, ElfExport, ElfFile, ElfImport, ElfSymbolType, ElfType } from "./types.ts";
import { readVersions, type VersionTables } from "./versions.ts";

const maxFile = 1 << 30;
const maxInterpreter = 4096;
const absoluteHome = 0xfff1;

const types: readonly ElfType[] = ["other", "rel", "exec", "dyn", "core"];
const machines: Readonly<Record<number, string>> = {
  3: "i386",
  8: "mips",
  20: "ppc",
  21: "ppc64",
  22: "s390",
  40: "arm",
  62: "x86_64",
  183: "aarch64",
  243: "riscv",
  247: "bpf",
  258: "loongarch",
};
const bindings: Readonly<Record<number, ElfBinding>> = { 0: "local", 1: "global", 2: "weak", 10: "unique" };
const symbolTypes: Readonly<Record<number, ElfSymbolType>> = {
  0: "none",
  1: "object",
  2: "func",
  3: "section",
  4: "file",
  5: "common",
  6: "tls",
  10: "ifunc",
};

/** Whether bytes start as an ELF file does. */
export function isElf(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
}

/**
 * Reads what the dynamic linker sees of an ELF file: names, libraries, symbols with versions. `where` names it in errors.
 * Follows the System V gABI and the GNU version extension. Errors: `ELF_NOT_ELF`, `ELF_TRUNCATED`, `ELF_MALFORMED`, `ELF_TOO_LARGE`.
 */
export function readElf(bytes: Uint8Array, where: string): ElfFile {
  if (!isElf(bytes)) {
    throw new WeirError("ELF_NOT_ELF", "no ELF file: it does not start with \\x7fELF", {
      where,
      hints: ["ask isElf before reading files of unknown kind"],
    });
  }
  const file = new ElfBytes(bytes, where);
  file.need(0, 20, "file header");
  const [elfClass, data] = [bytes[4], bytes[5]];
  if (elfClass !== 1 && elfClass !== 2) throw file.malformed(`unknown class ${elfClass}`);
  if (data !== 1 && data !== 2) throw file.malformed(`unknown byte order ${data}`);
  file.need(0, file.wide ? 64 : 52, "file header");
  const machine = file.u16(18);
  const { segments, dynamic } = readSkeleton(file);
  const interpreter = segments.find((segment) => segment.type === segmentType.interpreter && segment.fileSize > 0);
  const common = {
    class: file.class,
    endian: file.endian,
    type: types[file.u16(16)] ?? "other",
    machine,
    machineName: machines[machine] ?? `machine-${machine}`,
    interpreter: interpreter && dynamic ? readInterpreter(file, interpreter.offset, interpreter.fileSize) : undefined,
  };
  if (!dynamic) {
    return {
      ...common,
      soname: undefined,
      needed: [],
      rpath: [],
      runpath: [],
      versionDefinitions: [],
      versionNeeds: [],
      exports: [],
      imports: [],
      hasGnuHash: false,
      dynamic: false,
    };
  }
  const text = (name: number) => {
    const index = dynamic.values.get(name);
    return index === undefined ? undefined : dynamic.strings.at(index);
  };
  const folders = (name: number) => (text(name) ?? "").split(":").filter((folder) => folder !== "");
  const versions = readVersions(file, dynamic);
  // Libraries copy nothing, and may have a great many relocations.
  const copies = interpreter || common.type === "exec" ? readCopies(file, dynamic, machine) : new Set<number>();
  return {
    ...common,
    soname: text(tag.soname),
    needed: dynamic.needed.map((index) => dynamic.strings.at(index)),
    rpath: folders(tag.rpath),
    runpath: folders(tag.runpath),
    versionDefinitions: versions.definitions,
    versionNeeds: versions.needs,
    ...readSymbols(file, dynamic, versions, copies),
    hasGnuHash: dynamic.values.has(tag.gnuHash),
    dynamic: true,
  };
}

/** As {@link readElf}, of a file on disk of at most 1 GiB. Further error: `ELF_UNREADABLE`. */
export async function readElfFile(path: string, where = path): Promise<ElfFile> {
  let bytes: Buffer;
  try {
    const handle = await open(path);
    try {
      const { size } = await handle.stat();
      if (size > maxFile) {
        throw new WeirError("ELF_TOO_LARGE", `${size} bytes, more than ${maxFile}`, {
          where,
          hints: ["no real library is so large"],
        });
      }
      bytes = await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof WeirError) throw error;
    throw new WeirError("ELF_UNREADABLE", messageOf(error), {
      where,
      hints: [systemCode(error) === "ENOENT" ? "no such file: check the path" : "check that it is a readable file"],
      cause: error,
    });
  }
  return readElf(bytes, where);
}

function readInterpreter(file: ElfBytes, offset: number, size: number): string {
  if (size > maxInterpreter) throw file.malformed(`an interpreter name of ${size} bytes`);
  file.need(offset, size, "interpreter");
  const end = file.bytes.indexOf(0, offset);
  return file.bytes.toString("utf8", offset, end < 0 || end > offset + size ? offset + size : end);
}

function readSymbols(
  file: ElfBytes,
  dynamic: DynamicTables,
  versions: VersionTables,
  copies: ReadonlySet<number>,
): { exports: ElfExport[]; imports: ElfImport[] } {
  const exports: ElfExport[] = [];
  const imports: ElfImport[] = [];
  if (!dynamic.symbols) return { exports, imports };
  const { offset, count } = dynamic.symbols;
  const size = file.wide ? 24 : 16;
  const { indexes, byIndex } = versions;
  if (indexes !== undefined) file.need(indexes, count * 2, "symbol version indexes");
  for (let number = 1; number < count; number++) {
    const at = offset + number * size;
    const info = file.bytes[at + (file.wide ? 4 : 12)] as number;
    const binding = bindings[info >> 4] ?? "other";
    if (binding === "local") continue;
    const visibility = (file.bytes[at + (file.wide ? 5 : 13)] as number) & 3;
    const home = file.u16(at + (file.wide ? 6 : 14));
    const name = dynamic.strings.at(file.u32(at));
    const type = symbolTypes[info & 15] ?? "other";
    const versionIndex = indexes === undefined ? 1 : file.u16(indexes + number * 2);
    const version = byIndex.get(versionIndex & 0x7fff);
    if (home === 0) {
      imports.push({
        name,
        version: version?.name,
        library: version?.library,
        weak: binding === "weak",
        type,
        copySize: 0,
      });
      continue;
    }
    if ((versionIndex & 0x7fff) === 0 || visibility === 1 || visibility === 2) continue;
    const bytes = file.wide ? file.u64(at + 16) : file.u32(at + 8);
    if (version?.library !== undefined || copies.has(number)) {
      imports.push({
        name,
        version: version?.name,
        library: version?.library,
        weak: binding === "weak",
        type,
        copySize: bytes,
      });
      continue;
    }
    // The linker also lists each version node as an absolute symbol of the node's name.
    if (home === absoluteHome && name === version?.name) continue;
    const isDefault = (versionIndex & 0x8000) === 0;
    exports.push({ name, version: version?.name, isDefault, binding, type, size: bytes });
  }
  return { exports, imports };
}
