import { digestOf, WeirError } from "../../core/index.ts";
import {
  looksLikeMetalink,
  type Metalink,
  type MetalinkState,
  parseMetalink,
  parseMirrorlist,
} from "../../formats/repofile/index.ts";
import { digestAlgorithm } from "../../formats/rpmmd/index.ts";
import { httpUrl, type HttpClient, shown } from "./http.ts";
import { noMirror, passesToNext } from "./download.ts";
import { baseUrl, folderOfRepomd } from "./location.ts";

const largestList = 16 << 20;

/** Where a repository behind http may be asked for. */
export interface RemotePlace {
  readonly baseUrls: readonly string[];
  readonly mirrorlist: string | undefined;
  readonly metalink: string | undefined;
}

export interface Mirrors {
  /** Best first, each once. */
  readonly bases: readonly URL[];
  readonly metalink: Metalink | undefined;
}

/**
 * Finds the folders to ask: those of the metalink or the mirror list, then the base addresses. Errors: `METALINK_MALFORMED`,
 * `REPOSITORY_NO_MIRROR`, `REPOSITORY_UNREACHABLE`, `REPOSITORY_BAD_ADDRESS`.
 */
export async function findMirrors(client: HttpClient, place: RemotePlace): Promise<Mirrors> {
  const bases = new Map<string, URL>();
  let metalink: Metalink | undefined;
  const list = place.metalink ?? place.mirrorlist;
  if (list !== undefined) {
    const url = httpUrl(list);
    const bytes = await fetchList(client, url);
    if (place.metalink !== undefined || looksLikeMetalink(bytes)) {
      metalink = parseMetalink(bytes, shown(url));
      for (const { url: address } of metalink.urls) {
        const base = folderOfRepomd(address);
        if (base !== undefined) bases.set(base.href, base);
      }
    } else {
      for (const address of parseMirrorlist(bytes)) {
        if (/^https?:/i.test(address) && URL.canParse(address)) bases.set(baseUrl(address).href, baseUrl(address));
      }
    }
    if (bases.size === 0 && place.baseUrls.length === 0) {
      throw new WeirError("REPOSITORY_NO_MIRROR", `${shown(url)} names no mirror over http or https`, {
        where: shown(url),
        kind: "remote",
        hints: ["compare the address with the distribution's, its release and architecture above all"],
      });
    }
  }
  for (const address of place.baseUrls) bases.set(baseUrl(address).href, baseUrl(address));
  return { bases: [...bases.values()], metalink };
}

async function fetchList(client: HttpClient, url: URL): Promise<Buffer> {
  try {
    return (await client.document(url, largestList))?.bytes ?? Buffer.alloc(0);
  } catch (error) {
    if (!passesToNext(error)) throw error;
    throw noMirror(shown(url), [{ address: url, error }]);
  }
}

const strong = ["sha512", "sha384", "sha256"] as const;

/** Whether these bytes are a repomd.xml that the metalink vouches for. Errors: `METALINK_WEAK` when it has no checksum of worth. */
export function vouchedFor(bytes: Uint8Array, metalink: Metalink, where: string): boolean {
  if (!strong.some((algorithm) => hashOf(metalink, algorithm) !== undefined)) {
    throw new WeirError("METALINK_WEAK", "the metalink has no sha256, sha384 or sha512 of repomd.xml", {
      where,
      hints: ["use the repository's base address instead"],
    });
  }
  return [metalink, ...metalink.alternates].some((state) => {
    if (state.size !== undefined && state.size !== bytes.length) return false;
    for (const algorithm of strong) {
      const hash = hashOf(state, algorithm);
      if (hash !== undefined) return digestOf(bytes, algorithm) === hash;
    }
    return false;
  });
}

function hashOf(state: MetalinkState, algorithm: string): string | undefined {
  return state.hashes.find((hash) => digestAlgorithm(hash.type) === algorithm)?.value;
}
