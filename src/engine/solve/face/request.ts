import { WeirError } from "../../../core/index.ts";
import { type DependencyId, relationOp } from "../../../formats/rpmmd/index.ts";
import type { Pool } from "../../pool/index.ts";
import type { Selection } from "../jobs.ts";
import { parseCapability } from "../rich.ts";

type RequestSelection = Extract<Selection, { readonly kind: "provides" | "oneof" }>;

/**
 * What a request means: a capability; where nobody provides it, packages as `name-version[-release][.arch]` or `name.arch`.
 * Errors: `SOLVE_REQUEST_MALFORMED`.
 */
export function readCapability(pool: Pool, text: string): RequestSelection {
  const parsed = parseCapability(text);
  if (parsed === undefined) throw malformedRequest(text);
  const dependency = pool.columns.fromRich(parsed);
  if (parsed.kind === "leaf" && parsed.capability.op === undefined && pool.providersOf(dependency).length === 0) {
    const packages = byNevra(pool, parsed.capability.name);
    if (packages.length > 0) return { kind: "oneof", packages };
  }
  return { kind: "provides", dependency };
}

export function malformedRequest(text: string): WeirError {
  return new WeirError("SOLVE_REQUEST_MALFORMED", `not a capability: ${text}`, {
    hints: ["write a name, `name >= version`, a path, or a boolean dependency in parentheses"],
  });
}

/** Packages of the very name that a request asks for, where others provide it as well and none of these takes its place. */
export function namesakes(pool: Pool, dependency: DependencyId): number[] {
  const { columns } = pool;
  const op = dependency < 0 ? (columns.relationOp[~dependency] as number) : 0;
  if (op > 7 && op !== relationOp.arch) return [];
  const providers = pool.providersOf(dependency);
  const own = providers.filter((pkg) => pool.isNamed(pkg, dependency));
  if (own.length === 0 || own.length === providers.length) return [];
  const replaces = (pkg: number): boolean =>
    columns.listOf("obsoletes", pkg).some((obsoletes) => own.some((other) => pool.isNamed(other, obsoletes)));
  return providers.some((pkg) => !own.includes(pkg) && replaces(pkg)) ? [] : own;
}

function byNevra(pool: Pool, request: string): number[] {
  const text = request.endsWith(".rpm") ? request.slice(0, -4) : request;
  const found: number[] = [];
  for (let dash = text.length; dash > 0; dash = text.lastIndexOf("-", dash - 1)) {
    const end = dash === text.length ? text.lastIndexOf(".") : dash;
    const name = pool.columns.strings.find(text.slice(0, end));
    const rest = dash === text.length ? text.slice(end) : text.slice(dash + 1);
    if (name <= 0) continue;
    for (const pkg of pool.providersOf(name)) {
      if (pool.columns.name[pkg] === name && spellings(pool, pkg).includes(rest)) found.push(pkg);
    }
  }
  return found;
}

function spellings(pool: Pool, pkg: number): string[] {
  const { strings, evr, arch } = pool.columns;
  const archText = strings.text(arch[pkg] as number);
  const full = strings.text(evr[pkg] as number);
  const [, epoch = "0", plain = full] = /^(?:(\d+):)?(.*)$/.exec(full) ?? [];
  const version = plain.slice(0, Math.max(0, plain.lastIndexOf("-"))) || plain;
  const all = [version, plain, `${plain}.${archText}`];
  return [`.${archText}`, ...all, ...all.map((one) => `${epoch}:${one}`)];
}
