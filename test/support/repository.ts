import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestOf, formatNevra } from "../../src/core/index.ts";
import { readRpm } from "../../src/formats/rpm/index.ts";
import { fromRpm, type Repository } from "../../src/formats/rpmmd/index.ts";
import { buildRpm, type TestPackage } from "./rpm-builder.ts";

/** Writes packages below `root` and gives the repository value that their metadata would read as. */
export function layRepository(root: string, id: string, packages: readonly TestPackage[]): Repository {
  mkdirSync(join(root, "Packages"), { recursive: true });
  const metadata = packages.map((plan) => {
    const bytes = buildRpm(plan);
    const head = readRpm(bytes, plan.name);
    const location = `Packages/${formatNevra(head.package).replace(/-\d+:/, "-")}.rpm`;
    writeFileSync(join(root, location), bytes);
    const { headerRange } = head;
    return fromRpm(head.package, { pkgid: digestOf(bytes), location, size: bytes.length, fileTime: 0, headerRange });
  });
  return { id, root, revision: "1", packages: metadata, filesComplete: true };
}
