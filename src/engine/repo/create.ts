import { availableParallelism } from "node:os";
import { messageOf, type Skip, WeirError } from "../../core/index.ts";
import { packDocuments } from "../../formats/rpmmd/write-repodata.ts";
import type { ExtraMetadata } from "../../formats/rpmmd/write-repodata.ts";
import { documentFrame } from "../../formats/rpmmd/write-xml.ts";
import { DigestThread } from "./digest-share.ts";
import { findPackages } from "./find-packages.ts";
import { documentTypes, type Indexed, type IndexedPackage, indexPackages } from "./index-packages.ts";
import { publishRepodata } from "./publish.ts";
import type { CreatedRepository, CreateRequest } from "./types.ts";

const mostWorkers = 4;

/**
 * Makes the metadata of a folder of packages and puts it in place. Equal packages under equal names give equal bytes, whatever their
 * times and however many threads read them. Packages are listed by location. Errors: `REPO_EMPTY`, `REPO_BROKEN_PACKAGES` and those of finding,
 * reading and writing.
 */
export async function createRepository(request: CreateRequest): Promise<CreatedRepository> {
  const workers = request.workers ?? Math.min(mostWorkers, availableParallelism());
  // They start while the folders are listed.
  const threads = Array.from({ length: workers - 1 }, () => new DigestThread());
  try {
    return await createWith(request, threads);
  } finally {
    await Promise.all(threads.map((thread) => thread.stop()));
  }
}

async function createWith(request: CreateRequest, threads: readonly DigestThread[]): Promise<CreatedRepository> {
  const files = await findPackages(request.root, request.exclude);
  if (files.length === 0) {
    throw new WeirError("REPO_EMPTY", "there is no .rpm file here", {
      where: request.root,
      hints: [
        request.exclude?.length ? "exclude less, or name another folder" : "name the folder that holds the packages",
      ],
    });
  }
  const indexed = await indexPackages(files, {
    ...(request.checksum === undefined ? {} : { checksum: request.checksum }),
    ...(request.changelogLimit === undefined ? {} : { changelogLimit: request.changelogLimit }),
    ...(request.baseUrl === undefined ? {} : { base: request.baseUrl }),
    threads,
    signal: request.signal,
    progress: (done) => request.progress?.(done, files.length),
  });
  const { packages, skips } = sortOut(indexed, request.skipBroken ?? false);
  const time = request.time ?? packages.reduce((last, pkg) => Math.max(last, pkg.buildTime), 0);
  const revision = request.revision ?? String(time);
  const made = await packDocuments([...documentsOf(packages), ...(request.extra ?? [])], {
    revision: time,
    revisionText: revision,
    ...(request.compression === undefined ? {} : { compression: request.compression }),
    ...(request.checksum === undefined ? {} : { checksum: request.checksum }),
    ...(request.simpleNames === undefined ? {} : { simpleNames: request.simpleNames }),
    ...(request.tags === undefined ? {} : { tags: request.tags }),
  });
  request.signal?.throwIfAborted();
  const changed = request.dryRun === true ? true : await publishRepodata(request.root, made);
  return {
    packages: packages.length,
    bytes: packages.reduce((sum, pkg) => sum + pkg.size, 0),
    revision,
    files: made.map(({ type, name, content }) => ({ type, name, size: content.length })),
    skips,
    changed,
  };
}

/** The three documents over packages in the order given. */
export function documentsOf(packages: readonly IndexedPackage[]): ExtraMetadata[] {
  return documentTypes.map((type) => {
    const { start, end } = documentFrame(type, packages.length);
    const content = Buffer.concat([
      Buffer.from(start),
      ...packages.map((pkg) => pkg.fragments[type]),
      Buffer.from(end),
    ]);
    return { type, file: `${type}.xml`, content };
  });
}

function sortOut(indexed: readonly Indexed[], skipBroken: boolean): { packages: IndexedPackage[]; skips: Skip[] } {
  const packages: IndexedPackage[] = [];
  const broken: { location: string; error: unknown }[] = [];
  for (const item of indexed) {
    if ("package" in item) packages.push(item.package);
    else if (item.error instanceof WeirError) broken.push(item);
    else throw item.error;
  }
  if (broken.length > 0 && !skipBroken) throw brokenPackages(broken, indexed.length);
  return { packages, skips: broken.map(({ location, error }) => ({ subject: location, reason: messageOf(error) })) };
}

const mostNamed = 50;

function brokenPackages(broken: readonly { location: string; error: unknown }[], total: number): unknown {
  const [first] = broken;
  if (first === undefined || broken.length === 1) return first?.error;
  const named = broken.slice(0, mostNamed).map(({ location, error }) => `${location}: ${messageOf(error)}`);
  if (broken.length > mostNamed) named.push(`and ${broken.length - mostNamed} more`);
  return new WeirError("REPO_BROKEN_PACKAGES", `${broken.length} of ${total} packages cannot be read`, {
    where: first.location,
    hints: [...named, "fetch them again, or leave them out with --skip-broken"],
    cause: first.error,
  });
}
