import { lstatSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { compareText, Fingerprint, WeirError } from "../../core/index.ts";
import { loadMacroSet, type MacroContext } from "../../formats/macro/index.ts";
import type { Repository } from "../../formats/rpmmd/index.ts";

/** A file of a macro set: the path it has below the set, and its text. */
interface MacroFile {
  readonly name: string;
  readonly path: string;
  readonly content: Buffer;
}

export interface MacroSet {
  /** rpm's own macros, then the definition's. Fork it before evaluating. */
  readonly context: MacroContext;
  /** Over the definition's files; rpm's own belong to the toolchain. */
  readonly digest: string;
}

const maxFiles = 2000;
const maxFile = 1 << 20;

/**
 * The macros that specs are evaluated with: rpm's own folder, then each of the definition's folders (`macros.d/macros.*`,
 * `fileattrs/*.attr`), later definitions winning. `%{_rpmconfigdir}/<folder>` files such as generators count for the digest.
 * `known` are answers of the buildroot's own interpreters, which macro files get by running them; they win over all.
 * Errors: `MACRO_SET_EMPTY`, `MACRO_SET_TOO_LARGE`.
 */
export function readMacroSet(
  rpmFolder: string,
  folders: readonly string[],
  arch: string,
  known: Readonly<Record<string, string>> = {},
): MacroSet {
  const context = loadMacroSet(rpmFolder, { arch });
  const digest = new Fingerprint().add("arch", arch);
  for (const folder of folders) {
    const files = filesBelow(folder);
    if (files.length === 0) {
      throw new WeirError("MACRO_SET_EMPTY", "no macro files in the folder", {
        where: folder,
        hints: ["weir.toml's `macros` names folders laid out as /usr/lib/rpm: macros.d/, fileattrs/"],
      });
    }
    for (const file of files) {
      digest.add(file.name, file.content);
      if (/^macros\.d\/macros\.[^/]+$|^fileattrs\/[^/]+\.attr$/.test(file.name)) {
        context.load(file.content.toString("utf8"), `${basename(folder)}/${file.name}`);
      }
    }
  }
  for (const [name, value] of Object.entries(known)) {
    context.define(name, value);
    digest.add(name, value);
  }
  return { context, digest: digest.hex() };
}

/** What macro files would ask interpreters of the buildroot for, told from the names of their programs. */
export function interpreterMacros(repositories: readonly Repository[]): Record<string, string> {
  const version = repositories.length > 0 ? packagedPython(repositories) : machinePython();
  return version === undefined ? {} : { python3_version: version };
}

const pythonProgram = /\/python(3\.\d+)$/;

function machinePython(): string | undefined {
  try {
    return pythonProgram.exec(realpathSync("/usr/bin/python3"))?.[1];
  } catch {
    return undefined;
  }
}

function packagedPython(repositories: readonly Repository[]): string | undefined {
  for (const pkg of repositories.flatMap((repository) => repository.packages)) {
    for (const file of pkg.files) {
      const version = file.path.startsWith("/usr/bin/") ? pythonProgram.exec(file.path)?.[1] : undefined;
      if (version !== undefined) return version;
    }
  }
  return undefined;
}

function filesBelow(folder: string): MacroFile[] {
  const files: MacroFile[] = [];
  const open = [""];
  for (let below = open.pop(); below !== undefined; below = open.pop()) {
    let names: string[];
    try {
      names = readdirSync(join(folder, below));
    } catch {
      continue;
    }
    for (const entry of names) {
      const name = below === "" ? entry : `${below}/${entry}`;
      const path = join(folder, name);
      const info = lstatSync(path);
      if (info.isDirectory()) open.push(name);
      if (!info.isFile()) continue;
      if (files.length >= maxFiles || info.size > maxFile) {
        throw new WeirError("MACRO_SET_TOO_LARGE", `a macro set has at most ${maxFiles} files of ${maxFile} bytes`, {
          where: path,
        });
      }
      files.push({ name, path, content: readFileSync(path) });
    }
  }
  return files.sort((a, b) => compareText(a.name, b.name));
}
