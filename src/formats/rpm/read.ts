import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { systemCode, WeirError } from "../../core/index.ts";
import { measureHeader, RpmHeader } from "./header.ts";
import { packageOfHeader } from "./package.ts";
import type { RpmPackage } from "./types.ts";

/** The first 96 bytes of a package file; only its magic still means anything. */
export interface RpmLead {
  readonly major: number;
  readonly minor: number;
  readonly type: "binary" | "source";
  readonly name: string;
}

/** A package file without its payload. Offsets are bytes from the start of the file. */
export interface RpmFileHead {
  readonly lead: RpmLead;
  readonly signature: RpmHeader;
  readonly header: RpmHeader;
  readonly package: RpmPackage;
  /** The main header with its magic, end exclusive: what repository metadata calls the header range. */
  readonly headerRange: { readonly start: number; readonly end: number };
  readonly payloadOffset: number;
  /** Bytes of the whole file. */
  readonly size: number;
}

/** The two headers of a package file, their values not yet read. */
export type RpmHeaders = Pick<RpmFileHead, "lead" | "signature" | "header" | "headerRange" | "payloadOffset" | "size">;

/** Random access to a package's bytes. A read past the end gives what there is. */
export interface RpmSource {
  readonly size: number;
  read(start: number, end: number): Uint8Array;
}

const LEAD = 96;
const MAGIC = 8;
/** Most headers end within this many bytes, so that one read is enough. */
const FIRST_READ = 64 << 10;

/**
 * Reads lead, signature header and main header of a package (rpm file format 3, 4 and 6). Of a file only these parts are read.
 * Errors: `RPM_NOT_A_PACKAGE`, `RPM_TRUNCATED`, `RPM_HEADER_BAD`, `RPM_TAG_BAD`, `RPM_TAG_MISSING`, `RPM_UNREADABLE`.
 */
export function readRpm(from: Uint8Array | { readonly path: string }, where: string): RpmFileHead {
  if (from instanceof Uint8Array) {
    return readHead({ size: from.length, read: (start, end) => from.subarray(start, end) }, where);
  }
  return withFile(from.path, where, (source) => readHead(source, where));
}

function withFile<T>(path: string, where: string, work: (source: RpmSource) => T): T {
  let file: number;
  try {
    // Not to wait for whoever should write into a pipe.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw new WeirError("RPM_UNREADABLE", `cannot open the package (${systemCode(error) ?? "unknown"})`, {
      where,
      cause: error,
      hints: ["check the path and its permissions"],
    });
  }
  try {
    const info = fstatSync(file);
    if (!info.isFile()) {
      throw new WeirError("RPM_UNREADABLE", "the package is no regular file", {
        where,
        hints: [info.isDirectory() ? "name the packages in this folder" : "write the package into a file first"],
      });
    }
    const fill = (buffer: Uint8Array, start: number): Uint8Array => {
      let filled = 0;
      while (filled < buffer.length) {
        const count = readSync(file, buffer, filled, buffer.length - filled, start + filled);
        if (count === 0) break;
        filled += count;
      }
      return buffer.subarray(0, filled);
    };
    const first = fill(Buffer.allocUnsafe(Math.min(FIRST_READ, info.size)), 0);
    return work({
      size: info.size,
      read: (start, end) => {
        if (end <= first.length) return first.subarray(start, end);
        const length = Math.min(end, info.size) - start;
        return length <= 0 ? first.subarray(0, 0) : fill(Buffer.allocUnsafe(length), start);
      },
    });
  } finally {
    closeSync(file);
  }
}

function readHead(source: RpmSource, where: string): RpmFileHead {
  const headers = readRpmHeaders(source, where);
  return { ...headers, package: withSignatureSizes(packageOfHeader(headers.header), headers.signature) };
}

/** As {@link readRpm}, and no value is read: errors of single values come when they are asked for. */
export function readRpmHeaders(source: RpmSource, where: string): RpmHeaders {
  const lead = readLead(source.read(0, LEAD), where);
  const signature = readHeader(source, LEAD, where, "signature header");
  const start = LEAD + Math.ceil((signature.end - LEAD) / 8) * 8;
  const main = readHeader(source, start, where, "header");
  return {
    lead,
    signature: signature.header,
    header: main.header,
    headerRange: { start, end: main.end },
    payloadOffset: main.end,
    size: source.size,
  };
}

/** The package with its payload's size from the signature header, where only that knows it. */
export function withSignatureSizes<T extends { readonly archiveSize: number }>(found: T, signature: RpmHeader): T {
  if (found.archiveSize !== 0) return found;
  const archiveSize = signature.number(271) ?? signature.number(1007) ?? 0;
  return archiveSize === 0 ? found : { ...found, archiveSize };
}

function readLead(bytes: Uint8Array, where: string): RpmLead {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length >= 4 && view.readUInt32BE(0) !== 0xedabeedb) {
    throw new WeirError("RPM_NOT_A_PACKAGE", "this is no RPM package", {
      where,
      hints: ["an error page saved as a file looks like this: look at its first bytes"],
    });
  }
  if (view.length < LEAD) throw truncated(where, "lead");
  const major = view.readUInt8(4);
  if (major < 3 || major > 6) {
    throw new WeirError("RPM_NOT_A_PACKAGE", `package format ${major} is not known`, { where });
  }
  const end = view.indexOf(0, 10);
  return {
    major,
    minor: view.readUInt8(5),
    type: view.readUInt16BE(6) === 1 ? "source" : "binary",
    name: view.toString("utf8", 10, end < 10 || end > 76 ? 76 : end),
  };
}

function readHeader(
  source: RpmSource,
  start: number,
  where: string,
  what: string,
): { readonly header: RpmHeader; readonly end: number } {
  const intro = source.read(start, start + MAGIC + 8);
  if (intro.length < MAGIC + 8) throw truncated(where, what);
  if (intro[0] !== 0x8e || intro[1] !== 0xad || intro[2] !== 0xe8 || intro[3] !== 1) {
    throw new WeirError("RPM_HEADER_BAD", `${what} does not start with its magic at byte ${start}`, {
      where,
      hints: ["the package is damaged: fetch or build it again"],
    });
  }
  const size = measureHeader(intro, MAGIC, where);
  const end = start + size.end;
  if (end > source.size) throw truncated(where, what);
  const blob = source.read(start + MAGIC, end);
  return { header: new RpmHeader(blob, where), end };
}

function truncated(where: string, what: string): WeirError {
  return new WeirError("RPM_TRUNCATED", `the package ends within its ${what}`, { where, hints: ["fetch it again"] });
}
