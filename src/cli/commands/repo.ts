import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { compareText, type Finding, formatNevra, makeReport, type Report, WeirError } from "../../core/index.ts";
import { readRpm } from "../../formats/rpm/index.ts";
import {
  fromRpm,
  hashFiles,
  type PackageMetadata,
  readRepository,
  writeRepository,
} from "../../formats/rpmmd/index.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { commandRules } from "../rules.ts";

export async function list(input: CommandInput, context: CommandContext): Promise<Report> {
  const root = resolve(context.cwd, input.args[0] ?? ".");
  const repository = await readRepository(root);
  const packages = [...repository.packages].sort((a, b) => compareText(formatNevra(a), formatNevra(b)));
  const bytes = packages.reduce((sum, pkg) => sum + pkg.size.package, 0);
  return makeReport("repository", "", {
    summary: [`${packages.length} packages, ${bytes} bytes, revision ${repository.revision}.`],
    tables: [
      {
        id: "packages",
        title: "",
        columns: ["package", "size", "source", "summary"],
        rows: packages.map((pkg) => [formatNevra(pkg), pkg.size.package, pkg.sourceRpm, pkg.summary]),
      },
    ],
    data: {
      schema: "weir/repository/1",
      revision: repository.revision,
      packages: packages.map((pkg) => ({
        name: pkg.name,
        epoch: pkg.epoch,
        version: pkg.version,
        release: pkg.release,
        arch: pkg.arch,
        location: pkg.location,
        sha256: pkg.pkgid,
        size: pkg.size.package,
        sourceRpm: pkg.sourceRpm,
        summary: pkg.summary,
      })),
    },
  });
}

export async function check(input: CommandInput, context: CommandContext): Promise<Report> {
  const { checkClosure } = await import("../../engine/solve/index.ts");
  const repositories = await Promise.all(
    input.args.map((dir) => readRepository(resolve(context.cwd, dir), { id: dir, filelists: true })),
  );
  const total = repositories.reduce((sum, repository) => sum + repository.packages.length, 0);
  if (total === 0) {
    throw new WeirError("REPO_EMPTY", "there is no package to check", {
      hints: ["name a folder whose repodata lists packages"],
    });
  }
  const problems = checkClosure(repositories);
  const findings: Finding[] = problems.map((problem) => ({
    rule: commandRules.CLOSURE001.id,
    severity: commandRules.CLOSURE001.severity,
    subject: problem.nevra,
    message: "requires what nothing provides",
    evidence: problem.missing.map((dep) => ({
      what: dep.op ? `${dep.name} ${dep.op} ${dep.evr}` : dep.name,
      where: problem.repository,
    })),
  }));
  const summary =
    problems.length === 0
      ? `${total} packages, every requirement is provided.`
      : `${problems.length} of ${total} packages are broken.`;
  return makeReport("closure", "", { summary: [summary], findings });
}

export async function create(input: CommandInput, context: CommandContext): Promise<Report> {
  const root = resolve(context.cwd, input.args[0] ?? ".");
  const names = (await readdir(root, { recursive: true }))
    .filter((name) => name.endsWith(".rpm") && !name.endsWith(".src.rpm"))
    .sort(compareText);
  if (names.length === 0) {
    throw new WeirError("REPO_EMPTY", "there is no .rpm file here", {
      where: root,
      hints: ["name the folder that holds the packages"],
    });
  }
  const step = context.progress.step("read packages", names.length);
  const packages = await readPackages(root, names, context.signal, (done) => step.update({ done }));
  step.end("done");
  packages.sort((a, b) => compareText(formatNevra(a), formatNevra(b)) || compareText(a.location, b.location));
  const revision = Number(
    process.env.SOURCE_DATE_EPOCH ?? packages.reduce((last, pkg) => Math.max(last, pkg.time.build), 0),
  );
  if (!context.dryRun) await writeRepository(root, packages, { revision });
  return makeReport("repository", "", {
    summary: [
      `${packages.length} packages ${context.dryRun ? "would be" : "are"} listed in ${join(input.args[0] ?? ".", "repodata")}.`,
    ],
  });
}

async function readPackages(
  root: string,
  names: readonly string[],
  signal: AbortSignal,
  progress: (done: number) => void,
): Promise<PackageMetadata[]> {
  const failed = new AbortController();
  const either = AbortSignal.any([failed.signal, signal]);
  const paths = names.map((name) => join(root, name));
  const hashing = hashFiles(paths, { signal: either, progress });
  // Of what is bad in both ways the header's error is told, whichever comes first.
  hashing.catch(() => undefined);
  const packages: PackageMetadata[] = [];
  try {
    for (const name of names) {
      signal.throwIfAborted();
      packages.push(describe(root, name));
      await new Promise(setImmediate);
    }
  } catch (error) {
    failed.abort(error);
    await hashing.catch(() => undefined);
    throw error;
  }
  const hashed = await hashing;
  return packages.map((pkg, index): PackageMetadata => {
    const { sha256, size } = hashed[index] ?? { sha256: "", size: 0 };
    return { ...pkg, pkgid: sha256, size: { ...pkg.size, package: size } };
  });
}

/** All but the digest. */
function describe(root: string, location: string): PackageMetadata {
  const { package: pkg, headerRange, size } = readRpm({ path: join(root, location) }, location);
  return fromRpm(pkg, { pkgid: "", location, size, fileTime: pkg.buildTime, headerRange });
}
