import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { missingTool } from "../../../test/support/tools.ts";
import { run, WeirError } from "../../core/index.ts";
import { evaluateExpression, loadMacroSet, MacroContext, substitutePattern } from "./index.ts";

const file = `# a comment
%inner() <%1|%2|%#|%*>
%outer() %inner x / %1 %2
%two() %{inner %1}/%{inner %*}
%opt(ab:) [%{-a}][%{-b}][%{-b*}][%{-b:B=%{-b*}}][%{!-a:noa}][%*][%**][%#][%0]
%raw(-) {%*}
%b1 yes
%a1 %b1
%multi \\
a\\
b\\
%{nil}
%nil %{!?nil}
%scoped() %define local1 5 \\
[%local1]
%esc() %{1} %{expand:%1} %["%1"]
`;

function context(): MacroContext {
  const one = new MacroContext({ environment: { HOME: "/home/x" } });
  one.load(file, "macros.test");
  return one;
}

/** Text and what rpm 4.18 makes of it. */
const table: readonly (readonly [string, string])[] = [
  ["%outer a b", "<x|/|4|x / a b>"],
  ["%opt -a -b 5 c d", "[-a][-b 5][5][B=5][][c d][-a -b 5 c d][2][opt]"],
  ["%opt c -a", "[-a][][][][][c][c -a][1][opt]"],
  ["%opt c -- -a", "[][][][][noa][c -a][c -- -a][2][opt]"],
  ["%{opt -bfoo z}", "[][-b foo][foo][B=foo][noa][z][-bfoo z][1][opt]"],
  ["%raw -x y", "-x y"],
  ["%{a1:zz} %a1 q", "yes yes q"],
  ["[%multi]", "[\na\nb\n]"],
  ["%{quote:a b}|%{inner %{quote:a b} c}", "a b|<a b|c|2|a b c>"],
  ["%% %%{x} % %z %{zz:%%a %{nil}} %! %?", "% %{x} % %z %{zz:%a } % %"],
  ["%{!?foo:A}%{?foo:B}%{?!foo:C}%{!!?foo:D}", "AC"],
  ["%b1* %b1# %inner* %b1-%b1- %b1-x", "%b1* %b1# %inner* yes-yes- yes-x"],
  ["%inner %%foo %%%%", "<%foo|%%|2|%foo %%>"],
  ["%two %%b1 z", "<%b1|%2|1|%b1>/<%b1|z|2|%b1 z>"],
  ["%esc %%b1", "%b1 yes %b1"],
  ["%{inner   %{inner q} }", "<<q|%2|1|q>|%2|1|<q|%2|1|q>>"],
  ["%{?inner a}|%{?inner:x %{inner a}}", "<%1|%2|%#|%*>|x <a|%2|1|a>"],
  ["%{-f}%{-f:x}%{!-f:y}%{-f*}%-f|", "y|"],
  ["%opt a -a -- -b c", "[-a][][][][][a -b c][a -a -- -b c][3][opt]"],
  ["%{inner a\nb}", "<a\nb|%2|1|a\nb>"],
  ["%define xx 1\ny%{xx}", "y1"],
  ["%{define foo bar}x%{foo}", "xbar"],
  ["%define ab {\n z\n} t\nq%{ab}", " t\nq\n z\n"],
  ["%define q x\\y\\\\z\\\nw\n%q", "xy\\z\nw"],
  ["%global zz %%b1\n%zz", "yes"],
  ["%define zz %b1\n%define b1 no\n%zz", "no"],
  ["%undefine b1\nz%b1", "\nz%b1"],
  ["%dnl abc\nx", "x"],
  ["y%{dnl abc}z", "yz"],
  ["%scoped\n%local1", "[5]\n%local1"],
  ["%{?b1:%define q %{b1}q}%q|", "yesq|"],
  ["%{define b9 %{b1}z\nw}%b9", "yesz\nw"],
  ["%{b1 x}%{b1\tx}", "yes%{b1\tx}"],
  ["%[1+2*3] %[7/2] %[-3] %[!0]%[!1] %[1 <= 2]%[3 != 3]", "7 3 -3 10 10"],
  ['%["a"=="b"] %[1 ? "x" : "y"] %["a"+"b"] %["" ? 1 : 2] %["" || "b"]', "0 x ab 2 b"],
  ["%[ 1 ? 2 : 3 ? 4 : 5 ] %[(1+2)*3 == 9] %[ 0 && %{error:x} ]", "2 1 0"],
  ['%[v"1.0~rc1" < v"1.0"] %[v"1:2-3" > v"2"] %["%b1" == "yes"]', "1 1 1"],
  ["%{expr:2*3} %{expr 3+4}", "6 7"],
  ["%{basename:/a/b} %{dirname:/a/b} %{suffix:a.tar.gz} %{url2path:http://x/y/z} %{u2p:http://x/y}", "b /a gz /y/z /y"],
  ["%{shrink: a\nb \tc }|%{shescape:a'b}|%{macrobody:a1}", "a b c|'a'\\''b'|%b1"],
  ["%{defined:inner} %{defined inner} %{undefined inner} %{defined nope}", "1 1 0 0"],
  ["%bcond foo 1\n%{with foo} %with_foo %{without foo}", "\n1 1 0"],
  ["%bcond_with foo\n%{with foo} %?with_foo %{without foo}", "\n0  1"],
  ["%bcond foo %{?b1:0}%{!?b1:1}\n%{with foo}", "\n0"],
];

describe("expansion", () => {
  it.each(table)("%j", (text, expected) => {
    expect(context().expand(text)).toBe(expected);
  });

  const noRpm = missingTool("rpm");
  it.skipIf(noRpm !== undefined)("is what rpm gives", async () => {
    const folder = await mkdtemp(join(tmpdir(), "weir-macro-"));
    try {
      const path = join(folder, "macros.test");
      await writeFile(path, file);
      for (const [text, expected] of table) {
        const { stdout } = await run("rpm", ["--macros", `/usr/lib/rpm/macros:${path}`, "--eval", text]);
        // rpm leaves the marks of %{quote:} in its output.
        expect([text, stdout.toString().replaceAll("\x1f", "")]).toEqual([text, `${expected}\n`]);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("knows the text functions of newer rpm", () => {
    const one = context();
    expect(one.expand("%{len:abc} %{upper:abc} %{lower:ABC} %{reverse:abc}")).toBe("3 ABC abc cba");
    expect(one.expand("%{sub abcdef 2 3} %{sub abcdef -2} %{rep ab 3} %{gsub a.b.c %. _}")).toBe("bc ef ababab a_b_c");
  });

  it("matches Lua patterns", () => {
    for (const [text, pattern, replacement, expected] of [
      ["hello world", "(%w+)", "<%1>", "<hello> <world>"],
      ["abc", "", "-", "-a-b-c-"],
      ["a(b(c)d)e", "%b()", "", "ae"],
      ["THE (quick) fox", "%f[%a]%a+", "w", "w (w) w"],
      ["x1y22", "%d-y", "#", "x#22"],
      ["aaa", "^a", "b", "baa"],
      ["a]b-c", "[]%-]", "_", "a_b_c"],
    ] as const) {
      expect(substitutePattern(text, pattern, replacement)).toBe(expected);
    }
  });

  it("tells the chain behind a value", () => {
    const one = context();
    const { text, uses } = one.explain("%a1");
    expect(text).toBe("yes");
    expect(uses).toEqual([
      { name: "a1", body: "%b1", place: { file: "macros.test", line: 8 } },
      { name: "b1", body: "yes", place: { file: "macros.test", line: 7 } },
    ]);
    one.define("b1", "new");
    expect(one.get("b1")?.previous?.body).toBe("yes");
    one.undefine("b1");
    expect(one.expand("%b1")).toBe("yes");
  });

  it("forks without touching what it came from", () => {
    const base = context();
    const fork = base.fork();
    fork.expand("%global b1 other");
    fork.undefine("a1");
    expect([base.expand("%b1 %a1"), fork.expand("%b1 %a1")]).toEqual(["yes yes", "other %a1"]);
    expect(fork.names()).not.toContain("a1");
  });

  it("never runs anything, and says what is missing", () => {
    const one = context();
    one.load("%when %(date)\n%lua1 %{lua:print(os.time())}", "m");
    expect(one.expandValue("x%{when}y")).toEqual({ text: "xy", taints: ["needs a command to run: date"] });
    expect(one.expandValue("%{?when:a}%{lower:%lua1}").taints).toEqual(["needs a Lua block to run: print(os.time())"]);
    expect(one.expandValue("%[0%(date) ? 1 : 2]")).toEqual({ text: "2", taints: ["needs a command to run: date"] });
    expect(one.expandValue("\ufdd07\ufdd1")).toEqual({ text: "\ufdd07\ufdd1", taints: [] });
    expect(one.expandValue("%{load:/etc/passwd}").taints).toEqual([
      "needs the macro file /etc/passwd, which was not given",
    ]);
  });

  it("answers the block that rpmautospec writes", () => {
    const one = context();
    one.define("dist", ".x1");
    one.expand(`%define autorelease(e:s:pb:n) %{?-p:0.}%{lua:
    release_number = 7;
    base_release_number = tonumber(rpm.expand("%{?-b*}%{!?-b:1}"));
    print(release_number + base_release_number - 1);
}%{?-e:.%{-e*}}%{?-s:.%{-s*}}%{!?-n:%{?dist}}`);
    expect(one.expand("%autorelease")).toBe("7.x1");
    expect(one.expand("%{autorelease -b 3 -e rc1}")).toBe("9.rc1.x1");
  });

  it("takes no part of this machine", () => {
    const one = context();
    expect(one.expand("%{getenv:HOME} [%{getenv:PATH}] %{getncpus} %{getconfdir}")).toBe("/home/x [] 1 /usr/lib/rpm");
    expect(one.expand("%{exists:/etc/passwd}")).toBe("0");
  });
});

function codeOf(work: () => unknown): string {
  try {
    work();
    return "";
  } catch (error) {
    if (error instanceof WeirError) return error.code;
    throw error;
  }
}

describe("errors", () => {
  it.each([
    ["%{open", "MACRO_UNTERMINATED"],
    ["%(open", "MACRO_UNTERMINATED"],
    ["%[open", "MACRO_UNTERMINATED"],
    ["%define r %r\n%r", "MACRO_TOO_DEEP"],
    ["%define", "MACRO_DEFINITION"],
    ["%define x %{a", "MACRO_DEFINITION"],
    ["%opt -z", "MACRO_OPTION"],
    ["%opt -b", "MACRO_OPTION"],
    ["%{error:no}", "MACRO_ERROR"],
    ["%[abc]", "EXPRESSION_SYNTAX"],
    ['%[1 == "a"]', "EXPRESSION_SYNTAX"],
    ["%[1/0]", "EXPRESSION_SYNTAX"],
    ["%{rep x 999999999}", "MACRO_TOO_LARGE"],
    ["%{gsub a [ b}", "LUA_PATTERN"],
    [`%[${"(".repeat(200)}1${")".repeat(200)}]`, "EXPRESSION_SYNTAX"],
  ])("%j gives %s", (text, code) => {
    const one = context();
    expect(codeOf(() => one.expand(text))).toBe(code);
    expect(one.expand("%b1")).toBe("yes");
  });

  it("bound doubling and endless work", () => {
    const doubling = new MacroContext();
    doubling.define("a0", "xxxxxxxxxxxxxxxx");
    for (let i = 1; i < 40; i++) doubling.define(`a${i}`, `%a${i - 1}%a${i - 1}`);
    expect(codeOf(() => doubling.expand("%a39"))).toMatch(/MACRO_(BUDGET|TOO_LARGE)/);
    const slow = new MacroContext({ budget: 100_000 });
    slow.define("a0", "%{nil}");
    for (let i = 1; i < 40; i++) slow.define(`a${i}`, `%a${i - 1}%a${i - 1}`);
    expect(codeOf(() => slow.expand("%a39"))).toBe("MACRO_BUDGET");
    expect(codeOf(() => substitutePattern("a".repeat(5000), `${".-".repeat(20)}b`, ""))).toBe("LUA_PATTERN");
  });

  it("name a macro set that is none", () => {
    expect(codeOf(() => loadMacroSet("/nonexistent"))).toBe("MACRO_SET_EMPTY");
  });

  it("are the only thing hostile text gives", () => {
    const all = `${file}\n${table.map(([text]) => text).join("\n")}`;
    for (let i = 0; i < all.length; i++) codeOf(() => context().expand(all.slice(0, i)));
    let state = 1;
    const next = (below: number) => {
      state = (state * 48271) % 2147483647;
      return state % below;
    };
    const alphabet = "%{}()[]:?!*#-\\\n \"'ab1vX|&<>=,\x1f\ufdd0\ufdd1";
    for (let i = 0; i < 3000; i++) {
      const chars = [...(table[next(table.length)]?.[0] ?? "")];
      for (let j = 0; j < 4; j++) chars.splice(next(chars.length + 1), next(3), alphabet[next(alphabet.length)] ?? "%");
      const text = chars.join("");
      codeOf(() => context().expand(text));
      const loaded = new MacroContext();
      codeOf(() => loaded.load(text, "m"));
      codeOf(() => evaluateExpression(text, (part) => part));
    }
  });
});
