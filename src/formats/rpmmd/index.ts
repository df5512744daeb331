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
export { fromRpm, isPrimaryFile, type PackageFacts } from "./from-rpm.ts";
export { type HashedFile, type HashFilesOptions, hashFiles } from "./hash-files.ts";
export { parseFilelists, parseOther } from "./read-lists.ts";
export { parsePrimary } from "./read-primary.ts";
export {
  digestAlgorithm,
  type ReadRepositoryOptions,
  readEntry,
  readRepomd,
  readRepository,
} from "./read-repository.ts";
export { parseRepomd, type Repomd, type RepomdChecksum, type RepomdEntry } from "./repomd.ts";
export * from "./types.ts";
export {
  type ExtraMetadata,
  makeRepodata,
  type RepodataFile,
  type WriteRepodataOptions,
  writeRepository,
} from "./write-repodata.ts";
export { escapeXml, writeFilelists, writeOther, writePrimary } from "./write-xml.ts";
