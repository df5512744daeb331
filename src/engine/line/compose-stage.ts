import { compareText, parseNevra, type Progress } from "../../core/index.ts";
import { type Repository, readRepository } from "../../formats/rpmmd/index.ts";
import type { Artifact, BuiltNode } from "../build/index.ts";
import { compose, type Composed, type ComposePackage } from "../compose/index.ts";
import { channelOf, sourceChannelOf } from "./channels.ts";
import type { Definition } from "./types.ts";

export interface ComposeInput {
  readonly definition: Definition;
  /** Final nodes only: bootstrap builds are not published. */
  readonly built: readonly (BuiltNode & { readonly component: string })[];
  /** Packages of the base runtime. */
  readonly base: readonly Artifact[];
  /** Seconds since the epoch: the newest source. */
  readonly revision: number;
}

export interface ComposeStage extends Composed {
  readonly repository: Repository;
}

/** Publishes what was built as `<out>/repo`, with its channels below. */
export async function composeStage(input: ComposeInput, out: string, progress: Progress): Promise<ComposeStage> {
  const { project, weir } = input.definition;
  const packages: ComposePackage[] = [];
  for (const node of input.built) {
    for (const rpm of node.rpms) packages.push(published(rpm, channelOf(project, node.component, nameOf(rpm))));
    if (node.srpm) packages.push(published(node.srpm, sourceChannelOf(project, node.component)));
  }
  const baseChannel = weir?.channels.has("base") ? "base" : project.defaultPublish["rpm-channel"];
  for (const rpm of input.base) packages.push(published(rpm, rpm.file.endsWith(".src.rpm") ? undefined : baseChannel));
  packages.sort((a, b) => compareText(a.path.slice(a.path.lastIndexOf("/")), b.path.slice(b.path.lastIndexOf("/"))));
  const step = progress.step("compose");
  try {
    const composed = await compose(
      { packages, channels: [...(weir?.channels.keys() ?? [])], revision: input.revision },
      out,
    );
    const repository = await readRepository(composed.root, { id: project.defaultDistro.name, filelists: true });
    const note = `${repository.packages.length} packages, ${composed.snapshot.repositories.length - 1} channels`;
    step.end(composed.changed ? "done" : "unchanged", note);
    return { ...composed, repository };
  } catch (error) {
    step.end("failed");
    throw error;
  }
}

function published(artifact: Artifact, channel: string | undefined): ComposePackage {
  return { path: artifact.path, sha256: artifact.sha256, ...(channel === undefined ? {} : { channel }) };
}

function nameOf(artifact: Artifact): string {
  return parseNevra(artifact.nevra)?.name ?? artifact.nevra;
}
