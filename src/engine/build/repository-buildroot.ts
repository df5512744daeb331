import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compareText, Fingerprint, joinBelow } from "../../core/index.ts";
import { type PackageMetadata, type Repository, readRepository } from "../../formats/rpmmd/index.ts";
import { solve } from "../solve/index.ts";
import { type Buildroot, type PreparedRoot, refuseProblems, repositoryOf, type SolvedRoot } from "./buildroot.ts";
import { accountFiles, engineMacros, makeLinkerCache, placeFile } from "./etc.ts";
import { packageInput } from "./inputs.ts";
import { type MacroLayer, makeMacroLayer } from "./macro-layer.ts";
import { mergeTree } from "./merge-tree.ts";
import type { CandidatePackage } from "./packages.ts";
import type { BuildStore } from "./store.ts";
import type { BuildContext } from "./types.ts";

export interface RepositoryBuildrootOptions {
  readonly store: BuildStore;
  readonly arch: string;
  /** Folders laid over rpm's own, later over earlier. */
  readonly macros: readonly string[];
  /** Folders that hold `repodata/`. On equal versions an earlier one wins, and what was built wins over all. */
  readonly repositories: readonly string[];
  /** What every build may count on; default {@link buildGroup}. */
  readonly group?: readonly string[];
}

/** The minimal group of every buildroot: rpmbuild, and the commands that its scripts and spec sections take for granted. */
export const buildGroup: readonly string[] = [
  "bash",
  "coreutils",
  "diffutils",
  "findutils",
  "grep",
  "gzip",
  "patch",
  "rpm-build",
  "sed",
  "tar",
];

/** A buildroot made of packages alone: nothing of the machine is in it. Errors: those of `readRepository`. */
export async function openRepositoryBuildroot(options: RepositoryBuildrootOptions): Promise<RepositoryBuildroot> {
  const repositories: Repository[] = [];
  for (const [index, root] of options.repositories.entries()) {
    repositories.push(await readRepository(root, { id: `repository ${index + 1}`, filelists: true }));
  }
  return new RepositoryBuildroot(options, repositories, await makeMacroLayer(options.store, options.macros));
}

export class RepositoryBuildroot implements Buildroot {
  readonly mode = "repository";
  readonly arch: string;
  readonly #options: RepositoryBuildrootOptions;
  readonly #repositories: readonly Repository[];
  readonly #macros: MacroLayer;
  #files: ReadonlyMap<string, readonly { readonly path: string; readonly owner: string }[]> | undefined;

  constructor(options: RepositoryBuildrootOptions, repositories: readonly Repository[], macros: MacroLayer) {
    this.arch = options.arch;
    this.#options = options;
    this.#repositories = repositories;
    this.#macros = macros;
  }

  /** Its own packages already hold what the base runtime is made of. */
  withBase(): RepositoryBuildroot {
    return this;
  }

  solve(requires: readonly string[], built: readonly CandidatePackage[], where: string): SolvedRoot {
    const repositories = [repositoryOf("built", built), ...this.#repositories];
    const [linker] = this.owners("ldconfig", (path) => /^(?:\/usr)?\/sbin\/ldconfig$/.test(path));
    const group = [...(this.#options.group ?? buildGroup), ...(linker === undefined ? [] : [linker])];
    const install = [...new Set([...group, ...requires])];
    const solution = solve({ install, repositories, arch: this.arch, weak: false });
    refuseProblems(solution, where);
    const own = new Map(built.map((candidate) => [candidate.metadata.pkgid, candidate]));
    const roots = new Map(this.#repositories.map((repository) => [repository.id, repository.root]));
    const inputs: Record<string, string> = { macros: this.#macros.digest };
    const packages: CandidatePackage[] = [];
    for (const { nevra, repository, package: chosen } of solution.install) {
      const candidate = own.get(chosen.pkgid) ?? foreign(chosen, roots.get(repository) ?? "", nevra);
      const [name, value] = packageInput(nevra, chosen.name, chosen.arch, chosen.pkgid);
      inputs[name] = value;
      packages.push(candidate);
    }
    return { packages, inputs };
  }

  /**
   * A root by the digest of its packages: hard links into the unpacked trees, the macros above what comes from repositories and below what
   * was built, the engine's own configuration, and one run of ldconfig in it. Scriptlets are not run.
   */
  async prepare(solved: SolvedRoot, context: BuildContext): Promise<PreparedRoot["view"]> {
    const { store } = this.#options;
    const lower: string[] = [];
    const upper: string[] = [];
    for (const { artifact } of solved.packages) {
      const own = artifact.path.startsWith(`${store.root}/`);
      (own ? upper : lower).push(await store.tree(artifact));
    }
    const layers = [...lower, this.#macros.folder, ...upper];
    const print = new Fingerprint().add("macros", engineMacros).add("accounts", JSON.stringify(accountFiles));
    for (const layer of layers) print.add("layer", layer);
    const root = await store.ensureFolder("roots", print.hex(), async (folder) => {
      for (const name of ["bin", "sbin", "lib", "lib64"]) {
        await mkdir(join(folder, "usr", name), { recursive: true });
        await symlink(`usr/${name}`, join(folder, name));
      }
      for (const layer of layers) mergeTree(layer, folder);
      await configureRoot(folder);
      await makeLinkerCache(context, { layers: [folder], hostUsr: false, etc: join(folder, "etc") });
    });
    return { layers: [root], hostUsr: false, etc: undefined };
  }

  /** Names of packages in the repositories that own a path of this last part for which `test` is true; sorted. */
  owners(name: string, test: (path: string) => boolean): string[] {
    this.#files ??= indexFiles(this.#repositories);
    const found = (this.#files.get(name) ?? []).filter(({ path }) => test(path)).map(({ owner }) => owner);
    return [...new Set(found)].sort(compareText);
  }
}

function foreign(metadata: PackageMetadata, root: string, nevra: string): CandidatePackage {
  const path = joinBelow(root, metadata.location);
  const file = path.slice(path.lastIndexOf("/") + 1);
  return { artifact: { file, path, sha256: metadata.pkgid, size: metadata.size.package, nevra }, metadata };
}

/** Accounts, linker folders and macros where packages bring none, and the folders that are mounted on. */
async function configureRoot(folder: string): Promise<void> {
  for (const name of ["etc", "var/tmp", "tmp", "run", "root", "proc", "dev"])
    await mkdir(join(folder, name), { recursive: true });
  const etc = join(folder, "etc");
  for (const [name, text] of Object.entries(accountFiles)) {
    await writeFile(join(etc, name), text, { flag: "wx" }).catch(() => undefined);
  }
  await placeFile(etc, "ld.so.conf.d/zz-weir.conf", "/usr/lib64\n");
  await writeFile(join(etc, "ld.so.conf"), "include /etc/ld.so.conf.d/*.conf\n", { flag: "wx" }).catch(() => undefined);
  await placeFile(etc, "rpm/macros.weir", engineMacros);
  await rm(join(etc, "ld.so.cache"), { force: true });
}

function indexFiles(repositories: readonly Repository[]): Map<string, { path: string; owner: string }[]> {
  const index = new Map<string, { path: string; owner: string }[]>();
  for (const { packages } of repositories) {
    for (const { name: owner, files } of packages) {
      for (const { path } of files) {
        const name = path.slice(path.lastIndexOf("/") + 1);
        const list = index.get(name) ?? [];
        list.push({ path, owner });
        index.set(name, list);
      }
    }
  }
  return index;
}
