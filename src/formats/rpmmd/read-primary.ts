import type { Comparison, Dependency } from "../rpm/index.ts";
import { sense } from "../rpm/index.ts";
import { event, NameTable, XmlScanner } from "./scan.ts";
import type { PackageFile, PackageMetadata } from "./types.ts";

// A literal and not a computed record: the engine then treats its fields as constants, which the inner loops live on.
const id = {
  metadata: 0,
  package: 1,
  name: 2,
  arch: 3,
  version: 4,
  checksum: 5,
  summary: 6,
  description: 7,
  packager: 8,
  url: 9,
  time: 10,
  size: 11,
  location: 12,
  format: 13,
  license: 14,
  vendor: 15,
  group: 16,
  buildhost: 17,
  sourcerpm: 18,
  "header-range": 19,
  provides: 20,
  requires: 21,
  conflicts: 22,
  obsoletes: 23,
  recommends: 24,
  suggests: 25,
  supplements: 26,
  enhances: 27,
  entry: 28,
  file: 29,
  epoch: 30,
  ver: 31,
  rel: 32,
  flags: 33,
  pre: 34,
  type: 35,
  build: 36,
  installed: 37,
  archive: 38,
  href: 39,
  base: 40,
  start: 41,
  end: 42,
} as const;
const names = Object.keys(id);
const table = new NameTable(names);

const comparisons: Readonly<Record<string, { readonly op: Comparison; readonly bits: number }>> = {
  LT: { op: "<", bits: sense.less },
  LE: { op: "<=", bits: sense.less | sense.equal },
  EQ: { op: "=", bits: sense.equal },
  GE: { op: ">=", bits: sense.greater | sense.equal },
  GT: { op: ">", bits: sense.greater },
};

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
 * `file` is for messages.
 */
export function parsePrimary(bytes: Buffer, file: string): PackageMetadata[] {
  const xml = new XmlScanner(bytes, file, table);
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

/** Turns `<rpm:entry>` into dependencies; a dependency seen before is the same object again. */
class DependencyReader {
  readonly #xml: XmlScanner;
  readonly #made: Dependency[] = [];
  #keys = new Int32Array(6 << 12);
  #slots = new Int32Array(1 << 13);
  #shared = 0;

  constructor(xml: XmlScanner) {
    this.#xml = xml;
  }

  read(): Dependency {
    const xml = this.#xml;
    let name = -1;
    let flags = -1;
    let epoch = -1;
    let version = -1;
    let release = -1;
    let pre = -1;
    for (let index = 0; index < xml.attributes; index++) {
      switch (xml.attributeName(index)) {
        case id.name:
          name = xml.attributeId(index);
          break;
        case id.flags:
          flags = xml.attributeId(index);
          break;
        case id.epoch:
          epoch = xml.attributeId(index);
          break;
        case id.ver:
          version = xml.attributeId(index);
          break;
        case id.rel:
          release = xml.attributeId(index);
          break;
        case id.pre:
          pre = xml.attributeId(index);
          break;
        default:
      }
    }
    if (name < 0) throw xml.malformed("an entry without a name");
    const hash = mix(name, flags, epoch, version, release, pre);
    const mask = this.#slots.length - 1;
    const keys = this.#keys;
    let slot = hash & mask;
    for (let probe = 0; probe < 48; probe++) {
      const index = (this.#slots[slot] as number) - 1;
      if (index < 0) break;
      const key = index * 6;
      if (
        keys[key] === name &&
        keys[key + 1] === flags &&
        keys[key + 2] === epoch &&
        keys[key + 3] === version &&
        keys[key + 4] === release &&
        keys[key + 5] === pre
      ) {
        return this.#made[index] as Dependency;
      }
      slot = (slot + 1) & mask;
    }
    const made = this.#make(name, flags, epoch, version, release, pre);
    if (this.#slots[slot] !== 0) return made;
    const index = this.#made.length;
    this.#made.push(made);
    if (index * 6 + 6 > keys.length) {
      this.#keys = new Int32Array(keys.length * 2);
      this.#keys.set(keys);
    }
    this.#keys.set([name, flags, epoch, version, release, pre], index * 6);
    this.#slots[slot] = index + 1;
    if (++this.#shared * 2 > mask) this.#grow();
    return made;
  }

  #make(name: number, flags: number, epoch: number, version: number, release: number, pre: number): Dependency {
    const xml = this.#xml;
    const text = (index: number) => (index < 0 ? "" : xml.strings.text(index));
    const preBit = text(pre) === "1" ? sense.prereq : 0;
    if (flags < 0 || text(version) === "") return { name: text(name), flags: preBit };
    const comparison = Object.hasOwn(comparisons, text(flags)) ? comparisons[text(flags)] : undefined;
    if (comparison === undefined) throw xml.malformed(`unknown comparison ${text(flags).slice(0, 20)}`);
    const epochText = text(epoch);
    const evr = `${epochText === "" || epochText === "0" ? "" : `${epochText}:`}${text(version)}${release < 0 ? "" : `-${text(release)}`}`;
    return { name: text(name), op: comparison.op, evr, flags: comparison.bits | preBit };
  }

  #grow(): void {
    // The slots are rebuilt from the keys, so that growing needs no stored hashes.
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    const keys = this.#keys;
    for (let index = 0; index < this.#made.length; index++) {
      const key = index * 6;
      let slot =
        mix(
          keys[key] as number,
          keys[key + 1] as number,
          keys[key + 2] as number,
          keys[key + 3] as number,
          keys[key + 4] as number,
          keys[key + 5] as number,
        ) & mask;
      for (let probe = 0; probe < 48; probe++) {
        if (slots[slot] === 0) {
          slots[slot] = index + 1;
          break;
        }
        slot = (slot + 1) & mask;
      }
    }
    this.#slots = slots;
  }
}

function mix(name: number, flags: number, epoch: number, version: number, release: number, pre: number): number {
  let hash = Math.imul(name ^ 0x9e3779b9, 0x85ebca6b);
  hash = Math.imul((hash ^ flags) + version, 0xc2b2ae35);
  hash = Math.imul((hash ^ (hash >>> 13) ^ epoch) + release, 0x27d4eb2f) ^ pre;
  return hash ^ (hash >>> 15);
}
