import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { digestFile, WeirError } from "../../core/index.ts";
import { locateBelow, readBelow, type RepomdEntry } from "../../formats/rpmmd/index.ts";
import { checkSignature, type SignaturePolicy } from "./signature.ts";
import { BaseSource, expectedPackage, type LocatedFile } from "./source.ts";
import type { Traits } from "./traits.ts";
import type { PackageAddress } from "./types.ts";

const largestRepomd = 16 << 20;
const largestPackage = 64 * 2 ** 30;

/** Opens the repository in a folder that holds `repodata/`. Errors: as of reading repomd.xml and of its signature. */
export async function openFolder(root: string, traits: Traits, policy: SignaturePolicy): Promise<FolderSource> {
  const repomd = await readBelow(root, "repodata/repomd.xml", largestRepomd);
  const signature = await readBelow(root, "repodata/repomd.xml.asc", 1 << 20).catch((error: unknown) => {
    if (error instanceof WeirError && error.code === "RPMMD_NOT_FOUND") return undefined;
    throw error;
  });
  const signed = await checkSignature(policy, repomd, signature, traits.address);
  return new FolderSource(root, traits, repomd, signed);
}

export class FolderSource extends BaseSource {
  readonly root: string;

  constructor(root: string, traits: Traits, repomd: Uint8Array, signed: boolean) {
    super(traits, repomd, signed);
    this.root = root;
  }

  protected async locate(entry: RepomdEntry): Promise<LocatedFile> {
    try {
      return { path: await locateBelow(this.root, entry.location), verified: false };
    } catch (error) {
      if (!(error instanceof WeirError) || error.code !== "RPMMD_NOT_FOUND" || entry.base === undefined) throw error;
      throw new WeirError(error.code, error.message, {
        where: error.where,
        hints: [`repomd.xml says that it lies at ${entry.base}: name that address, or copy the file`],
      });
    }
  }

  protected renew(_entry: RepomdEntry, damage: WeirError): Promise<LocatedFile> {
    return Promise.reject(damage);
  }

  async packageFile(address: PackageAddress): Promise<string> {
    const expected = expectedPackage(address);
    const path = await locateBelow(this.root, address.location, largestPackage);
    const { size } = await stat(path);
    if (expected.size !== undefined && size !== expected.size) {
      throw new WeirError(
        "RPMMD_SIZE_MISMATCH",
        `${basename(path)} has ${size} bytes, the metadata says ${expected.size}`,
        {
          where: address.location,
          hints: ["the package changed after the metadata was made: create it again"],
        },
      );
    }
    const found = await digestFile(path, expected.algorithm);
    if (found !== expected.hex) {
      throw new WeirError(
        "RPMMD_CHECKSUM_MISMATCH",
        `${basename(path)} has ${expected.algorithm} ${found}, the metadata says ${expected.hex}`,
        { where: address.location, hints: ["the package changed after the metadata was made: create it again"] },
      );
    }
    return path;
  }
}
