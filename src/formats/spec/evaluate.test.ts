import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { azureLinuxTree, missingTool } from "../../../test/support/tools.ts";
import { run, WeirError } from "../../core/index.ts";
import { loadMacroSet, MacroContext } from "../macro/index.ts";
import { formatDependency } from "../rpm/index.ts";
import { type EvaluatedSpec, evaluateSpec, parseDependencyList } from "./index.ts";

const head = "Name: foo\nVersion: 1.0~rc1\nRelease: 2%{?dist}\nSummary: S\nLicense: MIT\n";

const rich = `${head}Epoch: 3
%bcond tests 1
%bcond_with docs
Source0: http://x/%{name}-%{version}.tar.gz
Source: b.txt
Source5: c
Source: https://x/#/d.txt
Patch: p1.patch
Patch7: p2.patch
BuildRequires: gcc, make  >= 3 pkgconfig(x) = 1:2-3
BuildRequires: (a if b) libfoo%{?_isa}
%if %{with tests} && 0%{?never} == 0
BuildRequires: check
%elif 1
BuildRequires: wrong
%else
%if 1
%endif
BuildRequires: wrong2
%endif
%ifarch x86_64 aarch64
BuildRequires: here
%endif
%ifnarch x86_64
BuildRequires: wrong3
%endif
Requires(post,postun): /sbin/ldconfig
Requires: a^b >= 1^2
Provides: bundled(zz) = 4
Url: %{SOURCE0}|%{PATCH7}|%{S:1}|%{SOURCEURL0}|%{epoch}|%{SOURCE6}
%description
%global late yes
text
%package devel
Summary: D %{late}
Version: 9
BuildArch: noarch
Requires: %{name} = %{version}-%{release}
Recommends: r
%description devel
%package -n other
Summary: O %{version} %{VERSION}
%description -n other
%generate_buildrequires
echo x
%post
true
%post devel -p /sbin/ldconfig
%postun -n other -p <lua>
print("x")
%preun -p "/usr/bin/perl -w"
%triggerin -- bash > 1
true
%files
%attr(0755,root,root) /usr/bin/foo
%exclude /usr/bin/bar
%dir "/usr/share/foo"
%files -n other
%changelog
`;

function bare(): MacroContext {
  const context = new MacroContext();
  context.define("_isa", "(x86-64)");
  return context;
}

const flat = (list: EvaluatedSpec["buildRequires"]) => list.map((one) => `${formatDependency(one)} @${one.line}`);

describe("evaluateSpec", () => {
  const spec = evaluateSpec(rich, bare(), { file: "foo.spec", defines: { dist: ".x1" }, with: ["docs"] });

  it("gives what rpmspec would tell", () => {
    expect([spec.name, spec.epoch, spec.version, spec.release, spec.license]).toEqual([
      "foo",
      3,
      "1.0~rc1",
      "2.x1",
      "MIT",
    ]);
    expect(spec.url).toBe(
      "/sources/foo-1.0~rc1.tar.gz|/sources/p2.patch|/sources/b.txt|http://x/foo-1.0~rc1.tar.gz|3|/sources/d.txt",
    );
    expect(flat(spec.buildRequires)).toEqual([
      "gcc @15",
      "make >= 3 @15",
      "pkgconfig(x) = 1:2-3 @15",
      "(a if b) @16",
      "libfoo(x86-64) @16",
      "check @18",
      "here @27",
    ]);
    expect(spec.sources.map((one) => [one.number, one.file, one.line])).toEqual([
      [0, "foo-1.0~rc1.tar.gz", 9],
      [1, "b.txt", 10],
      [5, "c", 11],
      [6, "d.txt", 12],
    ]);
    expect(spec.patches.map((one) => [one.number, one.file])).toEqual([
      [0, "p1.patch"],
      [7, "p2.patch"],
    ]);
    expect(spec.dynamicBuildRequires).toBe(true);
    expect(spec.conditions).toEqual([
      { name: "tests", default: true, value: true, line: 7 },
      { name: "docs", default: false, value: true, line: 8 },
    ]);
    expect(spec.tainted).toEqual([]);
  });

  it("tells the packages apart", () => {
    const [main, devel, other] = spec.packages;
    expect(spec.packages.map((one) => [one.name, one.version, one.arch, one.built, one.summary])).toEqual([
      ["foo", "1.0~rc1", "x86_64", true, "S"],
      ["foo-devel", "9", "noarch", false, "D yes"],
      ["other", "1.0~rc1", "x86_64", true, "O 9 1.0~rc1"],
    ]);
    expect(main?.requires.map((one) => `${formatDependency(one)} ${one.flags}`)).toEqual([
      "/sbin/ldconfig 5120",
      "a^b >= 1^2 12",
      "/bin/sh 1280",
      "rpmlib(ScriptletInterpreterArgs) <= 4.0.3-1 16777226",
      "/usr/bin/perl 2304",
      "/bin/sh 256",
    ]);
    expect(main?.provides.map(formatDependency)).toEqual([
      "bundled(zz) = 4",
      "foo = 3:1.0~rc1-2.x1",
      "foo(x86-64) = 3:1.0~rc1-2.x1",
    ]);
    expect(main?.files).toEqual(["/usr/bin/foo", "/usr/share/foo"]);
    expect(devel?.requires.map(formatDependency)).toEqual(["foo = 9-2.x1", "/sbin/ldconfig"]);
    expect(devel?.provides.map(formatDependency)).toEqual(["foo-devel = 3:9-2.x1"]);
    expect(other?.requires.map(formatDependency)).toEqual(["rpmlib(BuiltinLuaScripts) <= 4.2.2-1"]);
  });

  it("reads a noarch spec again for noarch", () => {
    const noarch = evaluateSpec(
      `${head}BuildArch: noarch\n%ifarch noarch\nRequires: yes\n%endif\n%ifarch x86_64\nRequires: no\n%endif\n%description\n%package a\nSummary: x\n`,
      bare(),
    );
    expect(noarch.buildArch).toBe("noarch");
    expect(noarch.packages.map((one) => [one.name, one.arch, one.requires.map((need) => need.name).join()])).toEqual([
      ["foo", "noarch", "yes"],
      ["foo-a", "noarch", ""],
    ]);
  });

  it("keeps what is not known apart", () => {
    const text = `${head}BuildRequires: a%(date) b = %{lua:x()} %{nope c} d
Source0: %(id)/x.tar
%gometa -f
%include %{SOURCE9}
%if %{undefined_thing}
Requires: x
%endif
%description
`;
    const result = evaluateSpec(text, bare());
    expect(result.buildRequires.map(formatDependency)).toEqual(["b", "d"]);
    expect(result.tainted.map((one) => `${one.line} ${one.subject}: ${one.reason}`)).toEqual([
      "6 BuildRequires a: needs a command to run: date",
      "6 BuildRequires b: needs a Lua block to run: x()",
      "6 BuildRequires: the macro %{nope c} is not defined",
      "7 Source0: needs a command to run: id",
      "8 %gometa: the macro %gometa is not defined",
      "9 %include: %{SOURCE9} was not given",
      "10 %if: unexpected '%' in the expression: %{undefined_thing}",
    ]);
    expect(result.sources[0]?.file).toBe("x.tar");
  });

  it("includes and loads only what is handed in", () => {
    const asked: string[] = [];
    const readSource = (name: string) => {
      asked.push(name);
      return name === "inc" ? "Requires: fromfile\n" : name === "m" ? "%loaded value\n" : undefined;
    };
    const text = `${head}Source1: inc\n%include %{SOURCE1}\n%{load:%{_sourcedir}/m}\nRequires: %{loaded}\n%include /etc/passwd\n%include %{_sourcedir}/../x\n%description\n`;
    const result = evaluateSpec(text, bare(), { readSource });
    expect(result.packages[0]?.requires.map((one) => `${one.name} ${one.line}`)).toEqual(["fromfile 7", "value 9"]);
    expect(asked).toEqual(["inc", "m"]);
    expect(result.tainted.map((one) => one.subject)).toEqual(["%include", "%include"]);
  });

  it("splits dependency lists", () => {
    expect(parseDependencyList("a,b >= 1, c<2 (x if (y and z)) d = ").map(formatDependency)).toEqual([
      "a",
      "b >= 1",
      "c<2",
      "(x if (y and z))",
      "d",
    ]);
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

describe("what cannot be evaluated", () => {
  it.each([
    ["Name: a\n", "SPEC_TAG_MISSING"],
    [`${head}%if 1\n`, "SPEC_CONDITIONAL"],
    [`${head}%endif\n`, "SPEC_CONDITIONAL"],
    [`${head}%if 1\n%else\n%else\n%endif\n`, "SPEC_CONDITIONAL"],
    [`${head}%package a\nSummary: x\n%package a\n`, "SPEC_PACKAGE_TWICE"],
    [`${head}%define r %r\n%r\n`, "MACRO_TOO_DEEP"],
    [`${head}%define r() %{rep x\\n 9999999}\n%{expand:%{gsub %{r} x \n\n}}\n`, "MACRO_TOO_LARGE"],
    [`${head}${"%if 1\n".repeat(1001)}`, "SPEC_CONDITIONAL"],
  ])("%#: %j", (text, code) => {
    expect(codeOf(() => evaluateSpec(text, bare(), { file: "a.spec" }))).toBe(code);
  });

  it("bounds the lines that a macro can make", () => {
    const text = `${head}%define n %{gsub %{rep x 1000} x y\n}\n${"%{expand:%{rep %{quote:%n} 1000}}\n".repeat(4)}`;
    expect(codeOf(() => evaluateSpec(text.replace("y\n", "%{quote:\n}"), bare()))).toMatch(
      /^(SPEC_TOO_LARGE|MACRO_\w+|)$/,
    );
    const many = `${head}%define n %{expand:\n}\n%define m ${"%n".repeat(3000)}\n${"%m\n".repeat(800)}`;
    expect(codeOf(() => evaluateSpec(many, bare()))).toBe("SPEC_TOO_LARGE");
  });

  it("takes bounded time for long lines", () => {
    const start = performance.now();
    for (const line of [
      `Requires: ${"%{a} ".repeat(100_000)}`,
      `Requires: ${"%a ".repeat(200_000)}`,
      `Summary: ${"%{x:".repeat(50_000)}${"}".repeat(50_000)}`,
      `Requires: ${"a ".repeat(300_000)}`,
      `Requires: ${"(".repeat(300_000)}`,
      `%define big %{rep x 1000000}\n${"%{big}\n".repeat(500)}`,
      "%{a\n".repeat(20_000),
      `%{load:%{_sourcedir}/m}`,
    ]) {
      codeOf(() => evaluateSpec(`${head}${line}\n`, bare(), { readSource: () => "%a {\n".repeat(200_000) }));
    }
    expect(performance.now() - start).toBeLessThan(40_000);
  });

  it("is always a WeirError", () => {
    for (let i = 0; i < rich.length; i++) codeOf(() => evaluateSpec(rich.slice(0, i), bare()));
    let state = 3;
    const next = (below: number) => {
      state = (state * 48271) % 2147483647;
      return state % below;
    };
    const pieces = [
      "%",
      "{",
      "}",
      "(",
      ")",
      "\n",
      "%if ",
      "%endif\n",
      "%package ",
      "%files ",
      ":",
      " ",
      "\\",
      "%else\n",
      "%define ",
      "\ufdd0",
      "\0",
    ];
    for (let i = 0; i < 2000; i++) {
      let text = rich;
      for (let j = 0; j < 5; j++) {
        const at = next(text.length);
        text = text.slice(0, at) + (pieces[next(pieces.length)] ?? "") + text.slice(at + next(4));
      }
      codeOf(() => evaluateSpec(text, bare()));
    }
  });
});

/** What rpmspec tells, as sorted lines, and the same from us. */
async function fromRpm(
  spec: string,
  macros: string,
  defines: Readonly<Record<string, string>>,
): Promise<string[] | undefined> {
  const args = ["--macros", macros, ...Object.entries(defines).flatMap(([name, body]) => ["-D", `${name} ${body}`])];
  const options = {
    env: { PATH: process.env.PATH ?? "", HOME: "/nonexistent", LC_ALL: "C.UTF-8" },
    accept: "any",
    timeout: 60_000,
  } as const;
  const format = (kinds: string) =>
    `= %{NAME} %{EPOCH} %{VERSION} %{RELEASE}\\n${[...kinds].map((kind) => `[${kind} ${{ R: "%{REQUIRENEVRS}", P: "%{PROVIDENEVRS}", S: "%{SOURCE}", T: "%{PATCH}", O: "%{OBSOLETENEVRS}", E: "%{RECOMMENDNEVRS}" }[kind]}\\n]`).join("")}`;
  const source = await run("rpmspec", [...args, "-q", "--srpm", "--qf", format("RST"), spec], options);
  if (source.exitCode !== 0) return undefined;
  const binary = await run("rpmspec", [...args, "-q", "--qf", format("RPOE"), spec], options);
  const built = await run("rpmspec", [...args, "-q", "--builtrpms", "--qf", "B %{NAME}\\n", spec], options);
  const text = [source.stdout.toString().replace("= ", "src "), binary.stdout.toString(), built.stdout.toString()]
    .join("")
    .replaceAll("(none)", "0");
  return [...new Set(text.split("\n"))].filter((line) => line !== "").sort();
}

function fromWeir(spec: EvaluatedSpec): string[] {
  const lines = [`src ${spec.name} ${spec.epoch} ${spec.version} ${spec.release}`];
  for (const one of spec.buildRequires) lines.push(`R ${formatDependency(one)}`);
  for (const one of spec.sources) lines.push(`S ${one.file}`);
  for (const one of spec.patches) lines.push(`T ${one.file}`);
  for (const one of spec.packages) {
    lines.push(`= ${one.name} ${one.epoch} ${one.version} ${one.release}`);
    if (one.built) lines.push(`B ${one.name}`);
    for (const [kind, list] of [
      ["R", one.requires],
      ["P", one.provides],
      ["O", one.obsoletes],
      ["E", one.recommends],
    ] as const) {
      for (const need of list) lines.push(`${kind} ${formatDependency(need)}`);
    }
  }
  return [...new Set(lines)].sort();
}

function specsBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".spec") && statSync(join(folder, name)).isFile())
    .sort()
    .map((name) => join(folder, name));
}

const debianMacros = "/usr/lib/rpm/macros:/usr/lib/rpm/platform/x86_64-linux/macros";

describe("beside rpmspec", () => {
  const noRpm = missingTool("rpmspec");
  const examples = resolve(import.meta.dirname, "../../../examples");

  it.skipIf(noRpm !== undefined)("agrees on the example world", { timeout: 300_000 }, async () => {
    const specs = specsBelow(examples);
    const folder = join(examples, "macros/macros.d");
    const names = readdirSync(folder).sort();
    const context = loadMacroSet("/usr/lib/rpm", { rpmVersion: "4.18.0" });
    for (const name of names) context.load(readFileSync(join(folder, name), "utf8"), name);
    for (const path of specs) {
      const defines = { dist: ".bk1", _sourcedir: dirname(path) };
      const expected = await fromRpm(
        path,
        `${debianMacros}:${names.map((name) => join(folder, name)).join(":")}`,
        defines,
      );
      const result = evaluateSpec(readFileSync(path, "utf8"), context, { defines });
      expect([path, result.tainted]).toEqual([path, []]);
      expect([path, fromWeir(result)]).toEqual([path, expected]);
    }
    expect(specs.length).toBeGreaterThan(10);
  });

  const tree = azureLinuxTree();
  const reason = noRpm ?? tree.missing;

  it.skipIf(reason !== undefined)("agrees on a sample of the real tree", { timeout: 600_000 }, async () => {
    const root = join(tree.path ?? "", "specs");
    const specs = specsBelow(root).filter((_, i) => i % 100 === 50);
    const context = loadMacroSet("/usr/lib/rpm", { rpmVersion: "4.18.0", environment: { HOME: "/nonexistent" } });
    const wrong: string[] = [];
    let equal = 0;
    let unknown = 0;
    for (const path of specs) {
      const text = readFileSync(path, "utf8");
      // Where /bin/sh is dash, rpm itself gets these wrong.
      if (/\$\{\w+:\d/.test(text)) continue;
      const readSource = (name: string) => {
        try {
          return readFileSync(join(dirname(path), name), "utf8");
        } catch {
          return undefined;
        }
      };
      const expected = await fromRpm(path, debianMacros, { dist: ".azl4", _sourcedir: dirname(path) });
      if (expected === undefined) continue;
      const result = evaluateSpec(text, context, { defines: { dist: ".azl4" }, readSource });
      if (JSON.stringify(fromWeir(result)) === JSON.stringify(expected)) equal++;
      else if (result.tainted.length > 0) unknown++;
      else wrong.push(basename(path));
    }
    // A difference without a taint would be a lie.
    expect(wrong).toEqual([]);
    expect(equal / (equal + unknown)).toBeGreaterThan(0.9);
  });
});
