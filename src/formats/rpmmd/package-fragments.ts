import { WeirError } from "../../core/index.ts";
import {
  packageOfHeader,
  type RpmHeader,
  type RpmSource,
  readRpmHeaders,
  tag,
  withSignatureSizes,
} from "../rpm/index.ts";
import { ByteSink } from "./byte-sink.ts";
import { fromRpm, type PackageFacts } from "./from-rpm.ts";
import { mostPathBytes } from "./header-files.ts";
import { HeaderWriter, type PackageSinks } from "./header-package.ts";
import { HeaderView, slot } from "./header-view.ts";
import { filelistsPackage, otherPackage, primaryPackage } from "./write-xml.ts";

export interface FragmentFacts extends Omit<PackageFacts, "fileTime" | "size" | "headerRange"> {
  /** Time of the file, seconds since the epoch. Default: when the package was built, so that a copy is described alike. */
  readonly fileTime?: number;
  /** URL that the location is relative to instead of the repository: `xml:base`. */
  readonly base?: string;
}

/**
 * The `<package>` elements of many packages, as bytes, one behind the other in each of the three documents. They are what `writePrimary`,
 * `writeFilelists` and `writeOther` give for `fromRpm`; ordinary headers are written straight from their bytes.
 */
export class PackageFragments implements PackageSinks {
  readonly primary = new ByteSink(1 << 20);
  readonly filelists = new ByteSink(1 << 20);
  readonly other = new ByteSink(256 << 10);
  readonly #view = new HeaderView();
  readonly #writer = new HeaderWriter();

  /**
   * Appends one package and gives when it was built, in seconds. `first` holds the file's first bytes; `source` is asked for others only
   * where these do not do. Errors: those of reading headers and their values, `RPMMD_TOO_LARGE`; nothing is appended then.
   */
  append(first: Uint8Array, source: RpmSource, facts: FragmentFacts): number {
    const marks = [this.primary.length, this.filelists.length, this.other.length] as const;
    const back = () => {
      [this.primary.length, this.filelists.length, this.other.length] = marks;
    };
    try {
      if (this.#view.read(first, source.size)) {
        const { pkgid, location, fileTime, changelogLimit = 10, base = "" } = facts;
        const whole = { pkgid, location, size: source.size, fileTime, changelogLimit, base };
        if (this.#writer.write(this.#view, this, whole)) return this.#view.number(slot.buildTime) ?? 0;
        back();
      }
      return this.#appendOdd(source, facts);
    } catch (error) {
      back();
      throw error;
    }
  }

  /** By way of values and strings. */
  #appendOdd(source: RpmSource, facts: FragmentFacts): number {
    const { header, signature, headerRange } = readRpmHeaders(source, facts.location);
    checkPaths(header);
    const pkg = withSignatureSizes(packageOfHeader(header), signature);
    const { fileTime = pkg.buildTime } = facts;
    const metadata = fromRpm(pkg, { ...facts, fileTime, size: source.size, headerRange });
    this.primary.text(primaryPackage(metadata, facts.base));
    this.filelists.text(filelistsPackage(metadata));
    this.other.text(otherPackage(metadata, metadata.changelog));
    return pkg.buildTime;
  }
}

/** Before any path is made: that all of them fit. */
function checkPaths(header: RpmHeader): void {
  const lengths = header.strings(tag.dirNames).map((folder) => folder.length);
  const indexes = header.numbers(tag.dirIndexes);
  let total = 0;
  for (let file = 0; file < indexes.length; file++) total += lengths[indexes[file] ?? -1] ?? 0;
  if (total <= mostPathBytes) return;
  throw new WeirError("RPM_TAG_BAD", `its paths together have more than ${mostPathBytes} bytes`, {
    where: header.where,
    hints: ["the package is damaged, or made to exhaust memory"],
  });
}
