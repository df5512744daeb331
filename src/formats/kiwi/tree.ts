import { SaxesParser } from "saxes";
import { messageOf, WeirError } from "../../core/index.ts";

/** An element of a small XML document. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** Text directly inside, trimmed. */
  readonly text: string;
  readonly line: number;
}

interface Draft extends Element {
  readonly children: Element[];
  text: string;
}

const limits = { bytes: 4 << 20, depth: 32, elements: 100_000 } as const;

/**
 * Reads a small XML document as a tree. Document types are refused, so there are no entities but the five of XML itself. Errors:
 * `KIWI_MALFORMED` with line and column.
 */
export function readTree(bytes: Uint8Array, file: string): Element {
  if (bytes.length > limits.bytes) throw malformed(`more than ${limits.bytes} bytes`, file);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw malformed("not UTF-8", file);
  }
  const parser = new SaxesParser({ fileName: file });
  const stack: Draft[] = [];
  let root: Element | undefined;
  let count = 0;
  const fail = (reason: string) => malformed(reason, file, parser.line, parser.column);
  parser.on("error", (error) => {
    // saxes puts the place before the reason; the place is said apart.
    throw fail(messageOf(error).replace(/^[^:]*:\d+:\d+: /, ""));
  });
  parser.on("doctype", () => {
    throw fail("a document type is not allowed here");
  });
  parser.on("opentag", (tag) => {
    if (++count > limits.elements) throw fail(`more than ${limits.elements} elements`);
    if (stack.length >= limits.depth) throw fail(`more than ${limits.depth} elements inside each other`);
    const attributes = tag.attributes as Record<string, string>;
    const element: Draft = { name: tag.name, attributes: { ...attributes }, children: [], text: "", line: parser.line };
    stack.at(-1)?.children.push(element);
    root ??= element;
    stack.push(element);
  });
  const addText = (part: string) => {
    const current = stack.at(-1);
    if (current) current.text += part;
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("closetag", () => {
    const element = stack.pop();
    if (element) element.text = element.text.trim();
  });
  parser.write(text).close();
  if (root === undefined) throw malformed("no element", file);
  return root;
}

export function malformed(reason: string, file: string, line?: number, column?: number): WeirError {
  return new WeirError("KIWI_MALFORMED", `the image description cannot be read: ${reason}`, {
    where: { file, ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) },
    hints: ["kiwi's own check says more: kiwi-ng image info --description FOLDER"],
  });
}
