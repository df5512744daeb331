import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson, digestOf, writeFileSafely } from "../../core/index.ts";

const schema = "weir/repository-cache/1";
const mostMirrors = 100;

/** What is known of a repository behind http since it was last asked. */
export interface CacheState {
  /** sha256 of repomd.xml, hex. */
  readonly repomd: string;
  /** When it was last asked for, milliseconds since the epoch. */
  readonly asked: number;
  /** The folder that repomd.xml came from, and all that may be asked, the best first. Without credentials. */
  readonly from: string;
  readonly mirrors: readonly string[];
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

export interface CachedRepomd {
  readonly state: CacheState;
  readonly repomd: Buffer;
  readonly signature: Buffer | undefined;
}

/** Reads what the cache holds; undefined where it holds nothing or nothing whole. */
export async function readCached(folder: string): Promise<CachedRepomd | undefined> {
  try {
    const state = readState(JSON.parse(await readFile(join(folder, "state.json"), "utf8")) as unknown);
    if (state === undefined) return undefined;
    const repomd = await readFile(join(folder, `repomd-${state.repomd}.xml`));
    if (digestOf(repomd) !== state.repomd) return undefined;
    const signature = await readFile(join(folder, `repomd-${state.repomd}.xml.asc`)).catch(() => undefined);
    return { state, repomd, signature };
  } catch {
    return undefined;
  }
}

/** The state comes last, so that it never names what is not there. */
export async function writeCached(folder: string, cached: CachedRepomd): Promise<void> {
  const file = join(folder, `repomd-${cached.state.repomd}.xml`);
  await writeFileSafely(file, cached.repomd);
  if (cached.signature !== undefined) await writeFileSafely(`${file}.asc`, cached.signature);
  await writeState(folder, cached.state);
}

export async function writeState(folder: string, state: CacheState): Promise<void> {
  await writeFileSafely(join(folder, "state.json"), `${canonicalJson({ schema, ...state }, 2)}\n`);
}

function readState(value: unknown): CacheState | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const record = value as Readonly<Record<string, unknown>>;
  const { repomd, asked, from, mirrors, etag, lastModified } = record;
  if (record.schema !== schema || typeof repomd !== "string" || !/^[0-9a-f]{64}$/.test(repomd)) return undefined;
  if (typeof asked !== "number" || typeof from !== "string" || !Array.isArray(mirrors)) return undefined;
  return {
    repomd,
    asked,
    from,
    mirrors: mirrors.filter((item): item is string => typeof item === "string").slice(0, mostMirrors),
    ...(typeof etag === "string" ? { etag } : {}),
    ...(typeof lastModified === "string" ? { lastModified } : {}),
  };
}
