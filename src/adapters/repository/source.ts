import { readFile, stat } from "node:fs/promises";
import { digestFile, digestOf, WeirError } from "../../core/index.ts";
import {
  digestAlgorithm,
  entryOf,
  needChecksum,
  needEntry,
  openStored,
  parseRepomd,
  type Repomd,
  type RepomdEntry,
  verifySize,
  verifyStored,
} from "../../formats/rpmmd/index.ts";
import type { Expected } from "./download.ts";
import type { Traits } from "./traits.ts";
import type { PackageAddress, RepositorySource } from "./types.ts";

export interface LocatedFile {
  readonly path: string;
  /** It was verified in this run, for example while it came. */
  readonly verified: boolean;
}

/** What all sources share: answers from repomd.xml, and verifying. */
export abstract class BaseSource implements RepositorySource {
  readonly id: string;
  readonly name: string | undefined;
  readonly address: string;
  readonly priority: number;
  readonly cost: number;
  readonly excludes: readonly string[];
  readonly includepkgs: readonly string[];
  readonly moduleHotfixes: boolean;
  readonly gpgcheck: boolean;
  readonly gpgkeys: readonly string[];
  readonly repomd: Repomd;
  readonly #repomdBytes: Uint8Array;
  readonly signed: boolean;
  abstract readonly root: string | undefined;
  readonly #verified = new Map<string, Promise<string>>();

  constructor(traits: Traits, repomd: Uint8Array, signed: boolean) {
    this.id = traits.id;
    this.name = traits.name;
    this.address = traits.address;
    this.priority = traits.priority;
    this.cost = traits.cost;
    this.excludes = traits.excludes;
    this.includepkgs = traits.includepkgs;
    this.moduleHotfixes = traits.moduleHotfixes;
    this.gpgcheck = traits.gpgcheck;
    this.gpgkeys = traits.gpgkeys;
    this.repomd = parseRepomd(repomd, `${traits.id}: repodata/repomd.xml`);
    this.#repomdBytes = repomd;
    this.signed = signed;
  }

  protected abstract locate(entry: RepomdEntry): Promise<LocatedFile>;
  /** As `locate`, after the file that is there turned out to be damaged; throws `damage` where it cannot be had anew. */
  protected abstract renew(entry: RepomdEntry, damage: WeirError): Promise<LocatedFile>;
  abstract packageFile(address: PackageAddress): Promise<string>;

  get repomdSha256(): string {
    return digestOf(this.#repomdBytes);
  }

  entry(type: string): RepomdEntry | undefined {
    return entryOf(this.repomd, type);
  }

  keyOf(type: string): string | undefined {
    const checksum = this.entry(type)?.checksum;
    return checksum && `${checksum.type}:${checksum.value.toLowerCase()}`;
  }

  async file(type: string, options: { readonly verify?: boolean } = {}): Promise<string> {
    const entry = needEntry(this.repomd, type, this.id);
    if (options.verify === false) return (await this.locate(entry)).path;
    const started = this.#verified.get(entry.type) ?? this.#verify(entry);
    this.#verified.set(entry.type, started);
    return await started;
  }

  async read(type: string, options: { readonly limit?: number } = {}): Promise<Buffer> {
    const entry = needEntry(this.repomd, type, this.id);
    const { path, verified } = await this.locate(entry);
    let bytes = await readFile(path);
    try {
      if (!verified) verifyStored(bytes, entry);
    } catch (error) {
      if (!isDamage(error)) throw error;
      bytes = await readFile((await this.renew(entry, error)).path);
      verifyStored(bytes, entry);
    }
    return await openStored(bytes, entry, options.limit);
  }

  async #verify(entry: RepomdEntry): Promise<string> {
    const { path, verified } = await this.locate(entry);
    if (verified) return path;
    try {
      await verifyFile(path, entry);
      return path;
    } catch (error) {
      if (!isDamage(error)) throw error;
      return (await this.renew(entry, error)).path;
    }
  }
}

/** Checksum, algorithm and size of a package file. Errors: `RPMMD_CHECKSUM_UNKNOWN`. */
export function expectedPackage(address: PackageAddress): Expected {
  const algorithm = digestAlgorithm(address.checksum.type);
  if (algorithm === undefined || address.checksum.value === "") {
    throw new WeirError(
      "RPMMD_CHECKSUM_UNKNOWN",
      `${address.location} has a checksum of unknown kind ${address.checksum.type}`,
      { where: address.location, hints: ["sha256, sha384, sha512, sha1 and md5 are known"] },
    );
  }
  return { algorithm, hex: address.checksum.value.toLowerCase(), size: address.size };
}

async function verifyFile(path: string, entry: RepomdEntry): Promise<void> {
  verifySize((await stat(path)).size, entry);
  const { algorithm, hex } = needChecksum(entry);
  const found = await digestFile(path, algorithm);
  if (found !== hex) {
    throw new WeirError(
      "RPMMD_CHECKSUM_MISMATCH",
      `${entry.location} has ${algorithm} ${found}, repomd.xml says ${hex}`,
      {
        where: entry.location,
        hints: ["the file is damaged, or newer than repomd.xml: fetch both again"],
      },
    );
  }
}

function isDamage(error: unknown): error is WeirError {
  return (
    error instanceof WeirError && (error.code === "RPMMD_CHECKSUM_MISMATCH" || error.code === "RPMMD_SIZE_MISMATCH")
  );
}
