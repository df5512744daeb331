import { constants } from "node:fs";
import { copyFile, lstat, mkdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { basename, join } from "node:path";
import {
  canonicalJson,
  digestFile,
  partialMark,
  removePartials,
  systemCode,
  WeirError,
  writeFileSafely,
} from "../../core/index.ts";
import { unpackRpm } from "../../formats/archive/index.ts";
import type { Artifact } from "./types.ts";

/** A build as the store keeps it. */
export interface StoredBuild {
  readonly node: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly srpm: Artifact | undefined;
  readonly rpms: readonly Artifact[];
  readonly log: string;
}

/** The last build of a node, whatever its key: what tells why the next one runs, and how long it may take. */
export interface BuildHistory {
  readonly key: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly milliseconds: number;
}

interface StoredFile {
  readonly file: string;
  readonly sha256: string;
  readonly size: number;
  readonly nevra: string;
}

const merged = ["bin", "sbin", "lib", "lib64"] as const;

/**
 * A content-addressed folder: `builds/<key>` (rpms/, srpm/, build.log, result.json), `trees/<sha256 of a package>` (unpacked, seen as
 * layers), `roots`, `etc`, `macros` by digest, `history/<node>.json`, `dynamic/<key>.json`, `failed/<node>`. Everything comes in by one
 * rename, so that a kill at any moment leaves whole entries only. Errors: `STORE_UNWRITABLE`.
 */
export class BuildStore {
  readonly root: string;
  readonly #making = new Map<string, Promise<string>>();

  private constructor(root: string) {
    this.root = root;
  }

  /** Opens or makes a store and removes what interrupted runs left half-written. */
  static async open(root: string): Promise<BuildStore> {
    try {
      for (const name of ["builds", "trees", "roots", "etc", "macros", "work", "failed", "history", "dynamic"]) {
        await mkdir(join(root, name), { recursive: true });
      }
    } catch (error) {
      throw new WeirError("STORE_UNWRITABLE", `the store cannot be written to (${systemCode(error) ?? "failed"})`, {
        where: root,
        kind: "machine",
        cause: error,
        hints: ["name a store in a folder that you may write to"],
      });
    }
    const store = new BuildStore(root);
    for (const name of ["builds", "trees", "roots", "etc", "macros", "work", "history", "dynamic"]) {
      await removePartials(join(root, name));
    }
    return store;
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  /** Fills a folder once: what is there already is taken as it is; of two who fill it, the first to end wins. */
  ensureFolder(kind: string, name: string, fill: (folder: string) => Promise<void>): Promise<string> {
    const path = this.path(kind, name);
    const running = this.#making.get(path);
    if (running !== undefined) return running;
    const made = this.#ensure(path, fill).finally(() => this.#making.delete(path));
    this.#making.set(path, made);
    return made;
  }

  async #ensure(path: string, fill: (folder: string) => Promise<void>): Promise<string> {
    if ((await lstat(path).catch(() => undefined)) !== undefined) return path;
    const partial = await this.#partial(join(path, ".."));
    try {
      await fill(partial);
      await renameUnlessThere(partial, path);
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      throw error;
    }
    return path;
  }

  async #partial(folder: string): Promise<string> {
    const path = join(folder, partialMark + randomBytes(6).toString("hex"));
    await mkdir(path);
    return path;
  }

  /** A private folder for one build, to be removed by the caller. */
  workFolder(): Promise<string> {
    return this.#partial(this.path("work"));
  }

  /**
   * The unpacked payload of a package, by the digest of its file. Folders of a root that is not merged (`/bin`, `/lib` …) come to lie
   * in `usr/`. Errors: `BUILDROOT_PACKAGE_MISSING`, `BUILDROOT_PACKAGE_DIGEST`, those of `unpackRpm`.
   */
  tree(artifact: Pick<Artifact, "path" | "sha256" | "nevra">): Promise<string> {
    return this.ensureFolder("trees", artifact.sha256, async (folder) => {
      await checkDigest(artifact);
      for (const name of merged) {
        await mkdir(join(folder, "usr", name), { recursive: true });
        await symlink(`usr/${name}`, join(folder, name));
      }
      await unpackRpm(artifact.path, folder, { where: artifact.nevra, modes: "accessible" });
    });
  }

  /** The build with this key, if it is there, complete, and every file has the digest that was recorded. */
  async find(key: string): Promise<StoredBuild | undefined> {
    const folder = this.path("builds", key);
    const record = parseRecord(await readFile(join(folder, "result.json"), "utf8").catch(() => ""));
    if (record === undefined || record.key !== key) return undefined;
    const restore = async (below: string, stored: StoredFile): Promise<Artifact | undefined> => {
      const path = join(folder, below, stored.file);
      const info = await lstat(path).catch(() => undefined);
      if (!info?.isFile() || info.size !== stored.size || (await digestFile(path)) !== stored.sha256) return undefined;
      return { ...stored, path };
    };
    const rpms = await Promise.all(record.rpms.map((stored) => restore("rpms", stored)));
    const srpm = record.srpm === null ? undefined : await restore("srpm", record.srpm);
    if (!rpms.every((artifact) => artifact !== undefined) || (record.srpm !== null && srpm === undefined))
      return undefined;
    return { node: record.node, inputs: record.inputs, srpm, rpms, log: join(folder, "build.log") };
  }

  /** Takes in a build: its files are copied, the entry appears at once or not at all; an entry that is not believed is replaced. */
  async put(key: string, build: StoredBuild): Promise<StoredBuild> {
    const partial = await this.#partial(this.path("builds"));
    try {
      const keep = async (below: string, artifact: Artifact): Promise<StoredFile> => {
        await mkdir(join(partial, below), { recursive: true });
        await copyFile(artifact.path, join(partial, below, artifact.file), constants.COPYFILE_FICLONE);
        return { file: artifact.file, sha256: artifact.sha256, size: artifact.size, nevra: artifact.nevra };
      };
      const rpms: StoredFile[] = [];
      for (const artifact of build.rpms) rpms.push(await keep("rpms", artifact));
      const srpm = build.srpm === undefined ? null : await keep("srpm", build.srpm);
      await copyFile(build.log, join(partial, "build.log"));
      const record = { schema: "weir/build/1", key, node: build.node, inputs: build.inputs, srpm, rpms };
      await writeFileSafely(join(partial, "result.json"), `${canonicalJson(record, 1)}\n`);
      await rm(this.path("builds", key), { recursive: true, force: true });
      await renameUnlessThere(partial, this.path("builds", key));
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      throw error;
    }
    const stored = await this.find(key);
    if (stored !== undefined) return stored;
    throw new WeirError("STORE_DAMAGED", `what was just written cannot be read back: ${key}`, {
      where: this.path("builds", key),
      kind: "machine",
      hints: ["check the disk, then build again"],
    });
  }

  async history(node: string): Promise<BuildHistory | undefined> {
    const record = parseJson(await readFile(this.#historyPath(node), "utf8").catch(() => ""));
    if (typeof record?.key !== "string" || typeof record.milliseconds !== "number") return undefined;
    if (!isTextMap(record.inputs)) return undefined;
    return { key: record.key, inputs: record.inputs, milliseconds: record.milliseconds };
  }

  async noteHistory(node: string, history: BuildHistory): Promise<void> {
    await writeFileSafely(this.#historyPath(node), `${canonicalJson(history, 1)}\n`);
  }

  /** The requirements that %generate_buildrequires gave for a key, if it ran before. */
  async dynamicRequires(key: string): Promise<string[] | undefined> {
    const record = parseJson(await readFile(this.path("dynamic", `${key}.json`), "utf8").catch(() => ""));
    const requires = record?.requires;
    return Array.isArray(requires) && requires.every((item) => typeof item === "string") ? requires : undefined;
  }

  async noteDynamicRequires(key: string, requires: readonly string[]): Promise<void> {
    await writeFileSafely(this.path("dynamic", `${key}.json`), `${canonicalJson({ requires }, 1)}\n`);
  }

  #historyPath(node: string): string {
    return this.path("history", `${fileNameOf(node)}.json`);
  }
}

/** What is kept under a digest must have it, whoever stated the digest. */
async function checkDigest({ path, sha256, nevra }: Pick<Artifact, "path" | "sha256" | "nevra">): Promise<void> {
  const actual = await digestFile(path).catch((error: unknown) => {
    throw new WeirError("BUILDROOT_PACKAGE_MISSING", `${nevra} is named and its file cannot be read`, {
      where: path,
      cause: error,
      hints: ["make the repository's metadata anew, or fetch the repository again"],
    });
  });
  if (actual === sha256) return;
  throw new WeirError("BUILDROOT_PACKAGE_DIGEST", `${nevra} is not the file that its repository describes`, {
    where: path,
    hints: ["make the repository's metadata anew, or fetch the repository again"],
  });
}

/** Puts a folder in place; where another has been put there meanwhile, that one stays and this one is removed. */
async function renameUnlessThere(partial: string, path: string): Promise<void> {
  try {
    await rename(partial, path);
  } catch (error) {
    if (!["EEXIST", "ENOTEMPTY"].includes(systemCode(error) ?? "")) throw error;
    await rm(partial, { recursive: true, force: true });
  }
}

/** A node's id as a file name. */
export function fileNameOf(node: string): string {
  return encodeURIComponent(node).replace(/^\./, "%2E");
}

type JsonRecord = Readonly<Record<string, unknown>>;

function parseJson(text: string): JsonRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonRecord) : undefined;
  } catch {
    return undefined;
  }
}

interface BuildRecord {
  readonly key: string;
  readonly node: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly srpm: StoredFile | null;
  readonly rpms: readonly StoredFile[];
}

function parseRecord(text: string): BuildRecord | undefined {
  const record = parseJson(text);
  if (record?.schema !== "weir/build/1" || typeof record.key !== "string" || typeof record.node !== "string")
    return undefined;
  const { key, node, inputs, srpm, rpms } = record;
  if (!isTextMap(inputs) || !Array.isArray(rpms) || !rpms.every(isStoredFile)) return undefined;
  if (srpm !== null && !isStoredFile(srpm)) return undefined;
  return { key, node, inputs, srpm, rpms };
}

function isStoredFile(value: unknown): value is StoredFile {
  if (typeof value !== "object" || value === null) return false;
  const { file, sha256, size, nevra } = value as Partial<StoredFile>;
  if (typeof file !== "string" || typeof sha256 !== "string" || typeof nevra !== "string") return false;
  return (
    basename(file) === file && file.endsWith(".rpm") && /^[0-9a-f]{64}$/.test(sha256) && Number.isSafeInteger(size)
  );
}

function isTextMap(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === "object" && value !== null && Object.values(value).every((item) => typeof item === "string");
}
