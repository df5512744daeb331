import { open } from "node:fs/promises";
import { cleanText, WeirError } from "../../core/index.ts";

const tailBytes = 256 << 10;
const mostLines = 12;

/** What a log tells of why rpmbuild failed. */
export interface FailureReading {
  /** `%prep`, `%build`, `%generate_buildrequires` …, or `the spec` when nothing ran yet. */
  readonly phase: string;
  /** The lines that say what went wrong, in order. */
  readonly lines: readonly string[];
}

/**
 * Reads the end of rpmbuild's log. The phase is what its own closing error names, else the last one started; the lines are the errors that
 * compilers, make and rpm report, else the last ones.
 */
export function readFailure(log: string): FailureReading {
  const lines = log.split("\n").map((line) => line.trimEnd());
  const closing = /^(?:error: )?Bad exit status from \S+ \((%\w+)\)/;
  const phase =
    lastMatch(lines, closing) ??
    (/^(?:error|warning): (?:File not found|Installed \(but unpackaged\)|Directory not found)/m.test(log)
      ? "%files"
      : undefined) ??
    lastMatch(lines, /^Executing\((%\w+)\):/) ??
    "the spec";
  const start = lines.findLastIndex((line) => line.startsWith(`Executing(${phase}):`));
  const own = lines
    .slice(start + 1)
    .filter((line) => line !== "" && !/^\+ |^RPM build (errors|warnings):|^\s*Bad exit status from/.test(line));
  const telling = own.filter((line) =>
    /\berror\b|\*\*\*|undefined reference|No such file|not found|cannot |FAILED|Traceback|(?:Error|Exception):|^E\s|[Uu]nrecognized|unpackaged|^\s+\//i.test(
      line,
    ),
  );
  const unique = [...new Set((telling.length > 0 ? telling : own).map((line) => cleanText(line).slice(0, 300)))];
  return { phase, lines: telling.length > 0 ? unique.slice(0, mostLines) : unique.slice(-mostLines) };
}

function lastMatch(lines: readonly string[], pattern: RegExp): string | undefined {
  for (let index = lines.length - 1; index >= 0; index--) {
    const match = pattern.exec((lines[index] ?? "").trim());
    if (match) return match[1];
  }
  return undefined;
}

/** The error for a failed build. `enter` is the script that opens the sandbox again. */
export function buildFailed(
  node: string,
  reading: FailureReading,
  log: string,
  enter: string,
  cause?: unknown,
): WeirError {
  return new WeirError(
    "BUILD_FAILED",
    `${node}: ${reading.phase} failed\n${reading.lines.map((line) => `    ${line}`).join("\n")}`,
    {
      where: node,
      kind: "refused",
      cause,
      hints: [
        `the whole log: ${log}`,
        `enter the same sandbox, with the command to run again printed first: sh ${enter}`,
      ],
    },
  );
}

/** The last part of a log as text, bounded. */
export async function readTail(path: string): Promise<string> {
  const handle = await open(path).catch(() => undefined);
  if (handle === undefined) return "";
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, tailBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
