import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { WeirError } from "../../core/index.ts";
import { type Dockerfile, parseDockerfile, readPackageCommand, type ShellCommand } from "./index.ts";

const corpus = join(import.meta.dirname, "corpus");
const files = readdirSync(corpus)
  .filter((name) => name.endsWith(".Dockerfile"))
  .sort();
const managers = new Set(["tdnf", "dnf", "yum", "microdnf"]);

const parse = (text: string) => parseDockerfile(text, "Dockerfile");
const commandsOf = (file: Dockerfile) => file.instructions.flatMap((instruction) => instruction.commands);
const wordsOf = (command: ShellCommand) => command.words.map((word) => word.value ?? "?").join(" ");
const run = (script: string) => commandsOf(parse(`FROM x\nRUN ${script}\n`)).map(wordsOf);

/** A reading as lines that a person can check: instruction, then its commands with marks, then problems. */
function describeFile(file: Dockerfile): string {
  const lines: string[] = [];
  for (const { keyword, span, words, commands, flags, heredocs, exec, stage, onbuild } of file.instructions) {
    const extras = [
      ...flags.map((flag) => `--${flag.name}=${flag.value}`),
      ...heredocs.map((doc) => `<<${doc.name}`),
      exec ? "exec" : "",
      onbuild ? "onbuild" : "",
    ];
    const shown = commands.length > 0 ? [] : words.map((word) => word.value ?? `?${word.text}`);
    lines.push(
      [`${span.start.line} ${keyword}`, ...extras.filter((text) => text !== ""), ...shown]
        .join(" ")
        .concat(stage < 0 ? " (global)" : ""),
    );
    for (const command of commands) {
      const marks = `${command.after}${command.conditional ? " maybe" : ""}${command.nested ? " nested" : ""}`.trim();
      const text = command.words.map(
        (word) => `${word.value === undefined ? `?${word.text}` : word.value}${word.literal ? "" : "~"}`,
      );
      const assigned = command.assignments.map(({ name, value }) => `${name}=${value.value ?? "?"}`);
      const redirects = command.redirects.map(({ operator, target }) => `${operator}${target?.value ?? "?"}`);
      const { line, column } = command.span.start;
      lines.push(
        `  ${line}:${column} ${marks === "" ? "" : `[${marks}] `}${[...assigned, ...text, ...redirects].join(" | ")}`.replace(
          /\n/g,
          "⏎",
        ),
      );
    }
  }
  for (const { span, message } of file.problems) lines.push(`! ${span.start.line}:${span.start.column} ${message}`);
  return `${lines.join("\n")}\n`;
}

describe("the corpus", () => {
  it.each(files)("%s", async (name) => {
    const file = parseDockerfile(readFileSync(join(corpus, name), "utf8"), name);
    await expect(describeFile(file)).toMatchFileSnapshot(join(corpus, name.replace(/\.Dockerfile$/, ".txt")));
  });

  it("has spans that hold what they say", () => {
    for (const name of files) {
      const text = readFileSync(join(corpus, name), "utf8");
      const file = parseDockerfile(text, name);
      for (const word of file.instructions.flatMap((one) => [
        ...one.words,
        ...one.commands.flatMap((command) => command.words),
      ])) {
        const { start, end } = word.span;
        expect(start.offset).toBeLessThanOrEqual(end.offset);
        expect(text.slice(0, start.offset).split("\n")).toHaveLength(start.line);
        if (word.literal) expect(text.slice(start.offset, end.offset)).toBe(word.text);
      }
    }
  });
});

describe("shell", () => {
  it.each<[string, string[]]>([
    ["a b && c || d; e | f & g", ["a b", "c", "d", "e", "f", "g"]],
    [`a 'b c' "d \\" e" f\\ g ""`, [`a b c d " e f g `]],
    ["x=1 y='2 3' a $x", ["a ?"]],
    ['x=1; a $x "$x y" ${x:-3} ${z:-w} ${x:+v}', ["", "a 1 1 y 1 w v"]],
    ["p='a b'; c $p \"$p\"", ["", "c a b a b"]],
    ["if a; then b; elif c; then d; else e; fi && f", ["a", "b", "c", "d", "e", "f"]],
    ["for i in 1 2; do a $i; done; while b; do c; done", ["a 1 2", "b", "c"]],
    ['for i in 1 2; do a "$i-x" b; done; c $i', ["a 1-x 2-x b", "c 1 2"]],
    ["sudo -E sh -c 'a'", ["sudo -E sh -c a", "a"]],
    ["case $x in a|b) c;; (d) e ;; *) f; esac; g", ["c", "e", "f", "g"]],
    ["(a; b) && { c; d; } 2>/dev/null", ["a", "b", "c", "d", ""]],
    ["while read x; do a; done <<E\nno\nE", ["read x", "a", ""]],
    ["f() { a; }; f; function g { b; }", ["a", "f", "b"]],
    ["a $(b c | d) `e`", ["b c", "d", "e", "a ? ?"]],
    ["[[ a && b ]] && [ c = d ]", ["[[ a b ]]", "[ c = d ]"]],
    ["sh -c 'a b; c' && bash -ec \"d e\"", ["sh -c a b; c", "a b", "c", "bash -ec d e", "d e"]],
    ["a{b,c}d x{1,2}{3,4} '{e,f}' {g}", ["abd acd x13 x14 x23 x24 {e,f} {g}"]],
    ["echo $((1+2)) >out 2>&1 <in", ["echo ?"]],
    ["! a; time b", ["a", "b"]],
    ["a # comment", ["a"]],
    ["$'a\\nb' c", ["a\nb c"]],
  ])("%s", (script, expected) => {
    expect(run(script)).toEqual(expected);
  });

  it("marks what may not run and what runs elsewhere", () => {
    const commands = commandsOf(parse("FROM x\nRUN a && if b; then c; fi || d; e $(f)\n"));
    expect(commands.map((command) => [wordsOf(command), command.conditional, command.nested])).toEqual([
      ["a", false, false],
      ["b", true, false],
      ["c", true, false],
      ["d", true, false],
      ["f", false, true],
      ["e ?", false, false],
    ]);
  });
});

describe("package commands", () => {
  const read = (script: string) => {
    const found = commandsOf(parse(`FROM x\nRUN ${script}\n`)).flatMap(
      (command) => readPackageCommand(command, managers) ?? [],
    );
    return found.map(({ manager, verb, packages, options }) => [
      manager,
      verb,
      packages.map((word) => word.value),
      options.map(({ name, value }) => `${name}=${value}`),
    ]);
  };
  it.each<[string, unknown[]]>([
    ["tdnf install -y a b", [["tdnf", "install", ["a", "b"], ["-y=undefined"]]]],
    [
      "sudo -u root /usr/bin/dnf -y --setopt=x=1 --releasever 4.0 install a",
      [["dnf", "install", ["a"], ["-y=undefined", "--setopt=x=1", "--releasever=4.0"]]],
    ],
    ["env A=1 yum -q clean all", [["yum", "clean", ["all"], ["-q=undefined"]]]],
    ["dnf install -- -odd", [["dnf", "install", ["-odd"], []]]],
    ["echo a | xargs dnf install -y", [["dnf", "install", [], ["-y=undefined"]]]],
    ["apt-get install dnf; echo dnf install x", []],
    ["dnf $VERB a", [["dnf", undefined, ["a"], []]]],
  ])("%s", (script, expected) => {
    expect(read(script)).toEqual(expected);
  });
});

describe("limits and hostile input", () => {
  const codeOf = (text: string) => {
    try {
      parse(text);
    } catch (error) {
      return error instanceof WeirError && error.hints.length > 0 ? [error.code, error.where] : error;
    }
    return undefined;
  };
  it("refuses what is no text or too large", () => {
    expect(codeOf("FROM a\nRUN \0")).toEqual(["DOCKERFILE_NOT_TEXT", { file: "Dockerfile", line: 2, column: 5 }]);
    expect(codeOf("x".repeat((1 << 20) + 1))).toEqual(["DOCKERFILE_TOO_LARGE", "Dockerfile"]);
  });

  it.each<[string, string]>([
    ["nested substitutions", `RUN a ${"$(".repeat(200_000)}`],
    ["nested defaults", `RUN a ${"${x:-".repeat(150_000)}`],
    ["open quotes in substitutions", `RUN a ${'"$('.repeat(200_000)}`],
    ["backticks", `RUN ${"`".repeat(500_001)}`],
    ["doubling variables", `RUN a=xx; ${"a=$a$a; ".repeat(60_000)} b $a`],
    ["doubling arguments", "ENV A=$A$A\n".repeat(9000)],
    ["braces", `RUN a ${"{a,b}".repeat(100_000)}`],
    ["many commands", `RUN ${"a;".repeat(400_000)}`],
    ["operators", `RUN ${"(".repeat(500_000)}`],
    ["here-documents", `RUN ${"a <<E ".repeat(100_000)}`],
    ["continuations", `RUN a ${"\\\n".repeat(300_000)}`],
    ["equal signs", `ENV ${"a=".repeat(300_000)}`],
    ["long values again and again", `ENV A=${"x".repeat(60_000)}\nRUN c ${"x$A ".repeat(230_000)}`],
    ["values of many fields", `ENV A="${"x ".repeat(30_000)}"\nRUN c ${"$A ".repeat(300_000)}`],
    ["many braces", `RUN c ${"{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b} ".repeat(24_000)}`],
    ["long braces", `RUN c {a,b}{a,b}{a,b}{a,b}{a,b}{a,b}${"x".repeat(900_000)}`],
    [
      "many variables through many stages",
      `ENV ${Array.from({ length: 80_000 }, (_, at) => `v${at}=`).join(" ")}\n${"FROM b AS b\n".repeat(9000)}`,
    ],
    ["spaces", `RUN${" ".repeat(900_000)}`],
    ["dashes", `RUN ${"--a ".repeat(200_000)}`],
    ["case patterns", `RUN case x in ${"a) b;; ".repeat(100_000)}`],
    ["nested shells", `RUN ${'sh -c "'.repeat(100_000)}`],
    ["digits", `RUN ${"1".repeat(900_000)}`],
    ["loops", `RUN ${"for i in 1 2; do ".repeat(50_000)}`],
  ])("takes %s in bounded time", (_, text) => {
    const start = performance.now();
    parse(`FROM x AS b\n${text.slice(0, 1_000_000)}\n`);
    expect(performance.now() - start).toBeLessThan(40_000);
  });

  it("survives every cut and thousands of changes", () => {
    const sample = files
      .map((name) => readFileSync(join(corpus, name), "utf8"))
      .join("\n")
      .slice(0, 5000);
    for (let length = 0; length < 1500; length++) parse(sample.slice(0, length));
    let state = 99;
    const random = (below: number) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const odd = "\"'`$(){};&|<>\\\n#=[] aE-";
    for (let round = 0; round < 2500; round++) {
      const from = random(sample.length - 400);
      const text = sample.slice(from, from + 400).split("");
      for (let change = random(6); change >= 0; change--) text[random(text.length)] = odd[random(odd.length)] as string;
      const file = parse(text.join(""));
      expect(file.instructions.length).toBeLessThanOrEqual(text.length);
      for (const command of commandsOf(file)) readPackageCommand(command, managers);
    }
  });
});

describe("what is given up", () => {
  it.each([
    ["too deep", `RUN a ${"$(b ".repeat(9)}${")".repeat(9)}`],
    ["too many", `RUN ${"a $(b); ".repeat(3000)}`],
    ["too long", `RUN ${"a; ".repeat(30_000)}`],
  ])("is said: %s", (_, text) => {
    expect(
      parse(`FROM x\n${text}\n`)
        .problems.map((problem) => problem.message)
        .join(),
    ).toMatch(/not read/);
  });
});
