import { makeReport, type Report, type Table } from "../../core/index.ts";
import {
  diffRepositories,
  type PackageChange,
  type PackageChangeKind,
  type RepositoryDiff,
} from "../../engine/repo/index.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { openMetadata } from "../open-metadata.ts";

const kinds: readonly (readonly [PackageChangeKind, string])[] = [
  ["added", "Added"],
  ["removed", "Removed"],
  ["upgraded", "Upgraded"],
  ["downgraded", "Downgraded"],
  ["rebuilt", "Same version, other content"],
];

export async function diff(input: CommandInput, context: CommandContext): Promise<Report> {
  const [before = ".", after = "."] = input.args;
  const [old, now] = [
    await openMetadata(before, input, context, { changelogs: true }),
    await openMetadata(after, input, context, { changelogs: true }),
  ];
  const found = diffRepositories(old.packages, now.packages);
  return makeReport("repository", "", {
    summary: [sentence(found)],
    tables: [...kinds.flatMap(([kind, title]) => tableOf(kind, title, found)), ...detailsOf(found)],
    skips: [...old.skips, ...now.skips],
    data: found,
  });
}

function sentence({ counts, bytes }: RepositoryDiff): string {
  const parts = kinds.map(([kind]) => `${counts[kind]} ${kind}`);
  return `${parts.join(", ")}, ${counts.same} the same; ${bytes.before} bytes before, ${bytes.after} after.`;
}

function tableOf(kind: PackageChangeKind, title: string, found: RepositoryDiff): Table[] {
  const changes = found.changes.filter((change) => change.kind === kind);
  if (changes.length === 0) return [];
  return [
    {
      id: kind,
      title,
      columns: ["package", "architecture", "before", "after", "bytes", "installed"],
      rows: changes.map((change) => [
        change.name,
        change.arch,
        change.before,
        change.after,
        signed(change.packageBytes),
        signed(change.installedBytes),
      ]),
    },
  ];
}

function detailsOf(found: RepositoryDiff): Table[] {
  const provides = found.changes.flatMap((change) => [
    ...change.provides.lost.map((what) => [change.name, change.arch, "lost", what]),
    ...change.provides.gained.map((what) => [change.name, change.arch, "gained", what]),
  ]);
  const entries = found.changes.flatMap((change) => change.changelog.map((entry) => entryRow(change, entry)));
  return [
    ...(provides.length === 0
      ? []
      : [{ id: "provides", title: "Provides", columns: ["package", "architecture", "", "what"], rows: provides }]),
    ...(entries.length === 0
      ? []
      : [{ id: "changelog", title: "Changelogs", columns: ["package", "date", "author", "entry"], rows: entries }]),
  ];
}

function entryRow(change: PackageChange, entry: PackageChange["changelog"][number]) {
  const date = new Date(entry.time * 1000);
  const day = Number.isNaN(date.getTime()) ? String(entry.time) : date.toISOString().slice(0, 10);
  return [change.name, day, entry.author, entry.text];
}

function signed(bytes: number): string {
  return bytes > 0 ? `+${bytes}` : String(bytes);
}
