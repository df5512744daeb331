import manifest from "../../package.json" with { type: "json" };

/** Digest of the sources, put in by the bundler; absent when run unbundled. */
declare const __WEIR_SOURCES__: string | undefined;

export const version: string = manifest.version;

/** Which Weir this is, to the byte where that is known: results of another one are not believed to be the same. */
export const build: string = `${version}+${typeof __WEIR_SOURCES__ === "string" ? __WEIR_SOURCES__.slice(0, 16) : "source"}`;
