import { gatherRepository, type PackageMetadata, type Repository } from "../../formats/rpmmd/index.ts";
import type { PackageAddress, RepositorySource } from "./types.ts";

/**
 * The packages of a source in memory, as `readRepository` gives them for a folder. `root` is that of a local repository; for one behind http
 * it is its address, and packages come through `packageFile`. Errors: as of `RepositorySource.read`, and of the parsers.
 */
export async function readSource(
  source: RepositorySource,
  options: { readonly filelists?: boolean; readonly other?: boolean } = {},
): Promise<Repository> {
  const { id, repomd } = source;
  const root = source.root ?? source.address;
  return await gatherRepository({ id, root, repomd, read: (type) => source.read(type) }, options);
}

const algorithms: Readonly<Record<number, string>> = { 32: "md5", 40: "sha", 96: "sha384", 128: "sha512" };

/** What `packageFile` needs to know of a package: its pkgid is the checksum of its file. */
export function packageAddress(pkg: Pick<PackageMetadata, "location" | "pkgid" | "size">): PackageAddress {
  return {
    location: pkg.location,
    checksum: { type: algorithms[pkg.pkgid.length] ?? "sha256", value: pkg.pkgid },
    size: pkg.size.package,
  };
}
