import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { compareText, digestOf, makeReport, type Progress, type Report, WeirError } from "../../core/index.ts";
import type { Repository } from "../../formats/rpmmd/index.ts";
import {
  auditDockerfile,
  deriveFacts,
  auditReport,
  distTagsOf,
  legacyFacts,
  type LegacyFacts,
  type LegacyImage,
} from "../audit/index.ts";
import {
  buildPackageMap,
  compareDistributions,
  compatReport,
  type CuratedFates,
  openFromRepository,
} from "../compat/index.ts";
import { compileGlob, globMatches, type WeirProject } from "../define/index.ts";
import { createSolver } from "../solve/index.ts";

/** What `weir.toml` says of renames and of packages given up, in the shape that comparison takes. */
export function curatedFates(weir: WeirProject | undefined): CuratedFates {
  return {
    renames: Object.fromEntries(weir?.compat.renames ?? []),
    dropped: Object.fromEntries(weir?.compat.dropped ?? []),
  };
}

/** Compares the distribution being left with the new one. */
export async function compatStage(
  before: Repository,
  after: Repository,
  weir: WeirProject | undefined,
  progress: Progress,
  signal: AbortSignal,
): Promise<Report> {
  const result = await compareDistributions({
    before: { repository: before, open: openFromRepository(before) },
    after: { repository: after, open: openFromRepository(after) },
    ...curatedFates(weir),
    progress,
    signal,
  });
  return compatReport(result);
}

/** What `weir.toml` says for audits, as plain values. */
export function auditFacts(weir: WeirProject | undefined): unknown {
  const audit = weir?.audit;
  return [audit?.commands, audit?.paths, audit?.images].map((map) => [...(map ?? [])]);
}

export interface AuditInput {
  /** Dockerfiles: absolute path, and the name that reports give it. */
  readonly files: readonly { readonly path: string; readonly name: string }[];
  readonly before: Repository;
  readonly target: Repository;
  readonly weir: WeirProject | undefined;
  readonly legacyName: string;
  readonly arch: string;
}

/** Audits Dockerfiles against the new distribution; each file is a section of the report. */
export async function auditStage(input: AuditInput): Promise<Report> {
  const map = buildPackageMap(input.before, input.target, curatedFates(input.weir));
  const solver = createSolver([input.target], input.arch);
  const legacy = await factsOf(input);
  const sections: Report[] = [];
  for (const file of input.files) {
    const text = await readFile(file.path, "utf8");
    const result = await auditDockerfile(text, {
      file: file.name,
      map,
      target: input.target,
      before: input.before,
      legacy,
      solve: (packages) => solver.solve({ install: packages, weak: false }),
      targetDistTag: distTagsOf(input.target)[0],
    });
    sections.push(auditReport(result));
  }
  const [only] = sections;
  if (sections.length === 1 && only) return only;
  return makeReport("audit", "Audit", { summary: [`${sections.length} files.`], sections });
}

/** What is known of the distribution being left: read off its packages, and above that what `weir.toml` says. */
async function factsOf(input: AuditInput): Promise<LegacyFacts> {
  const audit = input.weir?.audit;
  const derived = await deriveFacts(input.before, input.target, openFromRepository(input.before));
  const images: LegacyImage[] = [...(audit?.images ?? [])].map(([pattern, replacement]) => ({ pattern, replacement }));
  return legacyFacts(input.legacyName, {
    ...derived,
    managers: Object.fromEntries(audit?.commands ?? []),
    images,
    osIds: [...new Set([...derived.osIds, input.legacyName])].sort(compareText),
    paths: { ...derived.paths, ...Object.fromEntries(audit?.paths ?? []) },
  });
}

/** The files that `audit.dockerfiles` names, globs followed. Error: `AUDIT_FILE_MISSING` for a plain path that is not there. */
export async function auditFiles(
  weir: WeirProject | undefined,
  root: string,
): Promise<{ path: string; name: string }[]> {
  const found = new Map<string, string>();
  for (const pattern of weir?.audit.dockerfiles ?? []) {
    for (const path of await expand(pattern)) found.set(path, relative(join(root, ".."), path));
  }
  const files = [...found].map(([path, name]) => ({ path, name })).sort((a, b) => compareText(a.name, b.name));
  for (const file of files) {
    await readFile(file.path).catch((error: unknown) => {
      throw new WeirError("AUDIT_FILE_MISSING", `there is no ${basename(file.path)} to audit`, {
        where: file.name,
        hints: ["correct audit.dockerfiles in weir.toml"],
        cause: error,
      });
    });
  }
  return files;
}

async function expand(pattern: string): Promise<string[]> {
  const wildcard = pattern.search(/[*?[{]/);
  if (wildcard < 0) return [pattern];
  const folder = dirname(`${pattern.slice(0, wildcard)}x`);
  const glob = compileGlob(pattern);
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names.map((name) => join(folder, name)).filter((path) => globMatches(glob, path));
}

/** A digest of the files' contents, for fingerprints. */
export async function digestFiles(files: readonly { path: string; name: string }[]): Promise<string> {
  const parts: string[] = [];
  for (const file of files) parts.push(`${file.name} ${digestOf(await readFile(file.path))}`);
  return digestOf(parts.join("\n"));
}
