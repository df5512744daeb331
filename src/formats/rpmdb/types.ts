import type { Skip } from "../../core/index.ts";
import type { RpmHeader, RpmPackage } from "../rpm/index.ts";

/** States of installed files (RPMFILE_STATE in rpm). */
export const fileState = { normal: 0, replaced: 1, notInstalled: 2, netShared: 3, wrongColor: 4 } as const;

/** A package that a database says is installed. */
export interface InstalledPackage {
  readonly package: RpmPackage;
  readonly header: RpmHeader;
  /** Number in the database, from 1. */
  readonly number: number;
  /** Seconds since the epoch; 0 where the database does not say. */
  readonly installTime: number;
  /** Number of the transaction, in practice its start in seconds since the epoch. */
  readonly transaction: number;
  /** A {@link fileState} for each of the package's files; empty where the database does not say. */
  readonly fileStates: Uint8Array;
}

/** What a database of installed packages holds, in its order. */
export interface Rpmdb {
  readonly packages: readonly InstalledPackage[];
  /** Records that could not be read. */
  readonly damaged: readonly Skip[];
}

/** A package to be recorded as installed. */
export interface PackageToRecord {
  /** Main and signature header of the package file. */
  readonly header: RpmHeader;
  readonly signature: RpmHeader;
  /** Seconds since the epoch. */
  readonly installTime: number;
  /** Number of the transaction; the install time unless given. */
  readonly transaction?: number;
  /** A {@link fileState} for each file; all normal unless given. */
  readonly fileStates?: Uint8Array;
  /** Colour of the transaction: 3 on x86_64 and other machines with two word sizes, 0 elsewhere. By architecture unless given. */
  readonly color?: number;
}
