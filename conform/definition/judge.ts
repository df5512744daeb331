import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { canonicalJson, joinBelow, WeirError } from "../../src/core/index.ts";
import {
  applyOverlays,
  DefinitionError,
  loadProject,
  type OverlayConfig,
  type RenderedFile,
} from "../../src/engine/define/index.ts";
import { resolutionHash } from "../../src/engine/define/lock-file.ts";
import { macrosFile } from "../../src/engine/define/render-macros.ts";
import type { ComponentConfig, ResolutionInputs } from "../../src/engine/define/types.ts";
import { failureClass, type Verdict } from "../overlays/judge.ts";

/** A file's name → its text. */
type Files = Readonly<Record<string, string>>;

/** A conformance vector of the definition format; docs/reference/definition-format.md says what each kind means. */
export type Vector = { readonly name: string } & (
  | { readonly kind: "resolve"; readonly files: Files; readonly component: string; readonly config: unknown }
  | { readonly kind: "refuse"; readonly files: Files; readonly codes: readonly string[] }
  | {
      readonly kind: "overlays";
      readonly files: Files;
      readonly spec: string;
      readonly overlays: readonly OverlayConfig[];
      readonly sources?: Files;
      readonly result?: Files;
      readonly failedAt?: number;
      readonly error?: string;
    }
  | { readonly kind: "macros"; readonly build: Partial<ComponentConfig["build"]>; readonly text: string }
  | { readonly kind: "resolution-hash"; readonly inputs: ResolutionInputs; readonly hash: string }
);

/** Runs one vector. */
export async function judgeVector(vector: Vector): Promise<Verdict> {
  const wanted = wantedOf(vector);
  if (wanted === undefined) return { result: "skip", reason: `unknown kind: ${JSON.stringify(vector).slice(0, 60)}` };
  const got = await answer(vector);
  const [left, right] = [canonicalJson(got), canonicalJson(wanted)];
  return left === right ? { result: "pass", reason: "" } : { result: "fail", reason: `${left} instead of ${right}` };
}

function wantedOf(vector: Vector): unknown {
  switch (vector.kind) {
    case "resolve":
      return vector.config;
    case "refuse":
      return vector.codes;
    case "overlays":
      return vector.result ?? { failedAt: vector.failedAt, error: vector.error };
    case "macros":
      return vector.text;
    case "resolution-hash":
      return vector.hash;
    default:
      return undefined;
  }
}

async function answer(vector: Vector): Promise<unknown> {
  switch (vector.kind) {
    case "resolve":
    case "refuse":
      return loaded(vector.files, vector.kind === "resolve" ? vector.component : undefined);
    case "overlays":
      return edited(vector);
    case "macros":
      return (
        macrosFile({ with: [], without: [], defines: {}, undefines: [], check: { skip: false }, ...vector.build }) ?? ""
      );
    case "resolution-hash":
      return resolutionHash(vector.inputs);
  }
}

async function loaded(files: Files, component: string | undefined): Promise<unknown> {
  const root = mkdtempSync(join(tmpdir(), "weir-vector-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      const path = joinBelow(root, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    const project = await loadProject(root, { boundary: root });
    if (component === undefined) return [];
    return relativePaths(project.components.get(component)?.config, root);
  } catch (error) {
    if (error instanceof DefinitionError) return [...new Set(error.issues.map(({ code }) => code))].sort();
    if (error instanceof WeirError) return [error.code];
    throw error;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Absolute paths of a configuration as paths below the definition's root. */
function relativePaths(value: unknown, root: string): unknown {
  const text = JSON.stringify(value ?? null);
  return JSON.parse(text.replaceAll(`${JSON.stringify(root).slice(1, -1)}/`, ""));
}

function edited(vector: Vector & { readonly kind: "overlays" }): unknown {
  let files: ReadonlyMap<string, RenderedFile> = new Map(
    Object.entries(vector.files).map(([name, text]) => [name, { content: Buffer.from(text), executable: false }]),
  );
  const source = (overlay: OverlayConfig): Uint8Array | undefined => {
    const text = vector.sources?.[overlay.source ?? ""];
    return text === undefined ? undefined : Buffer.from(text);
  };
  for (const [id, config] of vector.overlays.entries()) {
    try {
      files = applyOverlays(files, vector.spec, [{ config, id }], { component: "vector", source }).files;
    } catch (error) {
      if (!(error instanceof WeirError)) throw error;
      return { failedAt: id, error: failureClass(error.code) };
    }
  }
  return Object.fromEntries([...files].map(([name, { content }]) => [name, Buffer.from(content).toString("utf8")]));
}
