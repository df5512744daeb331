import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { digestOf, type Skip, systemCode, WeirError, writeFileSafely } from "../../core/index.ts";
import { noMirror, passesToNext } from "./download.ts";
import { openFolder } from "./folder.ts";
import { badAddress, HttpClient, type HttpIdentity, httpUrl, shown } from "./http.ts";
import { basicAuthorization } from "./proxy.ts";
import { offline, openRemote } from "./remote.ts";
import { keyringOf, type SignaturePolicy } from "./signature.ts";
import { cacheName, type Candidate, candidatesOf, isLocalAddress, pathOfFileUrl } from "./specs.ts";
import type { RepositoryOptions, RepositorySource } from "./types.ts";

const largestDocument = 4 << 20;

/**
 * Opens the repositories that the specs mean, in their order. A spec is a folder that holds `repodata/`, a `.repo` file or a folder of such,
 * `file:`, an http(s) address of a folder, of a `.repo` file, or one that ends in `/metalink` or `/mirrorlist`; `id=spec` gives it a name.
 * http is asked only with `network`; without it the cache answers. Metadata is fetched when it is asked of a source, but repomd.xml.
 *
 * Errors: `REPOSITORY_NOT_FOUND`, `REPOSITORY_NONE_ENABLED`, `REPOSITORY_NO_ADDRESS`, `REPOSITORY_BAD_ADDRESS`, `REPOSITORY_OFFLINE`,
 * `REPOSITORY_UNREACHABLE`, `REPOSITORY_NO_MIRROR`, `REPOSITORY_WRONG_CONTENT`, `REPOSITORY_TOO_LARGE`, `REPOSITORY_UNSIGNED`,
 * `REPOSITORY_BAD_SIGNATURE`, `REPOSITORY_NO_KEY`, `REPOSITORY_FILE_MISSING`, `OPENPGP_KEY_BAD`, and those of `.repo` files, metalinks and repomd.xml.
 */
export async function openRepositories(
  specs: readonly string[],
  options: RepositoryOptions,
): Promise<readonly RepositorySource[]> {
  const plain = new HttpClient(options.patience, options.signal);
  const documents = (url: URL) => cachedDocument(url, plain, options);
  const candidates: Candidate[] = [];
  for (const spec of specs) candidates.push(...(await candidatesOf(spec, options, documents)));
  const now = (options.now ?? Date.now)();
  const skips: (Skip | undefined)[] = [];
  const opened = await Promise.allSettled(
    distinct(candidates).map(async (candidate, index) => {
      try {
        return await openOne(candidate, options, now, documents);
      } catch (error) {
        const { section } = candidate;
        if (section?.skipIfUnavailable !== true || !(error instanceof WeirError) || error.kind !== "remote")
          throw error;
        skips[index] = { subject: section.id, reason: `it is skipped, as skip_if_unavailable says: ${error.message}` };
        return undefined;
      }
    }),
  );
  const sources: RepositorySource[] = [];
  // In the order of the specs, whichever failed first.
  for (const [index, result] of opened.entries()) {
    if (result.status === "rejected") throw result.reason;
    const skip = skips[index];
    if (skip !== undefined) options.onSkip?.(skip);
    if (result.value !== undefined) sources.push(result.value);
  }
  return sources;
}

/** Gives each its own id: what comes again gets a number. */
function distinct(candidates: readonly Candidate[]): Candidate[] {
  const taken = new Set<string>();
  return candidates.map((candidate) => {
    let { id } = candidate.traits;
    for (let number = 2; taken.has(id); number++) id = `${candidate.traits.id}-${number}`;
    taken.add(id);
    return { ...candidate, traits: { ...candidate.traits, id } };
  });
}

async function openOne(
  candidate: Candidate,
  options: RepositoryOptions,
  now: number,
  documents: (url: URL) => Promise<Buffer>,
): Promise<RepositorySource> {
  const { place, traits, section } = candidate;
  const policy = await policyOf(candidate, options, documents);
  if ("folder" in place) return await openFolder(resolve(options.cwd, place.folder), traits, policy);
  const client = new HttpClient(options.patience, options.signal, await identityOf(candidate, options));
  return await openRemote(place.remote, traits, policy, client, {
    folder: join(options.cacheFolder, "repo", cacheName(section?.id ?? traits.id, place.remote)),
    network: options.network,
    refresh: options.refresh ?? false,
    now,
    progress: options.progress,
  });
}

async function policyOf(
  candidate: Candidate,
  options: RepositoryOptions,
  documents: (url: URL) => Promise<Buffer>,
): Promise<SignaturePolicy> {
  const keyrings = options.keyring === undefined ? [] : [options.keyring];
  const demanded = options.requireSignature === true;
  if (candidate.traits.repoGpgcheck && !demanded && candidate.traits.gpgkeys.length > 0) {
    const keys: { bytes: Uint8Array; where: string }[] = [];
    for (const address of candidate.traits.gpgkeys) keys.push(await readKey(address, candidate.local, documents));
    keyrings.push(await keyringOf(keys));
  }
  return { keyrings, required: demanded || candidate.traits.repoGpgcheck };
}

async function readKey(
  address: string,
  local: boolean,
  documents: (url: URL) => Promise<Buffer>,
): Promise<{ bytes: Uint8Array; where: string }> {
  if (isLocalAddress(address)) {
    if (!local) throw badAddress(address, "a .repo file that came over the network may not name files of this machine");
    return { bytes: await readLocal(address, "gpgkey"), where: address };
  }
  const url = httpUrl(address);
  if (url.protocol !== "https:") throw badAddress(url, "a key that comes over http proves nothing");
  return { bytes: await documents(url), where: shown(url) };
}

async function identityOf(candidate: Candidate, options: RepositoryOptions): Promise<HttpIdentity> {
  const { section, local, place } = candidate;
  if (section === undefined || !("remote" in place)) return {};
  const file = async (address: string | undefined, key: string): Promise<Buffer | undefined> => {
    if (address === undefined) return undefined;
    if (!local) throw badAddress(address, "a .repo file that came over the network may not name files of this machine");
    return await readLocal(isLocalAddress(address) ? address : resolve(options.cwd, address), key);
  };
  const { username, password } = section;
  const { metalink, mirrorlist, baseUrls } = place.remote;
  const configured = [
    ...(metalink === undefined ? [] : [metalink]),
    ...(mirrorlist === undefined ? [] : [mirrorlist]),
    ...baseUrls,
  ];
  return {
    ...(username === undefined
      ? {}
      : {
          authorization: basicAuthorization(username, password ?? ""),
          origins: new Set(configured.map((text) => httpUrl(text).origin)),
        }),
    ca: await file(section.sslCaCert, "sslcacert"),
    cert: await file(section.sslClientCert, "sslclientcert"),
    key: await file(section.sslClientKey, "sslclientkey"),
  };
}

async function readLocal(address: string, what: string): Promise<Buffer> {
  const path = /^file:/i.test(address) ? pathOfFileUrl(address) : address;
  try {
    return await readFile(path);
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    throw new WeirError("REPOSITORY_FILE_MISSING", `${what} cannot be read: ${systemCode(error)}`, {
      where: address,
      hints: [`install the file, or take ${what}= out of the .repo file`],
      cause: error,
    });
  }
}

/** A small file of the network: asked for where that is allowed, else as it was the last time. */
async function cachedDocument(url: URL, client: HttpClient, options: RepositoryOptions): Promise<Buffer> {
  const path = join(options.cacheFolder, "repo", "documents", digestOf(url.href));
  if (!options.network) {
    return await readFile(path).catch(() => {
      throw offline(shown(url), shown(url));
    });
  }
  try {
    const bytes = (await client.document(url, largestDocument))?.bytes ?? Buffer.alloc(0);
    await writeFileSafely(path, bytes);
    return bytes;
  } catch (error) {
    if (!passesToNext(error)) throw error;
    throw noMirror(shown(url), [{ address: url, error }]);
  }
}
