import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { buildRpm } from "../../../test/support/rpm-builder.ts";
import { sharedPath } from "../../../test/support/tools.ts";
import { type TinyPackage, tinyPackage } from "../../../test/support/universe.ts";
import { digestOf, silentProgress } from "../../core/index.ts";
import type { SolutionDocument, WhyDocument } from "../../engine/solve/index.ts";
import type { ClosureDocument } from "../../engine/solve/index.ts";
import { readRpm } from "../../formats/rpm/index.ts";
import { writeRpmdb } from "../../formats/rpmdb/index.ts";
import { writeRepository } from "../../formats/rpmmd/index.ts";
import { renderJson } from "../../report/index.ts";
import { type CommandContext, CommandOptions, type CommandOutcome } from "../command.ts";
import { commands } from "../commands.ts";

let cwd: string;
let cache: string;
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), "weir-cache-"));
  vi.stubEnv("XDG_CACHE_HOME", cache);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true, force: true });
});
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "weir-solve-"));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

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
  const given = { arch: "x86_64", ...options };
  const outcome = await spec.run({ args, options: new CommandOptions(given) }, context);
  if (!("report" in outcome)) throw new Error("a bare report");
  await outcome.after?.();
  return outcome;
}

const validators = new Map<string, (value: unknown) => unknown>();
function validate(schema: string, outcome: CommandOutcome): unknown {
  let check = validators.get(schema);
  if (check === undefined) {
    const path = fileURLToPath(new URL(`../../../schemas/${schema}.schema.json`, import.meta.url));
    const compiled = new Ajv2020({ strict: true, allErrors: true }).compile(
      JSON.parse(readFileSync(path, "utf8")) as object,
    );
    check = (value) => (compiled(value) ? [] : compiled.errors);
    validators.set(schema, check);
  }
  return check(JSON.parse(renderJson(outcome.report)));
}

/** Lays repositories below the working folder, each package's checksum made of what it is. */
async function lay(repositories: Readonly<Record<string, readonly TinyPackage[]>>): Promise<readonly string[]> {
  for (const [id, packages] of Object.entries(repositories)) {
    const metadata = packages.map((tiny, index) => ({
      ...tinyPackage(tiny),
      pkgid: digestOf(Buffer.from(tiny.join("\n"))),
      size: { package: 1000 + index, installed: 5000 + index, archive: 0 },
    }));
    await writeRepository(join(cwd, id), metadata, { revision: 1_700_000_000 });
  }
  return Object.keys(repositories);
}

const solution = (outcome: CommandOutcome) => outcome.report.data as SolutionDocument;
const nevras = (outcome: CommandOutcome) => solution(outcome).install.map((item) => item.nevra);

describe("weir solve", () => {
  it("gives what to install, with repository, size and reason", async () => {
    const repo = await lay({ base: [["lib-1:2-3.noarch"]], apps: [["app-1", "requires lib >= 1:2"], ["other-1"]] });
    const outcome = await call("solve", ["app"], { repo, verify: true });
    expect(outcome.exitCode).toBe(0);
    expect(validate("solution-1", outcome)).toEqual([]);
    expect(solution(outcome)).toMatchObject({
      schema: "weir/solution/1",
      install: [
        {
          nevra: "app-1-1.x86_64",
          repo: "apps",
          size: 1000,
          installedSize: 5000,
          reason: { kind: "requested", request: "app" },
        },
        {
          nevra: "lib-1:2-3.noarch",
          repo: "base",
          reason: { kind: "required", by: "app-1-1.x86_64", dependency: "lib >= 1:2" },
        },
      ],
      totals: { packages: 2, size: 2000, installedSize: 10000 },
      problems: [],
    });
  });

  it("follows recommends unless told not to, and leaves out what is excluded", async () => {
    const repo = await lay({ r: [["app-1", "recommends extra", "requires (a or b)"], ["extra-1"], ["a-1"], ["b-1"]] });
    expect(nevras(await call("solve", ["app"], { repo }))).toEqual([
      "a-1-1.x86_64",
      "app-1-1.x86_64",
      "extra-1-1.x86_64",
    ]);
    expect(nevras(await call("solve", ["app"], { repo, weak: false, exclude: ["a"] }))).toEqual([
      "app-1-1.x86_64",
      "b-1-1.x86_64",
    ]);
  });

  it("takes names, versions, architectures, patterns, paths and files of requests", async () => {
    const repo = await lay({
      r: [
        ["app-1"],
        ["app-2"],
        ["app-2.i686"],
        ["app-doc-1.noarch", "file /usr/bin/doc"],
        ["tool-1", "provides cap = 3"],
      ],
    });
    const found = async (text: string) => nevras(await call("solve", [text], { repo }));
    expect(await found("app")).toEqual(["app-2-1.x86_64"]);
    expect(await found("app = 1")).toEqual(["app-1-1.x86_64"]);
    expect(await found("app-1-1.x86_64")).toEqual(["app-1-1.x86_64"]);
    expect(await found("app.i686")).toEqual(["app-2-1.i686"]);
    expect(await found("app*")).toEqual(["app-2-1.x86_64", "app-doc-1-1.noarch"]);
    expect(await found("/usr/bin/doc")).toEqual(["app-doc-1-1.noarch"]);
    expect(await found("cap >= 2")).toEqual(["tool-1-1.x86_64"]);
    expect(await found("(app = 1 and tool)")).toEqual(["app-1-1.x86_64", "tool-1-1.x86_64"]);
    await writeFile(join(cwd, "list"), "# what we want\napp = 1 # old\n\ntool\r\n");
    expect(nevras(await call("solve", [], { repo, file: ["list"] }))).toEqual(["app-1-1.x86_64", "tool-1-1.x86_64"]);
  });

  it("explains what cannot be, and exits with 1", async () => {
    const repo = await lay({ base: [["lib-1"]], apps: [["app-1", "requires lib >= 2"]] });
    const outcome = await call("solve", ["app"], { repo });
    expect(outcome.exitCode).toBe(1);
    expect(validate("solution-1", outcome)).toEqual([]);
    expect(outcome.report.findings.map((finding) => finding.rule)).toEqual(["SOLVE001"]);
    expect(outcome.text).toBe(
      [
        "cannot install app: app-1-1.x86_64 (apps) requires lib >= 2, but base of 2023-11-14 has 1-1",
        "└─ app is requested",
        "   └─ app-1-1.x86_64 (apps) requires lib >= 2, but base of 2023-11-14 has 1-1",
        "",
      ].join("\n"),
    );
  });

  it("chooses what is favoured, leaves what is locked, and keeps versions side by side", async () => {
    const repo = await lay({
      r: [
        ["app-1", "requires cap"],
        ["a-1", "provides cap"],
        ["b-1", "provides cap"],
        ["k-1"],
        ["k-2"],
        ["old-1"],
        ["old-2"],
      ],
    });
    expect(nevras(await call("solve", ["app"], { repo, favor: ["b"] }))).toContain("b-1-1.x86_64");
    expect(nevras(await call("solve", ["app"], { repo, disfavor: ["a"] }))).toContain("b-1-1.x86_64");
    const state = await call("solve", ["k = 1", "old = 1"], { repo });
    writeFileSync(join(cwd, "state.json"), renderJson(state.report));
    const from = { repo, installed: "state.json" };
    expect(solution(await call("solve", ["k = 2"], { ...from, installonly: ["k"] })).changes).toEqual([]);
    expect(solution(await call("solve", ["k = 2"], from)).changes.map((item) => item.kind)).toEqual(["upgrade"]);
    const kept = await call("solve", [], { ...from, update: ["*"], lockPackage: ["old"] });
    expect(solution(kept).changes.map((item) => item.nevra)).toEqual(["k-1-1.x86_64"]);
    const synced = await call("solve", [], { ...from, distroSync: true });
    expect(solution(synced).changes.map((item) => item.to)).toEqual(["k-2-1.x86_64", "old-2-1.x86_64"]);
    const best = await call("solve", ["old = 1"], { ...from, best: true });
    expect(best.exitCode).toBe(0);
  });

  it("says once what helps several, and keeps to what can be read", async () => {
    const names = Array.from({ length: 30 }, (_, index) => `app${index}`);
    const repo = await lay({ r: names.map((name, index) => [`${name}-1`, `requires gone${index}`] as const) });
    const outcome = await call("solve", names, { repo });
    expect(solution(outcome).problems).toHaveLength(30);
    expect(outcome.text).toContain("\nand 10 more problems: -o json has all\n");
    const twice = await call("solve", ["app1", "app2"], { repo, lookIn: ["r"] });
    expect(twice.text?.match(/→ /g)).toHaveLength(2);
  });

  it("asks other repositories who has what is missing", async () => {
    await lay({ base: [["app-1", "requires lib >= 2"]], extra: [["lib-2"], ["lib-3"]] });
    const outcome = await call("solve", ["app"], { repo: ["base"], lookIn: ["extra"] });
    expect(outcome.text).toContain(
      "  → extra, which is not used, has lib >= 2 in lib-3-1.x86_64: add it with --repo\n",
    );
  });

  it("freezes a question, to be asked again without the repositories", async () => {
    const repo = await lay({ base: [["lib-1"]], apps: [["app-1", "requires lib >= 2"]] });
    await call("solve", ["app"], { repo, freeze: "app.t" });
    const text = await readFile(join(cwd, "app.t"), "utf8");
    expect(text).toMatch(/^# cannot install app: /);
    expect(text).toContain("#>=Req: lib >= 2\n");
    expect(text.endsWith("job install name app\n")).toBe(true);
  });

  it("reads file lists where a dependency or a request names a path that only they have", async () => {
    const repo = await lay({
      r: [
        ["app-1", "requires /usr/share/data"],
        ["data-1", "file /usr/share/data", "file /opt/x"],
      ],
    });
    expect(nevras(await call("solve", ["app"], { repo }))).toEqual(["app-1-1.x86_64", "data-1-1.x86_64"]);
    expect(nevras(await call("solve", ["/opt/x"], { repo }))).toEqual(["data-1-1.x86_64"]);
  });

  it("starts from what is installed: removals, updates, downgrades", async () => {
    const repo = await lay({ r: [["app-2", "requires lib"], ["app-1", "requires lib"], ["lib-1"], ["lib-2"]] });
    const first = await call("solve", ["app = 1", "lib = 1"], { repo });
    writeFileSync(join(cwd, "state.json"), renderJson(first.report));
    const from = { repo, installed: "state.json" };
    const changes = (outcome: CommandOutcome) =>
      solution(outcome).changes.map((item) => [item.nevra, item.kind, item.to]);
    expect(changes(await call("solve", [], { ...from, update: ["app"] }))).toEqual([
      ["app-1-1.x86_64", "upgrade", "app-2-1.x86_64"],
    ]);
    expect(solution(await call("solve", [], { ...from, update: ["*"] })).changes).toHaveLength(2);
    expect(changes(await call("solve", [], { ...from, remove: ["app"] }))).toEqual([["app-1-1.x86_64", "remove", ""]]);
    const blocked = await call("solve", [], { ...from, remove: ["lib"] });
    expect(blocked.exitCode).toBe(1);
    expect(blocked.text).toContain("--allow-erasing");
    const both = await call("solve", [], { ...from, remove: ["lib"], allowErasing: true });
    expect(both.exitCode).toBe(0);
    expect(solution(both).changes).toHaveLength(2);
  });
});

describe("weir solve --lock", () => {
  const packages: readonly TinyPackage[] = [["app-1", "requires lib"], ["lib-1"]];

  it("keeps an answer and gives it again when there is more to choose from", async () => {
    const repo = await lay({ r: packages });
    const first = await call("solve", ["app"], { repo, lock: "weir.lock" });
    const text = await readFile(join(cwd, "weir.lock"), "utf8");
    await lay({ r: [...packages, ["app-2", "requires lib"], ["lib-2"]] });
    const again = await call("solve", [], { repo, lock: "weir.lock" });
    expect(solution(again).install).toEqual(solution(first).install);
    expect(await readFile(join(cwd, "weir.lock"), "utf8")).toBe(text);
    expect(nevras(await call("solve", ["app"], { repo, lock: "weir.lock", updateLock: true }))).toEqual([
      "app-2-1.x86_64",
      "lib-2-1.x86_64",
    ]);
    expect(await readFile(join(cwd, "weir.lock"), "utf8")).toContain("app-2-1.x86_64");
  });

  it("fails closed", async () => {
    const repo = await lay({ r: packages });
    await call("solve", ["app"], { repo, lock: "weir.lock" });
    const again = (options = {}, args = ["app"]) => call("solve", args, { repo, lock: "weir.lock", ...options });
    await expect(again({}, ["lib"])).rejects.toMatchObject({ code: "LOCK_OTHER_QUESTION", exitCode: 1 });
    await lay({ r: [["app-1", "requires lib"], ["lib-2"]] });
    await expect(again()).rejects.toMatchObject({
      code: "LOCK_PACKAGE_MISSING",
      message: expect.stringContaining("there is lib-2-1.x86_64 in r"),
    });
    await lay({
      r: [
        ["app-1", "requires lib"],
        ["lib-1", "provides more"],
      ],
    });
    await expect(again()).rejects.toMatchObject({ code: "LOCK_CHECKSUM_DIFFERS" });
    await lay({ r: packages });
    const lock = await readFile(join(cwd, "weir.lock"), "utf8");
    await writeFile(join(cwd, "weir.lock"), lock.replace(/\n\[\[package\]\]\nnevra = "lib[^[]*/, ""));
    await expect(again()).rejects.toMatchObject({ code: "LOCK_INCOMPLETE" });
    await writeFile(join(cwd, "weir.lock"), "{");
    await expect(again()).rejects.toMatchObject({ code: "LOCK_MALFORMED" });
    await expect(again({ lock: "r" })).rejects.toMatchObject({ code: "LOCK_UNREADABLE" });
  });
});

describe("weir why", () => {
  const universe: readonly TinyPackage[] = [
    ["app-1", "requires mid", "requires lib"],
    ["mid-1", "requires cap"],
    ["big-1", "provides cap", "requires lib", "requires deep"],
    ["small-1", "provides cap", "conflicts nothing"],
    ["lib-1"],
    ["deep-1"],
  ];

  it("shows the ways to a package, what is there for it alone, and the other choice", async () => {
    const repo = await lay({ r: universe });
    const outcome = await call("why", ["big", "app"], { repo, exclude: [] });
    expect(validate("why-1", outcome)).toEqual([]);
    const document = outcome.report.data as WhyDocument;
    expect(document.paths).toEqual([
      {
        request: "app",
        steps: [
          { package: "app-1-1.x86_64", kind: "requires", dependency: "mid", to: "mid-1-1.x86_64" },
          { package: "mid-1-1.x86_64", kind: "requires", dependency: "cap", to: "big-1-1.x86_64" },
        ],
      },
    ]);
    expect(document.brings.packages.map((item) => item.nevra)).toEqual(["big-1-1.x86_64", "deep-1-1.x86_64"]);
    expect(document.alternatives[0]).toMatchObject({
      without: "big-1-1.x86_64",
      others: ["small-1-1.x86_64"],
      possible: true,
      comes: ["small-1-1.x86_64"],
      goes: ["big-1-1.x86_64", "deep-1-1.x86_64"],
      installedSize: 5003 - 5002 - 5005,
    });
    expect(outcome.text).toContain("└─ requires cap: big-1-1.x86_64");
  });

  it("asks what is installed where nothing is requested", async () => {
    const repo = await lay({ r: universe });
    writeFileSync(join(cwd, "state.json"), renderJson((await call("solve", ["app"], { repo })).report));
    const outcome = await call("why", ["lib"], { repo, installed: "state.json" });
    const document = outcome.report.data as WhyDocument;
    expect(document.paths.map((path) => path.steps.length)).toEqual([1, 3]);
  });
});

describe("a database of installed packages", () => {
  it("is where an answer starts", async () => {
    const repo = await lay({ r: [["app-2", "requires lib"], ["lib-1"], ["new-1", "conflicts app"]] });
    const records = [
      { name: "app", version: "1", release: "1", arch: "x86_64", requires: ["lib"] },
      { name: "lib", version: "1", release: "1", arch: "x86_64" },
    ].map((plan) => {
      const { header, signature } = readRpm(buildRpm(plan), plan.name);
      return { header, signature, installTime: 1_700_000_000 };
    });
    const folder = join(cwd, "root/usr/lib/sysimage/rpm");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "rpmdb.sqlite"), writeRpmdb(records));
    const updated = await call("solve", [], { repo, installed: "root", update: ["*"] });
    expect(validate("solution-1", updated)).toEqual([]);
    expect(solution(updated).changes).toEqual([{ nevra: "app-1-1.x86_64", to: "app-2-1.x86_64", kind: "upgrade" }]);
    const why = await call("why", ["lib"], { installed: "root" });
    expect((why.report.data as WhyDocument).paths[0]?.steps.map((step) => step.package)).toEqual(["app-1-1.x86_64"]);
    expect((await call("solve", ["new"], { repo, installed: "root" })).exitCode).toBe(1);
    const erasing = await call("solve", ["new"], { repo, installed: "root", allowErasing: true });
    expect(solution(erasing).changes).toEqual([{ nevra: "app-1-1.x86_64", to: "", kind: "remove" }]);
  });
});

describe("weir closure", () => {
  it("adds up, and draws what brings what", async () => {
    const unit = "file /usr/lib/systemd/system/app.service";
    const repo = await lay({ a: [["app-1", "requires lib", unit]], b: [["lib-1"]] });
    const outcome = await call("closure", ["app"], { repo, tree: true, services: true });
    expect(validate("closure-1", outcome)).toEqual([]);
    const document = outcome.report.data as ClosureDocument;
    expect(document.repositories.map((item) => [item.id, item.packages])).toEqual([
      ["a", 1],
      ["b", 1],
    ]);
    expect(document.packages.map((item) => [item.nevra, item.depth, item.withBrought])).toEqual([
      ["app-1-1.x86_64", 0, 10000],
      ["lib-1-1.x86_64", 1, 5000],
    ]);
    expect(document.packages.map((item) => item.services)).toEqual([["app.service"], []]);
    expect(outcome.text).toContain("└─ app-1-1.x86_64  0.0 MB\n   └─ lib-1-1.x86_64");
  });
});

describe("requests after --repo", () => {
  it("are told from places", async () => {
    await lay({ r: [["a-5", "provides v = 3"]] });
    for (const text of ["a", "a=5", "a = 5", "a >= 4", "v=3"]) {
      expect(
        solution(await call("solve", [], { repo: ["r", text] })).install.map((item) => item.nevra),
        text,
      ).toEqual(["a-5-1.x86_64"]);
    }
  });

  it("may have been taken for places, which the hint says", async () => {
    await lay({ r: [["a-5"]], a: [["b-1"]] });
    await expect(call("solve", [], { repo: ["r", "a"] })).rejects.toMatchObject({
      code: "USAGE_REQUEST_MISSING",
      hints: ["--repo takes every place after it; if a is a package, name it first: weir solve a --repo r"],
    });
  });
});

describe("refusals have codes", () => {
  it.each([
    ["USAGE_REQUEST_MISSING", "solve", [], {}],
    ["USAGE_REQUEST_MISSING", "solve", [], { lock: "new.lock" }],
    ["USAGE_REQUEST_MISSING", "why", ["app"], {}],
    ["USAGE_REPOSITORY_MISSING", "solve", ["app"], { repo: [] }],
    ["SOLVE_FILE_UNREADABLE", "solve", [], { file: ["none"] }],
    ["SOLVE_REQUEST_MALFORMED", "solve", ["(app and"], {}],
    ["SOLVE_GROUP_UNKNOWN", "solve", ["@core"], {}],
    ["MODULE_UNKNOWN", "solve", ["app"], { enableModule: ["node:1"] }],
    ["INSTALLED_NOT_FOUND", "solve", ["app"], { installed: "none" }],
    ["INSTALLED_MALFORMED", "solve", ["app"], { installed: "bad.json" }],
    ["INSTALLED_UNKNOWN_PACKAGE", "solve", ["app"], { installed: "other.json" }],
    ["WHY_NOT_THERE", "why", ["lib", "app"], {}],
  ])("%s: %s %j %j", async (code, name, args, options) => {
    const repo = await lay({ r: [["app-1"], ["lib-1"]] });
    await writeFile(join(cwd, "bad.json"), '{"schema": "weir/plan/1"}');
    await writeFile(join(cwd, "other.json"), '{"schema":"weir/solution/1","install":[{"nevra":"gone-1-1.noarch"}]}');
    await expect(call(name, args, { repo, ...options })).rejects.toMatchObject({ code });
  });
});

const data = sharedPath("data", "repodata");

describe.skipIf(data.missing !== undefined)(
  `on two repositories of CentOS Stream 9 (${data.missing ?? "present"})`,
  () => {
    const folder = data.path ?? "";
    const repo = [`baseos=${join(folder, "cs9-baseos-2022-02")}`, `appstream=${join(folder, "cs9-appstream-2025-01")}`];

    it("says what is wrong with cloud-init", async () => {
      const outcome = await call("solve", ["cloud-init"], { repo });
      expect(outcome.text).toMatchInlineSnapshot(`
      "cannot install cloud-init: python3-policycoreutils 3.5-2.el9 … 3.6-2.1.el9 (5 builds in appstream) require policycoreutils of exactly their own version (3.6-2.1.el9), but baseos of 2022-02-07 has 3.3-2.el9
      └─ cloud-init is requested
         └─ cloud-init 23.4-17.el9 … 24.4-1.el9 (5 builds in appstream) require policycoreutils-python3
            └─ python3-policycoreutils 3.5-2.el9 … 3.6-2.1.el9 (5 builds in appstream) require policycoreutils of exactly their own version (3.6-2.1.el9), but baseos of 2022-02-07 has 3.3-2.el9
        → appstream is of 2025-01-13 and baseos of 2022-02-07: use repositories of the same day
      "
    `);
    }, 60_000);

    it("says what is wrong with rsyslog beside selinux-policy-targeted", async () => {
      const outcome = await call("solve", ["rsyslog", "selinux-policy-targeted"], { repo });
      expect(outcome.text).toMatchInlineSnapshot(`
      "cannot install rsyslog, selinux-policy-targeted: rsyslog 8.2102.0-116.el9 … 8.2412.0-1.el9 (5 builds in appstream) conflict with selinux-policy < 38.1.29-1: selinux-policy-34.1.23-1.el9.noarch (baseos)
      └─ rsyslog is requested
         └─ rsyslog 8.2102.0-116.el9 … 8.2412.0-1.el9 (5 builds in appstream) conflict with selinux-policy < 38.1.29-1: selinux-policy-34.1.23-1.el9.noarch (baseos)
            └─ selinux-policy-34.1.23-1.el9.noarch (baseos) is there since selinux-policy-targeted-34.1.23-1.el9.noarch (baseos) requires selinux-policy = 34.1.23-1.el9
               └─ selinux-policy-targeted-34.1.23-1.el9.noarch (baseos) is there since selinux-policy-targeted is requested
        → without rsyslog the rest is possible
        → without selinux-policy-targeted the rest is possible
        → appstream is of 2025-01-13 and baseos of 2022-02-07: use repositories of the same day
      "
    `);
    }, 60_000);

    it("names the module stream a package is in", async () => {
      const outcome = await call("solve", ["nodejs-nodemon-3.0.1-1.module_el9+743+ad38546c"], { repo });
      expect(outcome.text).toMatchInlineSnapshot(`
      "cannot install nodejs-nodemon-3.0.1-1.module_el9+743+ad38546c: nodejs-nodemon-3.0.1-1.module_el9+743+ad38546c.noarch (appstream) belongs to module stream nodejs:20, which is not active
      └─ nodejs-nodemon-3.0.1-1.module_el9+743+ad38546c is requested
         └─ nodejs-nodemon-3.0.1-1.module_el9+743+ad38546c.noarch (appstream) belongs to module stream nodejs:20, which is not active
        → enable module stream nodejs:20 with --enable-module nodejs:20
        → another build of nodejs-nodemon can be installed: ask for nodejs-nodemon
      "
    `);
      const enabled = await call("solve", ["nodejs-nodemon"], { repo, enableModule: ["nodejs:20"], weak: false });
      expect(nevras(enabled).filter((nevra) => nevra.startsWith("nodejs-"))).toMatchInlineSnapshot(`
      [
        "nodejs-1:20.18.1-1.module_el9+1145+0c321386.x86_64",
        "nodejs-nodemon-3.0.1-1.module_el9+1145+0c321386.noarch",
      ]
    `);
    }, 60_000);
  },
);
