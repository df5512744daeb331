import type { Issues } from "./load-issues.ts";
import type { RawComponent, RawDistroReference } from "./merge.ts";
import type { Distro, DistroVersion, MergedProject } from "./merge-project.ts";
import type { UpstreamAddress } from "./types.ts";

/** A reference to a distribution's version, looked up. */
export interface FoundDistro {
  readonly distro: Distro;
  readonly version: DistroVersion;
  readonly snapshot: string | undefined;
}

export interface DistroProblem {
  readonly code: "DEFINITION_DISTRO_UNKNOWN" | "DEFINITION_DISTRO_VERSION_UNKNOWN" | "DEFINITION_DISTRO_INCOMPLETE";
  readonly message: string;
  readonly hint: string | undefined;
}

/** Looks a reference up; a version that is not named is the distribution's default. */
export function findDistro(
  project: MergedProject,
  reference: RawDistroReference,
  issues: Issues,
): FoundDistro | DistroProblem {
  const name = reference.name ?? "";
  const distro = project.distros.get(name);
  if (distro === undefined) {
    const hint = issues.didYouMean(name, project.distros.keys());
    if (name === "")
      return problem("DEFINITION_DISTRO_UNKNOWN", "no distribution is named", "set project.default-distro");
    return problem("DEFINITION_DISTRO_UNKNOWN", `distribution "${name}" is not defined`, hint);
  }
  const wanted = reference.version || distro.defaultVersion;
  const version = distro.versions.get(wanted);
  if (version === undefined) {
    if (wanted === "") {
      const message = `no version of "${name}" is named, and it has no default-version`;
      return problem("DEFINITION_DISTRO_VERSION_UNKNOWN", message, undefined);
    }
    const hint =
      issues.didYouMean(wanted, distro.versions.keys()) ?? `defined: ${[...distro.versions.keys()].join(", ")}`;
    return problem("DEFINITION_DISTRO_VERSION_UNKNOWN", `"${name}" has no version "${wanted}"`, hint);
  }
  return { distro, version, snapshot: reference.snapshot || undefined };
}

function problem(code: DistroProblem["code"], message: string, hint: string | undefined): DistroProblem {
  return { code, message, hint };
}

export function isProblem(found: FoundDistro | DistroProblem): found is DistroProblem {
  return "code" in found;
}

/** The distribution that a component with this merged spec comes from: its own reference, else the project's default, as a whole. */
export function upstreamReference(project: MergedProject, merged: RawComponent): RawDistroReference {
  const own = merged.spec?.["upstream-distro"];
  return own?.name ? own : project.defaultDistro;
}

/** What is missing for a distribution to be an upstream. */
export function upstreamProblem(found: FoundDistro): DistroProblem | undefined {
  const { distro, version } = found;
  const missing =
    distro.distGitBaseUri === "" ? "dist-git-base-uri" : version.branch === "" ? "dist-git-branch" : undefined;
  if (missing === undefined) return undefined;
  const message = `"${distro.name}" ${version.name} cannot be an upstream: it has no ${missing}`;
  return problem("DEFINITION_DISTRO_INCOMPLETE", message, undefined);
}

/** Where a component's sources are found. Placeholders but `$pkg` stay in the lookaside template. */
export function upstreamAddress(name: string, merged: RawComponent, found: FoundDistro): UpstreamAddress {
  const { distro, version, snapshot } = found;
  const upstreamName = merged.spec?.["upstream-name"] || name;
  return {
    distro: distro.name,
    version: version.name,
    name: upstreamName,
    distGitUri: fillPackage(distro.distGitBaseUri, upstreamName),
    branch: version.branch,
    lookasideUri: distro.lookasideBaseUri === "" ? undefined : fillPackage(distro.lookasideBaseUri, upstreamName),
    snapshot,
    commit: merged.spec?.["upstream-commit"] || undefined,
    releaseVersion: version.releaseVersion,
  };
}

/** Puts a name into a template, escaped as a URL's path segment; in a path it is a file name and stays as it is. */
function fillPackage(template: string, name: string): string {
  const value = template.startsWith("/") ? name : pathEscape(name);
  return template.replaceAll("$pkg", () => value);
}

/** Escapes as Go's `url.PathEscape`: `$ & + = : @` stay, unlike with encodeURIComponent; `! ' ( ) *` do not. */
export function pathEscape(segment: string): string {
  return encodeURIComponent(segment)
    .replace(/%(24|26|2B|3D|3A|40)/g, (escaped) => decodeURIComponent(escaped))
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
