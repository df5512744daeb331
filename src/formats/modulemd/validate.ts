import { ModuleRefused } from "./fields.ts";
import type { ModuleObsoletes, ModuleRequirement, ModuleStream } from "./types.ts";

const longestContext = 13;

/**
 * Refuses what libmodulemd does not take into its index, so that the streams seen here are those that dnf sees. Its checks of components and
 * build options are left out: they are about building.
 */
export function validateStream(stream: ModuleStream): void {
  if (stream.licenses.module.length === 0) throw new ModuleRefused("data.license.module is missing");
  if (stream.staticContext) {
    if (stream.context.length > longestContext || /[^A-Za-z0-9_]/.test(stream.context)) {
      throw new ModuleRefused(`data.context is no static context: ${stream.context.slice(0, 40)}`);
    }
  }
  for (const artifact of stream.artifacts) {
    if (!isNevra(artifact)) throw new ModuleRefused(`data.artifacts has no N-E:V-R.A: ${artifact.slice(0, 200)}`);
  }
  for (const { requires, buildrequires } of stream.dependencies) {
    validateRequirements(requires);
    validateRequirements(buildrequires);
  }
}

/** `name-epoch:version-release.arch`, found from its end since names may have dashes and dots. */
function isNevra(text: string): boolean {
  const arch = text.lastIndexOf(".");
  const release = text.lastIndexOf("-", arch);
  const epoch = text.lastIndexOf(":", release);
  const name = text.lastIndexOf("-", epoch);
  if (arch < 0 || release < 0 || epoch < 0 || name < 0) return false;
  return !text.slice(epoch, release).includes("-") && /^\d{1,20}$/.test(text.slice(name + 1, epoch));
}

function validateRequirements(requirements: readonly ModuleRequirement[]): void {
  for (const { module, streams } of requirements) {
    const negated = streams.filter((stream) => stream.startsWith("-")).length;
    if (negated > 0 && negated < streams.length) {
      throw new ModuleRefused(`data.dependencies names and excludes streams of ${module.slice(0, 80)} at once`);
    }
  }
}

export function validateObsoletes(obsoletes: ModuleObsoletes): void {
  if (obsoletes.message === "") throw new ModuleRefused("data.message is missing");
  for (const date of [obsoletes.modified, obsoletes.eolDate ?? ""]) {
    if (date !== "" && !/^\d{4}-\d\d?-\d\d?T\d\d?:\d\d?Z$/.test(date)) {
      throw new ModuleRefused(`no date such as 2024-01-31T12:00Z: ${date.slice(0, 40)}`);
    }
  }
  if (obsoletes.reset && (obsoletes.eolDate !== undefined || obsoletes.obsoletedBy !== undefined)) {
    throw new ModuleRefused("data.reset stands beside what it takes back");
  }
}
