import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
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
        { name: "kernel", kind: "default", baseArchOnly: true, arches: ["x86_64", "aarch64"] },
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
      biarchOnly: true,
      arches: ["x86_64"],
      packages: [],
    },
  ],
  categories: [
    { id: "all", name: "All", description: "", nameIn: {}, descriptionIn: {}, displayOrder: 1, groups: ["core"] },
    {
      id: "odd",
      name: "Odd",
      description: "",
      nameIn: {},
      descriptionIn: {},
      displayOrder: undefined,
      arches: ["s390x"],
      groups: ["core", "__proto__"],
      groupArches: { core: ["x86_64"] },
    },
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
        { id: "core", default: false, arches: ["x86_64"] },
      ],
    },
  ],
  langpacks: [{ name: "firefox", install: "firefox-langpack-%s" }],
  blacklist: [{ name: "bad", arch: "i686" }],
  whiteout: [{ requires: "a", package: "b" }],
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

const folder = mkdtempSync(join(tmpdir(), "weir-comps-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function missingLibrary(): string | undefined {
  if (spawnSync("/usr/bin/python3", ["-c", "import libcomps"]).status === 0) return undefined;
  const reason = "not on this machine: libcomps for Python (python3-libcomps)";
  if ((process.env.CI ?? "") !== "") throw new Error(`${reason}; in CI this is a failure`);
  return reason;
}

/** How libcomps writes what it reads from these texts. */
function libcompsSees(texts: readonly string[]): string[] {
  const files = texts.map((text, index) => {
    const file = join(folder, `${index}.xml`);
    writeFileSync(file, text);
    return file;
  });
  const script = `import sys, libcomps
options = libcomps.get_xml_default_options()
options["arch_output"] = True
for path in sys.argv[1:]:
    comps = libcomps.Comps()
    if comps.fromxml_f(path) < 0: print("FAILED", comps.get_last_errors())
    print(comps.xml_str(xml_options=options))
    print("=====")
`;
  const run = spawnSync("/usr/bin/python3", ["-c", script, ...files], { encoding: "utf8", maxBuffer: 1 << 28 });
  expect(run.stderr).toBe("");
  return run.stdout
    .replace(/<!DOCTYPE.*\n/g, "")
    .split("=====\n")
    .slice(0, -1);
}

const missing = missingLibrary();
describe.skipIf(missing !== undefined || sharedPath("data", "repodata").missing !== undefined)(
  `libcomps (${missing ?? "present"})`,
  () => {
    it("finds in what was written what it finds in the original", async () => {
      const texts: string[] = [];
      for (const name of ["centos7-small", "cs9-appstream-2025-01", "cs9-baseos-2022-02"]) {
        const path = join(sharedPath("data", "repodata").path ?? "", name, "repodata");
        const file = (await readdir(path)).find((candidate) => candidate.includes("comps")) ?? "";
        const data = await decompress(await readFile(join(path, file)), { where: file, limit: 1 << 26 });
        texts.push(data.toString("utf8"), writeComps(parseComps(data, file)));
      }
      const seen = libcompsSees(texts);
      expect(seen).toHaveLength(6);
      for (let index = 0; index < 6; index += 2) {
        expect(seen[index]?.length).toBeGreaterThan(1000);
        expect(seen[index + 1]).toBe(seen[index]?.replaceAll(" </packagereq>", "</packagereq>"));
      }
    });

    it("reads all that is written", () => {
      const [seen] = libcompsSees([bytes.toString()]);
      for (const part of [
        '<packagereq arch="x86_64 aarch64" type="default" basearchonly="true">kernel</packagereq>',
        "<biarchonly>true</biarchonly>",
        '<package name="bad" arch="i686"/>',
        '<ignoredep requires="a" package="b"/>',
        '<category arch="s390x">',
        '<groupid arch="x86_64" default="false">core</groupid>',
      ]) {
        expect(seen).toContain(part);
      }
    });
  },
);
