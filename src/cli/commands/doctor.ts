import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspectTools, installCommand, machineFamily } from "../../adapters/machine/index.ts";
import { type Finding, makeReport, messageOf, type Report, type Table } from "../../core/index.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { commandRules } from "../rules.ts";

const purposes: Record<string, string> = {
  run: "needed to rebuild",
  fallback: "needed where namespaces are refused",
  test: "needed by tests",
  seed: "needed by the buildroot test",
};

interface SandboxProbe {
  readonly name: string;
  readonly works: boolean;
  readonly reason: string | undefined;
}

/** Runs a program in each kind of sandbox. */
async function probeSandboxes(signal: AbortSignal): Promise<SandboxProbe[]> {
  const { chooseSandbox, sandboxNames } = await import("../../adapters/sandbox/index.ts");
  const scratch = await mkdtemp(join(tmpdir(), "weir-doctor-"));
  const probes: SandboxProbe[] = [];
  try {
    for (const name of sandboxNames) {
      signal.throwIfAborted();
      try {
        const { notices } = await chooseSandbox({ scratch, prefer: name });
        probes.push({ name, works: true, reason: notices[0]?.reason });
      } catch (error) {
        probes.push({ name, works: false, reason: messageOf(error) });
      }
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return probes;
}

export async function doctor(_input: CommandInput, context: CommandContext): Promise<Report> {
  const tools = inspectTools();
  const family = machineFamily();
  const probes = await probeSandboxes(context.signal);
  const findings: Finding[] = [];
  for (const purpose of Object.keys(purposes)) {
    const missing = tools.filter((tool) => tool.for === purpose && tool.found === undefined);
    if (missing.length === 0) continue;
    const command = installCommand(missing, family);
    findings.push({
      rule: commandRules.DOCTOR001.id,
      severity: purpose === "run" ? "high" : "low",
      subject: missing.map((tool) => tool.program).join(", "),
      message: `missing, ${purposes[purpose]}`,
      evidence: missing.map((tool) => ({ what: `${tool.program}: ${tool.why}` })),
      ...(command === undefined ? {} : { remedy: command }),
    });
  }
  if (!probes.some((probe) => probe.works)) {
    findings.push({
      rule: commandRules.DOCTOR002.id,
      severity: "high",
      subject: "sandbox",
      message: "no way to keep builds apart works here",
      evidence: probes.map((probe) => ({ what: `${probe.name}: ${probe.reason ?? ""}` })),
      remedy: commandRules.DOCTOR002.remedy,
    });
  }
  const toolTable: Table = {
    id: "tools",
    title: "Programs",
    columns: ["program", "purpose", "found", "debian package", "fedora package"],
    rows: tools.map((tool) => [
      tool.program,
      purposes[tool.for] ?? tool.for,
      tool.found ?? "missing",
      tool.debian,
      tool.fedora,
    ]),
  };
  const sandboxTable: Table = {
    id: "sandboxes",
    title: "Ways to keep builds apart, best first",
    columns: ["way", "works", "remark"],
    rows: probes.map((probe) => [probe.name, probe.works, probe.reason ?? ""]),
  };
  const first = probes.find((probe) => probe.works);
  const ready = findings.every((finding) => finding.severity !== "high");
  return makeReport("doctor", "What this machine can do", {
    summary: [
      ready ? `Ready to rebuild${first ? `, builds kept apart by ${first.name}` : ""}.` : "Not ready to rebuild yet.",
    ],
    tables: [toolTable, sandboxTable],
    findings,
  });
}
