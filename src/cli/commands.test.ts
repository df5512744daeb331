import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeRepository } from "../../test/support/metadata.ts";
import { silentProgress } from "../core/index.ts";
import { writeRepository } from "../formats/rpmmd/index.ts";
import { type CommandContext, CommandOptions } from "./command.ts";
import { commands } from "./commands.ts";

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "weir-cli-"));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

function call(name: string, args: readonly string[], options: Readonly<Record<string, unknown>> = {}) {
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
  return spec.run({ args, options: new CommandOptions(options) }, context);
}

const example = join(import.meta.dirname, "../../examples/downstream");

describe("commands refuse what they cannot do, with a code", () => {
  it.each([
    ["USAGE_SHELL", "completion", ["tcsh"], {}],
    ["SCHEMA_UNKNOWN", "schema show", ["nothing-1"], {}],
    ["REPO_EMPTY", "repo create", ["."], {}],
    ["REPOSITORY_NOT_FOUND", "repo list", ["."], {}],
    ["USAGE_REQUEST_MISSING", "solve", [], {}],
    ["USAGE_REPOSITORY_MISSING", "audit file", ["Dockerfile"], {}],
    ["USAGE_JOBS", "rebuild", [], { directory: example, jobs: "many" }],
    ["COMPONENT_UNKNOWN", "component show", ["libflew"], { directory: example }],
    ["DEFINITION_NOT_FOUND", "component list", [], { directory: "." }],
  ] as const)("%s", async (code, name, args, options) => {
    await expect(call(name, args, options)).rejects.toMatchObject({ code });
  });

  it("never call an empty repository closed", async () => {
    await writeRepository(cwd, makeRepository("empty", []).packages, { revision: 1 });
    await expect(call("repo check", ["."])).rejects.toMatchObject({ code: "REPO_EMPTY" });
  });
});

describe("schema show", () => {
  it("lists the schemas and prints one", async () => {
    const list = await call("schema show", []);
    expect(JSON.stringify(list)).toContain("components-1");
    const one = await call("schema show", ["components-1"]);
    expect("text" in one && JSON.parse(one.text ?? "")).toMatchObject({
      $schema: expect.stringContaining("json-schema.org"),
    });
  });
});
