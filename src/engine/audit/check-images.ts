import type { Dockerfile, Instruction, Span, Stage } from "../../formats/dockerfile/index.ts";
import { matchesGlob } from "../compat/index.ts";
import type { Collector } from "./collector.ts";
import type { LegacyFacts, LegacyImage } from "./types.ts";

/** What a stage builds on: the legacy distribution, something else, or what only a build argument tells. */
export type StageKind = "legacy" | "other" | "unknown";

/** The legacy image that a reference means: as written, or by its name without tag and digest. */
export function matchImage(reference: string, legacy: LegacyFacts): LegacyImage | undefined {
  const tagged = reference.replace(/@.*$/, "");
  const bare = tagged.replace(/:[^:/]*$/, "");
  const exact = legacy.images.find(({ pattern }) => matchesGlob(tagged, pattern) || matchesGlob(bare, pattern));
  if (exact || !reference.includes("@")) return exact;
  return legacy.images.find(({ pattern }) => pattern.replace(/:[^:/]*$/, "") === bare);
}

/** Judges the images that stages and copies name, and tells what kind each stage is. */
export function checkImages(out: Collector, dockerfile: Dockerfile, legacy: LegacyFacts): StageKind[] {
  const kinds: StageKind[] = [];
  for (const stage of dockerfile.stages) {
    out.looked("IMG001");
    if (stage.parent !== undefined) {
      kinds.push(kinds[stage.parent] ?? "unknown");
      continue;
    }
    const { value } = stage.image;
    if (value === undefined || value === "") {
      out.skip(stage.image.span, stage.image.text, "which image it is depends on a build argument without default");
      kinds.push("unknown");
      continue;
    }
    const image = value === "scratch" ? undefined : matchImage(value, legacy);
    kinds.push(image ? "legacy" : "other");
    if (image) report(out, stage.image.span, value, image, legacy, editOf(out, dockerfile, stage, value, image));
  }
  const names = new Set(dockerfile.stages.flatMap((stage) => (stage.name === undefined ? [] : [stage.name])));
  for (const instruction of dockerfile.instructions) checkSources(out, instruction, names, legacy);
  return kinds;
}

/** Images that files are taken from: `COPY --from=image`, `RUN --mount=from=image`. */
function checkSources(out: Collector, instruction: Instruction, names: ReadonlySet<string>, legacy: LegacyFacts): void {
  for (const flag of instruction.flags) {
    const from =
      flag.name === "from"
        ? flag.value
        : flag.name === "mount"
          ? /(?:^|,)from=([^,]+)/.exec(flag.value)?.[1]
          : undefined;
    if (from === undefined || /^\d+$/.test(from) || names.has(from.toLowerCase())) continue;
    const image = matchImage(from, legacy);
    if (!image) continue;
    const at = out.text.indexOf(from, flag.span.start.offset);
    const whole = at >= 0 && at + from.length <= flag.span.end.offset;
    const span: Span = whole
      ? {
          start: {
            offset: at,
            line: flag.span.start.line,
            column: flag.span.start.column + at - flag.span.start.offset,
          },
          end: { ...flag.span.end, offset: at + from.length },
        }
      : flag.span;
    report(out, span, from, image, legacy, whole ? image.replacement : undefined);
  }
}

function report(
  out: Collector,
  span: Span,
  value: string,
  image: LegacyImage,
  legacy: LegacyFacts,
  edit: string | undefined,
): void {
  if (image.replacement === undefined) {
    out.finding(
      "IMG002",
      span,
      value,
      `${value} is an image of ${legacy.name} without a counterpart`,
      image.gone ? { severity: "blocker" } : {},
    );
  } else {
    out.finding(
      "IMG001",
      span,
      value,
      `${value} is an image of ${legacy.name}${image.gone ? " that can no longer be pulled" : ""}`,
      {
        ...(image.gone ? { severity: "blocker" } : {}),
        remedy: `build on ${image.replacement}`,
        edit,
      },
    );
  }
  if (value.includes("@")) out.finding("IMG003", span, value, "pinned by digest");
}

/** The image itself, or the default of the one build argument that names it. */
function editOf(
  out: Collector,
  dockerfile: Dockerfile,
  stage: Stage,
  value: string,
  image: LegacyImage,
): string | undefined {
  if (image.replacement === undefined) return undefined;
  if (stage.image.literal) return image.replacement;
  for (const instruction of dockerfile.instructions) {
    if (instruction.stage >= 0) break;
    if (instruction.keyword !== "ARG") continue;
    for (const word of instruction.words) {
      const equals = word.text.indexOf("=");
      if (!word.literal || equals < 0 || word.text.slice(equals + 1) !== value) continue;
      const { start } = word.span;
      const shifted = { offset: start.offset + equals + 1, line: start.line, column: start.column + equals + 1 };
      out.edit("IMG001", { start: shifted, end: word.span.end }, image.replacement);
      return undefined;
    }
  }
  return undefined;
}
