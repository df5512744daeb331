import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOf, writeFileSafely } from "../../core/index.ts";
import type { ExtraMetadata } from "../../formats/rpmmd/write-repodata.ts";
import { type FoundPackage, statPackage } from "./find-packages.ts";
import { documentTypes, type IndexedPackage } from "./index-packages.ts";
import type { CreatedRepository, CreateRequest } from "./types.ts";

/** What an update needs to know of the run before it: beside `repodata/`, and no part of the repository. */
export const stateFile = ".weir-repodata.json";

/** Changes with everything that changes what is written of a package. */
const writerVersion = 2;
const mostBytes = 512 << 20;

/** Options that decide what is written of a package. */
export interface PackageWriting {
  readonly checksum: string;
  readonly changelogLimit: number;
  readonly baseUrl: string;
}

/** Location, size, time of the file, time of the build, and bytes in each of the three documents. */
type StateRow = readonly [string, number, number, number, number, number, number];

interface State {
  readonly schema: "weir/repodata-state/1";
  readonly writing: string;
  /** sha256 of the repomd.xml that it belongs to. */
  readonly repomd: string;
  readonly packages: readonly StateRow[];
  /** Digest of everything else that was asked for. */
  readonly request: string;
  /** What was made of it. */
  readonly made: MadeRepository;
}

export type MadeRepository = Omit<CreatedRepository, "kept" | "skips">;

/** The repository as the last update left it: packages by location, and what else its repomd.xml names. */
export interface Previous {
  readonly packages: ReadonlyMap<string, IndexedPackage>;
  readonly extra: readonly ExtraMetadata[];
}

const nothing: Previous = { packages: new Map(), extra: [] };

/**
 * Reads what an update can keep. Packages are known only where {@link saveState} told of the very repomd.xml that is there, written the same
 * way; anything that does not add up means reading them again, never an error.
 */
export async function readPrevious(root: string, writing: PackageWriting): Promise<Previous> {
  const repomdBytes = await readFile(join(root, "repodata/repomd.xml")).catch(() => undefined);
  if (repomdBytes === undefined) return nothing;
  const { needEntry, openStored, parseRepomd, readEntry } = await import("../../formats/rpmmd/index.ts");
  try {
    const repomd = parseRepomd(repomdBytes, "repomd.xml");
    const read = async (type: string) => {
      const entry = needEntry(repomd, type, "previous");
      return await openStored(await readEntry(root, entry), entry);
    };
    const extra: ExtraMetadata[] = [];
    for (const { type, location } of repomd.entries) {
      const file = /^repodata\/(?:[0-9a-f]{32,128}-)?([^/]+?)(?:\.(?:gz|xz|zst|bz2))?$/.exec(location)?.[1];
      if (file === undefined || isDerived(type)) continue;
      if (repomd.entries.some((other) => `${other.type}_gz` === type)) continue;
      extra.push({ type: type.replace(/_(?:gz|xz|zst|bz2)$/, ""), file, content: await read(type) });
    }
    const state = await readState(root, digestOf(repomdBytes), writing);
    if (state === undefined) return { packages: new Map(), extra };
    const documents = await Promise.all(documentTypes.map(read));
    return { packages: packagesOf(state, documents, writing.checksum), extra };
  } catch {
    return nothing;
  }
}

/** What is made of the packages themselves, in whatever form. */
function isDerived(type: string): boolean {
  return /^(?:primary|filelists|filelists-ext|other)(?:_|$)/.test(type) || /_(?:zck|db)$/.test(type);
}

function packagesOf(state: State, documents: readonly Buffer[], checksum: string): Map<string, IndexedPackage> {
  const packages = new Map<string, IndexedPackage>();
  const at = documents.map((document) => document.indexOf("<package "));
  const digestLength = checksum === "sha512" ? 128 : 64;
  for (const [location, size, modified, buildTime, ...lengths] of state.packages) {
    const [primary, filelists, other] = documents.map((document, kind) => {
      const start = at[kind] as number;
      const end = start + (lengths[kind] as number);
      at[kind] = end;
      const part = document.subarray(start, end);
      if (
        start < 0 ||
        !part.subarray(0, opening.length).equals(opening) ||
        !part.subarray(-closing.length).equals(closing)
      ) {
        throw new Error("the state does not belong to the documents");
      }
      return part;
    });
    if (primary === undefined || filelists === undefined || other === undefined)
      throw new Error("a document is missing");
    const pkgid = filelists.toString("latin1", 16, 16 + digestLength);
    const fragments = { primary, filelists, other };
    packages.set(location, { location, size, modified, buildTime, pkgid, fragments });
  }
  return packages;
}

const opening = Buffer.from("<package ");
const closing = Buffer.from("</package>\n");

async function readState(root: string, repomd: string, writing: PackageWriting): Promise<State | undefined> {
  const path = join(root, stateFile);
  const info = statPackage(path);
  if (info?.isFile() !== true || info.size > mostBytes) return undefined;
  const value = JSON.parse(await readFile(path, "utf8")) as Partial<State> | null;
  if (value?.schema !== "weir/repodata-state/1" || value.repomd !== repomd) return undefined;
  if (value.writing !== describe(writing) || !Array.isArray(value.packages) || !value.packages.every(isRow))
    return undefined;
  return value as State;
}

function isRow(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 7) return false;
  const [location, ...numbers] = value as unknown[];
  return typeof location === "string" && numbers.every((number) => typeof number === "number" && number >= 0);
}

function describe(writing: PackageWriting): string {
  return [writerVersion, writing.checksum, writing.changelogLimit, writing.baseUrl].join(" ");
}

/** The package that is known of a file, where location, size and time are what they were. */
export function unchanged(previous: Previous, file: FoundPackage): IndexedPackage | undefined {
  const known = previous.packages.get(file.location);
  if (known === undefined) return undefined;
  const info = statPackage(file.path);
  const same = info?.isFile() === true && info.size === known.size && info.mtimeMs === known.modified;
  return same ? known : undefined;
}

/**
 * What the update before made, where it was asked for the same, every package is as it was then, and all that it wrote is there: then there is
 * nothing to do.
 */
export async function upToDate(
  request: CreateRequest,
  files: readonly FoundPackage[],
  writing: PackageWriting,
): Promise<MadeRepository | undefined> {
  const { root } = request;
  try {
    const state = await readState(root, digestOf(await readFile(join(root, "repodata/repomd.xml"))), writing);
    if (state?.request !== digestOfRequest(request) || state.packages.length !== files.length) return undefined;
    for (const [index, file] of files.entries()) {
      const [location, size, modified] = state.packages[index] as StateRow;
      const info = location === file.location ? statPackage(file.path) : undefined;
      if (info?.isFile() !== true || info.size !== size || info.mtimeMs !== modified) return undefined;
    }
    for (const { channel, files: written } of state.made.repositories) {
      const folder = join(root, channel, "repodata");
      for (const { name, size } of written) if (statPackage(join(folder, name))?.size !== size) return undefined;
    }
    const repositories = state.made.repositories.map((repository) => ({ ...repository, changed: false }));
    return { ...state.made, repositories };
  } catch {
    return undefined;
  }
}

function digestOfRequest(request: CreateRequest): string {
  const { compression, simpleNames, revision, time, tags, channels, sign, skipBroken } = request;
  const extra = request.extra?.map(({ type, file, content }) => [type, file, digestOf(content)]);
  const asked = {
    compression,
    simpleNames,
    revision,
    time,
    tags,
    channels,
    skipBroken,
    extra,
    signed: sign !== undefined,
  };
  return digestOf(JSON.stringify(asked));
}

/** Remembers packages for the next update, in the order in which the repository lists them. */
export async function saveState(
  request: CreateRequest,
  repomd: Uint8Array,
  packages: readonly IndexedPackage[],
  writing: PackageWriting,
  made: MadeRepository,
): Promise<void> {
  const state: State = {
    schema: "weir/repodata-state/1",
    writing: describe(writing),
    repomd: digestOf(repomd),
    packages: packages.map(({ location, size, modified, buildTime, fragments }): StateRow => {
      const { primary, filelists, other } = fragments;
      return [location, size, modified, buildTime, primary.length, filelists.length, other.length];
    }),
    request: digestOfRequest(request),
    made,
  };
  await writeFileSafely(join(request.root, stateFile), `${JSON.stringify(state)}\n`);
}
