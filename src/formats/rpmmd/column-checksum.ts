export const noHex = 255;
/** The value of each lower-case hexadecimal digit. */
export const hexValue: Uint8Array = Uint8Array.from({ length: 256 }, (_, code) =>
  code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 102 ? code - 87 : noHex,
);

/** Whether the range is 1 to 16 lower-case letters and digits. */
export function isWord(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = bytes[at] as number;
    if ((code < 97 || code > 122) && (code < 48 || code > 57)) return false;
  }
  return end > start && end - start <= 16;
}
