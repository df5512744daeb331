import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkout, weir } from "../support/weir.ts";

/** Commands that pages show and that are not run here, with the reason. */
const left: readonly [RegExp, string][] = [
  [/--network/, "it needs the network"],
  [/--buildroot my-repository|--buildroot fedora-repo/, "its repository is the reader's"],
  [/component show bash$|-C azurelinux/, "it is meant in the reader's own definition"],
  [/^weir rebuild( -C examples\/downstream --out out\/example)?$/, "every test here rests on it"],
  [/repo create rpms( |$)|repo diff old new/, "its folders are the reader's"],
];

const scratch = mkdtempSync(join(tmpdir(), "weir-docs-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function shownCommands(): string[] {
  const pages = [
    "README.md",
    "CONTRIBUTING.md",
    ...readdirSync(join(checkout, "docs"), { recursive: true, encoding: "utf8" }).map((name) => join("docs", name)),
  ];
  const found = new Set<string>();
  for (const page of pages.filter((name) => name.endsWith(".md"))) {
    const text = readFileSync(join(checkout, page), "utf8");
    for (const match of text.matchAll(/(?:^\s*\$ |`)(?:bin\/)?(weir [a-z][^`\n]*)/gm))
      found.add((match[1] ?? "").trim());
  }
  return [...found].filter((command) => !/ [A-Z]{3,}|[<[|…]/.test(command)).sort();
}

describe("commands that the pages show", () => {
  const commands = shownCommands().filter((command) => !left.some(([pattern]) => pattern.test(command)));

  it("are found at all", () => {
    expect(commands.length).toBeGreaterThan(12);
  });

  it.each(commands)("%s", async (command) => {
    const words = command
      .replace(/ > .*$/, "")
      .replaceAll("out/example", "out/test/first")
      .replace("--out specs", `--out ${join(scratch, "specs")}`)
      .split(/\s+/)
      .slice(1);
    const needs = ["component", "plan", "rebuild"].includes(words[0] ?? "") && !words.includes("-C");
    const definition = needs ? ["-C", "examples/downstream"] : [];
    const checkOnly = words.includes("--check-only")
      ? ["-C", "examples/downstream", "--out", join(scratch, "specs")]
      : [];
    const outcome = await weir.run([...words, ...definition, ...checkOnly, "--progress", "none"]);
    expect([0, 1], `${outcome.stdout}\n${outcome.stderr}`).toContain(outcome.exitCode);
    expect(outcome.stderr).not.toContain("bug in weir");
    if (outcome.exitCode === 1) expect(outcome.stdout).not.toBe("");
  });
});
