/** Pages that a write-ahead log has newer content of, and how many pages the database has after it. */
export interface WalContent {
  readonly pages: ReadonlyMap<number, Uint8Array>;
  readonly pageCount: number;
}

const HEAD = 32;
const FRAME = 24;

/**
 * Reads a write-ahead log as SQLite would after a crash: frames whose salts and running checksum are right, up to the last that commits
 * (https://sqlite.org/fileformat2.html section 4). A log that does not belong to the database, or is empty, has no pages.
 */
export function readWal(bytes: Uint8Array, pageSize: number): WalContent {
  const none: WalContent = { pages: new Map(), pageCount: 0 };
  if (bytes.length < HEAD) return none;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const magic = view.getUint32(0);
  if ((magic & 0xfffffffe) >>> 0 !== 0x377f0682 || view.getUint32(8) !== pageSize) return none;
  const little = (magic & 1) === 0;
  let sum = checksum(view, 0, 24, little, [0, 0]);
  if (sum[0] !== view.getUint32(24) || sum[1] !== view.getUint32(28)) return none;
  const committed = new Map<number, Uint8Array>();
  let pending: [number, Uint8Array][] = [];
  let pageCount = 0;
  for (let at = HEAD; at + FRAME + pageSize <= bytes.length; at += FRAME + pageSize) {
    if (view.getUint32(at + 8) !== view.getUint32(16) || view.getUint32(at + 12) !== view.getUint32(20)) break;
    sum = checksum(view, at, 8, little, sum);
    sum = checksum(view, at + FRAME, pageSize, little, sum);
    if (sum[0] !== view.getUint32(at + 16) || sum[1] !== view.getUint32(at + 20)) break;
    pending.push([view.getUint32(at), bytes.subarray(at + FRAME, at + FRAME + pageSize)]);
    const size = view.getUint32(at + 4);
    if (size === 0) continue;
    for (const [number, page] of pending) committed.set(number, page);
    pending = [];
    // A page count far beyond what both files hold is damage; the reader would find that page missing.
    pageCount = Math.min(size, Math.floor(bytes.length / pageSize) + 2 ** 24);
  }
  return { pages: committed, pageCount };
}

function checksum(
  view: DataView,
  start: number,
  length: number,
  little: boolean,
  [first, second]: readonly [number, number],
): [number, number] {
  let a = first;
  let b = second;
  for (let at = start; at < start + length; at += 8) {
    a = (a + view.getUint32(at, little) + b) >>> 0;
    b = (b + view.getUint32(at + 4, little) + a) >>> 0;
  }
  return [a, b];
}
