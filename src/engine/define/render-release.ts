import { WeirError } from "../../core/index.ts";
import { lastTagValue, type PlacedOverlay } from "./overlays/index.ts";
import type { ResolvedComponent } from "./types.ts";

/** `%autorelease`, `%{autorelease}`, `%{autorelease -e x}`, `%{?autorelease}`. */
export function usesAutorelease(release: string): boolean {
  return /%(?:\{\??autorelease(?:$|[}\s])|autorelease(?:$|\s))/.test(release);
}

/**
 * The edit that raises the Release by the number of project commits that changed the component, by its `release.calculation`: `manual`
 * and `autorelease` never, `auto` not where %autorelease is used. No edit where the number is 0.
 * Errors: `RENDER_RELEASE_MISSING`, `RENDER_RELEASE_AUTORELEASE`, `RENDER_RELEASE_UNUSUAL`.
 */
export function releaseOverlays(component: ResolvedComponent, spec: Uint8Array, commits: number): PlacedOverlay[] {
  const { calculation } = component.config.release;
  if (commits === 0 || calculation === "manual" || calculation === "autorelease") return [];
  const where = component.origins.get("release.calculation") ?? component.origin;
  const release = lastTagValue(spec, "Release");
  if (release === undefined || release === "") {
    throw new WeirError("RENDER_RELEASE_MISSING", `${component.name}: the spec's preamble has no Release`, {
      where,
      hints: ['set release.calculation = "manual", or add the tag with a spec-set-tag overlay'],
    });
  }
  if (usesAutorelease(release)) {
    if (calculation === "auto") return [];
    throw new WeirError("RENDER_RELEASE_AUTORELEASE", `${component.name}: "static" cannot count %autorelease up`, {
      where,
      hints: ['set release.calculation = "autorelease" or "auto"'],
    });
  }
  const parts = /^([0-9]+)(%\{\??dist\})?$/.exec(release);
  const number = parts?.[1] ?? "";
  if (!parts || number.length > 15) {
    throw new WeirError(
      "RENDER_RELEASE_UNUSUAL",
      `${component.name}: the Release ${JSON.stringify(release)} cannot be counted up`,
      {
        where,
        hints: ['set release.calculation = "manual", and the Release with a spec-set-tag overlay where it must differ'],
      },
    );
  }
  const value = `${Number(number) + commits}${parts[2] ?? ""}`;
  const description = `count the project's ${commits === 1 ? "one change" : `${commits} changes`}`;
  return [{ id: "release", origin: where, config: { type: "spec-update-tag", description, tag: "Release", value } }];
}
