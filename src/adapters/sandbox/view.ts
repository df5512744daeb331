import { lstat, mkdir, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { compareText, systemCode, WeirError } from "../../core/index.ts";
import type { SandboxRequest } from "../../engine/build/index.ts";

/** What lies at `/` inside: a link, or a folder or file of the root. */
export interface TopEntry {
  readonly name: string;
  /** Link target, undefined for what is to be bound. */
  readonly link: string | undefined;
}

/** Seen empty or private whatever a root holds there. */
const covered = new Set(["proc", "dev", "sys", "tmp", "run", "build"]);

/** The command's private folders besides the request's own, `/build` excepted. */
export const privateFolders = ["/tmp", "/var/tmp", "/run", "/root"] as const;

/**
 * The entries of `/` for a request: with the machine's /usr the links that a merged /usr has, else the union of the layers' own, the
 * highest layer deciding; sorted by name.
 */
export async function topEntries(request: SandboxRequest): Promise<TopEntry[]> {
  if (request.hostUsr) {
    const links: TopEntry[] = [];
    for (const name of ["bin", "lib", "lib32", "lib64", "libx32", "sbin"]) {
      if (await isFolder(join("/usr", name))) links.push({ name, link: `usr/${name}` });
    }
    return links;
  }
  const entries = new Map<string, TopEntry>();
  for (const layer of request.layers) {
    for (const entry of await readdir(layer, { withFileTypes: true })) {
      if (covered.has(entry.name) || (entry.name === "etc" && request.etc !== undefined)) continue;
      const link = entry.isSymbolicLink() ? await readlink(join(layer, entry.name)) : undefined;
      entries.set(entry.name, { name: entry.name, link });
    }
  }
  return [...entries.values()].sort((a, b) => compareText(a.name, b.name));
}

/** Refuses requests that could not be carried out, before anything starts. Errors: `SANDBOX_REQUEST`. */
export async function checkRequest(request: SandboxRequest): Promise<void> {
  const folders = [...request.layers, ...(request.etc === undefined ? [] : [request.etc])];
  for (const path of [...folders, ...request.binds.map((bind) => bind.from)]) {
    if (!path.startsWith("/")) throw refuse(`not an absolute path: ${path}`);
    const info = await lstat(path).catch(() => undefined);
    if (info === undefined) throw refuse(`does not exist: ${path}`);
  }
  for (const path of [...request.tmpfs, ...request.binds.map((bind) => bind.to), request.cwd]) {
    if (!path.startsWith("/") || path.split("/").includes("..")) throw refuse(`not a path inside: ${path}`);
  }
  if (request.layers.length === 0 && !request.hostUsr) throw refuse("neither layers nor the machine's /usr");
}

function refuse(reason: string): WeirError {
  return new WeirError("SANDBOX_REQUEST", `this cannot be run apart: ${reason}`, { where: reason });
}

/** Makes a folder that only this user may enter, and refuses one that another user owns. Errors: `SANDBOX_SCRATCH`. */
export async function privateFolder(path: string): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw new WeirError("SANDBOX_SCRATCH", `cannot make the folder ${path}: ${systemCode(error) ?? "failed"}`, {
      kind: "machine",
      where: path,
      cause: error,
      hints: ["name a store in a folder that you may write to"],
    });
  });
  const info = await lstat(path);
  const me = process.getuid?.();
  if (!info.isDirectory() || (me !== undefined && info.uid !== me)) {
    throw new WeirError("SANDBOX_SCRATCH", `${path} is not a folder of this user`, {
      kind: "machine",
      where: path,
      hints: [`remove ${path}, or name a store elsewhere`],
    });
  }
  return path;
}

export async function isFolder(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isDirectory() === true;
}
