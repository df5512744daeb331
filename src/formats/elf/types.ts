export type ElfClass = 32 | 64;
export type ElfEndian = "little" | "big";
/** `dyn` covers shared libraries and position-independent programs alike. */
export type ElfType = "rel" | "exec" | "dyn" | "core" | "other";
export type ElfBinding = "local" | "global" | "weak" | "unique" | "other";
export type ElfSymbolType = "none" | "object" | "func" | "section" | "file" | "common" | "tls" | "ifunc" | "other";

/** A symbol that the dynamic table defines and others can bind to. */
export interface ElfExport {
  readonly name: string;
  /** Version node, undefined for the base version or where the file has no versions. */
  readonly version: string | undefined;
  /** `name@@VERSION`: what a link without a version binds to. True as well for a symbol without version. */
  readonly isDefault: boolean;
  readonly binding: ElfBinding;
  readonly type: ElfSymbolType;
  /** Bytes. */
  readonly size: number;
}

/** A symbol that has to come from elsewhere. */
export interface ElfImport {
  readonly name: string;
  readonly version: string | undefined;
  /** The library that the version is asked of; undefined where the reference has no version. */
  readonly library: string | undefined;
  /** A weak reference may stay unresolved. */
  readonly weak: boolean;
  readonly type: ElfSymbolType;
  /**
   * Bytes reserved here for a data object copied from the library at start (a copy relocation), else 0. A library whose object
   * has another size breaks such a program.
   */
  readonly copySize: number;
}

export interface ElfVersionDefinition {
  readonly name: string;
  readonly parents: readonly string[];
  /** The file's own name, not a node that symbols are bound to. */
  readonly base: boolean;
  readonly weak: boolean;
}

export interface ElfVersionNeed {
  readonly library: string;
  /** In file order. A weak version may be absent at run time. */
  readonly versions: readonly { readonly name: string; readonly weak: boolean }[];
}

/** What the dynamic linker sees of a file. Lists are in file order. */
export interface ElfFile {
  readonly class: ElfClass;
  readonly endian: ElfEndian;
  readonly type: ElfType;
  /** e_machine. */
  readonly machine: number;
  /** `x86_64`, `aarch64` …, or `machine-<number>`. */
  readonly machineName: string;
  readonly interpreter: string | undefined;
  readonly soname: string | undefined;
  readonly needed: readonly string[];
  /** Folders, split at colons. */
  readonly rpath: readonly string[];
  readonly runpath: readonly string[];
  readonly versionDefinitions: readonly ElfVersionDefinition[];
  readonly versionNeeds: readonly ElfVersionNeed[];
  readonly exports: readonly ElfExport[];
  readonly imports: readonly ElfImport[];
  readonly hasGnuHash: boolean;
  /** Whether a dynamic section was found: without one all lists are empty. */
  readonly dynamic: boolean;
}
