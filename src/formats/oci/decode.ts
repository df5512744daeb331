import { messageOf, WeirError } from "../../core/index.ts";
import type { OciConfig, OciDescriptor, OciIndex, OciManifest } from "./types.ts";

const limits = { bytes: 16 << 20, items: 10_000 } as const;

type Json = Readonly<Record<string, unknown>>;

/** Reads an image index (OCI, or Docker's manifest list). Errors: `OCI_MALFORMED`. */
export function parseOciIndex(bytes: Uint8Array, where: string): OciIndex {
  const json = parse(bytes, where);
  const manifests = list(json.manifests, "manifests", where).map((item) => descriptor(item, where));
  return { schemaVersion: 2, mediaType: text(json.mediaType), manifests, ...annotationsOf(json) };
}

/** Reads an image manifest (OCI, or Docker's version 2). Errors: `OCI_MALFORMED`. */
export function parseOciManifest(bytes: Uint8Array, where: string): OciManifest {
  const json = parse(bytes, where);
  return {
    schemaVersion: 2,
    mediaType: text(json.mediaType),
    config: descriptor(json.config, where),
    layers: list(json.layers, "layers", where).map((item) => descriptor(item, where)),
    ...annotationsOf(json),
  };
}

/** Reads an image configuration; of `config` the keys that are known and sound. Errors: `OCI_MALFORMED`. */
export function parseOciConfig(bytes: Uint8Array, where: string): OciConfig {
  const json = parse(bytes, where);
  const rootfs = record(json.rootfs) ?? {};
  const run = record(json.config) ?? {};
  const labels = strings(run.Labels);
  const [env, entrypoint, command] = [texts(run.Env), texts(run.Entrypoint), texts(run.Cmd)];
  const diffIds = list(rootfs.diff_ids ?? [], "diff_ids", where).map((item) => digest(item, where));
  return {
    ...(typeof json.created === "string" ? { created: json.created } : {}),
    architecture: text(json.architecture),
    os: text(json.os),
    config: {
      ...(typeof run.User === "string" ? { User: run.User } : {}),
      ...(typeof run.WorkingDir === "string" ? { WorkingDir: run.WorkingDir } : {}),
      ...(env === undefined ? {} : { Env: env }),
      ...(entrypoint === undefined ? {} : { Entrypoint: entrypoint }),
      ...(command === undefined ? {} : { Cmd: command }),
      ...(labels === undefined ? {} : { Labels: labels }),
    },
    rootfs: { type: "layers", diff_ids: diffIds },
  };
}

function parse(bytes: Uint8Array, where: string): Json {
  if (bytes.length > limits.bytes) throw malformed(`more than ${limits.bytes} bytes`, where);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw malformed(messageOf(error), where);
  }
  const json = record(value);
  if (json === undefined) throw malformed("no object", where);
  return json;
}

function record(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function list(value: unknown, what: string, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(`${what} is no list`, where);
  if (value.length > limits.items) throw malformed(`${what} has ${value.length} items`, where);
  return value;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function strings(value: unknown): Readonly<Record<string, string>> | undefined {
  const json = record(value);
  if (json === undefined) return undefined;
  const pairs = Object.entries(json).filter((pair): pair is [string, string] => typeof pair[1] === "string");
  return Object.fromEntries(pairs);
}

function texts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : undefined;
}

function annotationsOf(json: Json): { readonly annotations?: Readonly<Record<string, string>> } {
  const annotations = strings(json.annotations);
  return annotations === undefined ? {} : { annotations };
}

function digest(value: unknown, where: string): string {
  if (typeof value === "string" && /^sha256:[0-9a-f]{64}$|^sha512:[0-9a-f]{128}$/.test(value)) return value;
  throw malformed("a digest that is none", where);
}

function descriptor(value: unknown, where: string): OciDescriptor {
  const json = record(value);
  if (json === undefined) throw malformed("a descriptor is no object", where);
  const { size } = json;
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0)
    throw malformed("a size that is none", where);
  const platform = record(json.platform);
  return {
    mediaType: text(json.mediaType),
    digest: digest(json.digest, where),
    size,
    ...annotationsOf(json),
    ...(platform === undefined
      ? {}
      : { platform: { architecture: text(platform.architecture), os: text(platform.os) } }),
  };
}

function malformed(reason: string, where: string): WeirError {
  return new WeirError("OCI_MALFORMED", `the image cannot be read: ${reason}`, {
    where,
    hints: ["copy the image again, for example with skopeo"],
  });
}
