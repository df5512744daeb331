import { addPackage } from "./column-metadata.ts";
import { PackageScan } from "./column-package.ts";
import type { PackageColumns } from "./columns.ts";
import { PieceScan } from "./piece-scan.ts";
import { parsePrimary } from "./read-primary.ts";

/**
 * Reads primary.xml piece by piece into columns, with the answers and errors of {@link parsePrimary}. `file` is for messages; packages get
 * `repository` as the index of theirs.
 */
export class PrimaryScan extends PieceScan {
  readonly #columns: PackageColumns;
  readonly #repository: number;
  readonly #packages: PackageScan;

  constructor(columns: PackageColumns, repository: number, file: string) {
    super("metadata", file);
    this.#columns = columns;
    this.#repository = repository;
    this.#packages = new PackageScan(columns, repository);
  }

  protected override fast(bytes: Buffer, start: number): number {
    return this.#packages.read(bytes, start);
  }

  protected override strict(document: Buffer, base: number): void {
    for (const pkg of parsePrimary(document, this.file, base))
      addPackage(this.#columns, this.#repository, pkg, checksumType(document));
  }
}

/** The objects do not tell. */
function checksumType(document: Buffer): string {
  const found = /<checksum\s[^<>]*?\btype\s*=\s*["']([a-z0-9]{1,16})["']/.exec(document.toString("latin1"));
  return found?.[1] ?? "unknown";
}
