/** What the head of a "newc" entry states; see cpio(5). */
export interface CpioHead {
  readonly name: string;
  readonly mode: number;
  readonly inode: number;
  readonly links: number;
  readonly mtime: number;
  readonly size: number;
}

/** Head and name of an entry in the "newc" form, padded. Sizes must be below 4 GiB. */
export function cpioHead(entry: CpioHead): Buffer {
  const name = Buffer.from(`${entry.name}\0`);
  const fields = [entry.inode, entry.mode, 0, 0, entry.links, entry.mtime, entry.size, 0, 0, 0, 0, name.length, 0];
  const head = Buffer.from(`070701${fields.map(hex).join("")}`);
  return Buffer.concat([head, name, cpioPadding(head.length + name.length)]);
}

/** Head of an entry in rpm's stripped form, which states only the file's place in the header. */
export function strippedHead(index: number): Buffer {
  const head = Buffer.from(`07070X${hex(index)}`);
  return Buffer.concat([head, cpioPadding(head.length)]);
}

/** Zeros up to the next multiple of 4. */
export function cpioPadding(length: number): Buffer {
  return Buffer.alloc((4 - (length % 4)) % 4);
}

/** What ends an archive of either form. */
export const cpioEnd: Uint8Array = cpioHead({ name: "TRAILER!!!", mode: 0, inode: 0, links: 1, mtime: 0, size: 0 });

function hex(value: number): string {
  return value.toString(16).padStart(8, "0");
}
