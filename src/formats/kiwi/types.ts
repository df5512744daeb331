/** An element that this reader knows nothing of: name and place. */
export interface KiwiUnknown {
  readonly element: string;
  readonly line: number;
}

export interface KiwiProfile {
  readonly name: string;
  readonly description: string;
  /** Taken where no profile is asked for. */
  readonly import: boolean;
  /** Other profiles that come with it. */
  readonly requires: readonly string[];
}

/** A command with its arguments; `clear`: whatever was there before is to be gone. */
export interface KiwiCommand {
  readonly argv: readonly string[];
  readonly clear: boolean;
}

/** What a container is told to be: kiwi's `<containerconfig>`. */
export interface KiwiContainer {
  readonly name: string;
  readonly tag: string;
  readonly additionalNames: readonly string[];
  readonly user: string;
  readonly workingDirectory: string;
  readonly maintainer: string;
  readonly entrypoint: KiwiCommand | undefined;
  readonly subcommand: KiwiCommand | undefined;
  /** `7411` or `7411/udp`. */
  readonly expose: readonly string[];
  readonly volumes: readonly string[];
  readonly environment: readonly (readonly [name: string, value: string])[];
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly history: { readonly author: string; readonly createdBy: string; readonly comment: string };
}

export interface KiwiType {
  /** `oci`, `docker`, `oem`, `tbz`, `wsl` … */
  readonly image: string;
  /** All attributes as written. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly container: KiwiContainer | undefined;
  readonly line: number;
}

export interface KiwiPreferences {
  /** Empty: for all. */
  readonly profiles: readonly string[];
  readonly version: string | undefined;
  readonly packageManager: string | undefined;
  readonly locale: string | undefined;
  readonly keytable: string | undefined;
  readonly timezone: string | undefined;
  readonly releaseVersion: string | undefined;
  readonly excludeDocs: boolean | undefined;
  readonly types: readonly KiwiType[];
}

export type KiwiPackagesType = "image" | "bootstrap" | "delete" | "uninstall" | "iso" | "oem";

export interface KiwiPackage {
  readonly name: string;
  /** Only on this architecture; several by comma. */
  readonly arch: string | undefined;
  readonly line: number;
}

export interface KiwiPackages {
  readonly type: KiwiPackagesType;
  readonly profiles: readonly string[];
  readonly packages: readonly KiwiPackage[];
  /** Names of groups (`namedCollection`). */
  readonly collections: readonly string[];
  readonly ignored: readonly KiwiPackage[];
}

/** A kiwi image description as written (schema 7 and 8). */
export interface KiwiImage {
  readonly name: string;
  readonly displayName: string;
  readonly schemaVersion: string;
  readonly description: { readonly author: string; readonly contact: string; readonly specification: string };
  readonly profiles: readonly KiwiProfile[];
  readonly preferences: readonly KiwiPreferences[];
  readonly packages: readonly KiwiPackages[];
  readonly repositories: readonly { readonly alias: string; readonly type: string; readonly path: string }[];
  /** Elements that were passed over: users, drivers, extensions … */
  readonly unknown: readonly KiwiUnknown[];
}

/** What holds of a description once profiles and an architecture are chosen. */
export interface KiwiSelection {
  readonly name: string;
  readonly profiles: readonly string[];
  readonly version: string;
  readonly excludeDocs: boolean;
  readonly type: KiwiType;
  /** Sorted names, without ignored ones. */
  readonly install: readonly string[];
  readonly bootstrap: readonly string[];
  /** Removed at the end: `delete` alone, `uninstall` as a package manager would. */
  readonly delete: readonly string[];
  readonly uninstall: readonly string[];
  readonly ignored: readonly string[];
  readonly collections: readonly string[];
}
