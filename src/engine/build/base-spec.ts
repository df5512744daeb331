import { compareText, WeirError } from "../../core/index.ts";
import type { BasePackage, RenderedFile } from "../define/index.ts";
import type { BaseEntry, BaseFiles } from "./base-files.ts";

export interface BaseSpecInput {
  readonly version: string;
  readonly release: string;
  readonly packages: ReadonlyMap<string, BasePackage>;
  readonly files: BaseFiles;
  /** `3.11`, where a package holds the interpreter. */
  readonly pythonVersion: string | undefined;
}

export const baseSpecFile = "base-runtime.spec";

/**
 * A spec that packages files of the root that it is built in, and its sources: the list of files to copy, and a file list for each
 * package. The dependency generators run as for every package; only what would change the copied files is off.
 */
export function writeBaseSpec(input: BaseSpecInput): Map<string, RenderedFile> {
  const sources = new Map<string, string>([
    ["files", copyList(input.files, () => true)],
    ["modules", copyList(input.files, (entry) => entry.kind === "file" && entry.module === true)],
  ]);
  const packages: string[] = [];
  const lists: string[] = [];
  const scripts: string[] = [];
  for (const [name, entries] of input.files) {
    const config = input.packages.get(name);
    sources.set(`${name}.files`, entries.map(fileLine).join(""));
    packages.push(packageSection(name, config, input));
    lists.push(`%files -n ${name} -f %{SOURCE${lists.length + 2}}\n%defattr(-,root,root,-)\n`);
    if (entries.some((entry) => entry.path === linker)) scripts.push(linkerScripts(name));
  }
  const links = [...input.files.values()].flat().filter((entry) => entry.kind === "link");
  const text = `Name: base-runtime
Version: ${tagText(input.version === "" ? "0" : input.version)}
Release: ${tagText(input.release === "" ? "1" : input.release)}%{?dist}
Summary: The runtime below all packages
License: LicenseRef-Various
${[...sources.keys()].map((name, index) => `Source${index}: ${name}`).join("\n")}
%global debug_package %{nil}
%global __os_install_post %{nil}

%description
Files of the system that builds, as packages.

${packages.join("\n")}
%install
mkdir -p %{buildroot}
cd /
xargs -0 -a %{SOURCE0} cp -P --parents --preserve=mode,timestamps -t %{buildroot}
cd %{buildroot}
xargs -0 -r -a %{SOURCE1} chmod a-x
${links.map(linkLines).join("")}
${scripts.join("\n")}
${lists.join("\n")}`;
  const files = new Map<string, RenderedFile>();
  for (const [name, content] of [...sources, [baseSpecFile, text] as const].sort(([a], [b]) => compareText(a, b))) {
    files.set(name, { content: Buffer.from(content), executable: false });
  }
  return files;
}

const linker = "/usr/sbin/ldconfig";

/**
 * The loader's cache follows every transaction that brings or takes libraries. In Lua, since rpm hands a number to the program of a file
 * trigger, which ldconfig takes for a folder.
 */
function linkerScripts(name: string): string {
  const run = `rpm.execute("${linker}")`;
  const watched = "-P 2000000 -p <lua> -- /usr/lib /usr/lib64";
  return `%post -n ${name} -p ${linker}

%transfiletriggerin -n ${name} ${watched}
${run}

%transfiletriggerpostun -n ${name} ${watched}
${run}
`;
}

function packageSection(name: string, config: BasePackage | undefined, input: BaseSpecInput): string {
  const lines = [
    `%package -n ${name}`,
    `Summary: ${tagText(config?.summary || name)}`,
    `License: ${tagText(config?.license || "LicenseRef-Various")}`,
  ];
  if (config?.version !== undefined) lines.push(`Version: ${tagText(config.version)}`);
  const provides = [...(config?.provides ?? [])];
  if (config?.interpreter !== undefined && input.pythonVersion !== undefined)
    provides.push(`python(abi) = ${input.pythonVersion}`);
  for (const provide of provides) lines.push(`Provides: ${tagText(provide)}`);
  for (const require of config?.requires ?? []) lines.push(`Requires: ${tagText(require)}`);
  return `${lines.join("\n")}\n\n%description -n ${name}\n${tagText(config?.summary || name)}\n`;
}

/** Text for one line of a spec, percent signs doubled. Errors: `BASE_TEXT_UNSUPPORTED`. */
function tagText(text: string): string {
  if (/[\n\r\0]/.test(text)) {
    throw new WeirError("BASE_TEXT_UNSUPPORTED", "a value of the base runtime has more than one line", {
      where: text.slice(0, 60),
    });
  }
  return text.replaceAll("%", "%%");
}

function copyList(files: BaseFiles, chosen: (entry: BaseEntry) => boolean): string {
  const paths = [...files.values()].flat().filter((entry) => entry.kind === "file" && chosen(entry));
  return paths
    .map((entry) => `${entry.path.slice(1)}\0`)
    .sort(compareText)
    .join("");
}

function linkLines(entry: BaseEntry): string {
  if (entry.kind !== "link") return "";
  const parent = entry.path.slice(0, entry.path.lastIndexOf("/"));
  return `mkdir -p ${shell(`%{buildroot}${parent}`)}\nln -s -- ${shell(entry.target.replaceAll("%", "%%"))} ${shell(`%{buildroot}${entry.path}`)}\n`;
}

function shell(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function fileLine(entry: BaseEntry): string {
  return `${entry.kind === "folder" ? "%dir " : ""}"${entry.path}"\n`;
}
