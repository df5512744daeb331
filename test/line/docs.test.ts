import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands as specs } from "../../src/cli/commands.ts";
import { checkout, weir } from "../support/weir.ts";

/** Commands that pages show and that are not run here, with the reason. */
const left: readonly [RegExp, string][] = [
  [/--network/, "it needs the network"],
  [/--buildroot my-repository|--buildroot fedora-repo/, "its repository is the reader's"],
  [/component show bash$|-C azurelinux/, "it is meant in the reader's own definition"],
  [/^weir rebuild( -C examples\/downstream --out out\/example)?$/, "every test here rests on it"],
  [/repo create rpms( |$)|repo diff old new/, "its folders are the reader's"],
  [/^weir solve$/, "a sentence names it; it needs a request"],
  [/--since v2\.0/, "its tag is the reader's"],
  [/--key signing\.key|--keyring \/etc/, "its keys are the reader's"],
];

const scratch = mkdtempSync(join(tmpdir(), "weir-docs-"));
/** What the pages call hello: a description, a tree, and the package made of them. */
beforeAll(async () => {
  mkdirSync(join(scratch, "root/usr/bin"), { recursive: true });
  writeFileSync(join(scratch, "root/usr/bin/hello"), "#!/bin/sh\necho hello\n", { mode: 0o755 });
  const hello = { name: "hello", version: "1.0", release: "1", license: "MIT" };
  writeFileSync(join(scratch, "hello.json"), JSON.stringify({ ...hello, name: "hello-empty" }));
  writeFileSync(
    join(scratch, "hello.toml"),
    Object.entries({ ...hello, arch: "x86_64" })
      .map(([key, value]) => `${key} = "${value}"\n`)
      .join(""),
  );
  const packed = await weir.run(["rpm", "pack", "hello.toml", "--tree", "root"], { cwd: scratch });
  if (packed.exitCode !== 0) throw new Error(packed.stderr);
});
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
  const needWords = new Set(
    specs
      .filter(({ arguments: names }) => names?.some(({ name }) => name.startsWith("<")))
      .map(({ name }) => `weir ${name}`),
  );
  return [...found].filter((command) => !/ [A-Z]{3,}|[<[|…]/.test(command) && !needWords.has(command)).sort();
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
    const needs = ["component", "plan", "overlay", "rebuild"].includes(words[0] ?? "") && !words.includes("-C");
    const definition = needs ? ["-C", "examples/downstream"] : [];
    const checkOnly =
      words.includes("--check-only") && words[1] === "render"
        ? ["-C", "examples/downstream", "--out", join(scratch, "specs")]
        : [];
    const given = words.flatMap((word) => (word === "*.rpm" ? ["hello-1.0-1.x86_64.rpm"] : [word]));
    const options = words[0] === "rpm" ? { cwd: scratch } : {};
    const outcome = await weir.run([...given, ...definition, ...checkOnly, "--progress", "none"], options);
    expect([0, 1], `${outcome.stdout}\n${outcome.stderr}`).toContain(outcome.exitCode);
    expect(outcome.stderr).not.toContain("bug in weir");
    if (outcome.exitCode === 1) expect(outcome.stdout).not.toBe("");
  });
});
