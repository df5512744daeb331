import type { Skip } from "../../core/index.ts";
import { decompress } from "../../formats/archive/index.ts";
import type { ExtraMetadata } from "../../formats/rpmmd/write-repodata.ts";

/** Metadata that people write, by its type in repomd.xml. */
export const extraTypes = ["group", "modules", "updateinfo"] as const;
export type ExtraType = (typeof extraTypes)[number];

const fileNames: Readonly<Record<ExtraType, string>> = {
  group: "comps.xml",
  modules: "modules.yaml",
  updateinfo: "updateinfo.xml",
};

const mostBytes = 1 << 30;

/**
 * Groups (comps), module streams or advisories to be published as they stand. They may be packed. `where` is for messages. Errors: those
 * of unpacking, and of the documents' own readers, since what no reader accepts is not published; skips say what a reader leaves aside.
 */
export async function readExtra(
  type: ExtraType,
  bytes: Uint8Array,
  where: string,
): Promise<{ readonly extra: ExtraMetadata; readonly skips: readonly Skip[] }> {
  const content = await decompress(bytes, { where, limit: mostBytes });
  const skips = await check(type, content, where);
  return { extra: { type, file: fileNames[type], content }, skips };
}

async function check(type: ExtraType, content: Buffer, where: string): Promise<readonly Skip[]> {
  switch (type) {
    case "group":
      (await import("../../formats/comps/index.ts")).parseComps(content, where);
      return [];
    case "modules":
      return (await import("../../formats/modulemd/index.ts")).parseModules(content, where).skips;
    case "updateinfo":
      (await import("../../formats/updateinfo/index.ts")).parseUpdateinfo(content, where);
      return [];
  }
}
