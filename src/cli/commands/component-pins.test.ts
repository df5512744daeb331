import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { definitionTree } from "../../../test/support/definition-tree.ts";
import { makeRepository } from "../../../test/support/git-repository.ts";
import { missingTool } from "../../../test/support/tools.ts";
import { type Report, silentProgress } from "../../core/index.ts";
import { type CommandContext, CommandOptions, type CommandOutcome } from "../command.ts";
import { list, show } from "./component.ts";
import { check } from "./overlay-check.ts";
import { render } from "./render.ts";
import { update } from "./component-update.ts";
import { why } from "./component-why.ts";

const reason = missingTool("git");

const toml = (snapshot: string, more = "") => `
[project]
default-distro = { name = "down", version = "1" }
${more}
[distros.down.versions.1]
release-ver = "1"
default-component-config.spec = { type = "upstream", upstream-distro = { name = "up", version = "9", snapshot = "${snapshot}" } }
[distros.up]
dist-git-base-uri = "../git/$pkg.git"
[distros.up.versions.9]
dist-git-branch = "f43"
[components.a]
`;

async function world() {
  const top = definitionTree({ "down/azldev.toml": toml("2024-01-02T00:00:00Z") });
  const upstream = await makeRepository(join(top, "git/a.git"));
  const commits: string[] = [];
  for (const day of [1, 2, 3]) {
    const time = Date.UTC(2024, 0, day) / 1000;
    commits.push(await upstream.commit({ "a.spec": `Name: a\nVersion: ${day}\n` }, time, `Version ${day}`));
  }
  const project = await makeRepository(join(top, "down"), "main");
  await project.commit({}, 1_700_000_000, "Start");
  return { top, commits, project };
}

function call<T>(
  run: (input: { args: string[]; options: CommandOptions }, context: CommandContext) => Promise<T>,
  cwd: string,
  args: string[],
  options: Readonly<Record<string, unknown>> = {},
): Promise<T> {
  const signal = new AbortController().signal;
  const context = { cwd, progress: silentProgress, signal, verbose: false, dryRun: false, network: false };
  return run({ args, options: new CommandOptions(options) }, context);
}

const pinsOf = ({ report }: CommandOutcome) =>
  (report.data as { pins: { state: string; before: string | null; after: string; trouble: string | null }[] }).pins;

describe.skipIf(reason !== undefined)(`pins and their reasons${reason ? ` (skipped: ${reason})` : ""}`, () => {
  it("are written, found current, and moved with the snapshot, which is then the reason", async () => {
    const { top, commits, project } = await world();
    const down = join(top, "down");
    const missing = await call(update, down, [], { checkOnly: true });
    expect(missing.exitCode).toBe(1);
    expect(pinsOf(await call(update, down, []))).toMatchObject([{ state: "new", after: commits[1] }]);
    expect(readFileSync(join(down, "locks/a.lock"), "utf8")).toContain(`upstream-commit = '${commits[1]}'`);
    const current = await call(update, down, [], { checkOnly: true });
    expect(current.exitCode).toBeUndefined();
    expect(pinsOf(current)).toMatchObject([{ state: "kept" }]);
    await project.commit({}, 1_700_000_001, "Lock");

    writeFileSync(join(down, "azldev.toml"), toml("2024-01-03T00:00:00Z"));
    const moved = await call(update, down, ["a"]);
    expect(pinsOf(moved)).toMatchObject([{ state: "moved", before: commits[1], after: commits[2] }]);
    expect(moved.report.tables[0]?.rows[0]).toContain("Version 3");
    const told = await call(why, down, ["a"]);
    expect(told.summary).toEqual([
      "a changed since HEAD:",
      `because source/commit of the lock changed from ${commits[1]} to ${commits[2]}.`,
    ]);
    await project.git("add", "-A");
    await project.git("commit", "--quiet", "-m", "Move");
    expect((await call(why, down, ["a"])).summary).toEqual(["Nothing that decides a changed since HEAD."]);
    expect((await call(why, down, ["a"], { since: "HEAD~1" })).summary).toHaveLength(2);
  });

  it("tell of a commit that upstream lost", async () => {
    const { top, commits } = await world();
    const held = `[components.a.spec]\ntype = "upstream"\nupstream-commit = "${"f".repeat(40)}"\n`;
    writeFileSync(join(top, "down/azldev.toml"), toml("2024-01-02T00:00:00Z").replace("[components.a]\n", held));
    const { report } = await call(update, join(top, "down"), [], { checkOnly: true });
    expect(report.findings).toMatchObject([{ rule: "DEFINE001", subject: "a", severity: "high" }]);
    expect(commits).toHaveLength(3);
  });

  it("are never written outside of the definition", async () => {
    const { top } = await world();
    const down = join(top, "down");
    writeFileSync(join(down, "azldev.toml"), toml("2024-01-02T00:00:00Z", 'lock-dir = "../elsewhere"'));
    await expect(call(update, down, [])).rejects.toMatchObject({ code: "UPDATE_LEAVES_ROOT" });
    mkdirSync(join(top, "other"));
    symlinkSync("../other", join(down, "locks"));
    writeFileSync(join(down, "azldev.toml"), toml("2024-01-02T00:00:00Z"));
    await expect(call(update, down, [])).rejects.toMatchObject({
      issues: [expect.objectContaining({ code: "DEFINITION_PATH_ESCAPE" })],
    });
    writeFileSync(join(down, "azldev.toml"), toml("2024-01-02T00:00:00Z", 'lock-dir = "l/new"'));
    symlinkSync("../other", join(down, "l"));
    await expect(call(update, down, [])).rejects.toMatchObject({ code: "UPDATE_LEAVES_ROOT" });
    await expect(call(update, down, [], { snapshot: "yesterday" })).rejects.toMatchObject({ code: "USAGE_SNAPSHOT" });
  });

  it("need a revision, a repository and a component that are there, and an old definition that loads", async () => {
    const { top, project } = await world();
    const down = join(top, "down");
    await expect(call(why, down, ["a"], { since: "--output=x" })).rejects.toMatchObject({ code: "GIT_NO_REVISION" });
    await expect(call(why, down, ["b"])).rejects.toMatchObject({ code: "COMPONENT_UNKNOWN" });
    const bare = definitionTree({ "azldev.toml": toml("2024-01-02T00:00:00Z") });
    await expect(call(why, bare, ["a"])).rejects.toMatchObject({ code: "GIT_NO_REPOSITORY" });
    await project.commit({ "azldev.toml": "x = 1\n" }, 1_700_000_002, "Break");
    writeFileSync(join(down, "azldev.toml"), toml("2024-01-02T00:00:00Z"));
    await expect(call(why, down, ["a"])).rejects.toMatchObject({ code: "COMPONENT_WHY_OLD_DEFINITION" });
    const report: Report = await call(why, down, ["a"], { since: "HEAD~1" });
    expect(report.summary).toEqual(["Nothing that decides a changed since HEAD~1."]);
  });

  it("go with a check of overlays, on the pinned upstream and on its head", async () => {
    const { top } = await world();
    const overlay =
      '[[components.a.overlays]]\ntype = "spec-search-replace"\nregex = "^Version: 2"\nreplacement = "Version: 9"\n';
    const lost = '[components.b]\n[[components.b.overlays]]\ntype = "spec-remove-tag"\ntag = "Url"\n';
    writeFileSync(join(top, "down/azldev.toml"), `${toml("2024-01-02T00:00:00Z")}${overlay}${lost}`);
    const now = await call(check, join(top, "down"), []);
    expect(now.summary[0]).toBe("1 overlays of 1 components, now: 1 applies, 0 no-op, 0 conflict.");
    expect(now.skips).toMatchObject([{ subject: "b", reason: expect.stringContaining("[UPSTREAM_UNREACHABLE]") }]);
    expect(now.findings).toEqual([]);
    const head = await call(check, join(top, "down"), ["a"], { head: true });
    expect(head.findings).toMatchObject([{ rule: "DEFINE004", subject: "a, overlay 1", severity: "high" }]);
    expect(head.summary.at(-1)).toBe("On the newer upstream: 0 applies, 0 no-op, 1 conflict.");
  });

  it("let rendering go on behind what cannot be rendered, and mark it", async () => {
    const { top } = await world();
    const down = join(top, "down");
    const bad =
      '[components.c]\nspec.upstream-name = "a"\nspec.type = "upstream"\n[[components.c.overlays]]\ntype = "spec-remove-tag"\ntag = "Url"\n';
    writeFileSync(join(down, "azldev.toml"), `${toml("2024-01-02T00:00:00Z")}${bad}[components.nowhere]\n`);
    const first = await call(render, down, [], { failOnError: true });
    expect(first.exitCode).toBe(1);
    expect(first.report.skips).toMatchObject([
      { subject: "c", reason: expect.stringContaining("[OVERLAY_NO_SUCH_TAG]") },
      { subject: "nowhere", reason: expect.stringContaining("[UPSTREAM_UNREACHABLE]") },
    ]);
    expect(readFileSync(join(down, "specs/c/c/RENDER_FAILED"), "utf8")).toMatch(/^Rendering failed\./);
    expect(existsSync(join(down, "specs/a/a/a.spec"))).toBe(true);
    expect(existsSync(join(down, "specs/n/nowhere"))).toBe(false);
    expect((await call(render, down, [], { checkOnly: true })).exitCode).toBeUndefined();
    writeFileSync(join(down, "specs/a/a/a.spec"), "changed\n");
    expect((await call(render, down, [], { checkOnly: true })).exitCode).toBe(1);
    await expect(call(render, down, ["c"])).rejects.toMatchObject({ code: "OVERLAY_NO_SUCH_TAG" });
  });

  it("come with the name and version that overlays give", async () => {
    const { top } = await world();
    const down = join(top, "down");
    const overlays =
      '[[components.a.overlays]]\ntype = "spec-set-tag"\ntag = "Epoch"\nvalue = "3"\n[[components.a.overlays]]\ntype = "spec-add-tag"\ntag = "Release"\nvalue = "7"\n';
    writeFileSync(
      join(down, "azldev.toml"),
      `${toml("2024-01-02T00:00:00Z")}${overlays}[components.b]\n[components.c]\n`,
    );
    mkdirSync(join(down, "specs/c/c"), { recursive: true });
    writeFileSync(
      join(down, "specs/c/c/c.spec"),
      "Name: c\nVersion: 5\nRelease: 1\nSummary: C\nLicense: MIT\n%description\n",
    );
    const report = await call(list, down, [], { nevr: true });
    expect(report.tables[0]?.rows.map((row) => row[1])).toEqual(["a-3:2-7", "", "c-5-1"]);
    expect(report.skips).toMatchObject([{ subject: "b" }]);
    expect(report.data).toMatchObject({ components: [{ nevr: "a-3:2-7" }, { nevr: null }, { nevr: "c-5-1" }] });
    writeFileSync(
      join(down, "specs/c/c/c.spec"),
      "Name: c\nVersion: %{nobody_says}\nRelease: 1\nSummary: C\nLicense: MIT\n%description\n",
    );
    const unknown = await call(list, down, ["c"], { nevr: true });
    expect(unknown.skips).toMatchObject([
      { subject: "c", reason: expect.stringContaining("[COMPONENT_NEVR_UNKNOWN]") },
    ]);
    expect((await call(show, down, ["a"])).summary[0]).toBe("After its overlays it is a-3:2-7.");
    expect((await call(list, down, [])).tables[0]?.columns).not.toContain("nevr");
  });
});
