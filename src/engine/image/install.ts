import { compareText, type Progress, type Skip } from "../../core/index.ts";
import { unpackRpm } from "../../formats/archive/index.ts";
import { fileFlag, type RpmFile } from "../../formats/rpm/index.ts";
import type { OpenedPackage } from "./open-packages.ts";
import type { RootTree } from "./root-tree.ts";
import type { ScriptletRunner } from "./scriptlets.ts";
import { applySysusers } from "./sysusers.ts";

export interface InstallOptions {
  readonly excludeDocs: boolean;
  readonly epoch: number;
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
}

/**
 * Installs packages into a root in the given order, the way rpm's transaction goes: all %pretrans; then for each package %pre, its files,
 * the accounts it declares, %post; at last all %posttrans.
 */
export async function installPackages(
  tree: RootTree,
  packages: readonly OpenedPackage[],
  runner: ScriptletRunner,
  options: InstallOptions,
): Promise<Skip[]> {
  const step = options.progress.step("install", packages.length);
  const skips = new Map<string, Skip>();
  let declared = -1;
  for (const item of packages) await runner.run(item.head.package, item.nevra, "pretrans", 1);
  for (const [i, item] of packages.entries()) {
    options.signal?.throwIfAborted();
    step.update({ done: i, note: item.nevra });
    await runner.run(item.head.package, item.nevra, "pre", 1);
    const unpacked = await unpackRpm(item.path, tree.root, {
      where: item.nevra,
      modes: "accessible",
      ...(options.excludeDocs ? { filter: isNoDoc } : {}),
    });
    tree.addPackage(unpacked, item.nevra);
    if (bringsLibraries(item)) runner.noteLibraries();
    const count = tree.list("/usr/lib/sysusers.d").length + tree.list("/etc/sysusers.d").length;
    if (count !== declared) {
      for (const skip of applySysusers(tree, options.epoch)) skips.set(`${skip.subject}\0${skip.reason}`, skip);
      declared = count;
    }
    await runner.run(item.head.package, item.nevra, "post", 1);
  }
  for (const item of packages) await runner.run(item.head.package, item.nevra, "posttrans", 1);
  step.end("done", `${packages.length} packages, ${runner.ran} scriptlets`);
  return [...skips.values(), ...triggerSkips(packages)];
}

function bringsLibraries(item: OpenedPackage): boolean {
  return item.head.package.files.some(({ path }) => /\.so(\.|$)/.test(path) || path.startsWith("/etc/ld.so.conf"));
}

export function isNoDoc(file: RpmFile): boolean {
  return (file.flags & fileFlag.doc) === 0;
}

/** Triggers are told, but for the file triggers of the package that brings ldconfig: its cache is renewed here. */
function triggerSkips(packages: readonly OpenedPackage[]): Skip[] {
  return packages.flatMap(({ nevra, head }) => {
    const isLoader = head.package.files.some(({ path }) => path === "/usr/sbin/ldconfig" || path === "/sbin/ldconfig");
    const open = head.package.triggers.filter((kind) => !isLoader || !kind.startsWith("transfiletrigger"));
    return open.length === 0
      ? []
      : [{ subject: nevra, reason: `triggers are not run: ${open.toSorted(compareText).join(", ")}` }];
  });
}

/**
 * Removes a package again: %preun, its files but for those that another package owns too, its folders where they are empty, %postun.
 */
export async function erasePackage(
  tree: RootTree,
  item: OpenedPackage,
  rest: readonly OpenedPackage[],
  runner: ScriptletRunner,
): Promise<void> {
  const kept = new Set(rest.flatMap((other) => other.head.package.files.map((file) => file.path)));
  await runner.run(item.head.package, item.nevra, "preun", 0);
  for (const file of [...item.head.package.files].reverse()) {
    if (kept.has(file.path)) continue;
    const isFolder = (file.mode & 0o170000) === 0o040000;
    if (isFolder) tree.removeIfEmpty(file.path);
    else if (!tree.isFolder(file.path) || tree.linkTarget(file.path) !== undefined) tree.remove(file.path);
  }
  if (bringsLibraries(item)) runner.noteLibraries();
  await runner.run(item.head.package, item.nevra, "postun", 0);
}
