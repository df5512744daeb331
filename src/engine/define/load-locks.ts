import { basename } from "node:path";
import type { Issues } from "./load-issues.ts";
import { fileExists, type TreeReader } from "./load-tree.ts";
import type { MergedProject } from "./merge-project.ts";
import { lockShape } from "./schema-azldev.ts";
import { checkFile } from "./schema-check.ts";
import type { ComponentLock } from "./types.ts";

/**
 * Reads the lock of each component that has one: `NAME.lock` in the project's lock folder, version 1 of azldev's format. Locks of
 * components that are not defined are passed over. `stale`: a lock may contradict the definition's own pin.
 */
export function readLocks(
  project: MergedProject,
  lockDir: string,
  isComponent: (name: string) => boolean,
  tree: TreeReader,
  issues: Issues,
  stale = false,
): Map<string, ComponentLock> {
  const locks = new Map<string, ComponentLock>();
  if (!fileExists(lockDir)) return locks;
  const { matches, refused } = tree.glob(lockDir, "*.lock");
  for (const name of refused) {
    const message = `the lock folder leads out of the project: ${name}`;
    const place = project.lockDirAt?.file.place(project.lockDirAt.path) ?? { file: "azldev.toml" };
    issues.addAt("DEFINITION_PATH_ESCAPE", message, place);
  }
  for (const path of matches) {
    const name = basename(path, ".lock");
    if (issues.full) break;
    const file = isComponent(name) ? tree.read(path) : undefined;
    if (file === undefined) continue;
    checkFile(file, lockShape, issues);
    const data = file.data as Readonly<Record<string, string | number | undefined>>;
    if (!file.damaged && data["version"] !== 1) {
      const message = `version ${String(data["version"])} of the lock format is not known`;
      issues.add("DEFINITION_LOCK_VERSION", message, file, ["version"], "version 1 is");
    }
    const pin = project.components.get(name)?.raw.spec?.["upstream-commit"];
    const commit = data["upstream-commit"];
    if (pin && commit && pin !== commit && !stale) {
      const message = `the lock of "${name}" is stale: the definition pins ${pin}, the lock has ${commit}`;
      issues.add("DEFINITION_LOCK_STALE", message, file, ["upstream-commit"], "update the lock, or remove the pin");
    }
    locks.set(name, {
      upstreamCommit: (data["upstream-commit"] as string | undefined) || undefined,
      importCommit: (data["import-commit"] as string | undefined) || undefined,
      manualBump: (data["manual-bump"] as number | undefined) ?? 0,
      ...(data["input-fingerprint"] ? { inputFingerprint: data["input-fingerprint"] as string } : {}),
      ...(data["resolution-input-hash"] ? { resolutionHash: data["resolution-input-hash"] as string } : {}),
    });
  }
  return locks;
}
