import { rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  copyFileSafely,
  digestFile,
  digestOf,
  makeFolder,
  messageOf,
  partialMark,
  systemCode,
  WeirError,
} from "../../core/index.ts";
import type { RemoteSource } from "../../engine/define/index.ts";
import { download } from "./download.ts";
import type { CachedSource, LookasideOptions } from "./types.ts";

const hashLengths = { md5: 32, sha256: 64, sha512: 128 } as const;

/** Where a source lies in the cache: `<hash type>/<first two digits>/<hash>`. Errors: `LOOKASIDE_BAD_HASH`. */
export function cachedPath(remote: RemoteSource, cacheDir: string): string {
  const hash = remote.hash.toLowerCase();
  const length: number | undefined = hashLengths[remote.hashType];
  if (length === undefined || hash.length !== length || !/^[0-9a-f]+$/.test(hash)) {
    throw new WeirError(
      "LOOKASIDE_BAD_HASH",
      `${remote.file}: not a ${remote.hashType} hash: ${remote.hash.slice(0, 140)}`,
      {
        where: remote.uri,
        hints: ["correct it in `sources` or source-files"],
      },
    );
  }
  return join(cacheDir, remote.hashType, hash.slice(0, 2), hash);
}

/**
 * Brings a source into the cache and gives its place there. The checksum is verified each time, also of what the cache held. Paths and
 * `file:` URIs are copied, `http(s):` ones downloaded when the network is allowed.
 * Errors: `LOOKASIDE_NOT_FOUND`, `LOOKASIDE_CHECKSUM_MISMATCH`, `LOOKASIDE_NETWORK_OFF`, `LOOKASIDE_UNREACHABLE`, `LOOKASIDE_TOO_LARGE`,
 * `LOOKASIDE_BAD_ADDRESS`, `LOOKASIDE_BAD_HASH`, `INTERRUPTED`.
 */
export async function fetchSource(
  remote: RemoteSource,
  cacheDir: string,
  options: LookasideOptions,
): Promise<CachedSource> {
  const path = cachedPath(remote, cacheDir);
  const there = await sizeOf(path);
  if (there !== undefined) {
    if (await matches(remote, path)) return { file: remote.file, path, bytes: there, cached: true };
    await rm(path, { force: true });
  }
  await makeFolder(dirname(path));
  if (/^https?:\/\//i.test(remote.uri)) await fromNetwork(remote, path, options);
  else await fromDisk(remote, path, options);
  return { file: remote.file, path, bytes: (await sizeOf(path)) ?? 0, cached: false };
}

async function fromDisk(remote: RemoteSource, path: string, options: LookasideOptions): Promise<void> {
  const from = diskPath(remote);
  const info = await stat(from).catch((error: unknown) => {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return undefined;
    throw new WeirError("LOOKASIDE_UNREACHABLE", `${remote.file} cannot be read: ${messageOf(error)}`, {
      where: remote.uri,
      kind: "remote",
    });
  });
  if (!info?.isFile()) {
    throw new WeirError("LOOKASIDE_NOT_FOUND", `${remote.file} is not in the lookaside folder`, {
      where: remote.uri,
      kind: "remote",
      hints: ["put the file there, or compare lookaside-base-uri with the folder's layout"],
    });
  }
  if (info.size > (options.maxBytes ?? defaultMaxBytes)) throw tooLarge(remote, options);
  const copy = join(dirname(path), `${partialMark}${digestOf(`${path} ${process.pid}`).slice(0, 16)}`);
  try {
    options.signal?.throwIfAborted();
    await copyFileSafely(from, copy);
    await verify(remote, copy);
    await rename(copy, path);
  } finally {
    await rm(copy, { force: true });
  }
  options.onProgress?.(info.size);
}

function diskPath(remote: RemoteSource): string {
  if (remote.uri.startsWith("/")) return remote.uri;
  try {
    if (remote.uri.startsWith("file:")) return fileURLToPath(remote.uri);
  } catch {
    // Falls through to the error below, as any other address that is none.
  }
  if (remote.uri === "") {
    throw new WeirError("LOOKASIDE_NOT_FOUND", `nothing says from where ${remote.file} comes`, {
      where: remote.file,
      hints: ["give the distribution a lookaside-base-uri, or the source file an origin of type download"],
    });
  }
  throw new WeirError(
    "LOOKASIDE_BAD_ADDRESS",
    `${remote.file}: not an address to fetch from: ${remote.uri.slice(0, 200)}`,
    {
      where: remote.file,
      hints: ["an absolute path, file://, https:// or http:// is"],
    },
  );
}

export const defaultMaxBytes = 16 * 2 ** 30;

function tooLarge(remote: RemoteSource, options: LookasideOptions): WeirError {
  return new WeirError(
    "LOOKASIDE_TOO_LARGE",
    `${remote.file} is larger than ${options.maxBytes ?? defaultMaxBytes} bytes`,
    {
      where: remote.uri,
    },
  );
}

async function fromNetwork(remote: RemoteSource, path: string, options: LookasideOptions): Promise<void> {
  if (!options.network) {
    throw new WeirError("LOOKASIDE_NETWORK_OFF", `${remote.file} is not in the cache, and the network is off`, {
      where: remote.uri,
      kind: "machine",
      hints: ["allow the network for this run, or point lookaside-base-uri at a local folder"],
    });
  }
  const partial = join(dirname(path), `${partialMark}${remote.hash.toLowerCase().slice(0, 24)}`);
  const resumed = (await sizeOf(partial)) ?? 0;
  await download(remote, partial, options).catch(async (error: unknown) => {
    if (error instanceof WeirError && error.code === "LOOKASIDE_TOO_LARGE") await rm(partial, { force: true });
    throw error;
  });
  try {
    await verify(remote, partial);
  } catch (error) {
    await rm(partial, { force: true });
    if (resumed === 0 || !(error instanceof WeirError)) throw error;
    // What an earlier run left may have been the wrong part: once more from the start.
    await download(remote, partial, options);
    await verify(remote, partial).catch(async (again: unknown) => {
      await rm(partial, { force: true });
      throw again;
    });
  }
  await rename(partial, path);
}

async function matches(remote: RemoteSource, path: string): Promise<boolean> {
  return (await digestFile(path, remote.hashType)) === remote.hash.toLowerCase();
}

async function verify(remote: RemoteSource, path: string): Promise<void> {
  const got = await digestFile(path, remote.hashType);
  if (got === remote.hash.toLowerCase()) return;
  const bytes = await sizeOf(path);
  throw new WeirError(
    "LOOKASIDE_CHECKSUM_MISMATCH",
    `${remote.file} (${bytes} bytes) has the ${remote.hashType} ${got}, not ${remote.hash.toLowerCase()}`,
    {
      where: remote.uri,
      kind: "remote",
      hints: [
        bytes === 0
          ? "the file is empty: look at where it comes from"
          : "do not use the file: compare `sources` with upstream's, and the file with a copy from elsewhere",
      ],
    },
  );
}

async function sizeOf(path: string): Promise<number | undefined> {
  const info = await stat(path).catch(() => undefined);
  return info?.isFile() ? info.size : undefined;
}
