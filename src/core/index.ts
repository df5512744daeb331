export * from "./digest.ts";
export * from "./edit-distance.ts";
export * from "./error.ts";
export * from "./evr.ts";
export * from "./process.ts";
export * from "./progress.ts";
export * from "./report.ts";
export * from "./write.ts";
