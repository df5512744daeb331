import { messageOf, type Skip, WeirError } from "../../core/index.ts";
import { packageOfHeader, RpmHeader, tag } from "../rpm/index.ts";
import { damaged, openPages, pageSizeOf, recordValues, tableRoots, tableRows } from "./sqlite-read.ts";
import type { InstalledPackage, Rpmdb } from "./types.ts";
import { readWal } from "./wal.ts";

const sqliteMagic = "SQLite format 3\0";

/**
 * Reads a database of installed packages, `rpmdb.sqlite`, without any engine. `wal` is the file beside it whose name ends in `-wal`, if
 * there is one. Errors: `RPMDB_UNSUPPORTED` (another kind of database), `RPMDB_DAMAGED`; a single bad record is in `damaged`.
 */
export function readRpmdb(bytes: Uint8Array, where: string, wal?: Uint8Array): Rpmdb {
  checkKind(bytes, where);
  if (bytes.length < 100) throw damaged(where, "the file is shorter than its header");
  const newer = wal === undefined ? undefined : readWal(wal, pageSizeOf(bytes));
  const pages = openPages(bytes, where, newer?.pages, newer?.pageCount);
  const root = tableRoots(pages).get("Packages");
  if (root === undefined) {
    throw new WeirError("RPMDB_UNSUPPORTED", "this SQLite file has no table Packages", {
      where,
      hints: ["name the file rpmdb.sqlite of the image"],
    });
  }
  const packages: InstalledPackage[] = [];
  const bad: Skip[] = [];
  for (const row of tableRows(pages, root)) {
    const blob = recordValues(row.record, where)[1];
    if (!(blob instanceof Uint8Array)) {
      bad.push({ subject: `record ${row.rowid}`, reason: "holds no header" });
      continue;
    }
    try {
      packages.push(installedOf(new RpmHeader(blob, `${where}, record ${row.rowid}`), row.rowid));
    } catch (error) {
      if (!(error instanceof WeirError)) throw error;
      bad.push({ subject: `record ${row.rowid}`, reason: messageOf(error) });
    }
  }
  return { packages, damaged: bad };
}

function installedOf(header: RpmHeader, number: number): InstalledPackage {
  return {
    package: packageOfHeader(header),
    header,
    number,
    installTime: header.number(tag.installTime) ?? 0,
    transaction: header.number(tag.installTid) ?? 0,
    fileStates: Uint8Array.from(header.numbers(tag.fileStates)),
  };
}

function checkKind(bytes: Uint8Array, where: string): void {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.toString("latin1", 0, 16) === sqliteMagic) return;
  const kind =
    view.toString("latin1", 0, 4) === "RpmP"
      ? "ndb"
      : [0x061561, 0x053162].includes(view.length >= 16 ? view.readUInt32LE(12) : 0)
        ? "Berkeley DB"
        : undefined;
  throw new WeirError(
    "RPMDB_UNSUPPORTED",
    kind === undefined ? "this is no package database" : `package databases of the kind ${kind} cannot be read`,
    {
      where,
      hints: [
        kind === undefined
          ? "the database is usr/lib/sysimage/rpm/rpmdb.sqlite or var/lib/rpm/rpmdb.sqlite of an image"
          : "convert it with `rpmdb --rebuilddb` and a newer rpm",
      ],
    },
  );
}
