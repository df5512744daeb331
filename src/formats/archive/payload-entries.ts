import { createHash, type Hash } from "node:crypto";
import { formatNevra, WeirError } from "../../core/index.ts";
import { fileFlag, type RpmFile, readRpm } from "../rpm/index.ts";
import { CpioReader } from "./cpio.ts";
import { digestAlgorithms } from "./file-writer.ts";
import type { CpioEntry } from "./types.ts";
import { openPayload } from "./unpack.ts";

/**
 * What comes out of a payload, in its order: for each file `entry`, any number of `data`, `end`. `digest` compares the content with
 * what the header states: `none` where there is nothing to compare, as of folders and of the hard links that carry no content.
 */
export type PayloadEvent =
  | { readonly kind: "entry"; readonly file: RpmFile; readonly size: number }
  | { readonly kind: "data"; readonly file: RpmFile; readonly chunk: Uint8Array }
  | { readonly kind: "end"; readonly file: RpmFile; readonly digest: "ok" | "bad" | "none" };

export interface PayloadOptions {
  /** For messages; the package's NEVRA unless given. */
  readonly where?: string;
  /** Most bytes of content (default 16 GiB). */
  readonly limit?: number;
}

const REGULAR = 0o100000;
const LINK = 0o120000;

/**
 * Reads the payload of a package as a stream, nothing written anywhere. A chunk is valid until the next event is asked for. Errors: those
 * of readRpm and of decompression, `CPIO_BAD`, `CPIO_TRUNCATED`, `RPM_PAYLOAD_BAD`.
 */
export async function* readPayload(path: string, options: PayloadOptions = {}): AsyncGenerator<PayloadEvent> {
  const head = readRpm({ path }, options.where ?? path);
  const where = options.where ?? formatNevra(head.package);
  const { files } = head.package;
  const byPath = new Map(files.map((file, i) => [file.path, i]));
  const last = new Map<number, number>();
  const names = new Map<number, number>();
  for (const [i, file] of files.entries()) {
    if ((file.mode & 0o170000) !== REGULAR || (file.flags & fileFlag.ghost) !== 0) continue;
    last.set(file.inode, i);
    names.set(file.inode, (names.get(file.inode) ?? 0) + 1);
  }
  const bad = (what: string) =>
    new WeirError("RPM_PAYLOAD_BAD", what, { where, hints: ["the package is damaged: fetch or build it again"] });
  let events: PayloadEvent[] = [];
  let file: RpmFile | undefined;
  let hash: Hash | undefined;
  const fileOf = (entry: CpioEntry): RpmFile | undefined => {
    if (entry.index >= 0) return files[entry.index];
    const plain = entry.name.startsWith("./") ? entry.name.slice(1) : entry.name;
    return files[byPath.get(plain) ?? byPath.get(`/${entry.name}`) ?? byPath.get(plain.slice(1)) ?? -1];
  };
  const reader = new CpioReader(
    {
      sizeOf: (index) => {
        const found = files[index];
        if (!found) throw bad(`entry ${index} belongs to no file of the header`);
        const type = found.mode & 0o170000;
        if (type === LINK) return found.size;
        return type === REGULAR && last.get(found.inode) === index ? found.size : 0;
      },
      entry: (entry) => {
        file = fileOf(entry);
        if (!file) throw bad(`${entry.name} is in the payload but not in the header`);
        const isForerunner = entry.size === 0 && (names.get(file.inode) ?? 1) > 1 && file.size > 0;
        const algorithm = digestAlgorithms[file.digest.length];
        hash =
          (file.mode & 0o170000) === REGULAR && !isForerunner && algorithm !== undefined
            ? createHash(algorithm)
            : undefined;
        events.push({ kind: "entry", file, size: entry.size });
      },
      data: (chunk) => {
        if (!file) return;
        hash?.update(chunk);
        events.push({ kind: "data", file, chunk });
      },
      end: () => {
        if (!file) return;
        const digest = hash ? (hash.digest("hex") === file.digest.toLowerCase() ? "ok" : "bad") : "none";
        events.push({ kind: "end", file, digest });
      },
    },
    where,
  );
  for await (const chunk of openPayload(path, head, where, options.limit ?? 16 * 2 ** 30)) {
    // In pieces, so that a payload of a million empty files does not make a million events at once.
    for (let at = 0; at < chunk.length; at += PIECE) {
      reader.feed(chunk.subarray(at, at + PIECE));
      yield* events;
      events = [];
    }
  }
  reader.finish();
}

const PIECE = 1 << 20;
