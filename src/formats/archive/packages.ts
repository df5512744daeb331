import { createRequire } from "node:module";

/** `import` would start Node's loader of other modules first, which takes longer than any of these CommonJS packages. */
function load(name: string): unknown {
  return createRequire(import.meta.url)(name);
}

export function loadXz(): typeof import("xz-decompress") {
  return load("xz-decompress") as typeof import("xz-decompress");
}

export function loadZstd(): typeof import("@bokuweb/zstd-wasm") {
  return load("@bokuweb/zstd-wasm") as typeof import("@bokuweb/zstd-wasm");
}

export function loadBzip2(): typeof import("seek-bzip").default {
  return load("seek-bzip") as typeof import("seek-bzip").default;
}
