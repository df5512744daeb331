export interface AdvisoryReference {
  readonly href: string;
  /** `CVE-2024-1`, a bug's number. */
  readonly id: string;
  /** `cve`, `bugzilla`, `self`, `vendor`, `other` … as found. */
  readonly type: string;
  readonly title: string;
}

export interface AdvisoryModule {
  readonly name: string;
  readonly stream: string;
  /** Digits, up to 2^64. */
  readonly version: string;
  readonly context: string;
  readonly arch: string;
}

/** A package that the advisory brings. */
export interface AdvisoryPackage {
  readonly name: string;
  /** Empty where the document has none, which means 0. */
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  /** File name of the source package. */
  readonly src: string;
  readonly filename: string;
  readonly checksum: { readonly type: string; readonly value: string } | undefined;
  readonly rebootSuggested: boolean;
  readonly restartSuggested: boolean;
  readonly reloginSuggested: boolean;
}

export interface AdvisoryCollection {
  readonly short: string;
  readonly name: string;
  readonly module: AdvisoryModule | undefined;
  readonly packages: readonly AdvisoryPackage[];
}

/** One `<update>` of updateinfo.xml. Text is as found; empty where the document has none. */
export interface Advisory {
  readonly from: string;
  readonly status: string;
  /** `security`, `bugfix`, `enhancement`, `newpackage`, `unspecified` … as found. */
  readonly type: string;
  readonly version: string;
  readonly id: string;
  readonly title: string;
  /** Dates as found: `2024-01-31 12:00:00`, or seconds since the epoch. */
  readonly issued: string;
  readonly updated: string;
  readonly rights: string;
  readonly release: string;
  readonly pushcount: string;
  /** `Critical`, `Important`, `Moderate`, `Low` … as found. */
  readonly severity: string;
  readonly summary: string;
  readonly description: string;
  readonly solution: string;
  readonly rebootSuggested: boolean;
  readonly references: readonly AdvisoryReference[];
  readonly collections: readonly AdvisoryCollection[];
}
