import { SaxesParser } from "saxes";
import { messageOf, WeirError } from "../../core/index.ts";

/** A checksum as repomd.xml writes it; `type` as found (`sha` means sha1). */
export interface RepomdChecksum {
  readonly type: string;
  readonly value: string;
}

/** One file that repomd.xml names. */
export interface RepomdEntry {
  /** `primary`, `filelists`, `other`, `group`, `updateinfo`, `modules` … */
  readonly type: string;
  /** Path relative to the repository's root. */
  readonly location: string;
  readonly checksum: RepomdChecksum | undefined;
  readonly openChecksum: RepomdChecksum | undefined;
  /** Bytes as stored, and opened. */
  readonly size: number | undefined;
  readonly openSize: number | undefined;
  /** Seconds since the epoch. */
  readonly timestamp: number | undefined;
  /** `xml:base` of the location, where it has one: what the location is relative to instead of the repository. */
  readonly base?: string;
  /** Of a zchunk file: its header's checksum and bytes. */
  readonly headerChecksum?: RepomdChecksum;
  readonly headerSize?: number;
}

/** What a repository says of itself (`<tags>`): words each, a distribution with its CPE. */
export interface RepomdTags {
  readonly repo: readonly string[];
  readonly content: readonly string[];
  readonly distro: readonly { readonly name: string; readonly cpeid?: string }[];
}

export interface Repomd {
  readonly revision: string;
  readonly entries: readonly RepomdEntry[];
  readonly tags: RepomdTags;
  /** Checksum of the packages' own checksums, where the writer gave one. */
  readonly contenthash?: RepomdChecksum;
}

const mostBytes = 16 << 20;
const mostDepth = 32;
const mostEntries = 10_000;
const mostTags = 1000;

interface Draft {
  type: string;
  location: string;
  checksum?: RepomdChecksum;
  openChecksum?: RepomdChecksum;
  size?: number;
  openSize?: number;
  timestamp?: number;
  base?: string;
  headerChecksum?: RepomdChecksum;
  headerSize?: number;
}

/** Reads repomd.xml. Errors: `RPMMD_REPOMD_MALFORMED` with line and column. `file` is for messages. */
export function parseRepomd(bytes: Uint8Array, file: string): Repomd {
  const parser = new SaxesParser({ xmlns: false, position: true });
  const fail = (message: string): WeirError =>
    new WeirError("RPMMD_REPOMD_MALFORMED", message, {
      where: { file, line: parser.line, column: parser.column + 1 },
      hints: ["the file was not transferred completely, or is no repomd.xml: fetch it again"],
    });
  if (bytes.length > mostBytes) throw fail(`repomd.xml has more than ${mostBytes} bytes`);
  const path: string[] = [];
  const entries: RepomdEntry[] = [];
  const tags = { repo: [] as string[], content: [] as string[], distro: [] as { name: string; cpeid?: string }[] };
  let contenthash: RepomdChecksum | undefined;
  let cpeid: string | undefined;
  let revision = "";
  let draft: Draft | undefined;
  let text = "";
  let checksumType = "";
  parser.on("error", (error) => {
    throw fail(messageOf(error).replace(/^\d+:\d+: /, ""));
  });
  parser.on("doctype", () => {
    throw fail("a document type, which repomd.xml has none of");
  });
  parser.on("opentag", (tag) => {
    const name = localName(tag.name);
    if (path.length === 0 && name !== "repomd") throw fail(`the document is <${name}>, not <repomd>`);
    if (path.length >= mostDepth) throw fail("elements nested too deeply");
    path.push(name);
    text = "";
    const attributes = new Map(Object.entries(tag.attributes as Record<string, string>));
    if (name === "data" && path.length === 2) draft = { type: attributes.get("type") ?? "", location: "" };
    else if (name === "location" && draft) {
      draft.location = attributes.get("href") ?? "";
      const base = attributes.get("xml:base");
      if (base !== undefined) draft.base = base;
    } else if (name.endsWith("checksum") || name === "contenthash") checksumType = attributes.get("type") ?? "";
    else if (name === "distro") cpeid = attributes.get("cpeid");
  });
  parser.on("text", (part) => {
    text += part;
  });
  parser.on("cdata", (part) => {
    text += part;
  });
  parser.on("closetag", () => {
    const name = path.pop();
    const value = text.trim();
    text = "";
    if (name === "revision" && path.length === 1) revision = value;
    else if (name === "contenthash" && path.length === 1) contenthash = { type: checksumType, value };
    else if (path.length === 2 && path[1] === "tags") {
      if (tags.repo.length + tags.content.length + tags.distro.length >= mostTags) throw fail("too many tags");
      if (name === "repo" || name === "content") tags[name].push(value);
      else if (name === "distro") tags.distro.push({ name: value, ...(cpeid === undefined ? {} : { cpeid }) });
    } else if (draft !== undefined && path.length === 2) {
      if (name === "checksum") draft.checksum = { type: checksumType, value };
      else if (name === "open-checksum") draft.openChecksum = { type: checksumType, value };
      else if (name === "header-checksum") draft.headerChecksum = { type: checksumType, value };
      else if (name === "header-size") draft.headerSize = number(value);
      else if (name === "size") draft.size = number(value);
      else if (name === "open-size") draft.openSize = number(value);
      else if (name === "timestamp") draft.timestamp = Math.floor(number(value));
    } else if (draft !== undefined && name === "data") {
      if (draft.type === "" || draft.location === "") throw fail("a <data> without a type or location");
      if (entries.length >= mostEntries) throw fail("too many <data> elements");
      const { type, location, base, headerChecksum, headerSize } = draft;
      entries.push({
        type,
        location,
        checksum: draft.checksum,
        openChecksum: draft.openChecksum,
        size: draft.size,
        openSize: draft.openSize,
        timestamp: draft.timestamp,
        ...(base === undefined ? {} : { base }),
        ...(headerChecksum === undefined ? {} : { headerChecksum }),
        ...(headerSize === undefined ? {} : { headerSize }),
      });
      draft = undefined;
    }
  });
  const number = (value: string): number => {
    if (!/^\d{1,15}(\.\d{1,9})?$/.test(value)) throw fail(`no number: ${value.slice(0, 40)}`);
    return Number(value);
  };
  parser.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8")).close();
  return { revision, entries, tags, ...(contenthash === undefined ? {} : { contenthash }) };
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
