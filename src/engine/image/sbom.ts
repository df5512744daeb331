import { canonicalJson, compareText, digestOf, formatEvr, formatNevra } from "../../core/index.ts";
import type { RpmPackage } from "../../formats/rpm/index.ts";

export interface SbomPackage {
  readonly package: RpmPackage;
  readonly sha256: string;
  /** Positions in the list of what it requires. */
  readonly requires: readonly number[];
}

export interface SbomSubject {
  readonly name: string;
  readonly version: string;
  readonly distribution: string;
  /** Version of the distribution, for the `distro` qualifier; empty for none. */
  readonly distributionVersion: string;
  readonly epoch: number;
}

/** The package URL of an installed package (purl specification, type rpm). */
export function packageUrl(item: RpmPackage, subject: SbomSubject): string {
  const qualifiers: [string, string][] = [["arch", item.arch]];
  if (subject.distributionVersion !== "") {
    qualifiers.push(["distro", `${subject.distribution}-${subject.distributionVersion}`]);
  }
  if (item.epoch !== 0) qualifiers.push(["epoch", String(item.epoch)]);
  if (item.sourceRpm !== "") qualifiers.push(["upstream", item.sourceRpm]);
  const query = qualifiers.map(([key, value]) => `${key}=${encode(value)}`).join("&");
  const version = encode(`${item.version}-${item.release}`);
  return `pkg:rpm/${encode(subject.distribution.toLowerCase())}/${encode(item.name)}@${version}?${query}`;
}

function encode(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%3A", ":");
}

/** A bill of materials: CycloneDX 1.6 as JSON, components sorted by NEVRA. Equal images give equal bytes, serial number included. */
export function writeSbom(subject: SbomSubject, packages: readonly SbomPackage[]): string {
  const reference = (item: SbomPackage) => packageUrl(item.package, subject);
  const sorted = [...packages].sort((a, b) => compareText(formatNevra(a.package), formatNevra(b.package)));
  const root = `image:${subject.name}`;
  const components = sorted.map((item) => ({
    type: "library",
    "bom-ref": reference(item),
    name: item.package.name,
    version: formatEvr(item.package),
    purl: reference(item),
    ...(item.package.summary === "" ? {} : { description: item.package.summary }),
    ...(item.package.vendor === "" ? {} : { supplier: { name: item.package.vendor } }),
    ...(item.package.license === "" ? {} : { licenses: [licenseOf(item.package.license)] }),
    hashes: [{ alg: "SHA-256", content: item.sha256 }],
    ...(item.package.url === "" || !/^https?:\/\//.test(item.package.url)
      ? {}
      : { externalReferences: [{ type: "website", url: item.package.url }] }),
  }));
  const dependencies = [
    { ref: root, dependsOn: sorted.map(reference) },
    ...sorted.map((item) => ({
      ref: reference(item),
      dependsOn: item.requires
        .flatMap((i) => {
          const other = packages[i];
          return other === undefined ? [] : [reference(other)];
        })
        .sort(compareText),
    })),
  ];
  const body = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      timestamp: new Date(subject.epoch * 1000).toISOString(),
      tools: { components: [{ type: "application", name: "weir" }] },
      component: { type: "container", "bom-ref": root, name: subject.name, version: subject.version },
    },
    components,
    dependencies,
  };
  return `${canonicalJson({ ...body, serialNumber: `urn:uuid:${uuidOf(canonicalJson(body))}` }, 1)}\n`;
}

const simpleLicense = /^[A-Za-z0-9][A-Za-z0-9.+-]*$/;

/** An SPDX expression where it reads as one, else the text as a name. */
function licenseOf(text: string): { readonly expression: string } | { readonly license: { readonly name: string } } {
  const words = text.split(/[\s()]+/).filter((word) => word !== "" && !["AND", "OR", "WITH"].includes(word));
  const isExpression =
    words.length > 0 && words.every((word) => simpleLicense.test(word)) && !/\b(and|or|with)\b/.test(text);
  return isExpression ? { expression: text } : { license: { name: text } };
}

/** A version 8 UUID (RFC 9562) over the text. */
function uuidOf(text: string): string {
  const hex = digestOf(text);
  const variant = ((Number.parseInt(hex[16] ?? "0", 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
