/** How a group wants a package: `conditional` only when `requires` is installed. */
export type CompsPackageKind = "mandatory" | "default" | "optional" | "conditional";

export interface CompsPackage {
  readonly name: string;
  readonly kind: CompsPackageKind;
  /** Of a conditional package: the package that brings it. */
  readonly requires?: string;
  /** Only for the machine's own architecture, not for the 32-bit one beside it. */
  readonly baseArchOnly?: boolean;
  readonly arches?: Arches;
}

/** Architectures that something counts for; all where there are none given. */
export type Arches = readonly string[];

/** Text by language tag; the text without a language is in the value itself. */
export type Translations = Readonly<Record<string, string>>;

interface Described {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly nameIn: Translations;
  readonly descriptionIn: Translations;
  readonly displayOrder: number | undefined;
  readonly arches?: Arches;
}

export interface CompsGroup extends Described {
  readonly default: boolean;
  readonly userVisible: boolean;
  /** The group only counts where this language is asked for. */
  readonly languageOnly: string | undefined;
  /** The group only counts where two architectures live side by side. */
  readonly biarchOnly?: boolean;
  readonly packages: readonly CompsPackage[];
}

export interface CompsCategory extends Described {
  readonly groups: readonly string[];
  /** By group: the architectures it belongs here for, where not all. */
  readonly groupArches?: Readonly<Record<string, Arches>>;
}

export interface CompsEnvironment extends Described {
  readonly groups: readonly string[];
  readonly groupArches?: Readonly<Record<string, Arches>>;
  readonly options: readonly { readonly id: string; readonly default: boolean; readonly arches?: Arches }[];
}

/** Groups of packages: what `comps.xml` holds. */
export interface Comps {
  readonly groups: readonly CompsGroup[];
  readonly categories: readonly CompsCategory[];
  readonly environments: readonly CompsEnvironment[];
  /** A language's package (`install`, `%s` stands for the language) for each base package. */
  readonly langpacks: readonly { readonly name: string; readonly install: string }[];
  /** Packages that must not be offered, each for an architecture. */
  readonly blacklist?: readonly { readonly name: string; readonly arch: string }[];
  /** Requirements of packages that are to be passed over. */
  readonly whiteout?: readonly { readonly requires: string; readonly package: string }[];
}
