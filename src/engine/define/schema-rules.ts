import { globProblem } from "./load-glob.ts";
import type { TextRule } from "./schema.ts";

function patternRule(code: string, pattern: string, says: (value: string) => string): TextRule {
  const compiled = new RegExp(pattern, "u");
  return { code, pattern, message: (value) => (compiled.test(value) ? undefined : says(value)) };
}

/** Why a name cannot be used as a file's name, or undefined. The name travels into paths and URLs. */
export function fileNameProblem(name: string): string | undefined {
  if (name === "") return "is empty";
  if (name === "." || name === "..") return "is no file name";
  if (/[/\\]/.test(name)) return "must be a name, not a path";
  if (/[\s\0]/.test(name)) return "must not hold blanks";
  if (/[^\x21-\x7e]/.test(name)) return "must hold printable ASCII characters only";
  return undefined;
}

/** A plain file name; the rule for names of components, source files and archives. */
export const fileName: TextRule = {
  code: "DEFINITION_BAD_NAME",
  pattern: "^[!-.0-\\[\\]-~]+$",
  message: (value) => {
    const problem = fileNameProblem(value);
    return problem === undefined ? undefined : `"${value}" ${problem}`;
  },
};

export const resourceName = patternRule(
  "DEFINITION_BAD_NAME",
  "^[A-Za-z0-9][A-Za-z0-9_.:-]*$",
  (value) => `"${value}" must begin with a letter or digit and hold letters, digits and _ . : - only`,
);

export const commitHash = patternRule(
  "DEFINITION_BAD_COMMIT",
  "^[0-9a-fA-F]{7,40}$",
  (value) => `"${value}" is no commit hash: 7 to 40 hexadecimal digits`,
);

export const fullCommitHash = patternRule(
  "DEFINITION_BAD_COMMIT",
  "^[0-9a-fA-F]{40}$",
  (value) => `"${value}" is no full commit hash: 40 hexadecimal digits`,
);

export const channelName = patternRule(
  "DEFINITION_BAD_CHANNEL",
  "^(?!\\.{1,2}$)[^/\\\\]*$",
  (value) => `"${value}" cannot be a channel: it becomes a folder, so no / or \\ and not . or ..`,
);

export const webUrl = patternRule(
  "DEFINITION_BAD_URL",
  "^[Hh][Tt][Tt][Pp][Ss]?://[^\\s/?#]\\S*$",
  (value) => `"${value}" must be an http or https URL with a host`,
);

export const keyLocation = patternRule(
  "DEFINITION_BAD_URL",
  "^(?:[Hh][Tt][Tt][Pp][Ss]?://[^\\s/?#]\\S*|[Ff][Ii][Ll][Ee]:///\\S*|(?![A-Za-z][A-Za-z0-9+.-]*:)[^\\r\\n\\u0000]+)$",
  (value) => `"${value}" must be a path, or an http, https or file:/// URL`,
);

/** RFC 3339 with a zone: what `git rev-list --before` is given, so nothing looser. */
export const timestamp: TextRule = {
  code: "DEFINITION_BAD_SNAPSHOT",
  pattern: "^\\d{4}-\\d{2}-\\d{2}[Tt ]\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?([Zz]|[+-]\\d{2}:\\d{2})$",
  message: (value) =>
    /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/.test(value) &&
    !Number.isNaN(Date.parse(value))
      ? undefined
      : `"${value}" is no RFC 3339 time with a zone, such as 2026-02-24T00:00:00Z`,
};

export const globPattern: TextRule = {
  code: "DEFINITION_BAD_GLOB",
  message: (value) => {
    const problem = globProblem(value);
    return problem === undefined ? undefined : `bad glob "${value}": ${problem}`;
  },
};

export const archiveName: TextRule = {
  code: "DEFINITION_BAD_ARCHIVE",
  message: (value) => {
    const problem = fileNameProblem(value);
    if (problem !== undefined) return `"${value}" ${problem}`;
    if (/\.(tar|tar\.gz|tgz|tar\.xz|txz|tar\.zst|tzst)$/i.test(value)) return undefined;
    return `"${value}" is no archive that can be repacked: .tar, .tar.gz, .tar.xz or .tar.zst`;
  },
};
