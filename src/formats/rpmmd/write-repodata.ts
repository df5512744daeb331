import { join } from "node:path";
import { digestOf, WeirError, writeFileSafely, writeFolderSafely } from "../../core/index.ts";
import { compressDocument, compressionSuffix, type MetadataCompression } from "./compress.ts";
import type { RepomdTags } from "./repomd.ts";
import type { PackageMetadata } from "./types.ts";
import { escapeXml, writeFilelists, writeOther, writePrimary } from "./write-xml.ts";

/** Metadata beyond the packages': comps (`group`), `updateinfo`, `modules` … */
export interface ExtraMetadata {
  readonly type: string;
  /** Name without the checksum and `.gz`, for example `comps.xml`. */
  readonly file: string;
  readonly content: string | Uint8Array;
}

/** Algorithms for the files of a repository and its packages. */
export type RepositoryChecksum = "sha256" | "sha512";

/** How the files of a `repodata` folder are made. */
export interface RepodataOptions {
  /** Seconds since the epoch (SOURCE_DATE_EPOCH): every timestamp, and the revision where that is not given. */
  readonly revision: number;
  /** Text of the revision. */
  readonly revisionText?: string;
  /** Default gzip. */
  readonly compression?: MetadataCompression;
  /** Default sha256. */
  readonly checksum?: RepositoryChecksum;
  /** Names without checksum (`primary.xml.gz`). Default false. */
  readonly simpleNames?: boolean;
  readonly tags?: RepomdTags;
}

export interface WriteRepodataOptions extends RepodataOptions {
  readonly extra?: readonly ExtraMetadata[];
}

/** A file of a `repodata` folder, name relative to it. */
export interface RepodataFile {
  readonly name: string;
  /** As in repomd.xml; `repomd` for that file itself. */
  readonly type: string;
  readonly content: Uint8Array;
  /** sha256 before compression, hex. */
  readonly openSha256: string;
}

/**
 * The files of `repodata/`, repomd.xml last. Names carry the checksum; gzip has no time in it, so equal packages in equal order give
 * equal bytes. Errors: `RPMMD_EXTRA_NAME`.
 */
export async function makeRepodata(
  packages: readonly PackageMetadata[],
  options: WriteRepodataOptions,
): Promise<RepodataFile[]> {
  const documents: ExtraMetadata[] = [
    { type: "primary", file: "primary.xml", content: writePrimary(packages) },
    { type: "filelists", file: "filelists.xml", content: writeFilelists(packages) },
    { type: "other", file: "other.xml", content: writeOther(packages) },
    ...(options.extra ?? []),
  ];
  return await packDocuments(documents, options);
}

/** As {@link makeRepodata}, of documents that are written already. */
export async function packDocuments(
  documents: readonly ExtraMetadata[],
  options: RepodataOptions,
): Promise<RepodataFile[]> {
  for (const document of documents) checkName(document);
  const packed = await Promise.all(documents.map((document) => pack(document, options)));
  const content = Buffer.from(repomdOf(packed, options));
  const files = packed.map(({ name, type, content: bytes, openSha256 }): RepodataFile => {
    return { name, type, content: bytes, openSha256 };
  });
  files.push({ name: "repomd.xml", type: "repomd", content, openSha256: digestOf(content) });
  return files;
}

function repomdOf(packed: readonly PackedFile[], options: RepodataOptions): string {
  const { revision, revisionText = String(revision), checksum = "sha256", tags } = options;
  let text = `<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo" xmlns:rpm="http://linux.duke.edu/metadata/rpm">
  <revision>${escapeXml(revisionText)}</revision>
${tags === undefined ? "" : tagsOf(tags)}`;
  for (const file of packed) {
    text += `  <data type="${escapeXml(file.type)}">
    <checksum type="${checksum}">${file.checksum}</checksum>
    <open-checksum type="${checksum}">${file.openChecksum}</open-checksum>
    <location href="repodata/${file.name}"/>
    <timestamp>${revision}</timestamp>
    <size>${file.content.length}</size>
    <open-size>${file.openSize}</open-size>
  </data>
`;
  }
  return `${text}</repomd>\n`;
}

function tagsOf(tags: RepomdTags): string {
  const lines = [
    ...tags.repo.map((text) => `<repo>${escapeXml(text)}</repo>`),
    ...tags.content.map((text) => `<content>${escapeXml(text)}</content>`),
    ...tags.distro.map(({ name, cpeid }) => {
      const attribute = cpeid === undefined ? "" : ` cpeid="${escapeXml(cpeid)}"`;
      return `<distro${attribute}>${escapeXml(name)}</distro>`;
    }),
  ];
  return lines.length === 0 ? "" : `  <tags>\n${lines.map((line) => `    ${line}\n`).join("")}  </tags>\n`;
}

function checkName(document: ExtraMetadata): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/.test(document.file)) return;
  throw new WeirError("RPMMD_EXTRA_NAME", `metadata cannot be called ${document.file}`, {
    where: document.type,
    hints: ["use letters, digits, dots, dashes and underscores"],
  });
}

interface PackedFile extends RepodataFile {
  readonly checksum: string;
  readonly openChecksum: string;
  readonly openSize: number;
}

async function pack(document: ExtraMetadata, options: RepodataOptions): Promise<PackedFile> {
  const { compression = "gzip", checksum: algorithm = "sha256", simpleNames = false } = options;
  const open = typeof document.content === "string" ? Buffer.from(document.content) : document.content;
  const packing = compressDocument(open, compression);
  const openSha256 = digestOf(open);
  const openChecksum = algorithm === "sha256" ? openSha256 : digestOf(open, algorithm);
  const content = await packing;
  const checksum = compression === "none" ? openChecksum : digestOf(content, algorithm);
  const name = `${simpleNames ? "" : `${checksum}-`}${document.file}${compressionSuffix[compression]}`;
  return { name, type: document.type, content, openSha256, openChecksum, openSize: open.length, checksum };
}

/** Writes `repodata/` below `root` as a whole: the old folder stays until the new one is complete. */
export async function writeRepository(
  root: string,
  packages: readonly PackageMetadata[],
  options: WriteRepodataOptions,
): Promise<void> {
  const files = await makeRepodata(packages, options);
  await writeFolderSafely(join(root, "repodata"), async (folder) => {
    await Promise.all(files.map((file) => writeFileSafely(join(folder, file.name), file.content)));
  });
}
