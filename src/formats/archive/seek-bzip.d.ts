declare module "seek-bzip" {
  interface Input {
    pos: number;
    readByte(): number | undefined;
    read(buffer: Uint8Array, offset: number, length: number): number;
    seek(pos: number): void;
    eof(): boolean;
  }
  /** One stream opened block by block, as the library's own `decode` does it. */
  class Bunzip {
    constructor(input: Input, output: { writeByte(byte: number): void });
    readonly reader: { read(bits: number): number };
    readonly streamCRC: number;
    /** Reads the next block; false at the end of the stream. */
    _init_block(): boolean;
    _read_bunzip(): void;
  }
  export default Bunzip;
}
