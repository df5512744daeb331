export { applyOverlays, type OverlayContext, type OverlayResult, overlayTypes, type PlacedOverlay } from "./apply.ts";
export { compileGlob } from "./doublestar.ts";
export { lastTagValue } from "./tags.ts";
