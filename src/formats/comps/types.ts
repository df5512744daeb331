/** How a group wants a package: `conditional` only when `requires` is installed. */
export type CompsPackageKind = "mandatory" | "default" | "optional" | "conditional";

export interface CompsPackage {
  readonly name: string;
  readonly kind: CompsPackageKind;
  /** Of a conditional package: the package that brings it. */
  readonly requires?: string;
}

/** Text by language tag; the text without a language is in the value itself. */
export type Translations = Readonly<Record<string, string>>;

interface Described {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly nameIn: Translations;
  readonly descriptionIn: Translations;
  readonly displayOrder: number | undefined;
}

export interface CompsGroup extends Described {
  readonly default: boolean;
  readonly userVisible: boolean;
  /** The group only counts where this language is asked for. */
  readonly languageOnly: string | undefined;
  readonly packages: readonly CompsPackage[];
}

export interface CompsCategory extends Described {
  readonly groups: readonly string[];
}

export interface CompsEnvironment extends Described {
  readonly groups: readonly string[];
  readonly options: readonly { readonly id: string; readonly default: boolean }[];
}

/** Groups of packages: what `comps.xml` holds. */
export interface Comps {
  readonly groups: readonly CompsGroup[];
  readonly categories: readonly CompsCategory[];
  readonly environments: readonly CompsEnvironment[];
  /** A language's package (`install`, `%s` stands for the language) for each base package. */
  readonly langpacks: readonly { readonly name: string; readonly install: string }[];
}
