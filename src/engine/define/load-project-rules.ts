import type { DefinitionFile, Table } from "./load-file.ts";
import { isTable } from "./load-file.ts";
import type { Issues } from "./load-issues.ts";
import { checkComponent, checkMetadata, type RegexUse } from "./load-component-rules.ts";
import type { ValuePath } from "./load-positions.ts";
import { type MergedProject, packagePublish, type RawPackageGroup } from "./merge-project.ts";
import type { PublishConfig } from "./types.ts";

/** Rules beyond shape that need one file only. `merged`: a component may have further tables in other files. */
export function checkFileRules(file: DefinitionFile, issues: Issues, regexes: RegexUse[], merged = false): void {
  const context = { file, issues, regexes, merged };
  const { data } = file;
  for (const [index, pattern] of ((data["includes"] ?? []) as string[]).entries()) {
    if (pattern === "") issues.add("DEFINITION_BAD_GLOB", "empty include pattern", file, ["includes", index]);
  }
  const defaults = (holder: unknown, path: ValuePath) => {
    const raw = (holder as Table | undefined)?.["default-component-config"];
    if (isTable(raw)) checkComponent(raw, [...path, "default-component-config"], true, context);
  };
  defaults(data, []);
  for (const [name, distro] of entries(data["distros"])) {
    for (const [version, value] of entries(distro["versions"])) defaults(value, ["distros", name, "versions", version]);
  }
  for (const [name, group] of entries(data["component-groups"])) {
    defaults(group, ["component-groups", name]);
    const metadata = group["metadata"];
    if (isTable(metadata)) checkMetadata(metadata, ["component-groups", name, "metadata"], context);
    for (const [index, pattern] of ((group["specs"] ?? []) as string[]).entries()) {
      const path = ["component-groups", name, "specs", index];
      if (pattern === "") issues.add("DEFINITION_BAD_GLOB", "empty pattern", file, path);
    }
  }
  for (const [name, raw] of entries(data["components"])) {
    if (Object.keys(raw).length > 0) checkComponent(raw, ["components", name], false, context);
  }
  for (const [name, group] of entries(data["package-groups"])) checkPackageGroup(name, group, file, issues);
  for (const [name, suite] of entries(data["test-suites"])) checkTestSuite(suite, ["test-suites", name], file, issues);
}

function checkPackageGroup(name: string, group: RawPackageGroup, file: DefinitionFile, issues: Issues): void {
  const seen = new Set<string>();
  const packages = group.packages ?? [];
  for (let index = 0; index < packages.length; index++) {
    const packageName = packages[index] as string;
    const path = () => ["package-groups", name, "packages", index];
    if (packageName === "") issues.add("DEFINITION_BAD_NAME", "empty package name", file, path());
    else if (seen.has(packageName)) {
      issues.add("DEFINITION_DUPLICATE_PACKAGE", `package "${packageName}" is named twice in the group`, file, path());
    }
    seen.add(packageName);
  }
}

function checkTestSuite(suite: Table, path: ValuePath, file: DefinitionFile, issues: Issues): void {
  const type = suite["type"];
  const pytest = suite["pytest"];
  const other = type === "pytest" ? "lisa" : "pytest";
  if (type !== "pytest" && type !== "lisa") return;
  if (suite[other] !== undefined) {
    issues.add("DEFINITION_KEY_NOT_ALLOWED", `a ${type} suite cannot have "${other}"`, file, [...path, other]);
  }
  if (type === "pytest" && pytest === undefined) {
    issues.add("DEFINITION_MISSING_KEY", 'a pytest suite needs a table "pytest"', file, path);
  }
  if (isTable(pytest)) {
    const install = pytest["install"];
    if ((install === "pyproject" || install === "requirements") && !pytest["working-dir"]) {
      const message = `installing from ${install} needs "working-dir"`;
      issues.add("DEFINITION_MISSING_KEY", message, file, [...path, "pytest", "install"]);
    }
  }
  const lisa = suite["lisa"];
  if (isTable(lisa) && (lisa["test-cases"] as string[]).length === 0) {
    issues.add("DEFINITION_MISSING_KEY", 'a lisa table needs "test-cases"', file, [...path, "lisa", "test-cases"]);
  }
}

/** Rules that need all files: names that must exist, packages that may belong to one group only. Gives the packages' channels. */
export function checkProjectRules(project: MergedProject, issues: Issues): Map<string, PublishConfig> {
  for (const { name, value, file, path } of project.groups.values()) {
    for (const [index, member] of (value.components ?? []).entries()) {
      if (issues.full) break;
      if (project.components.has(member)) continue;
      issues.add(
        "DEFINITION_GROUP_MEMBER_UNKNOWN",
        `component group "${name}" names the component "${member}", which is not defined`,
        file,
        [...path, "components", index],
        issues.didYouMean(member, project.components.keys()),
      );
    }
  }
  for (const { name, value, file, path } of project.images.values()) {
    for (const [index, suite] of (value.tests?.["test-suites"] ?? []).entries()) {
      if (issues.full || project.testSuites.has(suite.name)) continue;
      issues.add(
        "DEFINITION_TEST_SUITE_UNKNOWN",
        `image "${name}" names the test suite "${suite.name}", which is not defined`,
        file,
        [...path, "tests", "test-suites", index, "name"],
        issues.didYouMean(suite.name, project.testSuites.keys()),
      );
    }
  }
  return checkPackageGroups(project, issues);
}

function checkPackageGroups(project: MergedProject, issues: Issues): Map<string, PublishConfig> {
  const channels = new Map<string, PublishConfig>();
  const groupOf = new Map<PublishConfig, string>();
  for (const { name, value, file, path } of project.packageGroups.values()) {
    // One object a group, so that it tells the group as well.
    const publish = packagePublish(value["default-package-config"]?.publish);
    groupOf.set(publish, name);
    const packages = value.packages ?? [];
    for (let index = 0; index < packages.length; index++) {
      const packageName = packages[index] as string;
      const known = channels.get(packageName);
      if (known === undefined) channels.set(packageName, publish);
      else if (known !== publish) {
        issues.add(
          "DEFINITION_PACKAGE_IN_TWO_GROUPS",
          `package "${packageName}" is in the groups "${groupOf.get(known)}" and "${name}"; one is allowed`,
          file,
          [...path, "packages", index],
        );
      }
    }
  }
  return channels;
}

function entries(value: unknown): [string, Table][] {
  return isTable(value) ? (Object.entries(value) as [string, Table][]) : [];
}
