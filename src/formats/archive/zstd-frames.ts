/** A frame of zstd data: its bytes, end exclusive, and how much can come out of it at most. */
export interface ZstdFrame {
  readonly start: number;
  readonly end: number;
  readonly bound: number;
}

const BLOCK_MOST = 1 << 17;

/**
 * Walks the frames without decoding them (RFC 8878 section 3.1.1), so that memory can be bounded before any is taken. Skippable frames
 * are left out. Throws a plain Error on data that does not add up.
 */
export function zstdFrames(bytes: Uint8Array): ZstdFrame[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const frames: ZstdFrame[] = [];
  let at = 0;
  const need = (count: number) => {
    if (at + count > bytes.length) throw new Error(`data ends inside a frame, at byte ${bytes.length}`);
  };
  while (at < bytes.length) {
    need(9);
    const magic = view.getUint32(at, true);
    if (magic >>> 4 === 0x184d2a5) {
      at += 8 + view.getUint32(at + 4, true);
      need(0);
      continue;
    }
    if (magic !== 0xfd2fb528) throw new Error(`no frame starts at byte ${at}`);
    const start = at;
    const descriptor = view.getUint8(at + 4);
    at += frameHeaderSize(descriptor);
    let bound = 0;
    for (let last = false; !last; ) {
      need(3);
      const block = view.getUint8(at) | (view.getUint16(at + 1, true) << 8);
      last = (block & 1) !== 0;
      const kind = (block >>> 1) & 3;
      const size = block >>> 3;
      if (kind === 3) throw new Error(`reserved block type at byte ${at}`);
      at += 3 + (kind === 1 ? 1 : size);
      need(0);
      bound += kind === 2 ? BLOCK_MOST : size;
    }
    if ((descriptor & 4) !== 0) {
      at += 4;
      need(0);
    }
    frames.push({ start, end: at, bound });
  }
  return frames;
}

function frameHeaderSize(descriptor: number): number {
  return 5 + fieldsBefore(descriptor) + contentSizeBytes(descriptor);
}

/** Window descriptor and dictionary id. */
function fieldsBefore(descriptor: number): number {
  return (isSingle(descriptor) ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0);
}

function contentSizeBytes(descriptor: number): number {
  return [isSingle(descriptor) ? 1 : 0, 2, 4, 8][descriptor >>> 6] ?? 0;
}

function isSingle(descriptor: number): boolean {
  return (descriptor & 32) !== 0;
}

/** The content size that a frame's header declares, if it does; the frame must have passed {@link zstdFrames}. */
export function zstdDeclaredSize(frame: Uint8Array): number | undefined {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const descriptor = view.getUint8(4);
  const at = 5 + fieldsBefore(descriptor);
  switch (contentSizeBytes(descriptor)) {
    case 0:
      return undefined;
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at, true) + 256;
    case 4:
      return view.getUint32(at, true);
    default:
      return Number(view.getBigUint64(at, true));
  }
}
