export { applyOverlays, type OverlayContext, type OverlayResult, overlayTypes, type PlacedOverlay } from "./apply.ts";
export { lastTagValue } from "./tags.ts";
