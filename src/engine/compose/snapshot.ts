import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson, digestOf, messageOf, WeirError } from "../../core/index.ts";
import type { Snapshot } from "./types.ts";

/** Name of the description in the whole repository's folder. */
export const snapshotFile = "snapshot.json";

/**
 * Reads the description of a published snapshot from the folder of its whole repository, and verifies its digest. Errors:
 * `COMPOSE_SNAPSHOT_MISSING`, `COMPOSE_SNAPSHOT_BAD`.
 */
export async function readSnapshot(root: string): Promise<Snapshot> {
  const bytes = await readFile(join(root, snapshotFile)).catch((error: unknown) => {
    throw new WeirError("COMPOSE_SNAPSHOT_MISSING", `no ${snapshotFile} in the folder: ${messageOf(error)}`, {
      where: snapshotFile,
      hints: ["compose first, or name the folder that holds snapshot.json"],
      cause: error,
    });
  });
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw bad(messageOf(error));
  }
  const schema = await snapshotSchema();
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw bad(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not as expected"}`);
  }
  const { digest, ...rest } = parsed.data;
  if (digestOf(canonicalJson(rest)) !== digest) throw bad("its digest is not that of its content");
  return parsed.data;
}

function bad(why: string): WeirError {
  return new WeirError("COMPOSE_SNAPSHOT_BAD", `${snapshotFile} cannot be used: ${why}`, {
    where: snapshotFile,
    hints: ["compose again; the file is not meant to be edited"],
  });
}

async function snapshotSchema() {
  const { z } = await import("zod");
  const hash = z.string().regex(/^[0-9a-f]{64}$/);
  return z.strictObject({
    schema: z.literal("weir/snapshot/1"),
    digest: hash,
    revision: z.number().int(),
    repositories: z.array(
      z.strictObject({
        channel: z.string(),
        path: z.string(),
        packages: z.number().int(),
        metadata: z.record(z.string(), hash),
      }),
    ),
    packages: z.array(
      z.strictObject({
        nevra: z.string(),
        location: z.string(),
        sha256: hash,
        size: z.number().int(),
        sourceRpm: z.string(),
        channel: z.string().nullable(),
      }),
    ),
  });
}
