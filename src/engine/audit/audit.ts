import { type Instruction, parseDockerfile, readPackageCommand } from "../../formats/dockerfile/index.ts";
import { PackageIndex } from "../compat/index.ts";
import { checkFiles } from "./check-files.ts";
import { checkImages, type StageKind } from "./check-images.ts";
import { checkManager } from "./check-manager.ts";
import { PackageChecks, type Request } from "./check-packages.ts";
import { checkSolve } from "./check-solve.ts";
import { checkSystem } from "./check-system.ts";
import { checkText } from "./check-text.ts";
import { checkTools } from "./check-tools.ts";
import { Collector } from "./collector.ts";
import { NameResolver } from "./resolve-name.ts";
import type { AuditOptions, AuditResult } from "./types.ts";

/** Commands of a stage that may run or not, each solved on its own. */
const maxOptional = 50;

/**
 * Judges a Dockerfile of the legacy distribution against a target: what will fail, what will be different, what could not be judged, and
 * the edits that are safe to make by machine. Stages on images of neither are left alone unless they call the legacy package manager.
 * Errors: those of parseDockerfile.
 */
export async function auditDockerfile(text: string, options: AuditOptions): Promise<AuditResult> {
  const { file, legacy, map } = options;
  const dockerfile = parseDockerfile(text, file);
  const out = new Collector(file, text);
  const before = options.before && new PackageIndex(options.before);
  const names = new NameResolver(map, options.target, before);
  const managers = new Set(Object.keys(legacy.managers));
  const kinds = checkImages(out, dockerfile, legacy);
  for (const { span, message } of dockerfile.problems) out.skip(span, "not understood", message);
  const packages = new PackageChecks(out, names, legacy, options.targetDistTag);
  const inventory = { stages: dockerfile.stages.length, legacyStages: 0, commands: 0, packageCommands: 0, packages: 0 };
  for (const stage of dockerfile.stages) {
    const instructions = dockerfile.instructions.filter((instruction) => instruction.stage === stage.index);
    const kind = kindOf(kinds[stage.index] ?? "unknown", instructions, legacy.managers);
    if (kind === "legacy") inventory.legacyStages++;
    if (kind === "other") continue;
    const requests: Request[] = [];
    const optional: Request[][] = [];
    for (const instruction of instructions) {
      if (instruction.keyword !== "FROM") checkText(out, instruction, legacy);
      checkSystem(out, instruction, names, before);
      checkFiles(out, instruction, names, map, before, legacy);
      inventory.commands += instruction.commands.length;
      for (const command of instruction.commands) {
        const found = readPackageCommand(command, managers);
        if (!found) continue;
        inventory.packageCommands++;
        const isExec = instruction.exec !== undefined;
        checkManager(out, found, legacy, isExec);
        const asked = packages.check(found, isExec);
        if (!command.conditional) for (const item of asked) requests.push(item);
        else if (asked.length > 0) optional.push(asked);
      }
    }
    const { span } = stage.instruction;
    let installed: ReadonlySet<string> | undefined = new Set(requests.map((request) => request.name));
    if (options.solve) {
      const solved = await checkSolve(out, requests, span, options.solve);
      installed = solved ?? installed;
      for (const asked of optional.slice(0, maxOptional)) await checkSolve(out, asked, span, options.solve);
      if (optional.length > maxOptional) {
        out.skip(span, "installation", `more than ${maxOptional} commands that may run: the rest was not solved`);
      }
    } else if (requests.length > 0) {
      out.failed("PKG014");
      out.skip(
        span,
        "installation",
        "no solver was given: whether the packages can be installed together is not known",
      );
    }
    if (options.base) {
      const all = new Set([...installed, ...optional.flat().map((request) => request.name)]);
      checkTools(out, instructions, names, options.base, all);
    }
  }
  inventory.packages = packages.count;
  if (inventory.legacyStages === 0 && inventory.packageCommands === 0) {
    const start = { offset: 0, line: 1, column: 1 };
    const reason =
      dockerfile.stages.length === 0
        ? "there is no FROM in it"
        : "no stage builds on the legacy distribution, and no package command was found";
    out.finding("AUDIT001", { start, end: start }, file, reason);
  } else out.looked("AUDIT001");
  return { schema: "weir/audit/1", file, legacy: legacy.name, target: options.target.id, ...out.finish(), inventory };
}

/** A stage on some other image that calls the legacy package manager builds on something made from the legacy distribution. */
function kindOf(
  kind: StageKind,
  instructions: readonly Instruction[],
  managers: Readonly<Record<string, string>>,
): StageKind {
  if (kind !== "other") return kind;
  const own = new Set(
    Object.keys(managers).filter((name) => managers[name] !== name && name !== "yum" && name !== "microdnf"),
  );
  const calls = instructions.some((instruction) =>
    instruction.commands.some((command) => readPackageCommand(command, own)),
  );
  return calls ? "legacy" : "other";
}
