import { sense } from "../rpm/index.ts";
import { ByteSink } from "./byte-sink.ts";
import { isOlderLibc, missingOk, preBits } from "./from-rpm.ts";
import { type HeaderView, slot } from "./header-view.ts";
import { bytesOf, putBytes, putRange, textOf } from "./text-bytes.ts";

const tags = Object.fromEntries(
  ["provides", "requires", "conflicts", "obsoletes", "suggests", "enhances", "recommends", "supplements"].map(
    (name) => [name, [bytesOf(`    <rpm:${name}>\n`), bytesOf(`    </rpm:${name}>\n`)] as const],
  ),
);
const entry = bytesOf('      <rpm:entry name="');
const noVersion = bytesOf('"/>\n');
const noVersionPre = bytesOf('" pre="1"/>\n');
const version = bytesOf('" ver="');
const release = bytesOf('" rel="');
/** By the three comparison bits of RPMSENSE. */
const relations = [undefined, "LT", "GT", undefined, "EQ", "LE", "GE", undefined].map((name) =>
  name === undefined ? undefined : bytesOf(`" flags="${name}" epoch="`),
);
const zero = bytesOf("0");
const rpmlib = bytesOf("rpmlib(");
const libc = bytesOf("libc.so.6");

/** More dependencies than this of one package are left to maps: here every one may be compared with every other. */
const most = 4096;

/** Dependencies of one kind: where each name and version starts and ends, its flags, a hash of its name. */
class List {
  count = 0;
  readonly name = new Int32Array(most);
  readonly nameEnd = new Int32Array(most);
  readonly evr = new Int32Array(most);
  readonly evrEnd = new Int32Array(most);
  readonly flags = new Int32Array(most);
  readonly hash = new Int32Array(most);

  /** Gives false where the header is out of the ordinary. */
  read(view: HeaderView, names: number, flags: number, versions: number): boolean {
    const count = view.count(names);
    const versionCount = view.count(versions);
    this.count = count;
    if (count > most || !view.isText(names) || !view.isWords(flags) || !view.isText(versions)) return false;
    const data = view.bytes;
    const limit = view.end;
    let at = view.at(names);
    let versionAt = view.at(versions);
    let seen = 0;
    for (let i = 0; i < count; i++) {
      this.name[i] = at;
      let hash = 0;
      let byte = 0;
      while (at < limit && (byte = data[at] as number) !== 0) {
        hash = (Math.imul(hash, 31) + byte) | 0;
        seen |= byte;
        at++;
      }
      if (at >= limit) return false;
      this.nameEnd[i] = at++;
      this.hash[i] = hash;
      this.evr[i] = this.evrEnd[i] = 0;
      const bits = view.word(flags, i) | 0;
      this.flags[i] = bits;
      if (i >= versionCount) continue;
      const start = versionAt;
      while (versionAt < limit && (byte = data[versionAt] as number) !== 0) {
        seen |= byte;
        versionAt++;
      }
      if (versionAt >= limit) return false;
      // Without a comparison, or in a rich dependency, a version says nothing.
      if (relations[(bits >> 1) & 7] !== undefined && data[this.name[i] as number] !== 0x28) {
        this.evr[i] = start;
        this.evrEnd[i] = versionAt;
      }
      versionAt++;
    }
    // Different bytes that are no UTF-8 are one and the same text.
    return seen < 0x80;
  }

  hasVersion(i: number): boolean {
    return this.evrEnd[i] !== this.evr[i];
  }
}

/** Writes the dependencies of one package after the other, with createrepo_c's rules for requirements as `fromRpm` has them. */
export class DependencyWriter {
  readonly #provides = new List();
  readonly #requires = new List();
  readonly #list = new List();
  readonly #weak = new Int32Array(most);
  readonly #kept = new Int32Array(most);
  readonly #names = new Int32Array(32);
  readonly #needle = new ByteSink(256);

  /** `own`: the package's files in primary.xml, as written. Gives false, and has appended something, where the header is out of the ordinary. */
  write(view: HeaderView, primary: ByteSink, own: ByteSink): boolean {
    const provides = this.#provides;
    const list = this.#list;
    if (!provides.read(view, slot.provideName, slot.provideFlags, slot.provideVersion)) return false;
    if (!putList(primary, "provides", view.bytes, provides)) return false;
    const weak = this.#writeRequires(view, primary, own);
    if (weak < 0) return false;
    if (!list.read(view, slot.conflictName, slot.conflictFlags, slot.conflictVersion)) return false;
    if (!putList(primary, "conflicts", view.bytes, list)) return false;
    if (!list.read(view, slot.obsoleteName, slot.obsoleteFlags, slot.obsoleteVersion)) return false;
    if (!putList(primary, "obsoletes", view.bytes, list)) return false;
    if (!list.read(view, slot.suggestName, slot.suggestFlags, slot.suggestVersion)) return false;
    if (!putList(primary, "suggests", view.bytes, list)) return false;
    if (!list.read(view, slot.enhanceName, slot.enhanceFlags, slot.enhanceVersion)) return false;
    if (!putList(primary, "enhances", view.bytes, list)) return false;
    if (!list.read(view, slot.recommendName, slot.recommendFlags, slot.recommendVersion)) return false;
    if (!this.#writeRecommends(primary, view.bytes, weak)) return false;
    if (!list.read(view, slot.supplementName, slot.supplementFlags, slot.supplementVersion)) return false;
    return putList(primary, "supplements", view.bytes, list);
  }

  /** Gives how many requirements are weak and were put aside, or -1. */
  #writeRequires(view: HeaderView, sink: ByteSink, own: ByteSink): number {
    const list = this.#requires;
    if (!list.read(view, slot.requireName, slot.requireFlags, slot.requireVersion)) return -1;
    const data = view.bytes;
    const [open, close] = tags.requires as readonly [Uint8Array, Uint8Array];
    const start = sink.length;
    putBytes(sink, open);
    const body = sink.length;
    const provided = this.#names.fill(0);
    for (let i = 0; i < this.#provides.count; i++) mark(provided, this.#provides.hash[i] as number);
    let weak = 0;
    let kept = 0;
    let bestLibc = -1;
    for (let i = 0; i < list.count; i++) {
      const name = list.name[i] as number;
      if (startsWith(data, name, rpmlib)) continue;
      if (data[name] === 0x2f && own.length > 0 && this.#isOwn(data, name, list.nameEnd[i] as number, own)) continue;
      if (isMarked(provided, list.hash[i] as number) && this.#isProvided(data, i)) continue;
      if (this.#isRepeated(data, i, kept)) continue;
      const bits = list.flags[i] as number;
      if ((bits & missingOk) !== 0) this.#weak[weak++] = i;
      else if (startsWith(data, name, libc)) {
        if (bestLibc < 0 || isOlderLibc(nameOf(data, list, bestLibc), nameOf(data, list, i))) bestLibc = i;
      } else {
        if (!putEntry(sink, data, list, i, (bits & preBits) !== 0)) return -1;
        this.#kept[kept++] = i;
      }
    }
    if (bestLibc >= 0 && !putEntry(sink, data, list, bestLibc, ((list.flags[bestLibc] as number) & preBits) !== 0))
      return -1;
    if (sink.length === body) sink.length = start;
    else putBytes(sink, close);
    return weak;
  }

  #writeRecommends(sink: ByteSink, data: Uint8Array, weak: number): boolean {
    const list = this.#list;
    if (weak === 0) return putList(sink, "recommends", data, list);
    const [open, close] = tags.recommends as readonly [Uint8Array, Uint8Array];
    putBytes(sink, open);
    for (let i = 0; i < weak; i++)
      if (!putEntry(sink, data, this.#requires, this.#weak[i] as number, false)) return false;
    for (let i = 0; i < list.count; i++) if (!putEntry(sink, data, list, i, false)) return false;
    putBytes(sink, close);
    return true;
  }

  #isOwn(data: Uint8Array, start: number, stop: number, own: ByteSink): boolean {
    const needle = this.#needle;
    needle.length = 0;
    needle.text(">");
    putRange(needle, data, start, stop);
    needle.text("</file>");
    return own.view().includes(needle.view());
  }

  #isProvided(data: Uint8Array, i: number): boolean {
    const provides = this.#provides;
    for (let j = 0; j < provides.count; j++) if (sameKey(data, this.#requires, i, provides, j)) return true;
    return false;
  }

  /** Whether the last requirement that was kept of this name is the same. */
  #isRepeated(data: Uint8Array, i: number, kept: number): boolean {
    const list = this.#requires;
    for (let n = kept - 1; n >= 0; n--) {
      const j = this.#kept[n] as number;
      if (!sameName(data, list, i, list, j)) continue;
      const isPre = ((list.flags[i] as number) & preBits) !== 0;
      return sameKey(data, list, i, list, j) && isPre === (((list.flags[j] as number) & preBits) !== 0);
    }
    return false;
  }
}

function mark(bits: Int32Array, hash: number): void {
  const at = (hash >>> 5) & 31;
  bits[at] = (bits[at] as number) | (1 << (hash & 31));
}

function isMarked(bits: Int32Array, hash: number): boolean {
  return ((bits[(hash >>> 5) & 31] as number) & (1 << (hash & 31))) !== 0;
}

function sameName(data: Uint8Array, a: List, i: number, b: List, j: number): boolean {
  if (a.hash[i] !== b.hash[j]) return false;
  return sameBytes(data, a.name[i] as number, a.nameEnd[i] as number, b.name[j] as number, b.nameEnd[j] as number);
}

/** Whether name, comparison and version are the same; a comparison without a version is none. */
function sameKey(data: Uint8Array, a: List, i: number, b: List, j: number): boolean {
  if (!sameName(data, a, i, b, j)) return false;
  const has = a.hasVersion(i);
  if (has !== b.hasVersion(j)) return false;
  if (!has) return true;
  if ((((a.flags[i] as number) ^ (b.flags[j] as number)) & comparison) !== 0) return false;
  return sameBytes(data, a.evr[i] as number, a.evrEnd[i] as number, b.evr[j] as number, b.evrEnd[j] as number);
}

const comparison = sense.less | sense.greater | sense.equal;

function sameBytes(data: Uint8Array, a: number, aEnd: number, b: number, bEnd: number): boolean {
  if (aEnd - a !== bEnd - b) return false;
  for (let i = a, j = b; i < aEnd; i++, j++) if (data[i] !== data[j]) return false;
  return true;
}

function startsWith(data: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (data[at + i] !== text[i]) return false;
  return true;
}

function nameOf(data: Uint8Array, list: List, i: number): string {
  return textOf(data, list.name[i] as number, list.nameEnd[i] as number);
}

function putList(sink: ByteSink, kind: string, data: Uint8Array, list: List): boolean {
  if (list.count === 0) return true;
  const [open, close] = tags[kind] as readonly [Uint8Array, Uint8Array];
  putBytes(sink, open);
  for (let i = 0; i < list.count; i++) if (!putEntry(sink, data, list, i, false)) return false;
  putBytes(sink, close);
  return true;
}

function putEntry(sink: ByteSink, data: Uint8Array, list: List, i: number, isPre: boolean): boolean {
  putBytes(sink, entry);
  putRange(sink, data, list.name[i] as number, list.nameEnd[i] as number);
  const relation = relations[((list.flags[i] as number) >> 1) & 7];
  if (relation !== undefined && list.hasVersion(i)) {
    putBytes(sink, relation);
    if (!putEvr(sink, data, list.evr[i] as number, list.evrEnd[i] as number)) return false;
  }
  putBytes(sink, isPre ? noVersionPre : noVersion);
  return true;
}

/** Epoch, version and release, each but the last closed by its quote; as `parseEvr` splits them. */
function putEvr(sink: ByteSink, data: Uint8Array, start: number, end: number): boolean {
  let from = data[start] === 0x30 && data[start + 1] === 0x3a ? start + 2 : start;
  let colon = -1;
  let dash = -1;
  let digits = true;
  for (let i = from; i < end; i++) {
    const byte = data[i] as number;
    if (byte === 0x3a && colon < 0) {
      colon = i;
      dash = -1;
    } else if (byte === 0x2d) dash = i;
    if (colon < 0 && (byte < 0x30 || byte > 0x39)) digits = false;
  }
  if (colon < 0 || colon === from || !digits) putBytes(sink, zero);
  else {
    if (colon - from > 9) return false;
    let epoch = 0;
    for (let i = from; i < colon; i++) epoch = 10 * epoch + (data[i] as number) - 0x30;
    sink.text(String(epoch));
  }
  if (colon >= 0) from = colon + 1;
  putBytes(sink, version);
  putRange(sink, data, from, dash < 0 ? end : dash);
  if (dash >= 0) {
    putBytes(sink, release);
    putRange(sink, data, dash + 1, end);
  }
  return true;
}
