import type { ChangelogEntry } from "../rpm/index.ts";
import { NameTable } from "./name-table.ts";
import { event, XmlScanner } from "./scan.ts";
import type { PackageFile } from "./types.ts";

// A literal and not a computed record: the engine then treats its fields as constants, which the inner loops live on.
const id = {
  filelists: 0,
  otherdata: 1,
  package: 2,
  file: 3,
  changelog: 4,
  pkgid: 5,
  type: 6,
  author: 7,
  date: 8,
} as const;
const names = Object.keys(id);
const table = new NameTable(names);

/**
 * Reads filelists.xml or filelists-ext.xml (opened): pkgid → files. `base` is added to the offsets in messages. Errors: `RPMMD_TRUNCATED`,
 * `RPMMD_MALFORMED`.
 */
export function parseFilelists(bytes: Buffer, file: string, base = 0): Map<string, PackageFile[]> {
  const xml = new XmlScanner(bytes, file, table, base);
  let type: PackageFile["type"] = "file";
  return parsePackages(xml, id.filelists, id.file, {
    open() {
      const text = xml.attributeText(id.type);
      type = text === "dir" || text === "ghost" ? text : "file";
    },
    close: () => ({ path: xml.text(), type }),
  });
}

/** Reads other.xml (opened): pkgid → changelog, in the file's order, which is oldest first. Errors: `RPMMD_TRUNCATED`, `RPMMD_MALFORMED`. */
export function parseOther(bytes: Buffer, file: string): Map<string, ChangelogEntry[]> {
  const xml = new XmlScanner(bytes, file, table);
  let author = "";
  let time = 0;
  return parsePackages(xml, id.otherdata, id.changelog, {
    open() {
      const index = xml.attributeId(xml.attribute(id.author));
      author = index < 0 ? "" : xml.strings.text(index);
      time = xml.attributeNumber(id.date);
    },
    close: () => ({ time, author, text: xml.text() }),
  });
}

function parsePackages<T>(
  xml: XmlScanner,
  root: number,
  item: number,
  reader: { open(): void; close(): T },
): Map<string, T[]> {
  const packages = new Map<string, T[]>();
  let list: T[] | undefined;
  for (;;) {
    const what = xml.next();
    if (what === event.end) return packages;
    if (what === event.open) {
      if (xml.depth === 1 && xml.name !== root) throw xml.malformed(`the document is no <${names[root]}>`);
      if (xml.depth === 2 && xml.name === id.package) {
        const pkgid = xml.attributeText(id.pkgid);
        if (pkgid === "") throw xml.malformed("a package without a pkgid");
        list = [];
        packages.set(pkgid, list);
      } else if (xml.name === item) reader.open();
    } else if (xml.depth === 1) list = undefined;
    else if (xml.name === item && list !== undefined) list.push(reader.close());
  }
}
