import { extname, join, resolve } from "node:path";
import {
  formatNevra,
  makeReport,
  messageOf,
  readGivenFile,
  type Report,
  systemCode,
  WeirError,
} from "../../core/index.ts";
import { applyPackFile, entriesOfTree, readPackFile, writePackage } from "../../formats/archive/index.ts";
import type { CommandContext, CommandInput } from "../command.ts";

const compressors = ["zstd", "gzip", "xz", "bzip2", "none"] as const;

export async function pack(input: CommandInput, context: CommandContext): Promise<Report> {
  const [file = ""] = input.args;
  const packFile = readPackFile(await parsed(resolve(context.cwd, file), file), file);
  const buildTime = packFile.described.buildTime ?? sourceDate() ?? 0;
  const tree = input.options.text("tree");
  const entries =
    tree === undefined
      ? []
      : entriesOfTree(resolve(context.cwd, tree), { newest: buildTime === 0 ? 2 ** 32 - 1 : buildTime });
  const wanted = await applyPackFile(entries, packFile, file);
  const described = { ...packFile.described, buildTime };
  const arch = described.source === true ? "src" : (described.arch ?? "noarch");
  const name = `${described.name}-${described.version}-${described.release}.${arch}.rpm`;
  const to = join(input.options.text("to") ?? ".", name);
  const nevra = formatNevra({ ...described, epoch: described.epoch ?? 0, arch });
  if (context.dryRun) {
    return makeReport("rpm-packed", "", {
      summary: [`${nevra} with ${wanted.length} files would be written to ${to}.`],
    });
  }
  const level = input.options.text("level");
  const done = await writePackage(resolve(context.cwd, to), described, wanted, {
    compressor: compressors.find((each) => each === input.options.text("compress")) ?? "zstd",
    format: input.options.text("format") === "6" ? 6 : 4,
    ...(level === undefined ? {} : { level: Number(level) }),
  });
  return makeReport("rpm-packed", "", {
    summary: [`${nevra} with ${done.files} files is ${to}, ${done.size} bytes.`],
    data: { schema: "weir/rpm-packed/1", package: nevra, file: to, ...done },
  });
}

async function parsed(path: string, where: string): Promise<unknown> {
  let text: string;
  try {
    text = (await readGivenFile(path, 64 << 20, where)).toString("utf8");
  } catch (error) {
    if (error instanceof WeirError) throw error;
    throw new WeirError("CLI_FILE_UNREADABLE", `cannot read the file (${systemCode(error) ?? messageOf(error)})`, {
      where,
      hints: ["check the path and its permissions"],
    });
  }
  try {
    if (extname(path) === ".json") return JSON.parse(text);
    return (await import("smol-toml")).parse(text);
  } catch (error) {
    throw new WeirError("RPM_PACK_FILE", `the description cannot be read: ${messageOf(error)}`, {
      where,
      hints: ["`weir rpm pack --help` shows an example"],
      cause: error,
    });
  }
}

function sourceDate(): number | undefined {
  const text = process.env.SOURCE_DATE_EPOCH;
  if (text === undefined || text === "") return undefined;
  if (/^[0-9]{1,10}$/.test(text)) return Number(text);
  throw new WeirError("CLI_EPOCH_MALFORMED", `SOURCE_DATE_EPOCH is ${text}, which is no number of seconds`, {
    hints: ["give seconds since 1970, or leave it unset"],
  });
}
