import { compareText } from "../../core/index.ts";
import { writeComps } from "../../formats/comps/index.ts";
import { type ExtraMetadata, makeRepodata, type RepodataFile } from "../../formats/rpmmd/index.ts";
import type { GatheredPackage } from "./gather.ts";
import { cutGroups } from "./groups.ts";
import type { ComposeRequest, SnapshotRepository } from "./types.ts";

/** One repository of a snapshot, in memory. */
export interface LaidRepository {
  readonly about: SnapshotRepository;
  readonly packages: readonly GatheredPackage[];
  readonly files: readonly RepodataFile[];
}

/** The whole repository first, then the channels by name. Source packages are in channels only. */
export async function layOut(gathered: readonly GatheredPackage[], request: ComposeRequest): Promise<LaidRepository[]> {
  const channels = new Map<string, GatheredPackage[]>();
  for (const name of request.channels ?? []) channels.set(name, []);
  for (const item of gathered) {
    if (item.channel === undefined) continue;
    const list = channels.get(item.channel);
    if (list === undefined) channels.set(item.channel, [item]);
    else list.push(item);
  }
  const binaries = gathered.filter((item) => !item.source);
  const laid = [await layOne("", binaries, request)];
  for (const name of [...channels.keys()].sort(compareText)) {
    laid.push(await layOne(name, channels.get(name) ?? [], request));
  }
  return laid;
}

async function layOne(
  channel: string,
  packages: readonly GatheredPackage[],
  request: ComposeRequest,
): Promise<LaidRepository> {
  const extra: ExtraMetadata[] = channel === "" ? [...(request.extra ?? [])] : [];
  if (request.groups !== undefined) {
    const present = new Set(packages.filter((item) => !item.source).map((item) => item.metadata.name));
    const groups = channel === "" ? request.groups : cutGroups(request.groups, present);
    if (groups.groups.length > 0) extra.unshift({ type: "group", file: "comps.xml", content: writeComps(groups) });
  }
  const files = await makeRepodata(
    packages.map((item) => item.metadata),
    { revision: request.revision, extra },
  );
  const metadata: Record<string, string> = {};
  for (const file of files) if (file.type !== "repomd") metadata[file.type] = file.openSha256;
  const path = channel === "" ? "." : `channels/${channel}`;
  return { about: { channel, path, packages: packages.length, metadata }, packages, files };
}
