import { join, resolve } from "node:path";
import { makeReport, type Report, WeirError } from "../../core/index.ts";
import { createRepository } from "../../engine/repo/create.ts";
import type { CommandContext, CommandInput, CommandOptions } from "../command.ts";

const compressionNames = { gz: "gzip", zstd: "zstd", xz: "xz", none: "none" } as const;

export async function create(input: CommandInput, context: CommandContext): Promise<Report> {
  const { options } = input;
  const root = resolve(context.cwd, input.args[0] ?? ".");
  const step = context.progress.step("read packages");
  const time = epochOf(process.env.SOURCE_DATE_EPOCH);
  const baseUrl = options.text("baseUrl");
  const revision = options.text("revision");
  const made = await createRepository({
    root,
    exclude: options.list("exclude"),
    compression: compressionNames[(options.text("compress") ?? "gz") as keyof typeof compressionNames],
    checksum: options.text("checksum") === "sha512" ? "sha512" : "sha256",
    simpleNames: options.flag("simpleMdFilenames"),
    changelogLimit: number(options, "changelogLimit", 0) ?? 10,
    skipBroken: options.flag("skipBroken"),
    dryRun: context.dryRun,
    signal: context.signal,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(revision === undefined ? {} : { revision }),
    ...(time === undefined ? {} : { time }),
    ...optional("workers", number(options, "workers", 1)),
    progress: (done, of) => step.update({ done, note: `${done} of ${of}` }),
  }).catch((error: unknown) => {
    step.end("failed");
    throw error;
  });
  step.end("done");
  const where = join(input.args[0] ?? ".", "repodata");
  return makeReport("repository", "", {
    summary: [
      `${made.packages} packages ${context.dryRun ? "would be" : "are"} listed in ${where}${made.changed ? "" : ", which was up to date"}.`,
    ],
    tables: [
      {
        id: "metadata",
        title: "",
        columns: ["metadata", "file", "bytes"],
        rows: made.files.map((file) => [file.type, file.name, file.size]),
      },
    ],
    skips: made.skips,
    data: {
      schema: "weir/repository-created/1",
      revision: made.revision,
      packages: made.packages,
      bytes: made.bytes,
      files: made.files,
      changed: made.changed,
      skips: made.skips,
    },
  });
}

function optional<K extends string>(name: K, value: number | undefined): Partial<Record<K, number>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, number>);
}

function number(options: CommandOptions, name: string, least: number): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw new WeirError("REPO_OPTION_BAD", `${text} is no number that fits`, {
    where: `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    hints: [`give a whole number from ${least} on`],
  });
}

function epochOf(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new WeirError("REPO_OPTION_BAD", `${text} is no time`, {
    where: "SOURCE_DATE_EPOCH",
    hints: ["give seconds since 1970, as `date +%s` does"],
  });
}
