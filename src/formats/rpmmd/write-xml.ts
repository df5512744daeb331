import { parseEvr } from "../../core/index.ts";
import type { Comparison, Dependency } from "../rpm/index.ts";
import { sense } from "../rpm/index.ts";
import { isPrimaryFile } from "./from-rpm.ts";
import type { PackageFile, PackageMetadata } from "./types.ts";

const header = '<?xml version="1.0" encoding="UTF-8"?>\n';
const comparisonNames: Readonly<Record<Comparison, string>> = {
  "<": "LT",
  "<=": "LE",
  "=": "EQ",
  ">=": "GE",
  ">": "GT",
};
const kinds = [
  "provides",
  "requires",
  "conflicts",
  "obsoletes",
  "suggests",
  "enhances",
  "recommends",
  "supplements",
] as const;

const namespace = "http://linux.duke.edu/metadata";
const roots = {
  primary: ["metadata", `xmlns="${namespace}/common" xmlns:rpm="${namespace}/rpm"`],
  filelists: ["filelists", `xmlns="${namespace}/filelists"`],
  other: ["otherdata", `xmlns="${namespace}/other"`],
} as const;

/** What stands before and behind the packages of a document. */
export function documentFrame(
  type: keyof typeof roots,
  count: number,
): { readonly start: string; readonly end: string } {
  const [name, attributes] = roots[type];
  return { start: `${header}<${name} ${attributes} packages="${count}">\n`, end: `</${name}>\n` };
}

function documentOf(type: keyof typeof roots, packages: readonly string[]): string {
  const { start, end } = documentFrame(type, packages.length);
  return start + packages.join("") + end;
}

/** primary.xml of packages in the order given, in createrepo_c's shape. */
export function writePrimary(packages: readonly PackageMetadata[]): string {
  return documentOf(
    "primary",
    packages.map((pkg) => primaryPackage(pkg)),
  );
}

/** A package of primary.xml. */
export function primaryPackage(pkg: PackageMetadata, base = ""): string {
  const own = pkg.files.filter((file) => isPrimaryFile(file.path));
  return `${primaryHead(pkg, base)}${files(own, "    ")}${primaryTail}`;
}

/** What closes a package of primary.xml, behind its files. */
export const primaryTail = "  </format>\n</package>\n";

/** A package of primary.xml up to its files. `base`: the URL that its location is relative to instead of the repository. */
export function primaryHead(pkg: Omit<PackageMetadata, "files" | "changelog">, base = ""): string {
  return `<package type="rpm">
  <name>${escapeXml(pkg.name)}</name>
  <arch>${escapeXml(pkg.arch)}</arch>
  ${version(pkg)}
  <checksum type="${checksumType(pkg.pkgid)}" pkgid="YES">${escapeXml(pkg.pkgid)}</checksum>
  ${element("summary", pkg.summary)}
  ${element("description", pkg.description)}
  ${element("packager", pkg.packager)}
  ${element("url", pkg.url)}
  <time file="${pkg.time.file}" build="${pkg.time.build}"/>
  <size package="${pkg.size.package}" installed="${pkg.size.installed}" archive="${pkg.size.archive}"/>
  <location${base === "" ? "" : ` xml:base="${escapeXml(base)}"`} href="${escapeAttribute(pkg.location)}"/>
  <format>
    ${element("rpm:license", pkg.license)}
    ${element("rpm:vendor", pkg.vendor)}
    ${element("rpm:group", pkg.group)}
    ${element("rpm:buildhost", pkg.buildHost)}
    ${element("rpm:sourcerpm", pkg.sourceRpm)}
    <rpm:header-range start="${pkg.headerRange.start}" end="${pkg.headerRange.end}"/>
${kinds.map((kind) => dependencies(kind, pkg[kind])).join("")}`;
}

/** filelists.xml of packages in the order given. */
export function writeFilelists(packages: readonly PackageMetadata[]): string {
  return documentOf("filelists", packages.map(filelistsPackage));
}

/** A package of filelists.xml. */
export function filelistsPackage(pkg: PackageMetadata): string {
  return `${packageHead(pkg)}${files(pkg.files, "  ")}</package>\n`;
}

/** other.xml of packages in the order given. */
export function writeOther(packages: readonly PackageMetadata[]): string {
  return documentOf(
    "other",
    packages.map((pkg) => otherPackage(pkg, pkg.changelog)),
  );
}

/** A package of other.xml. */
export function otherPackage(pkg: Identity, changelog: PackageMetadata["changelog"]): string {
  let text = packageHead(pkg);
  for (const entry of changelog) {
    text += `  <changelog author="${escapeXml(entry.author)}" date="${entry.time}">${escapeXml(entry.text)}</changelog>\n`;
  }
  return `${text}</package>\n`;
}

type Identity = Pick<PackageMetadata, "pkgid" | "name" | "arch" | "epoch" | "version" | "release">;

/** How a package of filelists.xml and other.xml starts. */
export function packageHead(pkg: Identity): string {
  return `<package pkgid="${escapeXml(pkg.pkgid)}" name="${escapeXml(pkg.name)}" arch="${escapeXml(pkg.arch)}">\n  ${version(pkg)}\n`;
}

function version(pkg: Identity): string {
  return `<version epoch="${pkg.epoch}" ver="${escapeXml(pkg.version)}" rel="${escapeXml(pkg.release)}"/>`;
}

function element(name: string, text: string): string {
  return text === "" ? `<${name}/>` : `<${name}>${escapeXml(text)}</${name}>`;
}

function dependencies(kind: (typeof kinds)[number], list: readonly Dependency[]): string {
  if (list.length === 0) return "";
  let text = `    <rpm:${kind}>\n`;
  for (const dependency of list) {
    text += `      <rpm:entry name="${escapeXml(dependency.name)}"`;
    if (dependency.op !== undefined && dependency.evr !== undefined) {
      const evr = parseEvr(dependency.evr);
      text += ` flags="${comparisonNames[dependency.op]}" epoch="${evr.epoch}" ver="${escapeXml(evr.version)}"`;
      if (evr.release !== undefined) text += ` rel="${escapeXml(evr.release)}"`;
    }
    text += kind === "requires" && (dependency.flags & sense.prereq) !== 0 ? ' pre="1"/>\n' : "/>\n";
  }
  return `${text}    </rpm:${kind}>\n`;
}

function files(list: readonly PackageFile[], indent: string): string {
  let text = "";
  for (const file of list) {
    const type = file.type === "file" ? "" : ` type="${file.type}"`;
    text += `${indent}<file${type}>${escapeXml(file.path)}</file>\n`;
  }
  return text;
}

const checksumTypes: Readonly<Record<number, string>> = { 32: "md5", 40: "sha", 96: "sha384", 128: "sha512" };

/** The name of a digest's algorithm, by its length. */
export function checksumType(pkgid: string): string {
  return checksumTypes[pkgid.length] ?? "sha256";
}

/** Cheap to look for, and absent from nearly all text. */
const suspect = /[&<>"\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\ud800-\udfff]/;
const special =
  /[&<>"\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};

/** Text for an element or a quoted attribute. What XML cannot hold at all (control characters, lone surrogates) is left out. */
export function escapeXml(text: string): string {
  return suspect.test(text) ? text.replace(special, (found) => escapes[found] ?? "") : text;
}

/** As {@link escapeXml}, for a value whose newlines and tabs count: a reader of XML takes them for blanks in attributes. */
export function escapeAttribute(text: string): string {
  return escapeXml(text).replace(/[\n\t]/g, (found) => (found === "\n" ? "&#10;" : "&#9;"));
}
