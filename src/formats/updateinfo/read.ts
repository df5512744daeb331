import { event, NameTable, XmlScanner } from "../rpmmd/index.ts";
import type { Advisory, AdvisoryCollection, AdvisoryModule, AdvisoryPackage, AdvisoryReference } from "./types.ts";

const id = {
  updates: 0,
  update: 1,
  from: 2,
  status: 3,
  type: 4,
  version: 5,
  id: 6,
  title: 7,
  issued: 8,
  updated: 9,
  date: 10,
  rights: 11,
  release: 12,
  pushcount: 13,
  severity: 14,
  summary: 15,
  description: 16,
  solution: 17,
  reboot_suggested: 18,
  references: 19,
  reference: 20,
  href: 21,
  pkglist: 22,
  collection: 23,
  short: 24,
  name: 25,
  module: 26,
  stream: 27,
  context: 28,
  arch: 29,
  package: 30,
  epoch: 31,
  src: 32,
  filename: 33,
  sum: 34,
  restart_suggested: 35,
  relogin_suggested: 36,
} as const;
const table = new NameTable(Object.keys(id));

type Mutable<T> = { -readonly [key in keyof T]: T[key] };
interface Draft extends Omit<Mutable<Advisory>, "references" | "collections"> {
  references: AdvisoryReference[];
  collections: AdvisoryCollection[];
}
interface CollectionDraft {
  short: string;
  name: string;
  module: AdvisoryModule | undefined;
  packages: AdvisoryPackage[];
}

/** Fields of `<update>` that are plain text. */
const texts: readonly (readonly [
  number,
  "title" | "rights" | "release" | "pushcount" | "severity" | "summary" | "description" | "solution",
])[] = [
  [id.title, "title"],
  [id.rights, "rights"],
  [id.release, "release"],
  [id.pushcount, "pushcount"],
  [id.severity, "severity"],
  [id.summary, "summary"],
  [id.description, "description"],
  [id.solution, "solution"],
];

/** Reads updateinfo.xml (opened) as a whole. Errors: `RPMMD_TRUNCATED`, `RPMMD_MALFORMED`. `file` is for messages. */
export function parseUpdateinfo(bytes: Buffer, file: string): Advisory[] {
  return [...readUpdateinfo(bytes, file)];
}

/** As {@link parseUpdateinfo}, one advisory after the other: only the one at hand is in memory. */
export function* readUpdateinfo(bytes: Buffer, file: string): Generator<Advisory> {
  const xml = new XmlScanner(bytes, file, table);
  const reader = new UpdateReader(xml);
  for (;;) {
    const what = xml.next();
    if (what === event.end) return;
    if (what === event.open) {
      if (xml.depth === 1 && xml.name !== id.updates) throw xml.malformed("the document is no <updates>");
      reader.open();
    } else {
      const advisory = reader.close();
      if (advisory !== undefined) yield advisory;
    }
  }
}

class UpdateReader {
  readonly #xml: XmlScanner;
  #draft: Draft | undefined;
  #collection: CollectionDraft | undefined;
  #package: Mutable<AdvisoryPackage> | undefined;
  #sumType = "";

  constructor(xml: XmlScanner) {
    this.#xml = xml;
  }

  open(): void {
    const xml = this.#xml;
    const draft = this.#draft;
    if (xml.depth === 2) {
      if (xml.name === id.update) this.#draft = this.#newDraft();
    } else if (draft === undefined) return;
    else if (xml.depth === 3) {
      if (xml.name === id.issued) draft.issued = xml.attributeText(id.date);
      else if (xml.name === id.updated) draft.updated = xml.attributeText(id.date);
    } else if (xml.depth === 4) {
      if (xml.name === id.reference) draft.references.push(this.#reference());
      else if (xml.name === id.collection) {
        this.#collection = { short: xml.attributeText(id.short), name: "", module: undefined, packages: [] };
      }
    } else if (this.#collection !== undefined) this.#openInCollection(this.#collection);
  }

  #openInCollection(collection: CollectionDraft): void {
    const xml = this.#xml;
    if (xml.depth === 5) {
      if (xml.name === id.module) collection.module = this.#module();
      else if (xml.name === id.package) this.#package = this.#newPackage();
    } else if (xml.depth === 6 && xml.name === id.sum) this.#sumType = xml.attributeText(id.type);
  }

  /** Gives the advisory that is complete with this tag. */
  close(): Advisory | undefined {
    const xml = this.#xml;
    const draft = this.#draft;
    if (draft === undefined) return undefined;
    // The depth is that of the element around the one that was closed.
    if (xml.depth === 1) {
      this.#draft = undefined;
      if (draft.id === "") throw xml.malformed("an update without an id");
      return draft;
    }
    if (xml.depth === 2) this.#field(draft);
    else if (xml.depth === 3 && xml.name === id.collection && this.#collection !== undefined) {
      draft.collections.push(this.#collection);
      this.#collection = undefined;
    } else if (xml.depth === 4 && this.#collection !== undefined) {
      if (xml.name === id.name) this.#collection.name = xml.text();
      else if (xml.name === id.package && this.#package !== undefined) {
        this.#collection.packages.push(this.#package);
        this.#package = undefined;
      }
    } else if (xml.depth === 5 && this.#package !== undefined) this.#packageField(this.#package);
    return undefined;
  }

  #field(draft: Draft): void {
    const xml = this.#xml;
    if (xml.name === id.id) draft.id = xml.text().trim();
    else if (xml.name === id.reboot_suggested) draft.rebootSuggested = isTrue(xml.text());
    else for (const [name, key] of texts) if (xml.name === name) draft[key] = xml.text();
  }

  #packageField(pkg: Mutable<AdvisoryPackage>): void {
    const xml = this.#xml;
    switch (xml.name) {
      case id.filename:
        pkg.filename = xml.text().trim();
        break;
      case id.sum:
        pkg.checksum = { type: this.#sumType, value: xml.text().trim() };
        break;
      case id.reboot_suggested:
        pkg.rebootSuggested = isTrue(xml.text());
        break;
      case id.restart_suggested:
        pkg.restartSuggested = isTrue(xml.text());
        break;
      case id.relogin_suggested:
        pkg.reloginSuggested = isTrue(xml.text());
        break;
      default:
    }
  }

  #newDraft(): Draft {
    const xml = this.#xml;
    return {
      from: xml.attributeText(id.from),
      status: xml.attributeText(id.status),
      type: xml.attributeText(id.type),
      version: xml.attributeText(id.version),
      id: "",
      title: "",
      issued: "",
      updated: "",
      rights: "",
      release: "",
      pushcount: "",
      severity: "",
      summary: "",
      description: "",
      solution: "",
      rebootSuggested: false,
      references: [],
      collections: [],
    };
  }

  #reference(): AdvisoryReference {
    const xml = this.#xml;
    return {
      href: xml.attributeText(id.href),
      id: xml.attributeText(id.id),
      type: xml.attributeText(id.type),
      title: xml.attributeText(id.title),
    };
  }

  #module(): AdvisoryModule {
    const xml = this.#xml;
    const version = xml.attributeText(id.version);
    if (!/^\d{0,20}$/.test(version)) throw xml.malformed("a module's version that is no number");
    return {
      name: xml.attributeText(id.name),
      stream: xml.attributeText(id.stream),
      version,
      context: xml.attributeText(id.context),
      arch: xml.attributeText(id.arch),
    };
  }

  #newPackage(): Mutable<AdvisoryPackage> {
    const xml = this.#xml;
    const name = this.#shared(id.name);
    if (name === "") throw xml.malformed("a package without a name");
    return {
      name,
      epoch: this.#shared(id.epoch),
      version: this.#shared(id.version),
      release: this.#shared(id.release),
      arch: this.#shared(id.arch),
      src: this.#shared(id.src),
      filename: "",
      checksum: undefined,
      rebootSuggested: false,
      restartSuggested: false,
      reloginSuggested: false,
    };
  }

  /** Text of which there are few different ones: each is made once. */
  #shared(name: number): string {
    const xml = this.#xml;
    const index = xml.attributeId(xml.attribute(name));
    return index < 0 ? "" : xml.strings.text(index);
  }
}

/** As libsolv takes it; an empty element says so by being there. */
function isTrue(text: string): boolean {
  const word = text.trim();
  return word === "" || /^[tTyY1]/.test(word);
}
