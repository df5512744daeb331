import { describe, expect, it } from "vitest";
import { definitionTree, smallProject } from "../../../test/support/definition-tree.ts";
import { WeirError } from "../../core/index.ts";
import { listComponents, type LoadOptions, loadProject, showComponent } from "./index.ts";

const sample = `${smallProject()}
[default-component-config]
overlay-files = ["o/*.toml"]
[component-groups.g]
components = ["a"]
specs = ["*.spec"]
[components.a]
spec = { type = "upstream", upstream-name = "b", upstream-commit = "0123abc" }
build.defines = { x = "1" }
[[components.a.overlays]]
type = "spec-search-replace"
regex = '^a(b|c)$'
replacement = "d"
[package-groups.p]
packages = ["x", "y"]
[images.i.definition]
type = "kiwi"
`;

async function outcome(
  toml: string | Uint8Array,
  files: Readonly<Record<string, string>> = {},
  limits: LoadOptions["limits"] = {},
): Promise<string> {
  const root = definitionTree({ "azldev.toml": toml, ...files });
  try {
    const project = await loadProject(root, { limits });
    for (const name of project.components.keys()) showComponent(project, name);
    listComponents(project);
    return "loaded";
  } catch (error) {
    if (error instanceof WeirError) return error.code;
    throw error;
  }
}

async function timed<T>(seconds: number, run: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await run();
  expect(performance.now() - start).toBeLessThan(seconds * 10_000);
  return result;
}

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("hostile definitions", () => {
  it("cut off at each byte: an error of ours or a project", async () => {
    const seen = new Set<string>();
    for (let length = 0; length <= sample.length; length++) seen.add(await outcome(sample.slice(0, length)));
    expect(seen).toContain("loaded");
    expect(seen).toContain("DEFINITION_SYNTAX");
  });

  it("changed at random, 3000 times: the same", async () => {
    const next = random(42);
    const pick = <T>(values: readonly T[]) => values[Math.floor(next() * values.length)] as T;
    const parts = [
      "[",
      "]",
      "{",
      "}",
      '"',
      "'",
      "\n",
      "\\",
      "=",
      ".",
      ",",
      "\0",
      "\ufffd",
      "..",
      "/",
      "**",
      "true",
      "1e9",
      "nan",
      "[[",
      "\\u0000",
    ];
    const seen = new Set<string>();
    for (let round = 0; round < 3000; round++) {
      let text = sample;
      for (let change = 0; change < 1 + next() * 3; change++) {
        const at = Math.floor(next() * text.length);
        text = text.slice(0, at) + (next() < 0.7 ? pick(parts) : "") + text.slice(at + Math.floor(next() * 4));
      }
      seen.add(await outcome(text));
    }
    expect(seen.size).toBeGreaterThan(5);
  });

  it("random bytes", async () => {
    const next = random(1);
    for (let round = 0; round < 200; round++) {
      const bytes = Uint8Array.from({ length: 200 }, () => Math.floor(next() * 256));
      expect(await outcome(bytes)).not.toBe("loaded");
    }
  });

  it.each([
    ["deep lists", `x = ${"[".repeat(200_000)}`],
    ["deep tables", `x = ${"{ a = ".repeat(200_000)}`],
    ["long dotted keys", `${"a.".repeat(200_000)}b = 1`],
    ["many unknown keys", Array.from({ length: 100_000 }, (_, index) => `k${index} = 1`).join("\n")],
    [
      "many unknown members",
      smallProject(
        `[component-groups.g]\ncomponents = [${'"x",'.repeat(200_000)}]\n${Array.from({ length: 5000 }, (_, index) => `[components.c${index}]`).join("\n")}`,
      ),
    ],
    ["many equal packages", smallProject(`[package-groups.g]\npackages = [${'"x",'.repeat(200_000)}]`)],
    ["a long name", smallProject(`[components.${"a".repeat(1_000_000)}]`)],
    ["a long URL", smallProject(`[resources.rpm-repos.r]\nbase-uri = "https://${"a".repeat(1_000_000)} b"`)],
    [
      "a regex bomb",
      smallProject(
        `[[components.a.overlays]]\ntype = "spec-search-replace"\nregex = "${"(a{1000}){1000}".repeat(20)}"`,
      ),
    ],
    [
      "a big regex",
      smallProject(`[[components.a.overlays]]\ntype = "spec-search-replace"\nregex = "${"(".repeat(100_000)}"`),
    ],
    ["a glob bomb", `includes = ["${"{a,b}".repeat(500)}"]`],
    ["NUL in paths", 'includes = ["a\\u0000b", "a\\u0000*"]'],
    ["a long path", `includes = ["${"a/".repeat(2000)}"]`],
  ])("%s end soon", async (_, toml) => {
    expect(await timed(5, () => outcome(toml))).toMatch(/^(DEFINITION_\w+|loaded)$/);
  });

  it("patterns that walk a tree again and again end soon", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`d${index % 20}/e${index % 7}/f${index}`, ""]),
    );
    const patterns = Array.from({ length: 100_000 }, (_, index) => `"**/*/**/x${index}"`).join(",");
    const code = await timed(20, () =>
      outcome(`includes = [${patterns}]\n${smallProject()}`, files, { entries: 200_000 }),
    );
    expect(code).toBe("DEFINITION_TOO_LARGE");
  });

  it("groups that give much to many are refused before memory ends", async () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `c${index}`);
    const toml = smallProject(`
[component-groups.g]
components = ${JSON.stringify(names)}
[component-groups.g.default-component-config.build]
with = ${JSON.stringify(names)}
${names.map((name) => `[components.${name}.release]\ncalculation = "manual"`).join("\n")}`);
    expect(await timed(10, () => outcome(toml, {}, { values: 2_000_000 }))).toBe("DEFINITION_TOO_LARGE");
  });

  it("control characters of the input do not reach the message", async () => {
    const root = definitionTree({ "azldev.toml": smallProject('[components.a]\n"\\u001b[31mred\\u202e" = 1') });
    const error = await loadProject(root).catch((thrown: unknown) => thrown);
    expect((error as WeirError).message).not.toMatch(/[\u001b\u202e]/);
  });
});
