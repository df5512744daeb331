import { compileGlob, globMatches, globProblem } from "../load-glob.ts";
import { OverlayFailure, quoted } from "./failure.ts";

/** A matcher for doublestar globs, the dialect of the project's includes. Errors: `OVERLAY_BAD_GLOB`. */
export function globMatcher(pattern: string): (path: string) => boolean {
  const problem = globProblem(pattern);
  if (problem !== undefined) {
    throw new OverlayFailure("OVERLAY_BAD_GLOB", `${quoted(pattern)} is no pattern: ${problem}`, [
      "close every `[` and `{`; put `\\` before a character that shall stand for itself",
    ]);
  }
  const glob = compileGlob(pattern);
  return (path) => globMatches(glob, path);
}
