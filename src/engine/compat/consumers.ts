import { compareText, formatNevra, messageOf, type Skip, WeirError } from "../../core/index.ts";
import { isElf, readElf } from "../../formats/elf/index.ts";
import type { RpmFile } from "../../formats/rpm/index.ts";
import { isRegular } from "./header-diff.ts";
import type { PackageIndex } from "./package-index.ts";
import type { PackageOpener } from "./types.ts";

/** A reference of a consumer to a library: symbol, version, copied size. */
interface Reference {
  readonly name: string;
  readonly version: string | undefined;
  readonly library: string | undefined;
  readonly copied: boolean;
}

interface Usage {
  readonly needed: ReadonlySet<string>;
  readonly references: readonly Reference[];
}

/** Files of a package worth a look for ELF: programs, and what is called a library. */
export function mayBeElf(file: RpmFile): boolean {
  if (!isRegular(file) || file.size < 52) return false;
  return (
    /\.so(?:\.|$)/.test(file.path) ||
    ((file.mode & 0o111) !== 0 && !/\.(?:sh|py|pl|rb|js|lua|conf|txt|html)$/.test(file.path))
  );
}

/** Who among the packages before uses which symbol of which library. Packages are opened once, when first asked about. */
export class Consumers {
  readonly #index: PackageIndex;
  readonly #open: PackageOpener | undefined;
  readonly #skips: Skip[];
  readonly #usages = new Map<string, Promise<readonly Usage[]>>();

  constructor(index: PackageIndex, open: PackageOpener | undefined, skips: Skip[]) {
    this.#index = index;
    this.#open = open;
    this.#skips = skips;
  }

  /** NEVRAs of packages that need the library at all, by their dependencies. */
  needing(soname: string, except: string): string[] {
    return this.#index.requirers([soname, `${soname}()(64bit)`, `${soname}()`], except);
  }

  /**
   * For each `name@version` (or name) the NEVRAs of packages that refer to it, sorted. With `copied` only those that hold a copy of the
   * object count.
   */
  async using(
    soname: string,
    symbols: readonly { readonly name: string; readonly version: string | undefined; readonly copied: boolean }[],
    except: string,
  ): Promise<Map<string, string[]>> {
    const wanted = new Map(symbols.map((symbol) => [keyOf(symbol), symbol]));
    const found = new Map<string, string[]>();
    const users = new Map(
      [soname, `${soname}()(64bit)`]
        .flatMap((name) => this.#index.requiringPackages(name))
        .map((pkg) => [formatNevra(pkg), pkg]),
    );
    for (const nevra of [...users.keys()].sort(compareText)) {
      const pkg = users.get(nevra);
      if (!pkg || pkg.name === except) continue;
      const hits = new Set<string>();
      for (const { needed, references } of await this.#usagesOf(pkg, nevra)) {
        if (!needed.has(soname)) continue;
        for (const reference of references) {
          if (reference.library !== undefined && reference.library !== soname) continue;
          const symbol = wanted.get(keyOf(reference));
          if (symbol && (!symbol.copied || reference.copied)) hits.add(keyOf(reference));
        }
      }
      for (const key of hits) {
        const list = found.get(key);
        if (list) list.push(nevra);
        else found.set(key, [nevra]);
      }
    }
    return found;
  }

  #usagesOf(pkg: Parameters<PackageOpener>[0], nevra: string): Promise<readonly Usage[]> {
    const known = this.#usages.get(nevra);
    if (known) return known;
    const usages = this.#readUsages(pkg, nevra);
    this.#usages.set(nevra, usages);
    return usages;
  }

  async #readUsages(pkg: Parameters<PackageOpener>[0], nevra: string): Promise<readonly Usage[]> {
    const usages: Usage[] = [];
    try {
      const opened = await this.#open?.(pkg);
      if (!opened) {
        this.#skips.push({ subject: nevra, reason: "its file is not at hand: which symbols it uses is not known" });
        return usages;
      }
      for await (const { path, bytes } of opened.contents(mayBeElf)) {
        if (!isElf(bytes)) continue;
        const elf = readElf(bytes, `${nevra}${path}`);
        if (elf.needed.length === 0) continue;
        const references = elf.imports.map(({ name, version, library, copySize }) => ({
          name,
          version,
          library,
          copied: copySize > 0,
        }));
        usages.push({ needed: new Set(elf.needed), references });
      }
    } catch (error) {
      if (!(error instanceof WeirError)) throw error;
      this.#skips.push({ subject: nevra, reason: `its programs could not be read: ${messageOf(error)}` });
    }
    return usages;
  }
}

/** A symbol as references and exports are matched: name, and version where there is one. */
export function keyOf(symbol: { readonly name: string; readonly version: string | undefined }): string {
  return symbol.version === undefined ? symbol.name : `${symbol.name}@${symbol.version}`;
}
