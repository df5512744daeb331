import { link, mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  canonicalJson,
  copyFileSafely,
  digestOf,
  formatNevra,
  systemCode,
  writeFileSafely,
  writeFolderSafely,
} from "../../core/index.ts";
import { checkChannel, gather } from "./gather.ts";
import { type LaidRepository, layOut } from "./layout.ts";
import { isPublished } from "./published.ts";
import { snapshotFile } from "./snapshot.ts";
import type { Composed, ComposeRequest, Snapshot } from "./types.ts";

/**
 * Publishes packages as `<out>/repo`: an rpm-md repository of all binary packages, and below `channels/<name>/` one of each channel. Every
 * repository holds its packages itself (hard links of one file), so that each can be served alone. The folder is made
 * beside and put in place as a whole; where the same snapshot is there already nothing is written. Equal input gives equal bytes.
 * Errors: `COMPOSE_DUPLICATE`, `COMPOSE_FILE_NAME`, `COMPOSE_CHANNEL_NAME`, `RPMMD_EXTRA_NAME`, and those of reading packages.
 */
export async function compose(request: ComposeRequest, out: string): Promise<Composed> {
  for (const name of request.channels ?? []) checkChannel(name);
  const laid = await layOut(await gather(request.packages), request);
  const snapshot = describeSnapshot(laid, request.revision);
  const root = join(out, "repo");
  const text = `${canonicalJson(snapshot, 1)}\n`;
  if (await isPublished(root, text, laid)) return { snapshot, root, changed: false };
  await writeFolderSafely(root, async (folder) => {
    for (const repository of laid) await publish(join(folder, repository.about.path), repository);
    await writeFileSafely(join(folder, snapshotFile), text);
  });
  return { snapshot, root, changed: true };
}

function describeSnapshot(laid: readonly LaidRepository[], revision: number): Snapshot {
  const seen = new Set<string>();
  const packages = laid
    .flatMap((repository) => repository.packages)
    .filter((item) => {
      const key = `${item.source}\0${item.metadata.location}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    })
    .map(({ metadata, channel }) => ({
      nevra: formatNevra(metadata),
      location: metadata.location,
      sha256: metadata.pkgid,
      size: metadata.size.package,
      sourceRpm: metadata.sourceRpm,
      channel: channel ?? null,
    }));
  const rest = {
    schema: "weir/snapshot/1" as const,
    revision,
    repositories: laid.map((repository) => repository.about),
    packages,
  };
  return { ...rest, digest: digestOf(canonicalJson(rest)) };
}

async function publish(folder: string, repository: LaidRepository): Promise<void> {
  const made = new Set<string>();
  for (const item of repository.packages) {
    const target = join(folder, item.metadata.location);
    if (!made.has(dirname(target))) {
      await mkdir(dirname(target), { recursive: true });
      made.add(dirname(target));
    }
    await placePackage(item.path, target);
  }
  await mkdir(join(folder, "repodata"), { recursive: true });
  for (const file of repository.files) await writeFileSafely(join(folder, "repodata", file.name), file.content);
}

const noLink: ReadonlySet<string> = new Set(["EXDEV", "EPERM", "EMLINK", "ENOTSUP", "EOPNOTSUPP", "EACCES"]);

/** A hard link where the file is readable by all and links are possible, else a copy. */
async function placePackage(from: string, to: string): Promise<void> {
  const { mode } = await stat(from);
  if ((mode & 0o444) === 0o444) {
    try {
      await link(from, to);
      return;
    } catch (error) {
      if (!noLink.has(systemCode(error) ?? "")) throw error;
    }
  }
  await copyFileSafely(from, to);
}
