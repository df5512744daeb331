import { rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { digestFile, digestOf, type Progress, silentProgress, WeirError } from "../../core/index.ts";
import { needChecksum, parseRepomd, type RepomdEntry } from "../../formats/rpmmd/index.ts";
import { type CachedRepomd, type CacheState, isHeaderText, readCached, writeCached, writeState } from "./cache.ts";
import { download, type Expected, noMirror, passesToNext } from "./download.ts";
import { AttemptFailed, type HttpClient, one, shown } from "./http.ts";
import { baseUrl, urlBelow } from "./location.ts";
import { findMirrors, type Mirrors, type RemotePlace, vouchedFor } from "./mirrors.ts";
import { checkSignature, type SignaturePolicy } from "./signature.ts";
import { BaseSource, expectedPackage, type LocatedFile } from "./source.ts";
import type { Traits } from "./traits.ts";
import type { PackageAddress } from "./types.ts";

const largestRepomd = 16 << 20;
const largestSignature = 1 << 20;
const mostMirrorsAsked = 12;

export interface RemoteOptions {
  /** The repository's own folder in the cache. */
  readonly folder: string;
  readonly network: boolean;
  readonly refresh: boolean;
  readonly now: number;
  readonly progress: Progress | undefined;
}

/**
 * Opens a repository behind http: repomd.xml from the cache while it is fresh, else asked for. Errors: `REPOSITORY_OFFLINE`,
 * `REPOSITORY_UNREACHABLE`, `REPOSITORY_WRONG_CONTENT`, those of mirrors and signatures.
 */
export async function openRemote(
  place: RemotePlace,
  traits: Traits,
  policy: SignaturePolicy,
  client: HttpClient,
  options: RemoteOptions,
): Promise<RemoteSource> {
  const cached = await readCached(options.folder);
  const build = async (found: CachedRepomd): Promise<RemoteSource> => {
    const signed = await checkSignature(policy, found.repomd, found.signature, traits.address);
    return new RemoteSource(place, traits, found, signed, client, options);
  };
  const lacksSignature = policy.required && cached?.signature === undefined;
  const fresh = cached !== undefined && !lacksSignature && isFresh(cached.state, traits, options);
  if (cached !== undefined && (!options.network || fresh)) return await build(cached);
  if (!options.network) throw offline(traits.address, `repository ${traits.id}`);
  const step = (options.progress ?? silentProgress).step(`ask for ${traits.id}`);
  try {
    const found = await ask(place, client, cached, policy, options);
    const source = await build(found);
    const same = found.state.repomd === cached?.state.repomd;
    if (same && found.signature === cached.signature) await writeState(options.folder, found.state);
    else await writeCached(options.folder, found, options.now);
    step.end(same ? "unchanged" : "done");
    return source;
  } catch (error) {
    step.end("failed");
    throw cached !== undefined && error instanceof WeirError && error.kind === "remote" ? withCacheHint(error) : error;
  }
}

function withCacheHint(error: WeirError): WeirError {
  const hints = [...error.hints, "without --network the cache answers, as of the last time"];
  return new WeirError(error.code, error.message, { where: error.where, kind: error.kind, hints, cause: error.cause });
}

function isFresh(state: CacheState, traits: Traits, options: RemoteOptions): boolean {
  if (options.refresh || state.asked <= 0) return false;
  if (traits.metadataExpire === undefined) return true;
  const age = options.now - state.asked;
  return age >= 0 && age < traits.metadataExpire * 1000;
}

/** Asks mirrors for repomd.xml; gives back what was cached, with a new state, where that is still it. */
async function ask(
  place: RemotePlace,
  client: HttpClient,
  cached: CachedRepomd | undefined,
  policy: SignaturePolicy,
  options: RemoteOptions,
): Promise<CachedRepomd> {
  const mirrors = await findMirrors(client, place);
  const failures: { readonly address: URL; readonly error: unknown }[] = [];
  for (const base of mirrors.bases.slice(0, mostMirrorsAsked)) {
    const address = urlBelow(base, "repodata/repomd.xml");
    try {
      return await askMirror(base, address, mirrors, client, cached, policy, options.now);
    } catch (error) {
      if (!passesToNext(error) && !(error instanceof WeirError && error.code === "RPMMD_REPOMD_MALFORMED")) throw error;
      failures.push({ address, error });
    }
  }
  throw noMirror("repomd.xml", failures);
}

async function askMirror(
  base: URL,
  address: URL,
  mirrors: Mirrors,
  client: HttpClient,
  cached: CachedRepomd | undefined,
  policy: SignaturePolicy,
  now: number,
): Promise<CachedRepomd> {
  const known = cached?.state.from === withoutCredentials(base) ? cached.state : undefined;
  const answer = await client.document(address, largestRepomd, {
    ...(known?.etag === undefined ? {} : { "if-none-match": known.etag }),
    ...(known?.lastModified === undefined ? {} : { "if-modified-since": known.lastModified }),
  });
  const repomd = answer?.bytes ?? cached?.repomd;
  if (repomd === undefined)
    throw new AttemptFailed("the server says that nothing changed, but was not asked that", false);
  if (mirrors.metalink !== undefined && !vouchedFor(repomd, mirrors.metalink, shown(address))) {
    throw new WeirError("REPOSITORY_WRONG_CONTENT", "repomd.xml is not the one that the metalink vouches for", {
      where: shown(address),
      kind: "remote",
      hints: ["the mirror is not up to date: run again later, or name another base address"],
    });
  }
  const state: CacheState = {
    repomd: digestOf(repomd),
    asked: now,
    from: withoutCredentials(base),
    mirrors: mirrors.bases.map(withoutCredentials),
    etag: answer === undefined ? known?.etag : printable(one(answer.headers.etag)),
    lastModified: answer === undefined ? known?.lastModified : printable(one(answer.headers["last-modified"])),
  };
  if (cached !== undefined && state.repomd === cached.state.repomd) {
    const signature = cached.signature ?? (await askSignature(address, client, policy));
    return { state, repomd, signature };
  }
  parseRepomd(repomd, shown(address));
  return { state, repomd, signature: await askSignature(address, client, policy) };
}

async function askSignature(address: URL, client: HttpClient, policy: SignaturePolicy): Promise<Buffer | undefined> {
  if (policy.keyrings.length === 0 && !policy.required) return undefined;
  const signature = new URL(address);
  signature.pathname += ".asc";
  try {
    return (await client.document(signature, largestSignature))?.bytes;
  } catch (error) {
    if (error instanceof AttemptFailed && (error.status === 404 || error.status === 410)) return undefined;
    throw error;
  }
}

/** A repository behind http, its files in the cache. */
export class RemoteSource extends BaseSource {
  readonly root = undefined;
  readonly #bases: readonly URL[];
  readonly #client: HttpClient;
  readonly #options: RemoteOptions;
  readonly #state: CacheState;
  readonly #running = new Map<string, Promise<void>>();

  constructor(
    place: RemotePlace,
    traits: Traits,
    cached: CachedRepomd,
    signed: boolean,
    client: HttpClient,
    options: RemoteOptions,
  ) {
    super(traits, cached.repomd, signed);
    this.#state = cached.state;
    const { from, mirrors } = cached.state;
    const bases = new Map<string, URL>();
    // The configured addresses may have credentials, which are not in the cache.
    const given = new Map(place.baseUrls.map((text) => [withoutCredentials(baseUrl(text)), baseUrl(text)]));
    for (const text of [from, ...mirrors]) if (URL.canParse(text)) bases.set(text, given.get(text) ?? baseUrl(text));
    this.#bases = [...bases.values()].slice(0, mostMirrorsAsked);
    this.#client = client;
    this.#options = options;
  }

  protected async locate(entry: RepomdEntry): Promise<LocatedFile> {
    const { algorithm, hex } = needChecksum(entry);
    const expected = { algorithm, hex, size: entry.size };
    return await this.#need(this.#path(expected, "files"), entry.type, entry.location, entry.base, expected);
  }

  protected async renew(entry: RepomdEntry, damage: WeirError): Promise<LocatedFile> {
    if (!this.#options.network) throw damage;
    const { algorithm, hex } = needChecksum(entry);
    await rm(this.#path({ algorithm, hex }, "files"), { force: true });
    return await this.locate(entry);
  }

  async packageFile(address: PackageAddress): Promise<string> {
    const expected = expectedPackage(address);
    const name = basename(address.location);
    if (!/^[^/\0]{1,255}$/.test(name) || name === "." || name === "..")
      urlBelow(this.#bases[0] as URL, address.location);
    const path = join(this.#path(expected, "packages"), name);
    const need = () => this.#need(path, name, address.location, address.base, expected);
    if ((await need()).verified || (await digestFile(path, expected.algorithm)) === expected.hex) return path;
    // The cache's copy is damaged: away with it, and fetch it anew where that is allowed.
    await rm(path, { force: true });
    await need();
    return path;
  }

  /** Errors: `RPMMD_CHECKSUM_UNKNOWN` for what cannot be the name of a file. */
  #path(expected: Pick<Expected, "algorithm" | "hex">, kind: string): string {
    if (!/^[0-9a-f]{32,128}$/.test(expected.hex)) {
      throw new WeirError("RPMMD_CHECKSUM_UNKNOWN", `no ${expected.algorithm}: ${expected.hex.slice(0, 130)}`, {
        where: this.address,
        hints: ["the repository's metadata is damaged, or means harm"],
      });
    }
    return join(this.#options.folder, kind, `${expected.algorithm}-${expected.hex}`);
  }

  async #need(
    path: string,
    what: string,
    location: string,
    base: string | undefined,
    expected: Expected,
  ): Promise<LocatedFile> {
    const info = await stat(path).catch(() => undefined);
    if (info?.isFile() && (expected.size === undefined || info.size === expected.size))
      return { path, verified: false };
    if (!this.#options.network) throw offline(this.address, `${what} of repository ${this.id}`);
    const running = this.#running.get(path) ?? this.#fetch(path, what, location, base, expected);
    this.#running.set(path, running);
    try {
      await running;
    } finally {
      this.#running.delete(path);
    }
    return { path, verified: true };
  }

  async #fetch(
    path: string,
    what: string,
    location: string,
    base: string | undefined,
    expected: Expected,
  ): Promise<void> {
    const addresses: URL[] = [];
    let refusal: unknown;
    for (const mirror of this.#bases) {
      try {
        addresses.push(urlBelow(mirror, location, base));
      } catch (error) {
        refusal ??= error;
      }
    }
    if (addresses.length === 0 && refusal !== undefined) throw refusal;
    const step = (this.#options.progress ?? silentProgress).step(`fetch ${what} of ${this.id}`, expected.size);
    try {
      await download(this.#client, addresses, path, expected, step);
      step.end("done");
    } catch (error) {
      step.end("failed");
      // What repomd.xml names is gone: the repository may have changed, so the next run asks for it whatever its age.
      if (passesToNext(error)) await writeState(this.#options.folder, { ...this.#state, asked: 0 });
      throw error;
    }
  }
}

/** What may be sent back in a header as it came; nothing else is kept. */
function printable(text: string | undefined): string | undefined {
  return isHeaderText(text) ? text : undefined;
}

function withoutCredentials(url: URL): string {
  const clean = new URL(url);
  clean.username = "";
  clean.password = "";
  return clean.href;
}

export function offline(address: string, what: string): WeirError {
  return new WeirError("REPOSITORY_OFFLINE", `${what} is not in the cache, and the network may not be used`, {
    where: address,
    kind: "machine",
    hints: ["allow it with --network"],
  });
}
