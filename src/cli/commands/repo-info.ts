import { makeReport, type Report } from "../../core/index.ts";
import { describeRepository, type RepositoryInfo } from "../../engine/repo/index.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { hasSignature, openMetadata } from "../open-metadata.ts";

export async function info(input: CommandInput, context: CommandContext): Promise<Report> {
  const opened = await openMetadata(input.args[0] ?? ".", input, context);
  const reports: Report[] = [];
  for (const source of opened.sources) {
    // Of several repositories each has its own page.
    const single =
      opened.sources.length === 1 ? opened : await openMetadata(`${source.id}=${source.address}`, input, context);
    const described = describeRepository(source.repomd, single.packages);
    reports.push(
      reportOf(source.id, source.address, described, signatureOf(source.signed, await hasSignature(source))),
    );
  }
  const [only] = reports;
  if (only !== undefined && reports.length === 1) return { ...only, skips: opened.skips };
  return makeReport("repository", "", { sections: reports, skips: opened.skips });
}

function signatureOf(verified: boolean, there: boolean): "verified" | "not verified" | "none" {
  return verified ? "verified" : there ? "not verified" : "none";
}

function reportOf(id: string, address: string, info: RepositoryInfo, signature: string): Report {
  const tags = [...info.tags.distro.map((distro) => distro.name), ...info.tags.content, ...info.tags.repo];
  const facts: (readonly [string, string | number])[] = [
    ["id", id],
    ["address", address],
    ["revision", info.revision],
    ["date", info.timestamp === undefined ? "unknown" : dateOf(info.timestamp)],
    ["packages", info.packages],
    ["names", info.names],
    ["source packages", info.sources],
    ["bytes", info.bytes],
    ["bytes installed", info.installedBytes],
    ["oldest build", info.oldest === undefined ? "none" : `${dateOf(info.oldest.buildTime)} ${info.oldest.nevra}`],
    ["newest build", info.newest === undefined ? "none" : `${dateOf(info.newest.buildTime)} ${info.newest.nevra}`],
    ["tags", tags.length === 0 ? "none" : tags.join(", ")],
    ["signature", signature],
  ];
  return makeReport("repository", id, {
    summary: [`${info.packages} packages, ${info.bytes} bytes, revision ${info.revision}.`],
    tables: [
      { id: "facts", title: "", columns: ["what", "value"], rows: facts },
      {
        id: "arches",
        title: "Architectures",
        columns: ["architecture", "packages", "bytes"],
        rows: info.arches.map((row) => [row.arch, row.packages, row.bytes]),
      },
      {
        id: "metadata",
        title: "Metadata",
        columns: ["type", "bytes", "opened", "checksum", "file"],
        rows: info.metadata.map((row) => [
          row.type,
          row.size ?? null,
          row.openSize ?? null,
          row.checksum ?? null,
          row.location,
        ]),
      },
    ],
    data: { schema: "weir/repository-info/1", id, address, signature, ...info },
  });
}

function dateOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().slice(0, 10);
}
