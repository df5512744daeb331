import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { digestFile, formatNevra, WeirError } from "../../core/index.ts";
import { readRpm } from "../../formats/rpm/index.ts";
import { fromRpm, type PackageMetadata } from "../../formats/rpmmd/index.ts";
import type { Artifact } from "./types.ts";

/** A package that builds may install: the file and what its header says. `location` of the metadata is the file name. */
export interface CandidatePackage {
  readonly artifact: Artifact;
  readonly metadata: PackageMetadata;
}

/** Reads a package file. Errors: those of `readRpm`. */
export async function readArtifact(path: string): Promise<CandidatePackage> {
  const file = basename(path);
  const head = readRpm({ path }, file);
  const [info, sha256] = await Promise.all([stat(path), digestFile(path)]);
  const facts = {
    pkgid: sha256,
    location: file,
    size: info.size,
    fileTime: head.package.buildTime,
    headerRange: head.headerRange,
  };
  const metadata = fromRpm(head.package, facts);
  return { artifact: { file, path, sha256, size: info.size, nevra: formatNevra(head.package) }, metadata };
}

/** The candidate behind an artifact of the store. */
export async function candidateOf(artifact: Artifact): Promise<CandidatePackage> {
  const head = readRpm({ path: artifact.path }, artifact.file);
  if (formatNevra(head.package) !== artifact.nevra) {
    throw new WeirError("STORE_DAMAGED", `${artifact.file} is not ${artifact.nevra}`, {
      where: artifact.path,
      kind: "machine",
    });
  }
  const { sha256, size, file } = artifact;
  const facts = {
    pkgid: sha256,
    location: file,
    size,
    fileTime: head.package.buildTime,
    headerRange: head.headerRange,
  };
  return { artifact, metadata: fromRpm(head.package, facts) };
}
