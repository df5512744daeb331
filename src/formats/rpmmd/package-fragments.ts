import { packageHeadOf, packageOfHeader, type RpmHeaders, tag, withSignatureSizes } from "../rpm/index.ts";
import { ByteSink } from "./byte-sink.ts";
import { changelogFromRpm, fromRpm, headFromRpm, isPrimaryFile, type PackageFacts } from "./from-rpm.ts";
import { writeHeaderFiles } from "./header-files.ts";
import { filelistsPackage, otherPackage, packageHead, primaryHead, primaryPackage, primaryTail } from "./write-xml.ts";

export interface FragmentFacts extends Omit<PackageFacts, "fileTime"> {
  /** Time of the file, seconds since the epoch. Default: when the package was built, so that a copy is described alike. */
  readonly fileTime?: number;
  /** URL that the location is relative to instead of the repository: `xml:base`. */
  readonly base?: string;
}

/** Name, epoch, version, release, architecture and times of a package that was appended. */
export interface AppendedPackage {
  readonly name: string;
  readonly epoch: number;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  readonly buildTime: number;
}

const noFiles: ReadonlySet<string> = new Set();
const closePackage = Buffer.from("</package>\n");
const closePrimary = Buffer.from(primaryTail);

/**
 * The `<package>` elements of many packages, as bytes, one behind the other in each of the three documents. They are what `writePrimary`,
 * `writeFilelists` and `writeOther` give for `fromRpm`, written straight from the headers.
 */
export class PackageFragments {
  readonly primary = new ByteSink(1 << 20);
  readonly filelists = new ByteSink(1 << 20);
  readonly other = new ByteSink(256 << 10);
  readonly #own = new ByteSink(4096);

  /**
   * Appends one package. Errors: those of reading values (`RPM_TAG_BAD`, `RPM_TAG_MISSING`), `RPMMD_TOO_LARGE`; nothing is appended then.
   */
  append(headers: RpmHeaders, facts: FragmentFacts): AppendedPackage {
    const marks = [this.primary.length, this.filelists.length, this.other.length] as const;
    try {
      return this.#append(headers, facts);
    } catch (error) {
      [this.primary.length, this.filelists.length, this.other.length] = marks;
      throw error;
    }
  }

  #append(headers: RpmHeaders, facts: FragmentFacts): AppendedPackage {
    const { header } = headers;
    if (!header.has(tag.baseNames) && header.has(tag.oldFileNames)) return this.#appendOld(headers, facts);
    const pkg = withSignatureSizes(packageHeadOf(header), headers.signature);
    const identity = { ...pkg, pkgid: facts.pkgid };
    const wanted = pkg.requires.filter(({ name }) => name.startsWith("/") && isPrimaryFile(name));
    this.#own.length = 0;
    this.filelists.text(packageHead(identity));
    const own = writeHeaderFiles(
      header,
      this.filelists,
      this.#own,
      wanted.length === 0 ? noFiles : new Set(wanted.map(({ name }) => name)),
    );
    this.filelists.append(closePackage);
    this.primary.text(
      primaryHead(headFromRpm(pkg, { ...facts, fileTime: facts.fileTime ?? pkg.buildTime }, own), facts.base),
    );
    this.primary.append(this.#own.view());
    this.primary.append(closePrimary);
    this.other.text(otherPackage(identity, changelogOf(headers, facts)));
    return pkg;
  }

  /** Packages of rpm 3 spell out each path. */
  #appendOld(headers: RpmHeaders, facts: FragmentFacts): AppendedPackage {
    const pkg = withSignatureSizes(packageOfHeader(headers.header), headers.signature);
    const metadata = fromRpm(pkg, { ...facts, fileTime: facts.fileTime ?? pkg.buildTime });
    this.primary.text(primaryPackage(metadata, facts.base));
    this.filelists.text(filelistsPackage(metadata));
    this.other.text(otherPackage(metadata, metadata.changelog));
    return pkg;
  }
}

function changelogOf({ header }: RpmHeaders, { changelogLimit = 10 }: FragmentFacts) {
  const most = Math.min(changelogLimit, 1 << 20);
  const times = header.numbers(tag.changelogTime);
  const texts = header.strings(tag.changelogText, most);
  const entries = header
    .strings(tag.changelogName, most)
    .map((author, i) => ({ time: times[i] ?? 0, author, text: texts[i] ?? "" }));
  return changelogFromRpm(entries, changelogLimit);
}
