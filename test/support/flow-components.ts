import { join } from "node:path";
import { silentProgress } from "../../src/core/index.ts";
import {
  BuildStore,
  type BuiltNode,
  buildComponent,
  type CandidatePackage,
  type ComponentBuild,
  type ComponentBuildOptions,
  candidateOf,
  openHostBuildroot,
} from "../../src/engine/build/index.ts";
import type { SandboxName } from "../../src/adapters/sandbox/index.ts";
import { sandboxFor } from "./sandboxes.ts";

export const librarySpec = `Name: libflow
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

const programSpec = `Name: gauge
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

/** A component as rendering gives it: name and needs are read off the spec text. */
export function componentOf(
  specText: string,
  files: Readonly<Record<string, string>> = {},
  change: Partial<ComponentBuild["node"]> = {},
): ComponentBuild {
  const name = /^Name: (\S+)/m.exec(specText)?.[1] ?? "";
  const specFile = `${name}.spec`;
  const entries = Object.entries({ ...files, [specFile]: specText });
  const buildRequires = [...specText.matchAll(/^BuildRequires: (.+)$/gm)].flatMap((match) =>
    (match[1] ?? "").split(/, */),
  );
  return {
    node: { id: name, with: [], without: [], buildRequires, dynamicBuildRequires: false, ...change },
    rendered: {
      name,
      specFile,
      files: new Map(entries.map(([file, text]) => [file, { content: Buffer.from(text), executable: false }])),
      sourceDateEpoch: 1_700_000_000,
    },
    sources: new Map(),
  };
}

export const flowSources = { "flow.c": "int flow(void) { return 42; }\n", "flow.h": "int flow(void);\n" };
export const flow = componentOf(librarySpec, flowSources);
export const gauge = componentOf(programSpec, {
  "gauge.c": "#include <flow.h>\nint main(void) { return flow() != 42; }\n",
});

/** A package of one text file. `extra` are lines for the preamble, `script` for %build. */
export function textPackage(name: string, extra = "", script = ""): string {
  return `Name: ${name}
Version: 1
Release: 1
Summary: Text
License: MIT
BuildArch: noarch
${extra}
%description
Text.
%build
${script}
%install
mkdir -p %{buildroot}/usr/share/${name}
echo text > %{buildroot}/usr/share/${name}/text
%files
/usr/share/${name}
`;
}

/** A store with a buildroot of this machine, and a function that builds in it. */
export async function hostBuilds(folder: string, kind: SandboxName = "overlay") {
  const store = await BuildStore.open(join(folder, "store"));
  const provides = new Map([["gcc", "gcc"]]);
  const buildroot = await openHostBuildroot({ store, arch: "x86_64", macros: [], provides });
  const sandbox = sandboxFor(kind, join(folder, "scratch"));
  const build = (
    component: ComponentBuild,
    built: readonly CandidatePackage[] = [],
    options: Partial<ComponentBuildOptions> = {},
  ) => buildComponent(component, { store, buildroot, sandbox, progress: silentProgress, built, ...options });
  return { store, buildroot, sandbox, build };
}

export function candidatesOf(node: BuiltNode): Promise<CandidatePackage[]> {
  return Promise.all(node.rpms.map(candidateOf));
}

/** File → sha256 of everything that a node gave. */
export function digestsOf(node: BuiltNode): Record<string, string> {
  const all = node.srpm === undefined ? node.rpms : [...node.rpms, node.srpm];
  return Object.fromEntries(all.map((artifact) => [artifact.file, artifact.sha256]));
}
