import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  canonicalJson,
  compareText,
  digestOf,
  type Finding,
  type Skip,
  sortFindings,
  withStep,
  writeFileSafely,
  writeFolderSafely,
} from "../../core/index.ts";
import {
  blobPath,
  describeBlob,
  encodeOci,
  ociLayoutFile,
  ociMediaType,
  ociPlatform,
} from "../../formats/oci/index.ts";
import { fileState, writeRpmdb } from "../../formats/rpmdb/index.ts";
import { checkConflicts } from "./conflicts.ts";
import { makeConfig, makeAnnotations, referenceOf } from "./describe.ts";
import { erasePackage, installPackages, isNoDoc } from "./install.ts";
import { type WrittenLayer, writeLayer } from "./layer.ts";
import { type OpenedPackage, openPackages } from "./open-packages.ts";
import { installOrder } from "./order.ts";
import { imageRules } from "./rules.ts";
import { RootTree } from "./root-tree.ts";
import { type SbomSubject, writeSbom } from "./sbom.ts";
import { ScriptletRunner } from "./scriptlets.ts";
import { applyTmpfiles } from "./tmpfiles.ts";
import type { BuiltImage, ImageContext, ImageRequest } from "./types.ts";
import { applyPresets } from "./units.ts";

/** Where the files of a built image lie below its folder. */
export const imageFiles = { layout: "oci", sbom: "sbom.cdx.json", about: "image.json" } as const;

/**
 * Builds a container image: packages installed into a root without being root, their scriptlets run apart, accounts, temporary files and
 * units set up, then one layer with configuration and manifest. `out` becomes a folder with the OCI image layout `oci/`, the bill of
 * materials `sbom.cdx.json` (also in the image, below /usr/share/sbom) and what {@link BuiltImage} says, `image.json`. Equal input gives
 * equal bytes. Errors: `IMAGE_UNSOLVED`, `IMAGE_REPOSITORY_UNKNOWN`, `IMAGE_PACKAGE_MISSING`, `IMAGE_PACKAGE_CHANGED`,
 * `IMAGE_FILE_CONFLICT`,
 * `IMAGE_SCRIPTLET_FAILED`, `IMAGE_CONFLICT`, and those of unpacking packages.
 */
export async function buildImage(request: ImageRequest, context: ImageContext, out: string): Promise<BuiltImage> {
  const root = join(context.work, `root-${digestOf(request.name).slice(0, 12)}`);
  await rm(root, { recursive: true, force: true });
  await mkdir(root, { recursive: true, mode: 0o755 });
  try {
    const opened = await openPackages(request.solution, request.repositories, context.signal);
    checkConflicts(opened);
    const tree = new RootTree(root, request.sourceDateEpoch);
    const content = await fillRoot(tree, opened, request, context);
    let built: BuiltImage | undefined;
    await withStep(context.progress, "archive", () =>
      writeFolderSafely(out, async (folder) => {
        built = await writeImage(folder, tree, content, request);
      }),
    );
    return built as unknown as BuiltImage;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

interface RootContent {
  /** What the image holds at the end, in the order of installation. */
  readonly packages: readonly OpenedPackage[];
  readonly enabledUnits: readonly string[];
  readonly findings: readonly Finding[];
  readonly skips: readonly Skip[];
  readonly sbom: string;
}

async function fillRoot(
  tree: RootTree,
  opened: readonly OpenedPackage[],
  request: ImageRequest,
  context: ImageContext,
): Promise<RootContent> {
  const { sourceDateEpoch: epoch, selection } = request;
  const { order } = installOrder(opened.map((item) => item.head.package));
  const sorted = order.map((i) => opened[i] as OpenedPackage);
  const runner = new ScriptletRunner(tree, context.sandbox, { work: context.work, epoch, signal: context.signal });
  const skips: Skip[] = await installPackages(tree, sorted, runner, {
    excludeDocs: selection.excludeDocs,
    epoch,
    progress: context.progress,
    signal: context.signal,
  });
  const leaving = new Set([...selection.delete, ...selection.uninstall]);
  const packages = sorted.filter((item) => !leaving.has(item.head.package.name));
  for (const item of [...sorted].reverse()) {
    if (leaving.has(item.head.package.name)) await erasePackage(tree, item, packages, runner);
  }
  skips.push(...applyTmpfiles(tree));
  const units = applyPresets(tree, request.services);
  skips.push(...units.skips);
  for (const name of selection.collections) {
    skips.push({ subject: `group ${name}`, reason: "groups of packages in an image description are not expanded" });
  }
  await renewCaches(tree, runner);
  const { requires } = installOrder(packages.map((item) => item.head.package));
  const sbom = writeSbom(
    subjectOf(tree, request),
    packages.map((item, i) => ({ package: item.head.package, sha256: item.sha256, requires: requires[i] ?? [] })),
  );
  tree.write(`/usr/share/sbom/${safeName(request.name)}.cdx.json`, sbom, { origin: "sbom" });
  if (request.packageDatabase !== false) writeDatabase(tree, packages, request);
  return {
    packages,
    enabledUnits: units.enabled,
    findings: runner.findings,
    skips: [...skips, ...runner.skips],
    sbom,
  };
}

/** The loader's cache follows the libraries that are there at the end; what differs from run to run is removed. */
async function renewCaches(tree: RootTree, runner: ScriptletRunner): Promise<void> {
  await runner.renewLoaderCache();
  for (const path of ["/var/cache/ldconfig/aux-cache", "/etc/.pwd.lock"]) if (tree.isFile(path)) tree.remove(path);
  if ((tree.read("/etc/machine-id") ?? "") !== "") tree.write("/etc/machine-id", "", { origin: "machine-id" });
}

function writeDatabase(tree: RootTree, packages: readonly OpenedPackage[], request: ImageRequest): void {
  const records = packages.map(({ head }) => ({
    header: head.header,
    signature: head.signature,
    installTime: request.sourceDateEpoch,
    fileStates: Uint8Array.from(head.package.files, (file) =>
      request.selection.excludeDocs && !isNoDoc(file) ? fileState.notInstalled : fileState.normal,
    ),
    color: request.arch === "x86_64" ? 3 : 0,
  }));
  tree.write("/usr/lib/sysimage/rpm/rpmdb.sqlite", writeRpmdb(records), { origin: "rpmdb" });
}

function subjectOf(tree: RootTree, request: ImageRequest): SbomSubject {
  const release = tree.read("/usr/lib/os-release") ?? tree.read("/etc/os-release") ?? "";
  const version = /^VERSION_ID="?([^"\n]*)"?$/m.exec(release)?.[1] ?? "";
  return {
    name: request.name,
    version: request.selection.version,
    distribution: request.distribution,
    distributionVersion: version,
    epoch: request.sourceDateEpoch,
  };
}

function safeName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, "_").replace(/^\.+/, "_") || "image";
}

async function writeImage(
  folder: string,
  tree: RootTree,
  content: RootContent,
  request: ImageRequest,
): Promise<BuiltImage> {
  const layout = join(folder, imageFiles.layout);
  await mkdir(join(layout, "blobs/sha256"), { recursive: true });
  const partial = join(layout, "blobs/layer");
  const layer = await writeLayer(tree, request.sourceDateEpoch, partial);
  const layerDigest = `sha256:${layer.digest}`;
  await rename(partial, join(layout, blobPath(layerDigest)));
  const config = encodeOci(makeConfig(request, `sha256:${layer.diffId}`));
  const configBlob = describeBlob(ociMediaType.config, config);
  const annotations = makeAnnotations(request);
  const manifest = encodeOci({
    schemaVersion: 2,
    mediaType: ociMediaType.manifest,
    config: configBlob,
    layers: [{ mediaType: ociMediaType.layerGzip, digest: layerDigest, size: layer.size }],
    annotations,
  });
  const manifestBlob = describeBlob(ociMediaType.manifest, manifest, {
    platform: ociPlatform(request.arch),
    annotations: {
      "org.opencontainers.image.ref.name": layoutTag(request),
      "io.containerd.image.name": referenceOf(request),
    },
  });
  const index = encodeOci({ schemaVersion: 2, mediaType: ociMediaType.index, manifests: [manifestBlob] });
  await writeFileSafely(join(layout, blobPath(configBlob.digest)), config);
  await writeFileSafely(join(layout, blobPath(manifestBlob.digest)), manifest);
  await writeFileSafely(join(layout, "index.json"), index);
  await writeFileSafely(join(layout, "oci-layout"), ociLayoutFile);
  await writeFileSafely(join(folder, imageFiles.sbom), content.sbom);
  const built: BuiltImage = {
    schema: "weir/image/1",
    name: request.name,
    arch: request.arch,
    reference: referenceOf(request),
    manifest: manifestBlob.digest,
    config: configBlob.digest,
    layer: layerDigest,
    diffId: `sha256:${layer.diffId}`,
    layerSize: layer.size,
    contentSize: layer.contentSize,
    entries: layer.entries,
    packages: await packagesOf(content.packages),
    enabledUnits: content.enabledUnits,
    sbom: `sha256:${digestOf(content.sbom)}`,
    findings: sortFindings([...content.findings, ...ownerFindings(layer)]),
    skips: sortSkips(content.skips),
  };
  await writeFileSafely(join(folder, imageFiles.about), `${canonicalJson(built, 1)}\n`);
  return built;
}

async function packagesOf(packages: readonly OpenedPackage[]): Promise<BuiltImage["packages"]> {
  const all = await Promise.all(
    packages.map(async ({ nevra, sha256, path }) => ({ nevra, sha256, size: (await stat(path)).size })),
  );
  return all.sort((a, b) => compareText(a.nevra, b.nevra));
}

function ownerFindings(layer: WrittenLayer): Finding[] {
  return [...layer.unknownOwners.entries()].map(([owner, paths]) => ({
    rule: imageRules.IMAGE002.id,
    severity: imageRules.IMAGE002.severity,
    subject: owner,
    message: `no account stands for the ${owner}; ${paths.length} of its files belong to root in the image`,
    evidence: paths.slice(0, 10).map((path) => ({ what: path })),
    remedy: imageRules.IMAGE002.remedy,
  }));
}

function sortSkips(skips: readonly Skip[]): Skip[] {
  return [...skips].sort((a, b) => compareText(a.subject, b.subject) || compareText(a.reason, b.reason));
}

/** The one tag that the layout is found by: `latest` where the description lists it among its names, as tools ask for it by default. */
function layoutTag(request: ImageRequest): string {
  const container = request.selection.type.container;
  if (container === undefined || container.additionalNames.some((name) => name.endsWith(":latest"))) return "latest";
  return container.tag;
}
