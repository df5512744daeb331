import { SaxesParser } from "saxes";
import { messageOf, WeirError } from "../../core/index.ts";
import type { Metalink, MetalinkHash, MetalinkUrl } from "./types.ts";

const mostBytes = 16 << 20;
const mostDepth = 32;
const mostUrls = 10_000;

interface StateDraft {
  timestamp: number | undefined;
  size: number | undefined;
  hashes: MetalinkHash[];
}

/**
 * Reads a metalink (version 3, with MirrorManager's `timestamp` and `alternates`) of repomd.xml. Errors: `METALINK_MALFORMED` with line
 * and column. `file` is for messages.
 */
export function parseMetalink(bytes: Uint8Array, file: string): Metalink {
  const parser = new SaxesParser({ xmlns: false, position: true });
  const fail = (message: string): WeirError =>
    new WeirError("METALINK_MALFORMED", message, {
      where: { file, line: parser.line, column: parser.column + 1 },
      hints: ["the answer is no metalink of a repository, or was cut: compare the address with the distribution's"],
    });
  if (bytes.length > mostBytes) throw fail(`a metalink of more than ${mostBytes} bytes`);
  const number = (value: string): number => {
    if (!/^\d{1,15}$/.test(value)) throw fail(`no number: ${value.slice(0, 40)}`);
    return Number(value);
  };
  const path: string[] = [];
  const newState = (): StateDraft => ({ timestamp: undefined, size: undefined, hashes: [] });
  const main = newState();
  const alternates: StateDraft[] = [];
  const urls: MetalinkUrl[] = [];
  let state: StateDraft | undefined;
  let found = false;
  let attributes: ReadonlyMap<string, string> = new Map();
  let text = "";
  parser.on("error", (error) => {
    throw fail(messageOf(error).replace(/^\d+:\d+: /, ""));
  });
  parser.on("doctype", () => {
    throw fail("a document type, which a metalink has none of");
  });
  parser.on("opentag", (tag) => {
    const name = localName(tag.name);
    if (path.length === 0 && name !== "metalink") throw fail(`the document is <${name}>, not <metalink>`);
    if (path.length >= mostDepth) throw fail("elements nested too deeply");
    path.push(name);
    text = "";
    attributes = new Map(Object.entries(tag.attributes as Record<string, string>));
    if (name === "file" && path.at(-2) === "files") {
      state = attributes.get("name") === "repomd.xml" && !found ? main : undefined;
      found ||= state !== undefined;
    } else if (name === "alternate" && state !== undefined) {
      if (alternates.length >= mostUrls) throw fail("too many alternates");
      state = newState();
      alternates.push(state);
    }
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
    if (state === undefined) return;
    if (name === "timestamp") state.timestamp = number(value);
    else if (name === "size") state.size = number(value);
    else if (name === "hash") state.hashes.push({ type: attributes.get("type") ?? "", value: value.toLowerCase() });
    else if (name === "url") {
      if (urls.length >= mostUrls) throw fail("too many addresses");
      const preference = attributes.get("preference");
      urls.push({
        url: value,
        protocol: attributes.get("protocol") ?? "",
        location: attributes.get("location") ?? "",
        preference: preference === undefined ? 0 : number(preference),
      });
    } else if (name === "alternate") state = main;
    else if (name === "file") state = undefined;
  });
  parser.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8")).close();
  if (!found) throw fail("it says nothing of repomd.xml");
  // The sort is stable: equals keep the file's order.
  urls.sort((a, b) => b.preference - a.preference);
  return { ...main, alternates, urls };
}

/** Addresses of a mirror list, one a line, comments left out. */
export function parseMirrorlist(bytes: Uint8Array): string[] {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString("utf8")
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(line))
    .slice(0, mostUrls);
}

/** Whether an answer to `mirrorlist=` is a metalink after all. */
export function looksLikeMetalink(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1000)).toString("latin1");
  return /<metalink[\s>]/.test(start);
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
