import { lstat, readdir, readFile, readlink, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { compareText, digestFile, Fingerprint, WeirError, writeFileSafely } from "../../core/index.ts";
import type { BuildStore } from "./store.ts";

/** Names of distribution packages that hold a command, for the message about a missing one. */
const debianPackages: Readonly<Record<string, string>> = {
  rpmbuild: "rpm",
  python3: "python3",
  "pkg-config": "pkg-config",
  ldconfig: "libc-bin",
};
const fedoraPackages: Readonly<Record<string, string>> = {
  rpmbuild: "rpm-build",
  "pkg-config": "pkgconf-pkg-config",
  ldconfig: "glibc",
};

/** What a build on the machine's own toolchain depends on, as one digest. */
export interface HostToolchain {
  /** Over rpm's configuration, the commands' programs, the compiler's passes and the C library. */
  readonly digest: string;
  /** Command → the file that it is, links followed. */
  readonly commands: ReadonlyMap<string, string>;
}

/**
 * Looks the commands up in /usr/bin and /usr/sbin and fingerprints them. Digests are kept by path, size, time and inode, so that only
 * what changed is read again. Errors: `BUILDROOT_HOST_MISSING`, naming the packages to install.
 */
export async function fingerprintHost(store: BuildStore, wanted: Iterable<string>): Promise<HostToolchain> {
  const commands = new Map<string, string>();
  const missing: string[] = [];
  for (const name of [...new Set([...wanted, "rpmbuild", "ldconfig"])].sort(compareText)) {
    const found = await findCommand(name);
    if (found === undefined) missing.push(name);
    else commands.set(name, found);
  }
  if (missing.length > 0) throw missingCommands(missing);
  const files = new Set(commands.values());
  for (const file of await compilerPasses()) files.add(file);
  for (const file of await cLibrary()) files.add(file);
  for (const file of await filesBelow("/usr/lib/rpm")) files.add(file);
  const digests = await DigestCache.open(store.path("host-digests.json"));
  const print = new Fingerprint();
  for (const file of [...files].sort(compareText)) print.add(file, await digests.of(file));
  await digests.save();
  return { digest: print.hex(), commands };
}

async function findCommand(name: string): Promise<string | undefined> {
  if (!/^[^/\0]+$/.test(name)) return undefined;
  for (const folder of ["/usr/bin", "/usr/sbin"]) {
    const path = await realpath(join(folder, name)).catch(() => undefined);
    if (path?.startsWith("/usr/") && !path.startsWith("/usr/local/") && (await stat(path)).isFile()) return path;
  }
  return undefined;
}

function missingCommands(names: readonly string[]): WeirError {
  const list = (packages: Readonly<Record<string, string>>) =>
    [...new Set(names.map((name) => packages[name] ?? name))].join(" ");
  return new WeirError("BUILDROOT_HOST_MISSING", `builds need commands that this machine lacks: ${names.join(", ")}`, {
    kind: "machine",
    where: "weir.toml: buildroot.provides",
    hints: [`Debian: apt-get install ${list(debianPackages)}`, `Fedora: dnf install ${list(fedoraPackages)}`],
  });
}

/** cc1, cc1plus, collect2 and lto1 of whatever compilers are installed. */
async function compilerPasses(): Promise<string[]> {
  const passes: string[] = [];
  for (const top of ["/usr/lib/gcc", "/usr/libexec/gcc", "/usr/lib64/gcc"]) {
    for (const machine of await readdir(top).catch(() => [] as string[])) {
      for (const version of await readdir(join(top, machine)).catch(() => [] as string[])) {
        for (const name of ["cc1", "cc1plus", "collect2", "lto1"]) {
          const path = join(top, machine, version, name);
          if ((await stat(path).catch(() => undefined))?.isFile()) passes.push(await realpath(path));
        }
      }
    }
  }
  return passes;
}

async function cLibrary(): Promise<string[]> {
  const found: string[] = [];
  for (const folder of ["/usr/lib64", "/usr/lib", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"]) {
    for (const name of ["libc.so.6", "libm.so.6", "libc_nonshared.a", "crt1.o"]) {
      const path = await realpath(join(folder, name)).catch(() => undefined);
      if (path !== undefined) found.push(path);
    }
  }
  return found;
}

async function filesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])) {
    if (entry.isFile() || entry.isSymbolicLink()) found.push(join(entry.parentPath, entry.name));
  }
  return found;
}

/** Digests of files by path, valid while size, time and inode stay the same. */
export class DigestCache {
  readonly #path: string;
  readonly #known: Record<string, string>;
  #changed = false;

  private constructor(path: string, known: Record<string, string>) {
    this.#path = path;
    this.#known = known;
  }

  static async open(path: string): Promise<DigestCache> {
    try {
      const value: unknown = JSON.parse(await readFile(path, "utf8"));
      const entries = Object.entries(value ?? {}).filter(
        (entry): entry is [string, string] => typeof entry[1] === "string",
      );
      return new DigestCache(path, Object.fromEntries(entries));
    } catch {
      return new DigestCache(path, {});
    }
  }

  /** sha256 of a file's content; of a link, its text. */
  async of(path: string): Promise<string> {
    const info = await lstat(path, { bigint: true });
    if (info.isSymbolicLink()) return `link ${await readlink(path)}`;
    const state = `${info.size} ${info.mtimeNs} ${info.ctimeNs} ${info.ino}`;
    const known = this.#known[path];
    if (known?.startsWith(`${state} `)) return known.slice(state.length + 1);
    const digest = await digestFile(path);
    this.#known[path] = `${state} ${digest}`;
    this.#changed = true;
    return digest;
  }

  async save(): Promise<void> {
    if (this.#changed) await writeFileSafely(this.#path, JSON.stringify(this.#known));
    this.#changed = false;
  }
}
