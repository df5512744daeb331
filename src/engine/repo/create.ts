import { availableParallelism } from "node:os";
import { join } from "node:path";
import { messageOf, type Skip, WeirError } from "../../core/index.ts";
import { type ExtraMetadata, packDocuments, type RepodataFile } from "../../formats/rpmmd/write-repodata.ts";
import { documentFrame } from "../../formats/rpmmd/write-xml.ts";
import { DigestThread } from "./digest-share.ts";
import { type FoundPackage, findPackages, statPackage } from "./find-packages.ts";
import { documentTypes, type Indexed, type IndexedPackage, indexPackages } from "./index-packages.ts";
import type { PackageWriting } from "./previous.ts";
import { publishRepodata } from "./publish.ts";
import type { CreatedChannel, CreatedRepository, CreateRequest } from "./types.ts";

const usualWorkers = 4;
const mostWorkers = 64;
/** Bytes to be read from which a second thread gains more than its start takes: what one thread reads in some 60 ms. */
const worthThreads = 96 << 20;

/**
 * Makes the metadata of a folder of packages and puts it in place. Equal packages under equal names give equal bytes, whatever their
 * times and however many threads read them. Packages are listed by location. Errors: `REPO_EMPTY`, `REPO_BROKEN_PACKAGES` and those of
 * finding, reading, splitting and writing.
 */
export async function createRepository(request: CreateRequest): Promise<CreatedRepository> {
  const { root } = request;
  const writing = {
    checksum: request.checksum ?? "sha256",
    changelogLimit: request.changelogLimit ?? 10,
    baseUrl: request.baseUrl ?? "",
  } as const;
  const files = await findPackages(root, request.exclude);
  if (files.length === 0) {
    const less = request.exclude !== undefined && request.exclude.length > 0;
    throw new WeirError("REPO_EMPTY", "there is no .rpm file here", {
      where: root,
      hints: [less ? "exclude less, or name another folder" : "name the folder that holds the packages"],
    });
  }
  if (request.update === true && request.sign === undefined) {
    const { upToDate } = await import("./previous.ts");
    const made = await upToDate(request, files, writing);
    if (made !== undefined) return { ...made, kept: files.length, skips: [] };
  }
  const { indexed, kept, extra } = await gather(files, request, writing);
  const { packages, skips } = sortOut(indexed, request.skipBroken ?? false);
  const time = request.time ?? packages.reduce((last, pkg) => Math.max(last, pkg.buildTime), 0);
  const revision = request.revision ?? String(time);
  const publish = async (channel: string, list: readonly IndexedPackage[], more: readonly ExtraMetadata[]) =>
    await publishOne(request, { channel, packages: list, extra: more, time, revision });
  const split =
    request.channels && (await import("./split.ts")).splitByChannel(packages, request.channels, writing.baseUrl !== "");
  const { channels, left } = (await split) ?? { channels: [], left: [] };
  const whole = await publish("", packages, extra);
  const repositories = [whole.made];
  for (const { name, packages: list, names } of channels) {
    repositories.push((await publish(name, list, await cutExtra(extra, names))).made);
  }
  skips.push(...left.map((subject) => ({ subject, reason: "no channel takes it" })));
  const bytes = packages.reduce((sum, pkg) => sum + pkg.size, 0);
  const made = { packages: packages.length, bytes, revision, repositories };
  if (request.update === true && request.dryRun !== true) {
    const { saveState } = await import("./previous.ts");
    await saveState(request, whole.repomd, packages, writing, made);
  }
  return { ...made, kept, skips };
}

/** Threads beside this one, where there is enough to read that their start pays. */
function startThreads(files: readonly FoundPackage[], request: CreateRequest): DigestThread[] {
  const workers = Math.min(mostWorkers, request.workers ?? Math.min(usualWorkers, availableParallelism()));
  if (workers < 2) return [];
  let bytes = 0;
  for (const file of files) {
    bytes += statPackage(file.path)?.size ?? 0;
    if (bytes >= worthThreads) return Array.from({ length: workers - 1 }, () => new DigestThread());
  }
  return [];
}

/** All packages in the order of the files, and metadata beyond them by type. */
async function gather(
  files: readonly FoundPackage[],
  request: CreateRequest,
  writing: PackageWriting & Pick<Required<CreateRequest>, "checksum">,
): Promise<{ indexed: readonly Indexed[]; kept: number; extra: readonly ExtraMetadata[] }> {
  const known: (IndexedPackage | undefined)[] = [];
  let extra = request.extra ?? [];
  if (request.update === true) {
    const { readPrevious, unchanged } = await import("./previous.ts");
    const previous = await readPrevious(request.root, writing);
    for (const file of files) known.push(unchanged(previous, file));
    const given = new Set(extra.map((item) => item.type));
    extra = [...extra, ...previous.extra.filter((item) => !given.has(item.type))];
  }
  const rest = files.filter((_, index) => known[index] === undefined);
  const fresh = await indexPackages(rest, {
    checksum: writing.checksum,
    changelogLimit: writing.changelogLimit,
    base: writing.baseUrl,
    threads: startThreads(rest, request),
    signal: request.signal,
    progress: (done) => request.progress?.(done, rest.length),
  });
  let next = 0;
  const indexed = files.map((_, index): Indexed => {
    const pkg = known[index];
    return pkg === undefined ? (fresh[next++] as Indexed) : { package: pkg };
  });
  const rank = (item: ExtraMetadata) => order.indexOf(item.type) + 1 || order.length + 1;
  return { indexed, kept: files.length - rest.length, extra: [...extra].sort((a, b) => rank(a) - rank(b)) };
}

const order = ["group", "modules", "updateinfo"];

interface Publication {
  readonly channel: string;
  readonly packages: readonly IndexedPackage[];
  readonly extra: readonly ExtraMetadata[];
  readonly time: number;
  readonly revision: string;
}

async function publishOne(
  request: CreateRequest,
  { channel, packages, extra, time, revision }: Publication,
): Promise<{ made: CreatedChannel; repomd: Uint8Array }> {
  const { compression, checksum, simpleNames, tags } = request;
  const files: RepodataFile[] = await packDocuments([...documentsOf(packages), ...extra], {
    revision: time,
    revisionText: revision,
    ...(compression === undefined ? {} : { compression }),
    ...(checksum === undefined ? {} : { checksum }),
    ...(simpleNames === undefined ? {} : { simpleNames }),
    ...(tags === undefined ? {} : { tags }),
  });
  const repomd = files.at(-1)?.content ?? new Uint8Array(0);
  const signature = await request.sign?.(repomd, time);
  request.signal?.throwIfAborted();
  const changed = request.dryRun === true || (await publishRepodata(join(request.root, channel), files, signature));
  const made = files.map(({ type, name, content }) => ({ type, name, size: content.length }));
  return { made: { channel, packages: packages.length, files: made, changed }, repomd };
}

/** What a channel gets of the metadata beyond packages: groups, cut down to what is in it. */
async function cutExtra(extra: readonly ExtraMetadata[], names: ReadonlySet<string>): Promise<ExtraMetadata[]> {
  const groups = extra.find((item) => item.type === "group");
  if (groups === undefined) return [];
  const { parseComps, writeComps } = await import("../../formats/comps/index.ts");
  const { cutGroups } = await import("../compose/index.ts");
  const cut = cutGroups(parseComps(Buffer.from(groups.content), groups.file), names);
  return cut.groups.length === 0 ? [] : [{ ...groups, content: writeComps(cut) }];
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
