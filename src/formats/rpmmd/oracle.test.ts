import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { sharedPath } from "../../../test/support/tools.ts";
import { decompress } from "../archive/index.ts";
import { parseFilelists, parseOther, parsePrimary, readRepomd } from "./index.ts";

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** Packages of a document as saxes sees them, one by one. */
function packagesOf(text: string, each: (element: Element) => void): void {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const stack: Element[] = [];
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", (tag) => {
    const name = tag.name.slice(tag.name.indexOf(":") + 1);
    stack.push({ name, attributes: tag.attributes, children: [], text: "" });
  });
  parser.on("text", (part) => {
    const top = stack[stack.length - 1];
    if (top !== undefined) top.text += part;
  });
  parser.on("closetag", () => {
    const element = stack.pop();
    if (element === undefined) return;
    if (stack.length === 1) each(element);
    else if (stack.length > 1) stack[stack.length - 1]?.children.push(element);
  });
  parser.write(text).close();
}

const operators: Readonly<Record<string, string>> = { LT: "<", LE: "<=", EQ: "=", GE: ">=", GT: ">" };

function dependencyText(entry: Element): string {
  const { name, flags, epoch, ver, rel, pre } = entry.attributes;
  const evr = ver
    ? ` ${operators[flags ?? ""]} ${epoch && epoch !== "0" ? `${epoch}:` : ""}${ver}${rel ? `-${rel}` : ""}`
    : "";
  return `${name}${evr}${pre === "1" ? " pre" : ""}`;
}

/** A package as text, from saxes' tree. */
function oracleText(element: Element): string {
  const top = new Map(element.children.map((child) => [child.name, child]));
  const format = top.get("format")?.children ?? [];
  const inner = new Map(format.map((child) => [child.name, child]));
  const text = (name: string) => (top.get(name) ?? inner.get(name))?.text ?? "";
  const attributes = (name: string) => Object.values((top.get(name) ?? inner.get(name))?.attributes ?? {}).join(" ");
  const list = (name: string) => (inner.get(name)?.children ?? []).map(dependencyText);
  return JSON.stringify([
    ["name", "arch", "checksum", "summary", "description", "packager", "url"].map(text),
    ["license", "vendor", "group", "buildhost", "sourcerpm"].map(text),
    ["version", "time", "size", "location", "header-range"].map(attributes),
    ["provides", "requires", "conflicts", "obsoletes", "recommends", "suggests", "supplements", "enhances"].map(list),
    format.filter((child) => child.name === "file").map((child) => [child.text, child.attributes.type ?? "file"]),
  ]);
}

/** The same of the value that the scanner made. */
function scannedText(pkg: ReturnType<typeof parsePrimary>[number]): string {
  const list = (items: typeof pkg.requires) =>
    items.map((item) => `${item.name}${item.op ? ` ${item.op} ${item.evr}` : ""}${item.flags & 64 ? " pre" : ""}`);
  const { size, time, headerRange } = pkg;
  return JSON.stringify([
    [pkg.name, pkg.arch, pkg.pkgid, pkg.summary, pkg.description, pkg.packager, pkg.url],
    [pkg.license, pkg.vendor, pkg.group, pkg.buildHost, pkg.sourceRpm],
    [
      `${pkg.epoch} ${pkg.version} ${pkg.release}`,
      `${time.file} ${time.build}`,
      `${size.package} ${size.installed} ${size.archive}`,
      pkg.location,
      `${headerRange.start} ${headerRange.end}`,
    ],
    [
      pkg.provides,
      pkg.requires,
      pkg.conflicts,
      pkg.obsoletes,
      pkg.recommends,
      pkg.suggests,
      pkg.supplements,
      pkg.enhances,
    ].map(list),
    pkg.files.map((file) => [file.path, file.type]),
  ]);
}

async function opened(root: string, type: string): Promise<Buffer> {
  const entry = (await readRepomd(root)).entries.find((item) => item.type === type);
  const location = entry?.location ?? "";
  return await decompress(await readFile(join(root, location)), { where: location, limit: 1 << 30 });
}

const shared = sharedPath("data", "repodata");

describe.skipIf(shared.missing !== undefined)(`the scanner beside saxes (${shared.missing ?? "present"})`, () => {
  const root = (name: string) => join(shared.path ?? "", name);

  it.each(["centos7-small", "cs9-baseos-2022-02", "cs9-appstream-2025-01"])(
    "reads the same from primary.xml of %s",
    async (name) => {
      const bytes = await opened(root(name), "primary");
      const scanned = parsePrimary(bytes, "primary.xml");
      let index = 0;
      packagesOf(bytes.toString("utf8"), (element) => {
        const pkg = scanned[index++];
        if (pkg === undefined || scannedText(pkg) !== oracleText(element)) {
          expect(pkg && scannedText(pkg)).toBe(oracleText(element));
        }
      });
      expect(scanned).toHaveLength(index);
    },
  );

  it.each(["centos7-small", "cs9-baseos-2022-02"])("reads the same from filelists.xml of %s", async (name) => {
    const bytes = await opened(root(name), "filelists");
    const scanned = parseFilelists(bytes, "filelists.xml");
    let count = 0;
    packagesOf(bytes.toString("utf8"), (element) => {
      count++;
      const files = element.children.filter((child) => child.name === "file");
      const expected = JSON.stringify(files.map((file) => ({ path: file.text, type: file.attributes.type ?? "file" })));
      if (JSON.stringify(scanned.get(element.attributes.pkgid ?? "")) !== expected) {
        expect(scanned.get(element.attributes.pkgid ?? "")).toEqual(JSON.parse(expected));
      }
    });
    expect(scanned.size).toBe(count);
  });

  it("reads the same from other.xml of CentOS 7", async () => {
    const bytes = await opened(root("centos7-small"), "other");
    const scanned = parseOther(bytes, "other.xml");
    packagesOf(bytes.toString("utf8"), (element) => {
      const expected = element.children
        .filter((child) => child.name === "changelog")
        .map((child) => ({ time: Number(child.attributes.date), author: child.attributes.author, text: child.text }));
      expect(scanned.get(element.attributes.pkgid ?? "")).toEqual(expected);
    });
  });
});
