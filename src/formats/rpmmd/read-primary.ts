import type { Dependency } from "../rpm/index.ts";
import { id, names, table } from "./primary-names.ts";
import { DependencyReader } from "./read-dependency.ts";
import { event, XmlScanner } from "./scan.ts";
import type { PackageFile, PackageMetadata } from "./types.ts";

type Kind =
  | "provides"
  | "requires"
  | "conflicts"
  | "obsoletes"
  | "recommends"
  | "suggests"
  | "supplements"
  | "enhances";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const none: readonly never[] = Object.freeze([]);

/**
 * Reads primary.xml (opened, UTF-8). Equal dependencies are one and the same object. Errors: `RPMMD_TRUNCATED`, `RPMMD_MALFORMED`.
 * `file` is for messages, `base` is added to the offsets in them.
 */
export function parsePrimary(bytes: Buffer, file: string, base = 0): PackageMetadata[] {
  const xml = new XmlScanner(bytes, file, table, base);
  const dependencies = new DependencyReader(xml);
  const packages: PackageMetadata[] = [];
  let draft: Writable<PackageMetadata> | undefined;
  let files: PackageFile[] = [];
  // Filled again for each list and copied at its exact length, which leaves no half-empty arrays behind.
  const scratch: Dependency[] = [];
  let filled = -1;
  let fileType: PackageFile["type"] = "file";
  for (;;) {
    const what = xml.next();
    if (what === event.end) return packages;
    const name = xml.name;
    if (what === event.open) {
      if (xml.depth === 1) {
        if (name !== id.metadata) throw xml.malformed("the document is no <metadata>");
      } else if (xml.depth === 2) {
        if (name === id.package) {
          draft = emptyPackage();
          files = [];
        }
      } else if (draft !== undefined) {
        if (name === id.entry) {
          if (filled >= 0) scratch[filled++] = dependencies.read();
        } else if (name === id.file) {
          const type = xml.attributeText(id.type);
          fileType = type === "dir" || type === "ghost" ? type : "file";
        } else if (xml.depth === 4 && name >= id.provides && name <= id.enhances) filled = 0;
        else readAttributes(xml, draft, name);
      }
      continue;
    }
    if (draft === undefined) continue;
    if (xml.depth === 1) {
      draft.files = files.length === 0 ? none : files;
      packages.push(finish(xml, draft));
      draft = undefined;
    } else if (name === id.file) {
      files.push({ path: xml.text(), type: fileType });
    } else if (xml.depth === 3 && filled >= 0 && name >= id.provides && name <= id.enhances) {
      draft[names[name] as Kind] = filled === 0 ? none : scratch.slice(0, filled);
      filled = -1;
    } else if (name !== id.entry) readText(xml, draft, name);
  }
}

function emptyPackage(): Writable<PackageMetadata> {
  return {
    name: "",
    epoch: 0,
    version: "",
    release: "",
    arch: "",
    summary: "",
    description: "",
    license: "",
    url: "",
    vendor: "",
    packager: "",
    group: "",
    buildHost: "",
    sourceRpm: "",
    pkgid: "",
    location: "",
    size: { package: 0, installed: 0, archive: 0 },
    time: { file: 0, build: 0 },
    headerRange: { start: 0, end: 0 },
    provides: none,
    requires: none,
    conflicts: none,
    obsoletes: none,
    recommends: none,
    suggests: none,
    supplements: none,
    enhances: none,
    files: none,
    changelog: none,
  };
}

function readAttributes(xml: XmlScanner, draft: Writable<PackageMetadata>, name: number): void {
  switch (name) {
    case id.version:
      draft.epoch = xml.attributeNumber(id.epoch);
      draft.version = shared(xml, id.ver);
      draft.release = shared(xml, id.rel);
      break;
    case id.time:
      draft.time = { file: xml.attributeNumber(id.file), build: xml.attributeNumber(id.build) };
      break;
    case id.size:
      draft.size = {
        package: xml.attributeNumber(id.package),
        installed: xml.attributeNumber(id.installed),
        archive: xml.attributeNumber(id.archive),
      };
      break;
    case id.location: {
      const base = xml.attributeText(id.base);
      const href = xml.attributeText(id.href);
      draft.location = base === "" ? href : `${base.replace(/\/$/, "")}/${href}`;
      break;
    }
    case id["header-range"]:
      draft.headerRange = { start: xml.attributeNumber(id.start), end: xml.attributeNumber(id.end) };
      break;
    default:
  }
}

function shared(xml: XmlScanner, attribute: number): string {
  const index = xml.attributeId(xml.attribute(attribute));
  return index < 0 ? "" : xml.strings.text(index);
}

function readText(xml: XmlScanner, draft: Writable<PackageMetadata>, name: number): void {
  switch (name) {
    case id.name:
      draft.name = xml.text();
      break;
    case id.arch:
      draft.arch = xml.text();
      break;
    case id.checksum:
      draft.pkgid = xml.text();
      break;
    case id.summary:
      draft.summary = xml.text();
      break;
    case id.description:
      draft.description = xml.text();
      break;
    case id.packager:
      draft.packager = xml.text();
      break;
    case id.url:
      draft.url = xml.text();
      break;
    case id.license:
      draft.license = xml.text();
      break;
    case id.vendor:
      draft.vendor = xml.text();
      break;
    case id.group:
      draft.group = xml.text();
      break;
    case id.buildhost:
      draft.buildHost = xml.text();
      break;
    case id.sourcerpm:
      draft.sourceRpm = xml.text();
      break;
    default:
  }
}

function finish(xml: XmlScanner, draft: PackageMetadata): PackageMetadata {
  for (const key of ["name", "arch", "version", "pkgid", "location"] as const) {
    if (draft[key] === "") throw xml.malformed(`package ${draft.name || "without a name"} has no ${key}`);
  }
  return draft;
}
