import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type TinyPackage, tinyPackage } from "../../../test/support/universe.ts";
import { digestOf, silentProgress } from "../../core/index.ts";
import type { MinimalDocument, RepoclosureDocument } from "../../engine/solve/index.ts";
import { writeRepository } from "../../formats/rpmmd/index.ts";
import { renderJson } from "../../report/index.ts";
import { type CommandContext, CommandOptions, type CommandOutcome } from "../command.ts";
import { commands } from "../commands.ts";

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "weir-closure-"));
  vi.stubEnv("XDG_CACHE_HOME", join(cwd, "cache"));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(cwd, { recursive: true, force: true });
});

async function call(
  name: string,
  args: readonly string[],
  options: Readonly<Record<string, unknown>> = {},
): Promise<CommandOutcome> {
  const spec = commands.find((item) => item.name === name);
  if (!spec) throw new Error(`no command ${name}`);
  const context: CommandContext = {
    cwd,
    progress: silentProgress,
    signal: new AbortController().signal,
    verbose: false,
    dryRun: false,
    network: false,
  };
  const outcome = await spec.run({ args, options: new CommandOptions({ arch: "x86_64", ...options }) }, context);
  if (!("report" in outcome)) throw new Error("a bare report");
  await outcome.after?.();
  return outcome;
}

async function lay(id: string, packages: readonly TinyPackage[], sizes: readonly number[] = []): Promise<string> {
  const metadata = packages.map((tiny, index) => ({
    ...tinyPackage(tiny),
    pkgid: digestOf(Buffer.from(tiny.join("\n"))),
    size: { package: 10, installed: sizes[index] ?? 100, archive: 0 },
  }));
  await writeRepository(join(cwd, id), metadata, { revision: 1_700_000_000 });
  return id;
}

function valid(schema: string, outcome: CommandOutcome): unknown {
  const path = fileURLToPath(new URL(`../../../schemas/${schema}.schema.json`, import.meta.url));
  const check = new Ajv2020({ strict: true, allErrors: true }).compile(
    JSON.parse(readFileSync(path, "utf8")) as object,
  );
  return check(JSON.parse(renderJson(outcome.report))) ? [] : check.errors;
}

const closure = (outcome: CommandOutcome) => outcome.report.data as RepoclosureDocument;
const minimal = (outcome: CommandOutcome) => outcome.report.data as MinimalDocument;

describe("weir repoclosure", () => {
  it("is content with a closed repository", async () => {
    const repo = await lay("good", [["a-1", "requires b"], ["b-1"]]);
    const outcome = await call("repoclosure", [repo]);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.text).toBe("2 packages, each can be installed.\n");
    expect(valid("repoclosure-1", outcome)).toEqual([]);
  });

  it("tells what is broken by cause, and exits with 1", async () => {
    const repo = await lay("bad", [
      ["a-1", "requires b"],
      ["b-1", "requires lib >= 2"],
      ["lib-1"],
      ["x-1", "requires y", "requires z"],
      ["y-1", "conflicts z"],
      ["z-1"],
    ]);
    const outcome = await call("repoclosure", [repo]);
    expect(outcome.exitCode).toBe(1);
    expect(valid("repoclosure-1", outcome)).toEqual([]);
    expect(closure(outcome)).toMatchObject({ schema: "weir/repoclosure/1", packages: 6 });
    expect(closure(outcome).broken.map(({ nevra }) => nevra)).toEqual(["a-1-1.x86_64", "b-1-1.x86_64", "x-1-1.x86_64"]);
    expect(outcome.report.findings.map(({ rule, subject }) => [rule, subject])).toEqual([
      ["CLOSURE001", "lib >= 2"],
      ["CLOSURE002", "x-1-1.x86_64"],
    ]);
    expect(outcome.text).toContain("2 packages: nothing provides lib >= 2: there is lib-1-1.x86_64 (bad)");
    const some = await call("repoclosure", [repo], { checkSubset: ["x*", "lib"] });
    expect(closure(some).broken.map(({ nevra }) => nevra)).toEqual(["x-1-1.x86_64"]);
    expect(closure(some).packages).toBe(2);
  });

  it("says what a change broke and mended, and fails only for what it broke", async () => {
    const before = await lay("before", [["a-1", "requires b"], ["b-1"], ["c-1", "requires d"], ["e-1", "requires f"]]);
    const after = await lay("after", [["a-1", "requires b"], ["c-1", "requires d"], ["d-1"], ["e-1", "requires f"]]);
    const outcome = await call("repoclosure", [after], { against: [before] });
    expect(valid("repoclosure-1", outcome)).toEqual([]);
    expect(closure(outcome).changes).toMatchObject({
      added: 1,
      removed: 1,
      judged: 3,
      newlyBroken: ["a-1-1.x86_64"],
      newlyHealthy: ["c-1-1.x86_64"],
      stillBroken: ["e-1-1.x86_64"],
      gone: [],
    });
    expect(outcome.exitCode).toBe(1);
    const same = await call("repoclosure", [before], { against: [before] });
    expect(closure(same).changes).toMatchObject({
      judged: 0,
      newlyBroken: [],
      stillBroken: ["c-1-1.x86_64", "e-1-1.x86_64"],
    });
    expect(same.exitCode).toBe(0);
  });

  it("judges only the newest where that is asked for", async () => {
    const repo = await lay("many", [["a-1", "requires gone"], ["a-2"], ["b-1", "requires a = 1"]]);
    expect(closure(await call("repoclosure", [repo])).broken.map(({ nevra }) => nevra)).toEqual([
      "a-1-1.x86_64",
      "b-1-1.x86_64",
    ]);
    const newest = closure(await call("repoclosure", [repo], { newest: true }));
    expect([newest.packages, newest.broken.map(({ nevra }) => nevra)]).toEqual([2, ["b-1-1.x86_64"]]);
  });

  it("calls nothing clean that it did not look at", async () => {
    const repo = await lay("foreign", [["a-1-1.s390x"]]);
    await expect(call("repoclosure", [repo])).rejects.toMatchObject({ code: "REPO_EMPTY" });
    const other = await lay("other", [["a-1"]]);
    await expect(call("repoclosure", [other], { checkSubset: ["b*"] })).rejects.toMatchObject({
      code: "CLOSURE_SUBSET_EMPTY",
    });
  });

  it("leaves out what a .repo file excludes", async () => {
    await lay("excluded", [["a-1", "requires b"], ["b-1"], ["b-tools-1"]]);
    await writeFile(
      join(cwd, "some.repo"),
      `[some]\nbaseurl=file://${join(cwd, "excluded")}\nexcludepkgs=b b-tools-1*\n`,
    );
    const { packages, broken } = closure(await call("repoclosure", ["some.repo"]));
    expect([packages, broken.map(({ nevra }) => nevra)]).toEqual([1, ["a-1-1.x86_64"]]);
  });

  it("names paths it did not look for in file lists, and looks on request", async () => {
    const repo = await lay("paths", [
      ["a-1", "requires /usr/share/words"],
      ["words-1", "file /usr/share/words"],
    ]);
    const without = await call("repoclosure", [repo]);
    expect(without.report.skips.map(({ subject }) => subject)).toEqual(["/usr/share/words"]);
    expect(without.exitCode).toBe(1);
    const outcome = await call("repoclosure", [repo], { filelists: true });
    expect([outcome.exitCode, outcome.report.skips]).toEqual([0, []]);
    expect((await call("repoclosure", [repo])).exitCode).toBe(1);
  });
});

describe("weir minimize", () => {
  it("takes what is smallest, says what that saved, and proves it", async () => {
    const repo = await lay(
      "choice",
      [
        ["app-1", "requires v", "requires w"],
        ["v-1"],
        ["v-2", "requires extra"],
        ["extra-1"],
        ["small-1", "provides w"],
        ["wide-1", "provides w"],
      ],
      [100, 50, 40, 100, 10, 20],
    );
    const outcome = await call("minimize", ["app"], { repo: [repo] });
    expect(valid("minimal-1", outcome)).toEqual([]);
    expect(minimal(outcome)).toMatchObject({
      status: "optimal",
      bound: 160,
      totals: { packages: 3, installedSize: 160, services: -1 },
      usual: { packages: 4, installedSize: 250 },
      choices: [{ need: "v", by: "app-1-1.x86_64", taken: ["v-1-1.x86_64"], instead: ["v-2-1.x86_64"], saved: -10 }],
      leftOut: ["extra-1-1.x86_64"],
      instead: [],
    });
    expect(outcome.text).toContain("by bytes nothing is smaller, which is proven");
    const preferred = await call("minimize", ["app"], { repo: [repo], prefer: ["wide"] });
    expect(minimal(preferred).totals.installedSize).toBe(170);
    const forbidden = await call("minimize", ["app"], { repo: [repo], forbid: ["v-1-*", "nothing*"] });
    expect(forbidden.report.skips.map(({ subject }) => subject)).toEqual(["--forbid nothing*"]);
    expect(minimal(forbidden).totals).toMatchObject({ packages: 4, installedSize: 250 });
    await expect(call("minimize", ["app"], { repo: [repo], prefer: ["bgi"] })).rejects.toMatchObject({
      code: "MINIMIZE_PREFERENCE_UNKNOWN",
    });
    await expect(call("minimize", ["app"], { repo: [repo], budgetBytes: "much" })).rejects.toMatchObject({
      code: "USAGE_NUMBER_MALFORMED",
    });
  });

  it("keeps to budgets, or says that it cannot be and what to give up", async () => {
    const repo = await lay(
      "budget",
      [["app-1", "requires lib"], ["lib-1"], ["web-1", "file /usr/lib/systemd/system/web.service"]],
      [100, 100, 500],
    );
    const fits = await call("minimize", ["app", "web"], { repo: [repo], budgetBytes: "1k", budgetServices: "1" });
    expect(fits.exitCode).toBe(0);
    expect(minimal(fits).budgets.map(({ measure, value, state }) => [measure, value, state])).toEqual([
      ["bytes", 700, "met"],
      ["services", 1, "met"],
    ]);
    const none = await call("minimize", ["app", "web"], { repo: [repo], budgetServices: "0", by: "services" });
    expect(none.exitCode).toBe(1);
    expect(minimal(none).budgets).toMatchObject([{ state: "impossible", least: 1, giveUp: ["web"] }]);
    expect(valid("minimal-1", none)).toEqual([]);
  });

  it("tells an unsolvable request as weir solve does", async () => {
    const repo = await lay("unsolvable", [["app-1", "requires gone"]]);
    const outcome = await call("minimize", ["app"], { repo: [repo] });
    expect(outcome.exitCode).toBe(1);
    expect(outcome.report.data).toMatchObject({ schema: "weir/solution/1" });
  });
});
