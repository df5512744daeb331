import { describe, expect, it } from "vitest";
import { commandRules } from "../../src/cli/rules.ts";
import { severities } from "../../src/core/index.ts";
import { auditRules } from "../../src/engine/audit/index.ts";
import { compatRules } from "../../src/engine/compat/index.ts";
import { imageRules } from "../../src/engine/image/index.ts";

const tables = [commandRules, auditRules, compatRules, imageRules];
const rules = tables.flatMap((table) => Object.entries(table));

describe("the rules", () => {
  it("have ids of their own, whichever room they are from", () => {
    const ids = rules.map(([key]) => key);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it.each(rules)("%s says what it is, why it matters and what to do", (key, rule) => {
    expect(rule.id).toBe(key);
    expect(severities).toContain(rule.severity);
    for (const text of [rule.title, rule.explanation, rule.remedy]) expect(text.length).toBeGreaterThan(5);
  });
});
