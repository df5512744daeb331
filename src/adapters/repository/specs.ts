import { existsSync, type Stats, statSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { compareText, digestOf, systemCode, WeirError } from "../../core/index.ts";
import { parseRepoFile, refuseVariables, type RepoSection, repoVariables } from "../../formats/repofile/index.ts";
import { badAddress, httpUrl, shown } from "./http.ts";
import { baseUrl } from "./location.ts";
import type { RemotePlace } from "./mirrors.ts";
import { plainTraits, type Traits } from "./traits.ts";
import type { RepositoryOptions } from "./types.ts";

/** A repository that a spec means, not yet opened. */
export interface Candidate {
  readonly traits: Traits;
  /** Absolute folder, or where to ask. */
  readonly place: { readonly folder: string } | { readonly remote: RemotePlace };
  /** Its section, where a `.repo` file named it, and whether that file lies on this machine. */
  readonly section: RepoSection | undefined;
  readonly local: boolean;
}

const largestRepoFile = 4 << 20;

/** Fetches a `.repo` file; the caller knows the network and the cache. */
export type FetchRepoFile = (url: URL) => Promise<Buffer>;

/** What one spec means, in the order of its file where it is one. Errors: see `openRepositories`. */
export async function candidatesOf(
  spec: string,
  options: RepositoryOptions,
  fetchRepoFile: FetchRepoFile,
): Promise<Candidate[]> {
  const [, id, rest] = /^([A-Za-z0-9][A-Za-z0-9_.:-]{0,199})=(.+)$/s.exec(spec) ?? [];
  if (id !== undefined && rest !== undefined && !existsSync(resolve(options.cwd, spec))) {
    const found = await candidatesOf(rest, options, fetchRepoFile);
    return found.map((candidate) => {
      // A name of the user's own is for one repository; a file with several keeps theirs.
      return found.length === 1 ? { ...candidate, traits: { ...candidate.traits, id } } : candidate;
    });
  }
  if (/^https?:/i.test(spec)) return await remoteSpec(httpUrl(spec), options, fetchRepoFile);
  if (/^file:/i.test(spec)) return await localSpec(pathOfFileUrl(spec), spec, options);
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(spec))
    throw badAddress(spec, "repositories are read from folders and over http and https");
  return await localSpec(resolve(options.cwd, spec), spec, options);
}

async function remoteSpec(url: URL, options: RepositoryOptions, fetchRepoFile: FetchRepoFile): Promise<Candidate[]> {
  if (url.pathname.endsWith(".repo")) return sections(await fetchRepoFile(url), shown(url), false, options);
  const traits = plainTraits(idOfUrl(url), shown(url));
  const empty: RemotePlace = { baseUrls: [], mirrorlist: undefined, metalink: undefined };
  const remote: RemotePlace = url.pathname.endsWith("/metalink")
    ? { ...empty, metalink: url.href }
    : url.pathname.endsWith("/mirrorlist")
      ? { ...empty, mirrorlist: url.href }
      : { ...empty, baseUrls: [baseUrl(url.href).href] };
  return [{ traits, place: { remote }, section: undefined, local: false }];
}

async function localSpec(path: string, spec: string, options: RepositoryOptions): Promise<Candidate[]> {
  const info = statOf(path);
  if (info?.isFile() && path.endsWith(".repo")) {
    if (info.size > largestRepoFile) throw notFound(spec, "it is too large for a .repo file");
    return sections(await readFile(path), spec, true, options);
  }
  if (info?.isDirectory()) {
    if (existsSync(join(path, "repodata", "repomd.xml"))) {
      const traits = plainTraits(basename(path) || "root", spec);
      return [{ traits, place: { folder: path }, section: undefined, local: true }];
    }
    if (existsSync(join(path, "repomd.xml")))
      throw notFound(spec, "it is the repodata folder itself: name the folder around it");
    const files = (await readdir(path)).filter((name) => name.endsWith(".repo")).sort(compareText);
    const found: Candidate[] = [];
    for (const file of files) found.push(...(await localSpec(join(path, file), join(spec, file), options)));
    if (files.length > 0) return found;
  }
  throw notFound(spec, info === undefined ? "there is nothing of that name" : "it holds no repodata/repomd.xml");
}

function sections(bytes: Buffer, file: string, local: boolean, options: RepositoryOptions): Candidate[] {
  const variables = repoVariables(options.arch, options.releasever, options.variables);
  const { repositories, skips } = parseRepoFile(bytes, file, variables);
  for (const skip of skips) options.onSkip?.(skip);
  const enabled = repositories.filter((section) => section.enabled);
  if (enabled.length === 0) {
    const ids = repositories.map((section) => section.id);
    throw new WeirError("REPOSITORY_NONE_ENABLED", `${file} enables no repository`, {
      where: file,
      hints: [
        ids.length === 0 ? "it has no [section] at all" : `set enabled=1 for one of ${ids.slice(0, 20).join(", ")}`,
      ],
    });
  }
  return enabled.map((section) => candidateOf(section, file, local, options));
}

function candidateOf(section: RepoSection, file: string, local: boolean, options: RepositoryOptions): Candidate {
  const { baseUrls, mirrorlist, metalink } = section;
  for (const address of [...baseUrls, mirrorlist ?? "", metalink ?? ""]) refuseVariables(address, section.id);
  const [first] = baseUrls;
  const address = metalink ?? mirrorlist ?? first;
  if (address === undefined) {
    throw new WeirError("REPOSITORY_NO_ADDRESS", `repository ${section.id} has no baseurl, mirrorlist or metalink`, {
      where: file,
      hints: ["add baseurl= with the folder that holds repodata/"],
    });
  }
  const traits = (text: string): Traits => ({
    id: section.id,
    name: section.name,
    address: text,
    priority: section.priority,
    cost: section.cost,
    excludes: section.excludes,
    includepkgs: section.includepkgs,
    moduleHotfixes: section.moduleHotfixes,
    gpgcheck: section.gpgcheck,
    gpgkeys: section.gpgkeys,
    repoGpgcheck: section.repoGpgcheck,
    metadataExpire: section.metadataExpire,
  });
  if (metalink === undefined && mirrorlist === undefined && first !== undefined && isLocalAddress(first)) {
    if (!local) throw badAddress(first, `${file} came over the network and may not name folders of this machine`);
    for (const other of baseUrls.slice(1)) {
      options.onSkip?.({ subject: section.id, reason: `${other} is not used: ${first} comes first` });
    }
    const folder = first.startsWith("/") ? first : pathOfFileUrl(first);
    return { traits: traits(first), place: { folder }, section, local };
  }
  const remote = baseUrls.filter((text) => !isLocalAddress(text));
  if (remote.length < baseUrls.length) {
    options.onSkip?.({
      subject: section.id,
      reason: "folders among its addresses are not used beside those of the network",
    });
  }
  const list = metalink ?? mirrorlist;
  const place: RemotePlace = { baseUrls: remote.map((text) => baseUrl(text).href), mirrorlist, metalink };
  return { traits: traits(shown(httpUrl(list ?? remote[0] ?? ""))), place: { remote: place }, section, local };
}

export function isLocalAddress(address: string): boolean {
  return /^file:/i.test(address) || address.startsWith("/");
}

/** Errors: `REPOSITORY_BAD_ADDRESS` for a file address of another host, or none at all. */
export function pathOfFileUrl(address: string): string {
  try {
    const url = new URL(address);
    url.search = "";
    url.hash = "";
    return fileURLToPath(url);
  } catch {
    throw badAddress(address, "it is no file address of this machine");
  }
}

/** The folder of the cache for one place. */
export function cacheName(id: string, place: RemotePlace): string {
  const identity = [place.metalink ?? "", place.mirrorlist ?? "", ...place.baseUrls].join("\n");
  return `${id.replace(/[^A-Za-z0-9._-]+/g, "_").slice(0, 80)}-${digestOf(identity).slice(0, 16)}`;
}

function idOfUrl(url: URL): string {
  const text = `${url.host}${url.pathname}${url.search}`.replace(/[^A-Za-z0-9.]+/g, "_").replace(/^[_.]+|[_.]+$/g, "");
  return text.slice(0, 200);
}

/** Undefined where there is nothing. */
function statOf(path: string): Stats | undefined {
  if (path.includes("\0")) return undefined;
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOTDIR" || code === "ENAMETOOLONG" || code === "ELOOP") return undefined;
    throw error;
  }
}

function notFound(spec: string, why: string): WeirError {
  return new WeirError("REPOSITORY_NOT_FOUND", `${spec} is no repository: ${why}`, {
    where: spec,
    hints: ["name a folder that holds repodata/, a .repo file, or an http(s) address"],
  });
}
