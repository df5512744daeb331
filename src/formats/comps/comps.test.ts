import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sharedPath } from "../../../test/support/tools.ts";
import { WeirError } from "../../core/index.ts";
import { decompress } from "../archive/index.ts";
import { type Comps, parseComps, writeComps } from "./index.ts";

const example: Comps = {
  groups: [
    {
      id: "core",
      name: "Core & more",
      description: "Smallest <set>",
      nameIn: { de: "Kern" },
      descriptionIn: {},
      displayOrder: 5,
      default: true,
      userVisible: false,
      languageOnly: undefined,
      packages: [
        { name: "bash", kind: "mandatory" },
        { name: "extra", kind: "conditional", requires: "bash" },
      ],
    },
    {
      id: "german",
      name: "",
      description: "",
      nameIn: {},
      descriptionIn: {},
      displayOrder: undefined,
      default: false,
      userVisible: true,
      languageOnly: "de",
      packages: [],
    },
  ],
  categories: [
    { id: "all", name: "All", description: "", nameIn: {}, descriptionIn: {}, displayOrder: 1, groups: ["core"] },
  ],
  environments: [
    {
      id: "server",
      name: "Server",
      description: "",
      nameIn: {},
      descriptionIn: { fr: "Serveur" },
      displayOrder: undefined,
      groups: ["core"],
      options: [
        { id: "german", default: true },
        { id: "core", default: false },
      ],
    },
  ],
  langpacks: [{ name: "firefox", install: "firefox-langpack-%s" }],
};
const bytes = Buffer.from(writeComps(example));

function codeOf(data: Uint8Array): string {
  try {
    parseComps(data, "comps.xml");
    return "";
  } catch (error) {
    return error instanceof WeirError ? error.code : String(error);
  }
}

describe("comps", () => {
  it("comes back as it was written", () => {
    expect(parseComps(bytes, "comps.xml")).toEqual(example);
  });

  it.each([
    ["another document", "<repomd/>"],
    ["a group without an id", "<comps><group><name>x</name></group></comps>"],
    ["a strange boolean", "<comps><group><id>a</id><default>maybe</default></group></comps>"],
    ["a strange order", "<comps><group><id>a</id><display_order>first</display_order></group></comps>"],
    [
      "a strange kind",
      '<comps><group><id>a</id><packagelist><packagereq type="x">b</packagereq></packagelist></group></comps>',
    ],
    ["entities of its own", '<!DOCTYPE comps [<!ENTITY a "b">]><comps>&a;</comps>'],
    ["endless nesting", "<comps>".repeat(100)],
  ])("COMPS_MALFORMED for %s", (_, text) => {
    expect(codeOf(Buffer.from(text))).toBe("COMPS_MALFORMED");
  });

  it("never reads a part as the whole", () => {
    for (let end = 0; end < bytes.length - 1; end++) expect(codeOf(bytes.subarray(0, end))).toBe("COMPS_MALFORMED");
  });

  it("survives mutations", () => {
    const pieces = ["<", ">", "&", '"', "</", "<group>", "&lol;", "<!--", "]]>", "\0", "<!DOCTYPE"];
    let state = 7;
    const random = (below: number) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 8) % below;
    };
    for (let round = 0; round < 2000; round++) {
      let mutated = Buffer.from(bytes);
      for (let change = random(3); change >= 0; change--) {
        const at = random(mutated.length);
        const piece = Buffer.from(pieces[random(pieces.length)] ?? "");
        const cut = random(3) === 0 ? random(30) : 0;
        mutated = Buffer.concat([mutated.subarray(0, at), piece, mutated.subarray(at + cut)]);
      }
      expect(["", "COMPS_MALFORMED"]).toContain(codeOf(mutated));
    }
  });

  const shared = sharedPath("data", "repodata");
  it.skipIf(shared.missing !== undefined)(
    `reads real files and writes what reads the same (${shared.missing ?? "present"})`,
    async () => {
      for (const folder of ["centos7-small", "cs9-appstream-2025-01", "cs9-baseos-2022-02"]) {
        const path = join(shared.path ?? "", folder, "repodata");
        const file = (await readdir(path)).find((name) => name.includes("comps")) ?? "";
        const data = await decompress(await readFile(join(path, file)), { where: file, limit: 1 << 26 });
        const comps = parseComps(data, file);
        const wanted = comps.groups.reduce((sum, group) => sum + group.packages.length, 0);
        expect(wanted).toBe(
          data
            .toString("utf8")
            .replace(/<!--[^]*?-->/g, "")
            .split("<packagereq").length - 1,
        );
        expect(wanted).toBeGreaterThan(10);
        expect(parseComps(Buffer.from(writeComps(comps)), "again")).toEqual(comps);
      }
    },
  );
});
