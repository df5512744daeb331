import { lstat, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOf, Fingerprint, WeirError } from "../../core/index.ts";
import { mergeTree } from "./merge-tree.ts";
import type { BuildStore } from "./store.ts";
import type { BuildContext, SandboxRequest } from "./types.ts";

/** What a build finds in /etc on every machine. Accounts exist for programs that look up uid 0 and nobody; builds own nothing else. */
export const accountFiles: Readonly<Record<string, string>> = {
  passwd: "root:x:0:0:root:/build:/bin/sh\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n",
  group: "root:x:0:\nnobody:x:65534:\n",
  "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
  hosts: "127.0.0.1 localhost weir\n",
};

const files: Readonly<Record<string, string>> = {
  ...accountFiles,
  "ld.so.conf": "include /etc/ld.so.conf.d/*.conf\n/usr/lib64\n",
};

/** Where everything is inside, and what makes equal inputs give equal bytes: stronger than a distribution's own macros. */
export const engineMacros = `%_topdir /build
%_builddir /build/BUILD
%_buildrootdir /build/BUILDROOT
%_sourcedir /build/SOURCES
%_specdir /build/SPECS
%_rpmdir /build/out
%_srcrpmdir /build/out
%_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm
%_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm
%_tmppath /var/tmp
%_dbpath /build/rpmdb
%_buildhost weir
%use_source_date_epoch_as_buildtime 1
%clamp_mtime_to_source_date_epoch 1
%build_mtime_policy clamp_to_source_date_epoch
%source_date_epoch_from_changelog 0
`;

/** What holds unless the distribution's macros say otherwise: payloads that every reader opens, no packages of debug information. */
export const weakMacros = `%_binary_payload w6.gzdio
%_source_payload w6.gzdio
%debug_package %{nil}
%_build_id_links none
`;

/**
 * The /etc of a build on the machine's own /usr: constant files, the packages' own below them, links of the alternatives system that
 * the machine's /usr needs, and a linker cache made inside the sandbox. Kept by the digest of all that goes in.
 */
export async function hostEtc(
  store: BuildStore,
  layers: readonly string[],
  toolchain: string,
  context: BuildContext,
): Promise<string> {
  const macros = engineMacros;
  const print = new Fingerprint().add("toolchain", toolchain).add("macros", macros).add("files", JSON.stringify(files));
  for (const layer of layers) print.add("layer", layer);
  return store.ensureFolder("etc", print.hex(), async (folder) => {
    for (const layer of layers) {
      const own = join(layer, "etc");
      if ((await lstat(own).catch(() => undefined))?.isDirectory()) mergeTree(own, folder);
    }
    await placeFolder(folder, "alternatives");
    await copyLinks("/etc/alternatives", join(folder, "alternatives"));
    for (const [name, text] of await linkerFolders()) await placeFile(folder, `ld.so.conf.d/${name}`, text);
    for (const [name, text] of Object.entries(files)) await placeFile(folder, name, text);
    await placeFile(folder, "rpm/macros.weir", macros);
    await makeLinkerCache(context, { layers, hostUsr: true, etc: folder });
  });
}

/** Writes a file of ours below a folder that packages have filled: never through a link of theirs. */
export async function placeFile(folder: string, name: string, text: string): Promise<void> {
  if (name.includes("/")) await placeFolder(folder, name.slice(0, name.lastIndexOf("/")));
  await rm(join(folder, name), { recursive: true, force: true });
  await writeFile(join(folder, name), text, { flag: "wx" });
}

async function placeFolder(folder: string, name: string): Promise<void> {
  const path = join(folder, name);
  if ((await lstat(path).catch(() => undefined))?.isDirectory()) return;
  await rm(path, { force: true });
  await mkdir(path);
}

async function copyLinks(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true }).catch(() => [])) {
    if (!entry.isSymbolicLink()) continue;
    await rm(join(to, entry.name), { recursive: true, force: true });
    await symlink(await readlink(join(from, entry.name)), join(to, entry.name));
  }
}

/** The machine's own linker folders below /usr, which its compilers and programs were made for: file name → text. */
async function linkerFolders(): Promise<[string, string][]> {
  const from = "/etc/ld.so.conf.d";
  const kept: [string, string][] = [];
  for (const name of await readdir(from).catch(() => [] as string[])) {
    const text = await readFile(join(from, name), "utf8").catch(() => "");
    const lines = text
      .split("\n")
      .filter((line) => /^\/(usr\/)?lib\S*$/.test(line.trim()) && !line.includes("/local/"));
    if (name.endsWith(".conf") && lines.length > 0) kept.push([name, `${lines.join("\n")}\n`]);
  }
  return kept;
}

/** Runs ldconfig on the root that the request shows, its /etc writable. Errors: `BUILDROOT_LDCONFIG`. */
export async function makeLinkerCache(
  context: BuildContext,
  root: Pick<SandboxRequest, "layers" | "hostUsr" | "etc">,
): Promise<void> {
  const result = await context.sandbox.run({
    ...root,
    etcWritable: true,
    binds: [],
    tmpfs: ["/build"],
    env: { PATH: "/usr/sbin:/usr/bin", LC_ALL: "C" },
    cwd: "/build",
    command: ["/usr/sbin/ldconfig", "-X"],
    timeout: 60_000,
    signal: context.signal,
  });
  if (result.exitCode === 0) return;
  throw new WeirError("BUILDROOT_LDCONFIG", `the linker cache could not be made: ${result.stderr.slice(-500)}`, {
    kind: "machine",
    hints: ["see whether ldconfig works on this machine"],
  });
}

/** Digest of the engine's own settings. */
export function settingsDigest(): string {
  return digestOf(JSON.stringify([engineMacros, weakMacros, files]));
}
