import { link, mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  canonicalJson,
  copyFileSafely,
  digestOf,
  makeReport,
  type Progress,
  type Report,
  systemCode,
  WeirError,
  writeFolderSafely,
} from "../../core/index.ts";
import { type KiwiSelection, readKiwi, selectKiwi } from "../../formats/kiwi/index.ts";
import type { Repository } from "../../formats/rpmmd/index.ts";
import type { Sandbox } from "../build/index.ts";
import type { Profile, Project, WeirProject } from "../define/index.ts";
import { type BuiltImage, buildImage, imageFiles } from "../image/index.ts";
import { solve, type Solution } from "../solve/index.ts";
import type { StageBook } from "./stage-book.ts";

export interface ImageStageInput {
  readonly project: Project;
  readonly weir: WeirProject;
  readonly repository: Repository;
  readonly snapshotDigest: string;
  readonly revision: number;
  readonly arch: string;
  readonly sandbox: Sandbox;
  readonly book: StageBook;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** One image of this run. */
export interface StagedImage {
  readonly profile: string;
  readonly image: BuiltImage;
  readonly fresh: boolean;
  readonly reason: string;
  /** Folder of the OCI layout, relative to the out folder. */
  readonly folder: string;
  readonly sbom: string;
  readonly report: Report;
}

/**
 * Builds the image of each profile whose kiwi description makes a container. The first profile's layout is `<out>/image`, that of others
 * `<out>/images/<profile>`. Profiles for machines are told as skips. Errors: `IMAGE_NOT_IN_DEFINITION`, `IMAGE_UNSOLVABLE`, those of the room.
 */
export async function imageStage(
  input: ImageStageInput,
  out: string,
): Promise<{ images: StagedImage[]; skipped: Report | undefined }> {
  const images: StagedImage[] = [];
  const skips: { subject: string; reason: string }[] = [];
  for (const [name, profile] of [...input.weir.profiles].sort(
    ([a], [b]) => orderOf(a) - orderOf(b) || (a < b ? -1 : 1),
  )) {
    const described = await describe(input, profile, name);
    if (described.selection.type.container === undefined) {
      skips.push({
        subject: `profile ${name}`,
        reason: `images of type ${described.selection.type.image} are not built yet`,
      });
      continue;
    }
    images.push(await oneImage(input, out, name, profile, described, images.length === 0 ? "image" : `images/${name}`));
  }
  await removeOthers(
    join(out, "images"),
    images.map((item) => item.profile),
  );
  const skipped = skips.length === 0 ? undefined : makeReport("images", "Images not built", { skips });
  return { images, skipped };
}

/** The profile called `container` comes first. */
function orderOf(name: string): number {
  return name === "container" ? 0 : 1;
}

interface Described {
  readonly selection: KiwiSelection;
  readonly digest: string;
}

async function describe(input: ImageStageInput, profile: Profile, name: string): Promise<Described> {
  const config = input.project.images.get(profile.image);
  if (config?.definition === undefined) {
    throw new WeirError(
      "IMAGE_NOT_IN_DEFINITION",
      `profile ${name} is of image ${profile.image}, which has no description`,
      {
        where: profile.origin,
        hints: [`images: ${[...input.project.images.keys()].join(", ") || "none"}`],
      },
    );
  }
  const bytes = await readFile(config.definition.path);
  const { profile: kiwiProfile } = config.definition;
  const selection = selectKiwi(readKiwi(bytes, config.definition.path.slice(input.project.root.length + 1)), {
    ...(kiwiProfile === undefined ? {} : { profiles: [kiwiProfile] }),
    arch: input.arch,
    container: config.capabilities.container === true,
  });
  return { selection, digest: digestOf(bytes) };
}

async function oneImage(
  input: ImageStageInput,
  out: string,
  name: string,
  profile: Profile,
  described: Described,
  folder: string,
): Promise<StagedImage> {
  const stage = `image-${name}`;
  const made = join(out, ".weir/images", name);
  const inputs = {
    "package snapshot": input.snapshotDigest,
    "image description": described.digest,
    profile: digestOf(canonicalJson({ ...profile, origin: undefined })),
    architecture: input.arch,
  };
  const state = await input.book.check(stage, inputs);
  const step = input.progress.step(`image ${name}`);
  try {
    if (!state.fresh || !(await isPublished(made, join(out, folder)))) {
      await buildImage(
        {
          name: profile.image,
          selection: described.selection,
          solution: closure(input, profile, described.selection, name),
          repositories: [input.repository],
          arch: input.arch,
          services: { enable: profile.enable, disable: profile.disable },
          sourceDateEpoch: input.revision,
          distribution: input.project.defaultDistro.name,
          annotations: { "io.github.weir.snapshot": input.snapshotDigest },
        },
        { sandbox: input.sandbox, work: join(out, ".weir/work"), progress: step, signal: input.signal },
        made,
      );
      await publish(join(made, imageFiles.layout), join(out, folder));
      await input.book.finish(stage, inputs, [
        join(".weir/images", name, imageFiles.about),
        join(folder, "index.json"),
      ]);
    }
  } catch (error) {
    step.end("failed");
    throw error;
  }
  const image = JSON.parse(await readFile(join(made, imageFiles.about), "utf8")) as BuiltImage;
  step.end(
    state.fresh ? "unchanged" : "done",
    `${image.packages.length} packages, ${image.layerSize} bytes; ${state.reason}`,
  );
  const sbom = await readFile(join(made, imageFiles.sbom), "utf8");
  return { profile: name, image, ...state, folder, sbom, report: imageReport(name, image) };
}

function closure(input: ImageStageInput, profile: Profile, selection: KiwiSelection, name: string): Solution {
  const install = [...new Set([...selection.install, ...selection.bootstrap, ...profile.packages])];
  const solution = solve({
    install,
    repositories: [input.repository],
    arch: input.arch,
    weak: profile.weakDependencies,
    exclude: selection.ignored,
  });
  const [problem] = solution.problems;
  if (problem === undefined) return solution;
  throw new WeirError(
    "IMAGE_UNSOLVABLE",
    `the packages of profile ${name} cannot be installed together: ${problem.message}`,
    {
      where: profile.origin,
      hints: [...problem.chain, ...problem.hints],
    },
  );
}

/** Puts the layout in its place; blobs are linked, not copied, where the file system allows. */
async function publish(layout: string, target: string): Promise<void> {
  await writeFolderSafely(target, async (folder) => {
    const entries = await readdir(layout, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name).slice(layout.length + 1);
      if (entry.isDirectory()) await mkdir(join(folder, path), { recursive: true });
    }
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const from = join(entry.parentPath, entry.name);
      const to = join(folder, from.slice(layout.length + 1));
      await link(from, to).catch(async (error: unknown) => {
        if (!["EXDEV", "EPERM", "EMLINK", "ENOTSUP"].includes(systemCode(error) ?? "")) throw error;
        await copyFileSafely(from, to);
      });
    }
  });
}

/** Whether every file of the layout is at its published place with the size it has there. */
async function isPublished(made: string, target: string): Promise<boolean> {
  const layout = join(made, imageFiles.layout);
  const entries = await readdir(layout, { recursive: true, withFileTypes: true }).catch(() => []);
  if (entries.length === 0) return false;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const from = join(entry.parentPath, entry.name);
    const [a, b] = await Promise.all([
      stat(from),
      stat(join(target, from.slice(layout.length + 1))).catch(() => undefined),
    ]);
    if (b === undefined || a.size !== b.size) return false;
  }
  return true;
}

async function removeOthers(folder: string, wanted: readonly string[]): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!wanted.includes(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

function imageReport(name: string, image: BuiltImage): Report {
  return makeReport(`image-${name}`, `Image ${name}`, {
    summary: [
      `${image.reference}: ${image.packages.length} packages, ${image.entries} entries, ${image.contentSize} bytes of content, ${image.layerSize} compressed.`,
      `Manifest ${image.manifest}.`,
      image.enabledUnits.length === 0 ? "No service is enabled." : `Enabled: ${image.enabledUnits.join(", ")}.`,
    ],
    tables: [
      {
        id: `image-${name}-packages`,
        title: "Packages in it",
        columns: ["package", "bytes", "sha256"],
        rows: image.packages.map((pkg) => [pkg.nevra, pkg.size, pkg.sha256.slice(0, 16)]),
      },
    ],
    findings: image.findings,
    skips: image.skips,
  });
}
