import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { allFindings, canonicalJson, digestOf, type Report, writeFileSafely } from "../../core/index.ts";
import { imageStage } from "./image-stage.ts";
import { auditFacts, auditFiles, auditStage, compatStage, curatedFates, digestFiles } from "./judge-stages.ts";
import type { StageBook, StageInputs } from "./stage-book.ts";
import { count, type Walk, type Walked } from "./walk.ts";

/** Builds the images of the definition's profiles. */
export async function walkImages(walk: Walk, main: Walked): Promise<{ sections: Report[]; sbom: string | undefined }> {
  const { out, arch, progress, signal, labels } = walk.options;
  const { weir, project } = main.definition;
  if (weir === undefined || weir.profiles.size === 0 || main.composed === undefined)
    return { sections: [], sbom: undefined };
  const { snapshot, repository } = main.composed;
  const { images, skipped } = await imageStage(
    {
      project,
      weir,
      repository,
      snapshotDigest: snapshot.digest,
      revision: snapshot.revision,
      arch,
      sandbox: walk.sandbox,
      book: walk.book(out),
      progress,
      signal,
    },
    out,
  );
  for (const { profile, image, fresh, reason, folder } of images) {
    const did = `${image.packages.length} packages, ${Math.round(image.layerSize / 1e5) / 10} MB compressed`;
    walk.note(`image ${profile}`, !fresh, did, reason, `skopeo inspect oci:${join(labels.out, folder)}`);
  }
  const sections = images.map((item) => item.report);
  return { sections: skipped === undefined ? sections : [...sections, skipped], sbom: images[0]?.sbom };
}

/** Compares with the legacy distribution and audits users' files, or takes the reports of the last run where nothing changed. */
export async function walkJudgement(walk: Walk, main: Walked, legacy: Walked): Promise<Report[]> {
  const { out, progress, signal, arch, labels } = walk.options;
  if (main.composed === undefined || legacy.composed === undefined) return [];
  const before = legacy.composed.repository;
  const after = main.composed.repository;
  const { weir, project } = main.definition;
  const book = walk.book(out);
  const inputs = {
    "legacy snapshot": legacy.composed.snapshot.digest,
    "new snapshot": main.composed.snapshot.digest,
    "curated fates": digestOf(canonicalJson(curatedFates(weir))),
  };
  const compat = await rememberReport(book, out, "compat", inputs, () =>
    compatStage(before, after, weir, progress, signal),
  );
  const repositories = `${join(labels.out, "legacy/repo")} ${join(labels.out, "repo")}`;
  walk.note(
    "compat",
    !compat.fresh,
    compat.report.summary[0] ?? "",
    compat.reason,
    `${labels.tool} compat compare ${repositories} -C ${labels.definition}`,
  );
  if (!walk.wants("audit")) return [compat.report];
  const files = await auditFiles(weir, project.root);
  if (files.length === 0) return [compat.report];
  const auditInputs = {
    ...inputs,
    "audited files": await digestFiles(files),
    "audit facts": digestOf(canonicalJson(auditFacts(weir))),
  };
  const legacyName = legacy.definition.project.defaultDistro.name;
  const audit = await rememberReport(book, out, "audit", auditInputs, () =>
    auditStage({ files, before, target: after, weir, legacyName, arch }),
  );
  const options = `--legacy ${join(labels.out, "legacy/repo")} --target ${join(labels.out, "repo")} -C ${labels.definition}`;
  const did = `${count(files.length, "file")}, ${count(allFindings(audit.report).length, "finding")}`;
  walk.note(
    "audit",
    !audit.fresh,
    did,
    audit.reason,
    `${labels.tool} audit file ${join(labels.definition, relative(project.root, files[0]?.path ?? ""))} ${options}`,
  );
  return [compat.report, audit.report];
}

/** A report that is made again only when one of its inputs changed; kept under `.weir`. */
async function rememberReport(
  book: StageBook,
  out: string,
  stage: string,
  inputs: StageInputs,
  make: () => Promise<Report>,
): Promise<{ report: Report; fresh: boolean; reason: string }> {
  const file = join(".weir", `${stage}.json`);
  const state = await book.check(stage, inputs);
  if (state.fresh) return { report: JSON.parse(await readFile(join(out, file), "utf8")) as Report, ...state };
  const report = await make();
  await writeFileSafely(join(out, file), canonicalJson(report));
  await book.finish(stage, inputs, [file]);
  return { report, fresh: false, reason: state.reason };
}
