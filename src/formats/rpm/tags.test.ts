import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildRpm } from "../../../test/support/rpm-builder.ts";
import { buildPackages, richSpec } from "../../../test/support/rpmbuild.ts";
import { missingTool } from "../../../test/support/tools.ts";
import { run, WeirError } from "../../core/index.ts";
import {
  headerValue,
  headerValues,
  knownTag,
  RpmHeader,
  readRpm,
  signatureHeaderWith,
  signaturesOf,
  tag,
  tagName,
  verifyRpm,
  writeHeader,
} from "./index.ts";

describe("tags by name and number", () => {
  it("finds a tag either way, and names what is not known by number", () => {
    expect(knownTag("ProvideName")).toEqual({ tag: 1047, name: "providename", type: "stringArray", many: true });
    expect(knownTag(5112)?.name).toBe("payloadsize");
    expect(knownTag("constructor")).toBeUndefined();
    expect([tagName(1000), tagName(1000, "signature"), tagName(4_000_000)]).toEqual(["name", "size", "4000000"]);
  });

  it("knows the numbers of all tags that are read here", () => {
    for (const number of Object.values(tag)) expect([number, knownTag(number)?.tag]).toEqual([number, number]);
  });
});

describe("values of a header", () => {
  const bytes = buildRpm({
    name: "valued",
    version: "1",
    release: "1",
    files: [{ path: "/a", content: "x" }],
    header: [
      { tag: 9_000_001, type: "int64", value: [2n ** 63n + 1n] },
      { tag: 9_000_002, type: "int16", value: [1, 65_535] },
      { tag: 9_000_003, type: "bin", value: Uint8Array.of(0, 255) },
      { tag: 9_000_004, type: "char", value: [65] },
      { tag: 9_000_005, type: "i18nString", value: ["eins", "zwei"] },
    ],
  });
  const { header } = readRpm(bytes, "x");

  it("are read by number, whatever the tag, exactly", () => {
    expect(headerValue(header, 9_000_001)).toEqual({ tag: 9_000_001, type: "int64", value: [2n ** 63n + 1n] });
    expect(headerValue(header, 9_000_005)?.value).toEqual(["eins", "zwei"]);
    expect(headerValue(header, 1)).toBeUndefined();
  });

  it("written anew give the same header", () => {
    expect(Buffer.from(writeHeader(headerValues(header), tag.headerImmutable)).equals(header.blob)).toBe(true);
  });

  it("RPM_TAG_BAD for texts that have no end", () => {
    const blob = Buffer.from(writeHeader([{ tag: 1000, type: "stringArray", value: ["abc"] }]));
    blob.fill(65, 24);
    expect(() => headerValues(new RpmHeader(blob, "x"))).toThrow(expect.objectContaining({ code: "RPM_TAG_BAD" }));
  });

  it("RPM_TAG_BAD for values that share their bytes", () => {
    const many = Array.from(
      { length: 100 },
      (_, i) => ({ tag: 5000 + i, type: "bin", value: new Uint8Array(0) }) as const,
    );
    const blob = Buffer.from(writeHeader([{ tag: 1000, type: "bin", value: new Uint8Array(1000) }, ...many]));
    for (let i = 1; i <= 100; i++) blob.writeUInt32BE(0, 8 + i * 16 + 8);
    for (let i = 1; i <= 100; i++) blob.writeUInt32BE(1000, 8 + i * 16 + 12);
    expect(() => headerValues(new RpmHeader(blob, "x"))).toThrow(expect.objectContaining({ code: "RPM_TAG_BAD" }));
  });

  it("hostile headers give a WeirError or values", () => {
    let seed = 3;
    const next = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    for (let round = 0; round < 3000; round++) {
      const blob = Buffer.from(header.blob);
      for (let i = 0; i <= round % 4; i++) blob[next(blob.length)] = next(256);
      try {
        const changed = new RpmHeader(blob, "x");
        headerValues(changed);
        signaturesOf(changed);
      } catch (error) {
        expect(error).toBeInstanceOf(WeirError);
      }
    }
  });

  it("RPM_SIGNATURE_SLOT for two signatures of one kind", () => {
    const head = readRpm(bytes, "x");
    const one = { slot: "rsa", packet: Uint8Array.of(1) } as const;
    expect(() => signatureHeaderWith(head, [one, one])).toThrow(
      expect.objectContaining({ code: "RPM_SIGNATURE_SLOT" }),
    );
  });
});

const missing = missingTool("rpm", "rpmbuild");

describe.skipIf(missing !== undefined)(`beside rpm ${missing ?? ""}`, () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "weir-tags-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("reads every tag of what rpmbuild makes as rpm does", async () => {
    const names = await buildPackages(join(folder, "work"), join(folder, "out"), { rich: richSpec });
    expect(names.length).toBeGreaterThan(1);
    const queryable = new Set((await run("rpm", ["--querytags"])).stdout.toString().split("\n"));
    for (const name of names) await compare(join(folder, "out", name), queryable);
  });

  const tree = process.env.WEIR_RPM_TREE;
  const packages = tree === undefined ? "" : join(tree, "tests/data/RPMS");
  const absent = existsSync(packages) ? undefined : "WEIR_RPM_TREE names no source tree of rpm";

  it.skipIf(absent !== undefined)(`and of rpm's own test packages, of formats 3, 4 and 6 ${absent ?? ""}`, async () => {
    const queryable = new Set((await run("rpm", ["--querytags"])).stdout.toString().split("\n"));
    for (const name of readdirSync(packages)) {
      const path = join(folder, "one.rpm");
      const bytes = readFileSync(join(packages, name));
      writeFileSync(path, bytes);
      await compare(path, queryable);
      expect([name, verifyRpm(bytes, name).ok]).toEqual([name, !name.includes("corrupted")]);
    }
  });

  /** Texts and 16- and 32-bit numbers of the main header, but for what rpm makes up or adds when it reads. */
  async function compare(path: string, queryable: ReadonlySet<string>): Promise<void> {
    const head = readRpm({ path }, "x");
    const values = headerValues(head.header).filter(({ tag: number, type }) => {
      const known = knownTag(number);
      // rpm adds that a package of format 3 provides itself.
      if (known?.name.startsWith("provide") && head.header.has(tag.oldFileNames)) return false;
      return (
        known &&
        !worked.has(known.name) &&
        type !== "bin" &&
        type !== "i18nString" &&
        queryable.has(known.name.toUpperCase())
      );
    });
    const format = values.map(({ tag: number }) => `[%{${tagName(number).toUpperCase()}}\\x1f]\\x1e`).join("");
    const options = ["--nosignature", "--nodigest", "-qp", "--qf"];
    const told = (await run("rpm", [...options, unescape(format), path])).stdout.toString("utf8").split("\x1e");
    for (const [i, value] of values.entries()) {
      const theirs = told[i]?.split("\x1f").slice(0, -1);
      const ours = typeof value.value === "string" ? [value.value] : Array.from<unknown>(value.value).map(String);
      expect([tagName(value.tag), ours]).toEqual([tagName(value.tag), theirs]);
    }
  }
});

/** rpm answers these with what it makes of several tags. */
const worked: ReadonlySet<string> = new Set(["fileclass", "oldfilenames"]);

function unescape(format: string): string {
  return format.replaceAll("\\x1f", "\x1f").replaceAll("\\x1e", "\x1e");
}
