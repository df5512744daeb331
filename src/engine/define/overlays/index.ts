export {
  applyOverlays,
  type OverlayContext,
  type OverlayMode,
  type OverlayResult,
  overlayTypes,
  type PlacedOverlay,
} from "./apply.ts";
export { lastTagValue } from "./tags.ts";
export { unifiedDiff } from "./line-diff.ts";
export { decodeText, encodeText } from "./text.ts";
