import { compareText, Fingerprint, WeirError } from "../../core/index.ts";
import type { WeirProject } from "../define/index.ts";
import { type BaseEntry, findBaseFiles, type PythonPlaces } from "./base-files.ts";
import { baseSpecFile, writeBaseSpec } from "./base-spec.ts";
import { buildComponent, type ComponentBuildOptions } from "./component.ts";
import { DigestCache } from "./host-toolchain.ts";
import { type CandidatePackage, candidateOf } from "./packages.ts";
import { RepositoryBuildroot } from "./repository-buildroot.ts";
import { RootView } from "./root-view.ts";
import type { BuiltNode, SandboxRequest } from "./types.ts";

/** The packages below all others, and how they came about. */
export interface BaseRuntime {
  readonly node: BuiltNode;
  readonly packages: readonly CandidatePackage[];
}

/** Times in the packages are at most this: the first day of 2020. */
const baseTime = 1_577_836_800;

/**
 * Packages the files that `base.packages` names, taken from the root that builds see, with every dependency generator on. What is in the
 * files decides whether it runs again. Gives undefined where the definition has no base packages.
 * Errors: `BASE_FILE_MISSING`, `BASE_PATH_UNSUPPORTED`, `BASE_TEXT_UNSUPPORTED`, `BASE_INTERPRETER` and those of `buildComponent`.
 */
export async function buildBaseRuntime(
  base: WeirProject["base"],
  options: Omit<ComponentBuildOptions, "built">,
): Promise<BaseRuntime | undefined> {
  if (base.packages.size === 0) return undefined;
  const requires =
    options.buildroot instanceof RepositoryBuildroot ? baseRequires(base.packages, options.buildroot) : [];
  const solved = options.buildroot.solve(requires, [], "base runtime");
  const view = await options.buildroot.prepare(solved, options);
  const root = new RootView(view.hostUsr ? "/" : (view.layers[0] ?? "/"));
  const wantsPython = [...base.packages.values()].some((config) => config.interpreter !== undefined);
  const python = wantsPython ? await pythonPlaces(view, options) : undefined;
  const files = findBaseFiles(base.packages, root, python);
  const digests = await DigestCache.open(options.store.path("host-digests.json"));
  const inputs: Record<string, string> = {};
  for (const [name, entries] of files) inputs[`files of ${name}`] = await digestFiles(entries, root, digests);
  await digests.save();
  const { version, release, packages } = base;
  const rendered = writeBaseSpec({ version, release, packages, files, pythonVersion: python?.version });
  const node = await buildComponent(
    {
      node: { id: "base-runtime", with: [], without: [], buildRequires: requires, dynamicBuildRequires: false },
      rendered: { name: "base-runtime", specFile: baseSpecFile, files: rendered, sourceDateEpoch: baseTime },
      sources: new Map(),
      inputs,
    },
    { ...options, built: [] },
  );
  return { node, packages: await Promise.all(node.rpms.map(candidateOf)) };
}

/** The packages of the repositories that hold what the base runtime names, so that its buildroot has the files. */
function baseRequires(packages: WeirProject["base"]["packages"], buildroot: RepositoryBuildroot): string[] {
  const names = new Set(["coreutils", "findutils"]);
  const add = (owners: readonly string[]) => {
    const [first] = owners;
    if (first !== undefined) names.add(first);
  };
  for (const config of packages.values()) {
    for (const command of config.interpreter === undefined ? config.commands : [...config.commands, "python3"]) {
      add(buildroot.owners(command, (path) => /^(?:\/usr)?\/s?bin\/[^/]+$/.test(path)));
    }
    for (const library of config.libraries) add(buildroot.owners(library, (path) => /^(?:\/usr)?\/lib/.test(path)));
    for (const pattern of config.files) {
      const fixed = pattern.replace(/\/[^/]*[*?].*$/, "");
      add(buildroot.owners(fixed.slice(fixed.lastIndexOf("/") + 1), (path) => path === fixed));
    }
  }
  return [...names].sort(compareText);
}

async function digestFiles(entries: readonly BaseEntry[], root: RootView, digests: DigestCache): Promise<string> {
  const print = new Fingerprint();
  for (const entry of entries) {
    print.add(entry.kind, entry.path);
    if (entry.kind === "link") print.add("target", entry.target);
    else {
      const mode = root.resolve(entry.path)?.info.mode ?? 0;
      print.add("mode", mode & 0o7777);
      if (entry.kind === "file") print.add("content", await digests.of(root.outside(entry.path)));
    }
  }
  return print.hex();
}

const question =
  'import sys, sysconfig; print(sysconfig.get_python_version()); print(sysconfig.get_paths()["stdlib"]); import os; print(os.path.realpath(sys.executable))';

/** Asks the interpreter inside the sandbox. Errors: `BASE_INTERPRETER`. */
async function pythonPlaces(
  view: Pick<SandboxRequest, "layers" | "hostUsr" | "etc">,
  options: Omit<ComponentBuildOptions, "built">,
): Promise<PythonPlaces> {
  const result = await options.sandbox.run({
    ...view,
    binds: [],
    tmpfs: ["/build"],
    env: { PATH: "/usr/bin", LC_ALL: "C" },
    cwd: "/build",
    command: ["/usr/bin/python3", "-I", "-c", question],
    timeout: 60_000,
    signal: options.signal,
  });
  const [version = "", library = "", program = ""] = result.stdout.trim().split("\n");
  if (
    result.exitCode === 0 &&
    /^\d+\.\d+$/.test(version) &&
    library.startsWith("/usr/lib") &&
    program.startsWith("/usr/")
  ) {
    return { version, library, program };
  }
  throw new WeirError("BASE_INTERPRETER", `python3 does not say where its library is: ${result.stderr.slice(-300)}`, {
    kind: "machine",
    hints: ["install python3 from the distribution: one below /usr/local or in a home folder is not seen by builds"],
  });
}
