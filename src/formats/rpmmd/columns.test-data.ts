import { listKinds, type PackageColumns } from "./index.ts";

/** All that columns know of a package, as text. */
export function describeColumns(columns: PackageColumns, pkg: number): Record<string, unknown> {
  const text = (id: number | undefined) => columns.strings.text(id ?? 0);
  return {
    name: text(columns.name[pkg]),
    evr: text(columns.evr[pkg]),
    arch: text(columns.arch[pkg]),
    vendor: text(columns.vendor[pkg]),
    repository: columns.repository[pkg],
    location: columns.locationOf(pkg),
    checksum: columns.checksumOf(pkg),
    packageSize: columns.packageSize[pkg],
    installedSize: columns.installedSize[pkg],
    buildTime: columns.buildTime[pkg],
    ...Object.fromEntries(
      listKinds.map((kind) => [kind, columns.listOf(kind, pkg).map((id) => columns.dependencyText(id))]),
    ),
  };
}

export function describeAll(columns: PackageColumns): unknown[] {
  return Array.from({ length: columns.count - 2 }, (_, index) => describeColumns(columns, index + 2));
}
