import { compareText } from "../../core/index.ts";
import type { Repository } from "../../formats/rpmmd/index.ts";
import { PackageIndex, type PackageOpener } from "../compat/index.ts";
import { distTagsOf } from "./legacy.ts";
import type { LegacyFacts } from "./types.ts";

const osRelease = /^\/(?:usr\/lib|etc)\/os-release$/;

/**
 * What the legacy distribution's own packages say of it: dist tags, repository ids and key files that the target does not have, release
 * files, the release number, and with `open` the ID and NAME of os-release. Lists are sorted. To be merged with a project's own words.
 * Errors: those of the opener.
 */
export async function deriveFacts(
  before: Repository,
  target: Repository,
  open?: PackageOpener,
): Promise<Pick<LegacyFacts, "distTags" | "repositoryIds" | "keyFiles" | "releases" | "osIds" | "paths">> {
  const old = new PackageIndex(before);
  const now = new PackageIndex(target);
  const repositoryIds = new Set<string>();
  const keyFiles = new Set<string>();
  const releases = new Set<string>();
  const osIds = new Set<string>();
  const paths = new Map<string, string>();
  for (const pkg of old.packages()) {
    let describes = false;
    for (const { path } of pkg.files) {
      if (osRelease.test(path)) describes = true;
      if (now.owners(path).length > 0) continue;
      const repository = /^\/etc\/yum\.repos\.d\/([^/]+)\.repo$/.exec(path)?.[1];
      const key = /^\/etc\/pki\/rpm-gpg\/([^/]+)$/.exec(path)?.[1];
      if (repository !== undefined) repositoryIds.add(repository);
      if (key !== undefined) keyFiles.add(key);
      if (/^\/etc\/[^/]+-release$/.test(path)) paths.set(path, "/etc/os-release");
    }
    if (!describes) continue;
    releases.add(pkg.version);
    const opened = await open?.(pkg);
    if (!opened) continue;
    for await (const { bytes } of opened.contents((file) => osRelease.test(file.path) && file.size < 65_536)) {
      for (const name of identities(Buffer.from(bytes).toString("utf8"))) osIds.add(name);
    }
  }
  const sorted = (set: Iterable<string>) => [...set].sort(compareText);
  return {
    distTags: distTagsOf(before),
    repositoryIds: sorted(repositoryIds),
    keyFiles: sorted(keyFiles),
    releases: sorted(releases),
    osIds: sorted(osIds),
    paths: Object.fromEntries([...paths].sort((a, b) => compareText(a[0], b[0]))),
  };
}

/** ID and NAME of an os-release file (os-release(5)). */
function identities(text: string): string[] {
  const found: string[] = [];
  for (const line of text.split("\n")) {
    const value = /^(?:ID|NAME)=(?:"([^"]{1,200})"|'([^']{1,200})'|([\w.-]{1,200}))\s*$/.exec(line);
    const name = value?.[1] ?? value?.[2] ?? value?.[3];
    if (name !== undefined) found.push(name);
  }
  return found;
}
