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
}

export interface Repomd {
  readonly revision: string;
  readonly entries: readonly RepomdEntry[];
}

const mostBytes = 16 << 20;
const mostDepth = 32;
const mostEntries = 10_000;

interface Draft {
  type: string;
  location: string;
  checksum?: RepomdChecksum;
  openChecksum?: RepomdChecksum;
  size?: number;
  openSize?: number;
  timestamp?: number;
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
    else if (name === "location" && draft) draft.location = attributes.get("href") ?? "";
    else if (name === "checksum" || name === "open-checksum") checksumType = attributes.get("type") ?? "";
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
    else if (draft !== undefined && path.length === 2) {
      if (name === "checksum") draft.checksum = { type: checksumType, value };
      else if (name === "open-checksum") draft.openChecksum = { type: checksumType, value };
      else if (name === "size") draft.size = number(value);
      else if (name === "open-size") draft.openSize = number(value);
      else if (name === "timestamp") draft.timestamp = Math.floor(number(value));
    } else if (draft !== undefined && name === "data") {
      if (draft.type === "" || draft.location === "") throw fail("a <data> without a type or location");
      if (entries.length >= mostEntries) throw fail("too many <data> elements");
      entries.push({
        type: draft.type,
        location: draft.location,
        checksum: draft.checksum,
        openChecksum: draft.openChecksum,
        size: draft.size,
        openSize: draft.openSize,
        timestamp: draft.timestamp,
      });
      draft = undefined;
    }
  });
  const number = (value: string): number => {
    if (!/^\d{1,15}(\.\d{1,9})?$/.test(value)) throw fail(`no number: ${value.slice(0, 40)}`);
    return Number(value);
  };
  parser.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8")).close();
  return { revision, entries };
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
