import { resolve } from "node:path";
import { compareText, type Finding, formatNevra, makeReport, type Report, WeirError } from "../../core/index.ts";
import { readRepository } from "../../formats/rpmmd/index.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { openMetadata } from "../open-metadata.ts";
import { commandRules } from "../rules.ts";

export async function list(input: CommandInput, context: CommandContext): Promise<Report> {
  const opened = await openMetadata(input.args[0] ?? ".", input, context);
  const revision = opened.sources.map((source) => source.repomd.revision).join(", ");
  const packages = [...opened.packages].sort((a, b) => compareText(formatNevra(a), formatNevra(b)));
  const bytes = packages.reduce((sum, pkg) => sum + pkg.size.package, 0);
  return makeReport("repository", "", {
    summary: [`${packages.length} packages, ${bytes} bytes, revision ${revision}.`],
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
      revision,
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
