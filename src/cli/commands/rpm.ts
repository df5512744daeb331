import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { type Cell, formatNevra, makeReport, type Report, type Skip, type Table, WeirError } from "../../core/index.ts";
import {
  type Dependency,
  type DependencySet,
  formatDependency,
  type HeaderValue,
  headerValues,
  parseRich,
  type RpmFileHead,
  readRpm,
  signaturesOf,
  tagName,
} from "../../formats/rpm/index.ts";
import type { CommandContext, CommandInput } from "../command.ts";

const kinds = [
  "provides",
  "requires",
  "conflicts",
  "obsoletes",
  "recommends",
  "suggests",
  "supplements",
  "enhances",
] as const satisfies readonly (keyof DependencySet)[];

export async function show(input: CommandInput, context: CommandContext): Promise<Report> {
  const heads = input.args.map((file) => ({ file, head: readRpm({ path: resolve(context.cwd, file) }, file) }));
  const withTags = input.options.flag("tags");
  const data = await Promise.all(heads.map(({ file, head }) => valueOf(file, head, withTags)));
  const tables: Table[] = [
    {
      id: "packages",
      title: "",
      columns: ["package", "size", "installed", "files", "license", "signed", "source", "summary"],
      rows: heads.map(({ head }, i) => [
        formatNevra(head.package),
        head.size,
        head.package.installedSize,
        head.package.files.length,
        head.package.license,
        data[i]?.signatures.map((signature) => signature.words).join("; ") || "no",
        head.package.sourceRpm,
        head.package.summary,
      ]),
    },
  ];
  const [only] = heads;
  if (only && heads.length === 1) tables.push(...detailTables(only.head, withTags));
  return makeReport("rpm", "", {
    summary: [heads.length === 1 ? (only?.head.package.description ?? "") : `${heads.length} packages.`],
    tables,
    data: { schema: "weir/rpm/1", packages: data },
  });
}

function detailTables(head: RpmFileHead, withTags: boolean): Table[] {
  const { package: found } = head;
  const dependencies = kinds.flatMap((kind) =>
    found[kind].map((dependency): Cell[] => [kind, formatDependency(dependency)]),
  );
  const tables: Table[] = [
    { id: "dependencies", title: "Dependencies", columns: ["kind", "dependency"], rows: dependencies },
    {
      id: "files",
      title: "Files",
      columns: ["path", "mode", "owner", "size", "notes"],
      rows: found.files.map((file) => [
        file.path,
        file.mode.toString(8).padStart(6, "0"),
        `${file.user}:${file.group}`,
        file.size,
        [file.linkTarget === "" ? "" : `-> ${file.linkTarget}`, file.capabilities].filter(Boolean).join(" "),
      ]),
    },
    {
      id: "scriptlets",
      title: "Scriptlets",
      columns: ["kind", "interpreter", "body"],
      rows: found.scriptlets.map((script) => [script.kind, script.interpreter.join(" "), script.body]),
    },
  ];
  if (withTags) {
    const rows = (["signature", "main"] as const).flatMap((which) =>
      headerValues(which === "main" ? head.header : head.signature).map((value): Cell[] => {
        const text = JSON.stringify(plain(value));
        return [which, tagName(value.tag, which), value.type, text.length > 200 ? `${text.slice(0, 199)}…` : text];
      }),
    );
    tables.push({ id: "tags", title: "Tags", columns: ["header", "tag", "type", "value"], rows });
  }
  return tables.filter((table) => table.rows.length > 0);
}

async function valueOf(file: string, head: RpmFileHead, withTags: boolean) {
  const { PendingSignature, describeSignature, packetBodies } = await import("../../adapters/openpgp/index.ts");
  const signatures = signaturesOf(head.signature).flatMap((signature) =>
    packetBodies(signature.packet).map((body) => {
      const { info } = new PendingSignature(body);
      return { slot: signature.slot, covers: signature.covers, words: describeSignature(info), ...info };
    }),
  );
  return {
    file,
    nevra: formatNevra(head.package),
    size: head.size,
    headerRange: head.headerRange,
    signatures,
    ...head.package,
    ...Object.fromEntries(kinds.map((kind) => [kind, head.package[kind].map(withTree)])),
    ...(withTags ? { tags: { signature: tagsOf(head, "signature"), main: tagsOf(head, "main") } } : {}),
  };
}

function withTree(dependency: Dependency) {
  const rich = dependency.name.startsWith("(") ? parseRich(dependency.name) : undefined;
  return rich === undefined ? dependency : { ...dependency, rich };
}

function tagsOf(head: RpmFileHead, which: "main" | "signature"): Record<string, unknown> {
  const values = headerValues(which === "main" ? head.header : head.signature);
  return Object.fromEntries(values.map((value) => [tagName(value.tag, which), plain(value)]));
}

/** A value for JSON: bytes in hexadecimal, 64-bit integers as text where a number would not hold them. */
function plain(value: HeaderValue): unknown {
  switch (value.type) {
    case "bin":
      return Buffer.from(value.value).toString("hex");
    case "int64":
      return value.value.map((item) => (item <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(item) : String(item)));
    case "string":
    case "stringArray":
    case "i18nString":
      return value.value;
    default:
      return Array.from(value.value);
  }
}

export async function unpack(input: CommandInput, context: CommandContext): Promise<Report> {
  const [file = ""] = input.args;
  const to = input.options.text("to");
  if (to === undefined) {
    throw new WeirError("CLI_OPTION_MISSING", "the folder to unpack into is missing", { hints: ["give it: --to DIR"] });
  }
  const { unpackRpm } = await import("../../formats/archive/index.ts");
  const path = resolve(context.cwd, file);
  if (context.dryRun) {
    const { package: found } = readRpm({ path }, file);
    return makeReport("rpm-unpacked", "", { summary: [`${found.files.length} files would be unpacked into ${to}.`] });
  }
  const root = resolve(context.cwd, to);
  await mkdir(root, { recursive: true });
  const done = await unpackRpm(path, root, {
    owners: input.options.flag("owners"),
    capabilities: input.options.flag("capabilities"),
    devices: input.options.flag("devices"),
  });
  const skips: Skip[] = done.notApplied.map((item) => ({
    subject: item.path,
    reason: `${item.what} not set: ${item.reason}`,
  }));
  if (!input.options.flag("devices")) {
    skips.push(...done.special.map(({ file: item }) => ({ subject: item.path, reason: "a device or pipe: not made" })));
  }
  return makeReport("rpm-unpacked", "", {
    summary: [`${done.placed.length} files of ${formatNevra(done.package)} are below ${to}, ${done.bytes} bytes.`],
    skips,
    data: {
      schema: "weir/rpm-unpacked/1",
      package: formatNevra(done.package),
      files: done.placed.map(({ file: item, path: at }) => ({
        path: at,
        mode: item.mode,
        user: item.user,
        group: item.group,
        capabilities: item.capabilities,
      })),
      special: done.special.map(({ file: item, path: at }) => ({ path: at, mode: item.mode, rdev: item.rdev })),
      notApplied: done.notApplied,
    },
  });
}
