// Builds a trivial package as the line does and with rpmbuild alone, in turn; prints the milliseconds of each round as JSON.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chooseSandbox } from "../src/adapters/sandbox/index.ts";
import { silentProgress } from "../src/core/index.ts";
import { BuildStore, buildComponent, openHostBuildroot, type Sandbox } from "../src/engine/build/index.ts";

const [folder = "", rounds = "5"] = process.argv.slice(2);
const store = await BuildStore.open(join(folder, "store"));
const { sandbox } = await chooseSandbox({ scratch: join(folder, "scratch") });
const buildroot = await openHostBuildroot({ store, arch: "x86_64", macros: [], provides: new Map([["gcc", "gcc"]]) });

const weir: number[] = [];
const inside: number[] = [];
const alone: number[] = [];
const overhead: number[] = [];
for (let round = 0; round <= Number(rounds); round++) {
  const text = specOf(round + 1);
  const runs: number[] = [];
  const whole = await timed(() => buildWith(watched(sandbox, runs), text));
  const bare = await timed(async () => bareBuild(text, join(folder, `bare-${round}`)));
  // The first round fills the store with what later builds share.
  if (round === 0) continue;
  weir.push(whole);
  inside.push(runs.reduce((sum, run) => sum + run, 0));
  alone.push(bare);
  overhead.push(whole - bare);
}
console.log(
  JSON.stringify({
    "weir, whole build": weir,
    "of it in the sandbox (rpmbuild -bs, -bb)": inside,
    "rpmbuild -bs, -bb alone": alone,
    "overhead: weir − rpmbuild": overhead,
  }),
);

function specOf(release: number): string {
  return `Name: trivial
Version: 1
Release: ${release}
Summary: Text
License: MIT
BuildArch: noarch
%description
Text.
%install
mkdir -p %{buildroot}/usr/share/trivial
echo text > %{buildroot}/usr/share/trivial/text
%files
/usr/share/trivial
`;
}

async function buildWith(used: Sandbox, text: string): Promise<void> {
  const node = { id: "trivial", with: [], without: [], buildRequires: [], dynamicBuildRequires: false };
  const files = new Map([["trivial.spec", { content: Buffer.from(text), executable: false }]]);
  const rendered = { name: "trivial", specFile: "trivial.spec", files, sourceDateEpoch: 1_700_000_000 };
  const options = { store, buildroot, sandbox: used, progress: silentProgress, built: [] };
  const built = await buildComponent({ node, rendered, sources: new Map() }, options);
  if (built.reused) throw new Error("a build was reused that should have run");
}

/** The sandbox with the time of each run noted. */
function watched(real: Sandbox, runs: number[]): Sandbox {
  return {
    name: real.name,
    networkIsolated: real.networkIsolated,
    commandLine: (request) => real.commandLine(request),
    run: async (request) => {
      let outcome: Awaited<ReturnType<Sandbox["run"]>> | undefined;
      runs.push(
        await timed(async () => {
          outcome = await real.run(request);
        }),
      );
      if (outcome === undefined) throw new Error("the sandbox gave no outcome");
      return outcome;
    },
  };
}

function bareBuild(text: string, top: string): void {
  mkdirSync(join(top, "SPECS"), { recursive: true });
  const spec = join(top, "SPECS/trivial.spec");
  writeFileSync(spec, text);
  for (const mode of ["-bs", "-bb"]) {
    const args = [mode, "--nodeps", "--target", "x86_64", "--define", `_topdir ${top}`, spec];
    const { status, stderr } = spawnSync("rpmbuild", args, { stdio: ["ignore", "ignore", "pipe"] });
    if (status !== 0) throw new Error(`rpmbuild ${mode} ended with ${status}: ${stderr.toString()}`);
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
