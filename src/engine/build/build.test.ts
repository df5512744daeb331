import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sandboxFor } from "../../../test/support/sandboxes.ts";
import { missingTool } from "../../../test/support/tools.ts";
import { silentProgress } from "../../core/index.ts";
import {
  BuildStore,
  type BuiltNode,
  buildComponent,
  type CandidatePackage,
  type ComponentBuild,
  candidateOf,
  openHostBuildroot,
} from "./index.ts";

const missing = missingTool("rpmbuild", "gcc", "make", "bwrap");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "weir-build-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const library = `Name: libflow
Version: 1.0
Release: 1
Summary: A library
License: MIT
Source0: flow.c
Source1: flow.h
BuildRequires: gcc
%description
A library.
%package devel
Summary: Headers
Requires: libflow = %{version}-%{release}
%description devel
Headers.
%build
gcc -g -O2 -shared -fPIC -Wl,-soname,libflow.so.1 -o libflow.so.1 %{SOURCE0}
%install
install -D libflow.so.1 %{buildroot}/usr/lib64/libflow.so.1
ln -s libflow.so.1 %{buildroot}/usr/lib64/libflow.so
install -D -m644 %{SOURCE1} %{buildroot}/usr/include/flow.h
mkdir -p %{buildroot}/usr/lib64/pkgconfig
printf 'Name: flow\\nDescription: x\\nVersion: 1.0\\nLibs: -lflow\\n' > %{buildroot}/usr/lib64/pkgconfig/flow.pc
%files
/usr/lib64/libflow.so.1
%files devel
/usr/lib64/libflow.so
/usr/include/flow.h
/usr/lib64/pkgconfig/flow.pc
`;

const program = `Name: gauge
Version: 2
Release: 1
Summary: A program
License: MIT
Source0: gauge.c
BuildRequires: gcc, pkgconfig(flow)
%description
A program.
%build
gcc -o gauge %{SOURCE0} $(pkg-config --libs flow)
./gauge
%install
install -D gauge %{buildroot}/usr/bin/gauge
%files
/usr/bin/gauge
`;

function componentOf(
  specText: string,
  files: Record<string, string>,
  change: Partial<ComponentBuild["node"]> = {},
): ComponentBuild {
  const name = /^Name: (\S+)/m.exec(specText)?.[1] ?? "";
  const specFile = `${name}.spec`;
  const all = { ...files, [specFile]: specText };
  const rendered = new Map(
    Object.entries(all).map(([key, text]) => [key, { content: Buffer.from(text), executable: false }]),
  );
  const buildRequires = [...specText.matchAll(/^BuildRequires: (.+)$/gm)].flatMap((match) =>
    (match[1] ?? "").split(/, */),
  );
  return {
    node: { id: name, with: [], without: [], buildRequires, dynamicBuildRequires: false, ...change },
    rendered: { name, specFile, files: rendered, sourceDateEpoch: 1_700_000_000 },
    sources: new Map(),
  };
}

const flowSources = { "flow.c": "int flow(void) { return 42; }\n", "flow.h": "int flow(void);\n" };
const flow = componentOf(library, flowSources);
const gauge = componentOf(program, { "gauge.c": "#include <flow.h>\nint main(void) { return flow() != 42; }\n" });

async function setUp(name: string, kind: "overlay" | "plain" | "proot" = "overlay") {
  const store = await BuildStore.open(join(folder, name));
  const provides = new Map([["gcc", "gcc"]]);
  const buildroot = await openHostBuildroot({ store, arch: "x86_64", macros: [], provides });
  const sandbox = sandboxFor(kind, join(folder, name, "scratch"));
  const build = (component: ComponentBuild, built: readonly CandidatePackage[] = []) =>
    buildComponent(component, { store, buildroot, sandbox, progress: silentProgress, built });
  return { store, build };
}

async function candidates(node: BuiltNode): Promise<CandidatePackage[]> {
  return Promise.all(node.rpms.map(candidateOf));
}

describe("buildComponent", () => {
  it.skipIf(missing)("builds with what was built before, and only once", async () => {
    const { build } = await setUp("one");
    const first = await build(flow);
    expect(first).toMatchObject({ reused: false, reason: "never built" });
    expect(first.rpms.map((rpm) => rpm.nevra)).toEqual(["libflow-1.0-1.x86_64", "libflow-devel-1.0-1.x86_64"]);
    expect(first.srpm?.nevra).toBe("libflow-1.0-1.src");
    const second = await build(gauge, await candidates(first));
    const [gaugeRpm] = second.rpms;
    const requires = execFileSync("rpm", ["-qp", "--requires", gaugeRpm?.path ?? ""], { encoding: "utf8" });
    expect(requires).toContain("libflow.so.1()(64bit)");
    expect(second.inputs).toMatchObject({
      "package libflow.x86_64": `libflow-1.0-1.x86_64 ${first.rpms[0]?.sha256}`,
      "package libflow-devel.x86_64": expect.stringContaining("libflow-devel-1.0-1.x86_64 "),
    });
    expect(await build(gauge, await candidates(first))).toMatchObject({
      reused: true,
      key: second.key,
      rpms: second.rpms,
    });
  });

  it.skipIf(missing)("says which input changed, and stops where outputs stay the same", async () => {
    const { build } = await setUp("two");
    const first = await build(flow);
    await build(gauge, await candidates(first));
    const comment = await build(componentOf(`${library}# a remark\n`, flowSources));
    expect(comment).toMatchObject({ reused: false, reason: "spec changed" });
    expect(comment.rpms.map((rpm) => rpm.sha256)).toEqual(first.rpms.map((rpm) => rpm.sha256));
    expect((await build(gauge, await candidates(comment))).reused).toBe(true);
    const other = await build(
      componentOf(library, { ...flowSources, "flow.c": "int flow(void) { return 40 + 2; }\nint more;\n" }),
    );
    expect(other.reason).toBe("file flow.c changed, spec changed");
    const again = await build(gauge, await candidates(other));
    expect(again.reason).toBe("libflow-1.0-1.x86_64 rebuilt with other content");
  });
});
