import type { Finding, Progress, Skip } from "../../core/index.ts";
import type { KiwiSelection } from "../../formats/kiwi/index.ts";
import type { Repository } from "../../formats/rpmmd/index.ts";
import type { Sandbox } from "../build/index.ts";
import type { Solution } from "../solve/index.ts";

/** Units whose state is decided here, stronger than the presets that packages bring. */
export interface ServiceChoice {
  readonly enable: readonly string[];
  readonly disable: readonly string[];
}

export interface ImageRequest {
  /** Key of the image in the definition; part of messages and of the bill of materials. */
  readonly name: string;
  /** What the image is to be, from its kiwi description. */
  readonly selection: KiwiSelection;
  /** What is to be installed, with all that it needs. */
  readonly solution: Solution;
  /** Where the solution's packages lie. */
  readonly repositories: readonly Repository[];
  readonly arch: string;
  readonly services: ServiceChoice;
  /** Seconds since the epoch: install times, newest time of any file, creation of the image. */
  readonly sourceDateEpoch: number;
  /** Distribution's name in package URLs: `pkg:rpm/mill/bash@…`. */
  readonly distribution: string;
  /** More annotations for the manifest, e.g. which snapshot it was made from. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Keep the database of installed packages in the image (default true). */
  readonly packageDatabase?: boolean;
}

export interface ImageContext {
  /** Where scriptlets run; without one none runs and each is a skip. */
  readonly sandbox: Sandbox | undefined;
  /** Absolute folder for the root in the making; removed afterwards. */
  readonly work: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/** A file of an image as it is archived: what the machine that builds may not be able to express in its own files. */
export interface FileMeta {
  /** File type and permission bits, as st_mode. */
  readonly mode: number;
  /** Names, or numbers as text. */
  readonly user: string;
  readonly group: string;
  /** POSIX capabilities as text, empty for none. */
  readonly capabilities: string;
  /** Seconds since the epoch. */
  readonly mtime: number;
  /** st_rdev of device nodes. */
  readonly rdev: number;
  /** NEVRA of the package that owns it, or what made it. */
  readonly origin: string;
}

export interface ImagePackage {
  readonly nevra: string;
  readonly sha256: string;
  readonly size: number;
}

/** An image that was built. Digests are `sha256:` and hexadecimal. */
export interface BuiltImage {
  readonly schema: "weir/image/1";
  readonly name: string;
  readonly arch: string;
  /** `name:tag` that the description gives it. */
  readonly reference: string;
  readonly manifest: string;
  readonly config: string;
  readonly layer: string;
  /** Digest of the layer before compression. */
  readonly diffId: string;
  /** Bytes of the compressed layer, and of all files in it. */
  readonly layerSize: number;
  readonly contentSize: number;
  readonly entries: number;
  /** Sorted by NEVRA. */
  readonly packages: readonly ImagePackage[];
  /** Units that are enabled, sorted. */
  readonly enabledUnits: readonly string[];
  readonly sbom: string;
  readonly findings: readonly Finding[];
  readonly skips: readonly Skip[];
}
