/** The text `weir ` two hundred times, packed by the usual programs. */
export const zstdSample: Uint8Array = Buffer.from("KLUv/QRYZQAAKHdlaXIgAQDgURUtvrw63Q==", "base64");

export const bzip2Sample: Uint8Array = Buffer.from(
  "QlpoOTFBWSZTWdjRIrUAAfORgEAAAiAQgCAAMM0AUqMYItEWCLRFoi4XckU4UJDY0SK1",
  "base64",
);

/** By the integrity check that the stream has. */
export const xzSamples = {
  none: Buffer.from(
    "/Td6WFoAAAD/EtlBAgAhARYAAAB0L+Wj4APnABFdADuZSXLW1LqO2HFkBHtrJN0AAAAAAAABJegHAAAA//RHEagACvwCAAAAAABZWg==",
    "base64",
  ),
  crc32: Buffer.from(
    "/Td6WFoAAAFpIt42AgAhARYAAAB0L+Wj4APnABFdADuZSXLW1LqO2HFkBHtrJN0AAAAAAJH963sAASnoBwAAAIQ0hWY+MA2LAgAAAAABWVo=",
    "base64",
  ),
  crc64: Buffer.from(
    "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4APnABFdADuZSXLW1LqO2HFkBHtrJN0AAAAAAOlsxOERaVeeAAEt6AcAAACSdhT9scRn+wIAAAAABFla",
    "base64",
  ),
  sha256: Buffer.from(
    "/Td6WFoAAArh+wyhAgAhARYAAAB0L+Wj4APnABFdADuZSXLW1LqO2HFkBHtrJN0AAAAAAI9pOgY4QLCHrfaGsUlcWS1f0rSeN6CNC4HPKyaAJ/EWAAFF6AcAAACl+7MZtunfHAIAAAAAClla",
    "base64",
  ),
};
