import { join } from "node:path";
import { gzip } from "node:zlib";
import { digestOf, WeirError, writeFileSafely, writeFolderSafely } from "../../core/index.ts";
import type { PackageMetadata } from "./types.ts";
import { escapeXml, writeFilelists, writeOther, writePrimary } from "./write-xml.ts";

/** Metadata beyond the packages': comps (`group`), `updateinfo`, `modules` … */
export interface ExtraMetadata {
  readonly type: string;
  /** Name without the checksum and `.gz`, for example `comps.xml`. */
  readonly file: string;
  readonly content: string | Uint8Array;
}

export interface WriteRepodataOptions {
  /** Seconds since the epoch (SOURCE_DATE_EPOCH): the revision and every timestamp. */
  readonly revision: number;
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
  for (const document of documents) checkName(document);
  const packedFiles = await Promise.all(documents.map(pack));
  let repomd = `<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo" xmlns:rpm="http://linux.duke.edu/metadata/rpm">
  <revision>${options.revision}</revision>
`;
  for (const { name, type, content, openSha256, openSize, checksum } of packedFiles) {
    repomd += `  <data type="${escapeXml(type)}">
    <checksum type="sha256">${checksum}</checksum>
    <open-checksum type="sha256">${openSha256}</open-checksum>
    <location href="repodata/${name}"/>
    <timestamp>${options.revision}</timestamp>
    <size>${content.length}</size>
    <open-size>${openSize}</open-size>
  </data>
`;
  }
  const content = Buffer.from(`${repomd}</repomd>\n`);
  const files = packedFiles.map(({ name, type, content: packed, openSha256 }): RepodataFile => {
    return { name, type, content: packed, openSha256 };
  });
  files.push({ name: "repomd.xml", type: "repomd", content, openSha256: digestOf(content) });
  return files;
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
  readonly openSize: number;
}

async function pack(document: ExtraMetadata): Promise<PackedFile> {
  const open = typeof document.content === "string" ? Buffer.from(document.content) : document.content;
  const packing = compress(open);
  const openSha256 = digestOf(open);
  const content = await packing;
  const checksum = digestOf(content);
  const name = `${checksum}-${document.file}.gz`;
  return { name, type: document.type, content, openSha256, openSize: open.length, checksum };
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

function compress(content: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    gzip(content, { level: 9 }, (error, packed) => {
      if (error) return reject(error);
      // RFC 1952: byte 9 names the operating system, which zlib fills in; 255 is "unknown".
      packed[9] = 255;
      resolve(packed);
    });
  });
}
