import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { compareText, joinBelow, WeirError } from "../../core/index.ts";
import { MacroContext } from "./context.ts";
import type { MacroOptions } from "./types.ts";

export interface MacroSetOptions extends MacroOptions {
  /** Architecture whose `platform/<arch>-linux/macros` is read; default x86_64. */
  readonly arch?: string;
  /** Folder of the vendor's own macros, `redhat` for example. */
  readonly vendor?: string;
  /** Definitions that come last. */
  readonly defines?: Readonly<Record<string, string>>;
}

const maxFile = 8 << 20;

/**
 * Reads a macro set: a folder laid out as rpm's own, in rpm's order: `macros`, `macros.d/macros.*`, `platform/<arch>-linux/macros`,
 * `fileattrs/*.attr`, `<vendor>/macros`, then `rpmrc` for `%optflags` where nothing set them. Links and files over 8 MiB are not read.
 * Error: `MACRO_SET_EMPTY` when the folder holds none of these.
 */
export function loadMacroSet(folder: string, options: MacroSetOptions = {}): MacroContext {
  const arch = options.arch ?? "x86_64";
  const context = new MacroContext({ configFolder: "/usr/lib/rpm", ...options });
  const files = [
    "macros",
    ...namesIn(folder, "macros.d", (name) => name.startsWith("macros.")),
    `platform/${arch}-linux/macros`,
    ...namesIn(folder, "fileattrs", (name) => name.endsWith(".attr")),
    ...(options.vendor === undefined ? [] : [`${options.vendor}/macros`]),
  ];
  let read = 0;
  for (const name of files) {
    const text = readSmall(joinBelow(folder, name));
    if (text === undefined) continue;
    context.load(text, name);
    read++;
  }
  if (read === 0) {
    throw new WeirError("MACRO_SET_EMPTY", "no macro files in the folder", {
      where: folder,
      hints: ["name a folder laid out as /usr/lib/rpm: macros, macros.d/, platform/"],
    });
  }
  setArch(context, arch, readSmall(joinBelow(folder, "rpmrc")) ?? "");
  for (const [name, body] of Object.entries(options.defines ?? {})) context.define(name, body);
  return context;
}

function setArch(context: MacroContext, arch: string, rpmrc: string): void {
  for (const [name, value] of [
    ["_target_cpu", arch],
    ["_target_os", "linux"],
    ["_target", `${arch}-linux`],
  ] as const) {
    context.define(name, value);
  }
  for (const [name, value] of [
    ["_arch", arch],
    ["_build_arch", arch],
    ["_os", "linux"],
    ["_build_os", "linux"],
    ["_host_cpu", arch],
    ["_host_os", "linux"],
  ] as const) {
    if (context.get(name) === undefined) context.define(name, value);
  }
  if (context.get("optflags") !== undefined) return;
  const flags = new RegExp(`^optflags:[ \\t]*${arch.replace(/\W/g, "\\$&")}[ \\t]+(.*)$`, "m").exec(rpmrc)?.[1];
  if (flags !== undefined) context.define("optflags", flags.trim());
}

function namesIn(folder: string, sub: string, accept: (name: string) => boolean): string[] {
  try {
    return readdirSync(joinBelow(folder, sub))
      .filter(accept)
      .sort(compareText)
      .map((name) => `${sub}/${name}`);
  } catch {
    return [];
  }
}

function readSmall(path: string): string | undefined {
  try {
    const info = lstatSync(path);
    return info.isFile() && info.size <= maxFile ? readFileSync(path, "utf8") : undefined;
  } catch {
    return undefined;
  }
}
