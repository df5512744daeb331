import { existsSync, readFileSync } from "node:fs";
import { findProgram } from "../../core/index.ts";
import needs from "./needs.json" with { type: "json" };

/** A program of the machine: the package that holds it on each family, and what it is needed for. */
export interface ToolNeed {
  readonly program: string;
  /** Where it must be, when PATH might offer another one. */
  readonly path?: string;
  /** For what is no program: a file that tells that it is here. */
  readonly file?: string;
  readonly debian: string;
  readonly fedora: string;
  /** `run` needed for a rebuild, `fallback` where namespaces are refused, `test` and `seed` for the tests. */
  readonly for: string;
  readonly why: string;
}

export interface ToolState extends ToolNeed {
  /** Full path, or undefined when the machine lacks it. */
  readonly found: string | undefined;
}

/** The tools Weir may call, each with where it is here. */
export function inspectTools(): ToolState[] {
  return (needs.tools as ToolNeed[]).map((need) => ({ ...need, found: locate(need) }));
}

function locate(need: ToolNeed): string | undefined {
  if (need.file === undefined) return findProgram(need.path ?? need.program);
  return existsSync(need.file) ? need.file : undefined;
}

export type Family = "debian" | "fedora" | undefined;

/** Which family's packages this machine installs, after os-release. */
export function machineFamily(osRelease = readText("/etc/os-release")): Family {
  const ids = [...osRelease.matchAll(/^(?:ID|ID_LIKE)="?([^"\n]*)"?$/gm)].flatMap((match) =>
    (match[1] ?? "").split(/\s+/),
  );
  if (ids.some((id) => id === "debian" || id === "ubuntu")) return "debian";
  if (ids.some((id) => ["fedora", "rhel", "centos", "azurelinux", "mariner"].includes(id))) return "fedora";
  return undefined;
}

/** The command that installs what is missing, or undefined for an unknown family or nothing missing. */
export function installCommand(missing: readonly ToolNeed[], family: Family): string | undefined {
  if (family === undefined || missing.length === 0) return undefined;
  const packages = [...new Set(missing.map((need) => need[family]))].sort();
  return `${family === "debian" ? "apt-get" : "dnf"} install ${packages.join(" ")}`;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
