export { buildImage, imageFiles } from "./build-image.ts";
export { installOrder } from "./order.ts";
export { imageRules } from "./rules.ts";
export type * from "./types.ts";
