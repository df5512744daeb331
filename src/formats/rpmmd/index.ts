export { addPackage, dependencyId } from "./column-metadata.ts";
export { PrimaryScan } from "./column-scan.ts";
export { FilelistScan } from "./filelist-scan.ts";
export {
  canonicalEvr,
  comparisonOp,
  comparisonText,
  type DependencyId,
  type ListKind,
  listKinds,
  PackageColumns,
  relationOp,
} from "./columns.ts";
export { compressions, type MetadataCompression } from "./compress.ts";
export { locateBelow, readBelow } from "./below.ts";
export {
  defaultOpenLimit,
  digestAlgorithm,
  entryOf,
  needChecksum,
  needEntry,
  openStored,
  openStoredPieces,
  verifySize,
  verifyStored,
} from "./entry.ts";
export { fromRpm, isPrimaryFile, type PackageFacts } from "./from-rpm.ts";
export { type FragmentFacts, PackageFragments } from "./package-fragments.ts";
export { NameTable } from "./name-table.ts";
export { parseFilelists, parseOther } from "./read-lists.ts";
export { parsePrimary } from "./read-primary.ts";
export {
  gatherRepository,
  type MetadataSource,
  type ReadRepositoryOptions,
  readEntry,
  readRepomd,
  readRepository,
} from "./read-repository.ts";
export { parseRepomd, type Repomd, type RepomdChecksum, type RepomdEntry, type RepomdTags } from "./repomd.ts";
export { event, XmlScanner } from "./scan.ts";
export * from "./types.ts";
export {
  type ExtraMetadata,
  makeRepodata,
  packDocuments,
  type RepodataFile,
  type RepodataOptions,
  type RepositoryChecksum,
  type WriteRepodataOptions,
  writeRepository,
} from "./write-repodata.ts";
export { documentFrame, escapeXml, writeFilelists, writeOther, writePrimary } from "./write-xml.ts";
