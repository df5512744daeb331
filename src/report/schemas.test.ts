import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { allFindings, makeReport, type Report, severities } from "../core/index.ts";
import { listComponents, loadProject, showComponent } from "../engine/define/index.ts";
import { planSection } from "../engine/line/index.ts";
import { type BuildPlan, planBuild } from "../engine/plan/index.ts";
import { MacroContext } from "../formats/macro/index.ts";
import { renderJson, renderReportJson } from "./index.ts";

const root = join(import.meta.dirname, "../..");

/** Says what a published schema finds wrong with JSON text. */
function judge(name: string): (text: string) => unknown {
  const schema = JSON.parse(readFileSync(join(root, "schemas", `${name}.schema.json`), "utf8")) as object;
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);
  return (text) => (validate(JSON.parse(text)) ? [] : validate.errors);
}

function spec(name: string, lines: readonly string[]) {
  const text = [
    `Name: ${name}`,
    "Version: 1",
    "Release: 1",
    "Summary: x",
    "License: MIT",
    ...lines,
    "%description",
    "%files",
    "/usr/bin/x",
  ];
  return { component: name, specText: `${text.join("\n")}\n`, specFile: `specs/${name}.spec`, with: ["docs"] };
}

/** A plan with all that a plan can have: a cut cycle, needs of the buildroot, skips, a choice of provider. */
function plan(): BuildPlan {
  const result = planBuild({
    arch: "x86_64",
    macros: new MacroContext(),
    assume: ["gcc"],
    components: [
      spec("stone", ["%bcond_with bootstrap", "%if %{without bootstrap}", "BuildRequires: kiln", "%endif"]),
      spec("kiln", ["BuildRequires: stone, gcc", "%generate_buildrequires", "echo more"]),
      spec("app", ["BuildRequires: kiln", "Requires: stone"]),
    ],
  });
  return { ...result, base: [{ nevra: "glibc-2-1.x86_64", sha256: "0".repeat(64) }] };
}

describe("published schemas of outputs", () => {
  it("report-1 describes reports, sections and all", async () => {
    const wrong = judge("report-1");
    const project = await loadProject(join(root, "examples/downstream"));
    const found = makeReport("found", "Found", {
      findings: severities.map((severity, index) => ({
        rule: `A${index}`,
        severity,
        subject: "s",
        message: "m",
        evidence: [
          { what: "e" },
          { what: "e", where: "text" },
          { what: "e", where: { file: "f", line: 1, column: 2 } },
        ],
        ...(index > 2 ? { remedy: "do", inhibitor: true } : {}),
      })),
      tables: [{ id: "t", title: "", columns: ["a", "b", "c", "d"], rows: [["x", 1, true, null]] }],
      skips: [{ subject: "s", reason: "r" }],
    });
    const reports: Report[] = [listComponents(project), planSection(plan()), found];
    const whole = makeReport("rebuild", "Rebuild", { sections: reports });
    expect(allFindings(whole)).toHaveLength(5);
    for (const report of [...reports, whole]) expect(wrong(renderReportJson(report))).toEqual([]);
    expect(wrong(renderJson(found))).toEqual([]);
    expect(wrong(renderReportJson({ ...found, kind: 1 } as unknown as Report))).not.toEqual([]);
    expect(wrong(renderReportJson({ ...found, clock: "now" } as Report))).not.toEqual([]);
  });

  it("plan-1 describes plans", () => {
    const wrong = judge("plan-1");
    const whole = plan();
    expect(whole.cycles).toHaveLength(1);
    expect(whole.external.length).toBeGreaterThan(0);
    expect(whole.skips.length).toBeGreaterThan(0);
    expect(whole.nodes.some((node) => node.edges.length > 0)).toBe(true);
    expect(wrong(renderJson(planSection(whole)))).toEqual([]);
    const { base: _, ...rest } = whole;
    expect(wrong(JSON.stringify(rest))).toEqual([]);
    expect(wrong(JSON.stringify({ ...rest, arch: undefined }))).not.toEqual([]);
  });

  for (const example of ["downstream", "legacy"]) {
    it(`component-1 describes every component of the example: ${example}`, async () => {
      const wrong = judge("component-1");
      const project = await loadProject(join(root, "examples", example));
      expect(project.components.size).toBeGreaterThan(10);
      for (const name of project.components.keys()) {
        expect(wrong(renderJson(showComponent(project, name))), name).toEqual([]);
      }
    });
  }
});
