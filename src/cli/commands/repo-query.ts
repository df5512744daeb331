import { type Cell, compareText, formatNevra, makeReport } from "../../core/index.ts";
import { queryPackages, sourcesOf } from "../../engine/repo/index.ts";
import { formatDependency } from "../../formats/rpm/index.ts";
import type { PackageMetadata } from "../../formats/rpmmd/index.ts";
import type { CommandContext, CommandInput, CommandOutcome } from "../command.ts";
import { openMetadata } from "../open-metadata.ts";

const dependencyKinds = [
  "provides",
  "requires",
  "conflicts",
  "obsoletes",
  "recommends",
  "suggests",
  "supplements",
  "enhances",
] as const;

export async function query(input: CommandInput, context: CommandContext): Promise<CommandOutcome> {
  const { options } = input;
  const [where = ".", ...packages] = input.args;
  const show = options.text("show");
  const paths = [
    ...options.list("file"),
    ...options.list("whatprovides"),
    ...options.list("whatrequires"),
    ...packages,
  ];
  const opened = await openMetadata(where, input, context, {
    filelists: show === "files" || paths.some((text) => text.startsWith("/")) || options.list("file").length > 0,
    changelogs: show === "changelog",
  });
  const found = queryPackages(opened.packages, {
    packages,
    name: options.list("name"),
    arch: options.list("arch"),
    file: options.list("file"),
    whatprovides: options.list("whatprovides"),
    whatrequires: options.list("whatrequires"),
    whatconflicts: options.list("whatconflicts"),
    whatobsoletes: options.list("whatobsoletes"),
    whatrecommends: options.list("whatrecommends"),
    exact: options.flag("exact"),
    latest: options.flag("latest"),
  });
  const lines = options.flag("source") ? sourcesOf(found) : show === undefined ? undefined : linesOf(found, show);
  const rows: Cell[][] =
    lines?.map((line) => [line]) ??
    found.map((pkg) => [formatNevra(pkg), pkg.size.package, pkg.sourceRpm, pkg.summary]);
  const report = makeReport("repository", "", {
    tables: [
      {
        id: "found",
        title: "",
        columns: lines === undefined ? ["package", "size", "source", "summary"] : [show ?? "source"],
        rows,
      },
    ],
    skips: opened.skips,
    data: {
      schema: "weir/repository-query/1",
      packages: found.map((pkg) => dataOf(pkg, show)),
      ...(lines === undefined ? {} : { lines }),
    },
  });
  const plain = lines ?? found.map(formatNevra);
  return { report, text: plain.map((line) => `${line}\n`).join("") };
}

function linesOf(packages: readonly PackageMetadata[], show: string): string[] {
  return [...new Set(packages.flatMap((pkg) => shown(pkg, show)))].sort(compareText);
}

function shown(pkg: PackageMetadata, show: string): string[] {
  const kind = dependencyKinds.find((item) => item === show);
  if (kind !== undefined) return pkg[kind].map(formatDependency);
  if (show === "files") return pkg.files.map((file) => file.path);
  if (show === "location") return [pkg.location];
  return [...pkg.changelog]
    .reverse()
    .map((entry) => `${formatNevra(pkg)}: ${dayOf(entry.time)} ${entry.author}: ${entry.text}`);
}

function dayOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().slice(0, 10);
}

function dataOf(pkg: PackageMetadata, show: string | undefined) {
  const { name, epoch, version, release, arch, location, pkgid, sourceRpm, summary } = pkg;
  const more = show === undefined ? {} : { [show]: shown(pkg, show) };
  return { name, epoch, version, release, arch, location, pkgid, size: pkg.size.package, sourceRpm, summary, ...more };
}
