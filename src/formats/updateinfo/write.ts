import { compareText } from "../../core/index.ts";
import { escapeXml } from "../rpmmd/index.ts";
import type { Advisory, AdvisoryCollection, AdvisoryPackage } from "./types.ts";

/** updateinfo.xml in createrepo_c's shape. Advisories are sorted by id, then version; what is inside keeps its order. */
export function writeUpdateinfo(advisories: readonly Advisory[]): string {
  const sorted = [...advisories].sort((a, b) => compareText(a.id, b.id) || compareText(a.version, b.version));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<updates>\n${sorted.map(update).join("")}</updates>\n`;
}

function update(advisory: Advisory): string {
  const { references, collections } = advisory;
  let text = `  <update${attributes([
    ["from", advisory.from],
    ["status", advisory.status],
    ["type", advisory.type],
    ["version", advisory.version],
  ])}>\n`;
  text += `    <id>${escapeXml(advisory.id)}</id>\n    <title>${escapeXml(advisory.title)}</title>\n`;
  if (advisory.issued !== "") text += `    <issued date="${escapeXml(advisory.issued)}"/>\n`;
  if (advisory.updated !== "") text += `    <updated date="${escapeXml(advisory.updated)}"/>\n`;
  for (const key of ["rights", "release", "pushcount", "severity", "summary", "description", "solution"] as const) {
    if (advisory[key] !== "") text += `    <${key}>${escapeXml(advisory[key])}</${key}>\n`;
  }
  if (advisory.rebootSuggested) text += "    <reboot_suggested>True</reboot_suggested>\n";
  text += references.length === 0 ? "    <references/>\n" : "    <references>\n";
  for (const { href, id, type, title } of references) {
    text += `      <reference${attributes([
      ["href", href],
      ["id", id],
      ["type", type],
      ["title", title],
    ])}/>\n`;
  }
  if (references.length > 0) text += "    </references>\n";
  if (collections.length === 0) return `${text}    <pkglist/>\n  </update>\n`;
  return `${text}    <pkglist>\n${collections.map(collection).join("")}    </pkglist>\n  </update>\n`;
}

function collection(value: AdvisoryCollection): string {
  let inner = value.name === "" ? "" : `        <name>${escapeXml(value.name)}</name>\n`;
  if (value.module !== undefined) {
    const { name, stream, version, context, arch } = value.module;
    const given = attributes([
      ["name", name],
      ["stream", stream],
      ["version", version],
      ["context", context],
      ["arch", arch],
    ]);
    inner += `        <module${given}/>\n`;
  }
  inner += value.packages.map(packageElement).join("");
  return element("      ", `collection${attributes([["short", value.short]])}`, "collection", inner);
}

function packageElement(pkg: AdvisoryPackage): string {
  const given = attributes([
    ["name", pkg.name],
    ["version", pkg.version],
    ["release", pkg.release],
    ["epoch", pkg.epoch],
    ["arch", pkg.arch],
    ["src", pkg.src],
  ]);
  let inner = pkg.filename === "" ? "" : `          <filename>${escapeXml(pkg.filename)}</filename>\n`;
  if (pkg.checksum !== undefined) {
    inner += `          <sum type="${escapeXml(pkg.checksum.type)}">${escapeXml(pkg.checksum.value)}</sum>\n`;
  }
  if (pkg.rebootSuggested) inner += "          <reboot_suggested>True</reboot_suggested>\n";
  if (pkg.restartSuggested) inner += "          <restart_suggested>True</restart_suggested>\n";
  if (pkg.reloginSuggested) inner += "          <relogin_suggested>True</relogin_suggested>\n";
  return element("        ", `package${given}`, "package", inner);
}

function element(indent: string, open: string, name: string, inner: string): string {
  return inner === "" ? `${indent}<${open}/>\n` : `${indent}<${open}>\n${inner}${indent}</${name}>\n`;
}

function attributes(list: readonly (readonly [string, string])[]): string {
  let text = "";
  for (const [name, value] of list) {
    // A line feed in an attribute is read as a blank unless it is written as a number.
    if (value !== "") text += ` ${name}="${escapeXml(value).replace(/\n/g, "&#10;").replace(/\t/g, "&#9;")}"`;
  }
  return text;
}
