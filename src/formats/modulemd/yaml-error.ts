/** A document that cannot be read; the line counts from 1 within the file. */
export class YamlRefused extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** Deepest nesting of one document. */
export const mostDepth = 64;
