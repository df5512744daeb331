import { ByteSink } from "./byte-sink.ts";
import { DependencyWriter } from "./header-dependencies.ts";
import { FileWriter } from "./header-files.ts";
import { type HeaderView, slot } from "./header-view.ts";
import { bytesOf, putBytes, putRange, putText, skipText } from "./text-bytes.ts";
import { checksumType, escapeAttribute, escapeXml, primaryTail } from "./write-xml.ts";

/** Where a package's elements go. */
export interface PackageSinks {
  readonly primary: ByteSink;
  readonly filelists: ByteSink;
  readonly other: ByteSink;
}

/** What a header does not say. */
export interface HeaderFacts {
  readonly pkgid: string;
  readonly location: string;
  /** Bytes of the file. */
  readonly size: number;
  /** Seconds; undefined for the time of the build. */
  readonly fileTime: number | undefined;
  readonly changelogLimit: number;
  readonly base: string;
}

type Part = readonly [open: Uint8Array, close: Uint8Array, empty: Uint8Array];

function part(indent: string, name: string): Part {
  return [bytesOf(`${indent}<${name}>`), bytesOf(`</${name}>\n`), bytesOf(`${indent}<${name}/>\n`)];
}

const summary = part("  ", "summary");
const description = part("  ", "description");
const packager = part("  ", "packager");
const url = part("  ", "url");
const license = part("    ", "rpm:license");
const vendor = part("    ", "rpm:vendor");
const group = part("    ", "rpm:group");
const buildHost = part("    ", "rpm:buildhost");
const sourceRpm = part("    ", "rpm:sourcerpm");
const openPackage = bytesOf('<package type="rpm">\n  <name>');
const nameToArch = bytesOf("</name>\n  <arch>");
const archToVersion = bytesOf("</arch>\n  ");
const listName = bytesOf('" name="');
const listArch = bytesOf('" arch="');
const listVersion = bytesOf('">\n  ');
const ver = bytesOf('" ver="');
const rel = bytesOf('" rel="');
const closeVersion = bytesOf('"/>\n');
const closePackage = bytesOf("</package>\n");
const closePrimary = bytesOf(primaryTail);
const entryAuthor = bytesOf('  <changelog author="');
const closeEntry = bytesOf("</changelog>\n");
const src = bytesOf("src");
const noArch = bytesOf("(none)");

const mostEntries = 4096;

/** Writes the elements of one package after the other from its header's bytes. */
export class HeaderWriter {
  readonly #dependencies = new DependencyWriter();
  readonly #files = new FileWriter();
  readonly #own = new ByteSink(4096);
  readonly #starts = new Int32Array(mostEntries);
  readonly #texts = new Int32Array(mostEntries);
  readonly #times = new Float64Array(mostEntries);

  /** Gives false where the header is out of the ordinary: then something was appended that must be taken back. */
  write(view: HeaderView, sinks: PackageSinks, facts: HeaderFacts): boolean {
    if (view.has(slot.oldFileNames) && !view.has(slot.baseNames)) return false;
    for (let which = 0; which <= slot.sourceRpm; which++) if (!view.isText(which)) return false;
    for (const which of [slot.name, slot.version, slot.release]) {
      if (view.count(which) === 0 || view.bytes[view.at(which)] === 0) return false;
    }
    this.#own.length = 0;
    return (
      this.#writeFiles(view, sinks.filelists, facts) &&
      this.#writePrimary(view, sinks.primary, facts) &&
      this.#writeOther(view, sinks.other, facts)
    );
  }

  #writeFiles(view: HeaderView, sink: ByteSink, facts: HeaderFacts): boolean {
    if (!putHead(view, sink, facts.pkgid) || !this.#files.write(view, sink, this.#own)) return false;
    putBytes(sink, closePackage);
    return true;
  }

  #writePrimary(view: HeaderView, sink: ByteSink, facts: HeaderFacts): boolean {
    const built = view.number(slot.buildTime) ?? 0;
    const installed = view.number(slot.longSize) ?? view.number(slot.size) ?? 0;
    const archive = view.number(slot.longArchiveSize) ?? view.number(slot.archiveSize) ?? 0;
    if (built < 0 || installed < 0 || archive < 0) return false;
    putBytes(sink, openPackage);
    if (putText(sink, view.bytes, view.at(slot.name), view.end) < 0) return false;
    putBytes(sink, nameToArch);
    if (!putArch(view, sink)) return false;
    putBytes(sink, archToVersion);
    if (!putVersion(view, sink)) return false;
    const { pkgid, base, size, location, fileTime = built } = facts;
    sink.text(`  <checksum type="${checksumType(pkgid)}" pkgid="YES">${pkgid}</checksum>\n`);
    if (!putPart(view, sink, summary, slot.summary) || !putPart(view, sink, description, slot.description))
      return false;
    if (!putPart(view, sink, packager, slot.packager) || !putPart(view, sink, url, slot.url)) return false;
    sink.text(
      `  <time file="${fileTime}" build="${built}"/>\n  <size package="${size}" installed="${installed}" archive="${archive === 0 ? view.signedArchiveSize : archive}"/>\n  <location${base === "" ? "" : ` xml:base="${escapeXml(base)}"`} href="${escapeAttribute(location)}"/>\n  <format>\n`,
    );
    if (!putPart(view, sink, license, slot.license) || !putPart(view, sink, vendor, slot.vendor)) return false;
    if (!putPart(view, sink, group, slot.group) || !putPart(view, sink, buildHost, slot.buildHost)) return false;
    if (!putPart(view, sink, sourceRpm, slot.sourceRpm)) return false;
    sink.text(`    <rpm:header-range start="${view.start}" end="${view.end}"/>\n`);
    if (!this.#dependencies.write(view, sink, this.#own)) return false;
    sink.append(this.#own.view());
    putBytes(sink, closePrimary);
    return true;
  }

  /** The newest entries, oldest first; of entries of one time the newer ones get seconds added, as `fromRpm` does. */
  #writeOther(view: HeaderView, sink: ByteSink, facts: HeaderFacts): boolean {
    if (!putHead(view, sink, facts.pkgid)) return false;
    if (!view.isText(slot.changelogName) || !view.isText(slot.changelogText) || !view.isWords(slot.changelogTime))
      return false;
    const count = Math.min(view.count(slot.changelogName), facts.changelogLimit);
    if (count > mostEntries) return false;
    const [starts, texts, times] = [this.#starts, this.#texts, this.#times];
    const data = view.bytes;
    let at = view.at(slot.changelogName);
    let textAt = view.at(slot.changelogText);
    let lastTime = 0;
    for (let i = 0; i < count; i++) {
      const time = view.word(slot.changelogTime, i);
      starts[i] = at;
      texts[i] = i < view.count(slot.changelogText) ? textAt : -1;
      if (time === lastTime) {
        let clash = time;
        for (let newer = i - 1; newer >= 0 && times[newer] === clash; newer--) times[newer] = ++clash;
      } else lastTime = time;
      times[i] = time;
      at = skipText(data, at, view.end);
      if (texts[i] !== -1) textAt = skipText(data, textAt, view.end);
      if (at < 0 || textAt < 0) return false;
    }
    for (let i = count - 1; i >= 0; i--) {
      const start = starts[i] as number;
      let end = skipText(data, start, view.end) - 1;
      while (end > start && data[end - 1] === 0x20) end--;
      putBytes(sink, entryAuthor);
      putRange(sink, data, start, end);
      sink.text(`" date="${times[i]}">`);
      if (texts[i] !== -1) putText(sink, data, texts[i] as number, view.end);
      putBytes(sink, closeEntry);
    }
    putBytes(sink, closePackage);
    return true;
  }
}

/** How a package starts in filelists.xml and other.xml. */
function putHead(view: HeaderView, sink: ByteSink, pkgid: string): boolean {
  sink.text(`<package pkgid="${pkgid}`);
  putBytes(sink, listName);
  if (putText(sink, view.bytes, view.at(slot.name), view.end) < 0) return false;
  putBytes(sink, listArch);
  if (!putArch(view, sink)) return false;
  putBytes(sink, listVersion);
  return putVersion(view, sink);
}

function putArch(view: HeaderView, sink: ByteSink): boolean {
  const isSource = view.has(slot.sourcePackage) || (!view.has(slot.sourceRpm) && view.has(slot.arch));
  if (isSource) putBytes(sink, src);
  else if (view.count(slot.arch) === 0) putBytes(sink, noArch);
  else return putText(sink, view.bytes, view.at(slot.arch), view.end) >= 0;
  return true;
}

function putVersion(view: HeaderView, sink: ByteSink): boolean {
  const epoch = view.number(slot.epoch) ?? 0;
  if (epoch < 0) return false;
  sink.text(`<version epoch="${epoch}`);
  putBytes(sink, ver);
  if (putText(sink, view.bytes, view.at(slot.version), view.end) < 0) return false;
  putBytes(sink, rel);
  if (putText(sink, view.bytes, view.at(slot.release), view.end) < 0) return false;
  putBytes(sink, closeVersion);
  return true;
}

function putPart(view: HeaderView, sink: ByteSink, [open, close, empty]: Part, which: number): boolean {
  const at = view.at(which);
  if (view.count(which) === 0) putBytes(sink, empty);
  else if (view.bytes[at] === 0 && at < view.end) putBytes(sink, empty);
  else {
    putBytes(sink, open);
    if (putText(sink, view.bytes, at, view.end) < 0) return false;
    putBytes(sink, close);
  }
  return true;
}
