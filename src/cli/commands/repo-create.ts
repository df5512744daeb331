import { join, resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import { makeReport, messageOf, readGivenFile, type Report, type Skip, WeirError } from "../../core/index.ts";
import { createRepository } from "../../engine/repo/create.ts";
import type { CreateRequest } from "../../engine/repo/index.ts";
import type { CommandContext, CommandInput, CommandOptions } from "../command.ts";
import { compileForShortRun } from "../short-run.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const compressions = { gz: "gzip", zstd: "zstd", xz: "xz", none: "none" } as const;

export async function create(input: CommandInput, context: CommandContext): Promise<Report> {
  compileForShortRun();
  // What runs for a tenth of a second is over before it was worth compiling; later versions know a quicker compiler for that.
  if (process.versions.node.startsWith("20.")) setFlagsFromString("--interrupt-budget=600000");
  const folder = input.args[0] ?? ".";
  const skips: Skip[] = [];
  const request = await requestOf(input, context, skips);
  const step = context.progress.step("read packages");
  let made: Awaited<ReturnType<typeof createRepository>>;
  try {
    made = await createRepository({
      ...request,
      progress: (done, of) => step.update({ done, note: `${done} of ${of}` }),
    });
  } catch (error) {
    step.end("failed");
    throw error;
  }
  step.end("done");
  const changed = made.repositories.some((repository) => repository.changed);
  const kept = request.update === true ? `, ${made.kept} of them unchanged` : "";
  const where = join(folder, "repodata");
  const summary = changed
    ? `${made.packages} packages${kept} ${context.dryRun ? "would be" : "are"} listed in ${where}.`
    : `${where} is up to date with ${made.packages} packages.`;
  const split = made.repositories.length > 1;
  return makeReport("repository", "", {
    summary: [summary],
    tables: [
      {
        id: "metadata",
        title: "",
        columns: [...(split ? ["channel", "packages"] : []), "metadata", "file", "bytes"],
        rows: made.repositories.flatMap(({ channel, packages, files }) =>
          files.map((file) => [...(split ? [channel, packages] : []), file.type, file.name, file.size]),
        ),
      },
    ],
    skips: [...skips, ...made.skips],
    data: { schema: "weir/repository-created/1", ...made, skips: [...skips, ...made.skips] },
  });
}

async function requestOf(input: CommandInput, context: CommandContext, skips: Skip[]): Promise<CreateRequest> {
  const { options } = input;
  const request: Writable<CreateRequest> = {
    root: resolve(context.cwd, input.args[0] ?? "."),
    exclude: options.list("exclude"),
    compression: compressions[(options.text("compress") ?? "gz") as keyof typeof compressions],
    checksum: options.text("checksum") === "sha512" ? "sha512" : "sha256",
    simpleNames: options.flag("simpleMdFilenames"),
    changelogLimit: number(options, "changelogLimit", 0) ?? 10,
    update: options.flag("update"),
    skipBroken: options.flag("skipBroken"),
    dryRun: context.dryRun,
    signal: context.signal,
  };
  const workers = number(options, "workers", 1);
  const time = epochOf(process.env.SOURCE_DATE_EPOCH);
  const baseUrl = options.text("baseUrl");
  const revision = options.text("revision");
  const split = options.text("split");
  const key = options.text("sign");
  if (workers !== undefined) request.workers = workers;
  if (time !== undefined) request.time = time;
  if (baseUrl !== undefined) request.baseUrl = baseUrl;
  if (revision !== undefined) request.revision = revision;
  if (split !== undefined) {
    const { parseChannels } = await import("../../engine/repo/index.ts");
    request.channels = await parseChannels((await readGiven(split, context)).toString("utf8"), split);
  }
  if (key !== undefined) request.sign = await signerOf(key, options.text("passphraseFile"), context);
  const tags = {
    repo: options.list("repoTag"),
    content: options.list("contentTag"),
    distro: options.list("distroTag").map(distroOf),
  };
  if (tags.repo.length + tags.content.length + tags.distro.length > 0) request.tags = tags;
  request.extra = await extraOf(options, context, skips);
  return request;
}

const extraOptions = [
  ["groups", "group"],
  ["modules", "modules"],
  ["advisories", "updateinfo"],
] as const;

async function extraOf(
  options: CommandOptions,
  context: CommandContext,
  skips: Skip[],
): Promise<NonNullable<CreateRequest["extra"]>> {
  const found: NonNullable<CreateRequest["extra"]>[number][] = [];
  for (const [option, type] of extraOptions) {
    const file = options.text(option);
    if (file === undefined) continue;
    const { readExtra } = await import("../../engine/repo/index.ts");
    const read = await readExtra(type, await readGiven(file, context), file);
    found.push(read.extra);
    skips.push(...read.skips);
  }
  return found;
}

async function readGiven(file: string, context: CommandContext): Promise<Buffer> {
  try {
    return await readGivenFile(resolve(context.cwd, file), 512 << 20, file);
  } catch (error) {
    if (error instanceof WeirError) throw error;
    throw new WeirError("REPO_FILE_UNREADABLE", `the file cannot be read: ${messageOf(error)}`, {
      where: file,
      cause: error,
      hints: ["check its name"],
    });
  }
}

async function signerOf(
  key: string,
  passphraseFile: string | undefined,
  context: CommandContext,
): Promise<NonNullable<CreateRequest["sign"]>> {
  const { openSigner, signDetached } = await import("../../adapters/openpgp/index.ts");
  const passphrase =
    passphraseFile === undefined
      ? undefined
      : (await readGiven(passphraseFile, context)).toString("utf8").replace(/\r?\n$/, "");
  const signer = await openSigner({ path: resolve(context.cwd, key) }, key, passphrase);
  // The newest package may be older than the key; a time that was set is left to be refused.
  const from = process.env.SOURCE_DATE_EPOCH === undefined ? signer.since : 0;
  return (repomd, time) => signDetached(signer, repomd, { time: Math.max(time, from) });
}

/** createrepo_c's `cpeid,name`, or a name alone. */
function distroOf(text: string): { name: string; cpeid?: string } {
  const comma = text.indexOf(",");
  return comma < 0 ? { name: text } : { cpeid: text.slice(0, comma), name: text.slice(comma + 1) };
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
