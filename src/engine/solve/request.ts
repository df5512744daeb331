import { WeirError } from "../../core/index.ts";
import { type Capabilities, type Formula, formulaOf, isNever } from "./formula.ts";
import type { Pool } from "./pool.ts";
import { type Capability, parseCapability } from "./rich.ts";

/**
 * What a request means: a capability; where nobody provides it, a package as `name-version[-release][.arch]` or `name.arch`.
 * Errors: `SOLVE_REQUEST_MALFORMED`.
 */
export function requestFormula(text: string, context: Capabilities): Formula {
  const parsed = parseCapability(text);
  if (parsed === undefined) throw malformedRequest(text);
  const formula = formulaOf(parsed, true, context);
  if (parsed.kind === "leaf" && isNever(formula)) {
    const packages = byNevra(parsed.capability, context.pool);
    if (packages.length > 0) return { kind: "any", packages, label: `nevra\0${text}` };
  }
  return formula;
}

export function malformedRequest(text: string): WeirError {
  return new WeirError("SOLVE_REQUEST_MALFORMED", `not a capability: ${text}`, {
    hints: ["write a name, `name >= version`, a path, or a boolean dependency in parentheses"],
  });
}

function byNevra(capability: Capability, pool: Pool): number[] {
  if (capability.op !== undefined) return [];
  const text = capability.name.endsWith(".rpm") ? capability.name.slice(0, -4) : capability.name;
  const found: number[] = [];
  for (let dash = text.length; dash > 0; dash = text.lastIndexOf("-", dash - 1)) {
    const name = dash === text.length ? text.slice(0, text.lastIndexOf(".")) : text.slice(0, dash);
    const rest = dash === text.length ? text.slice(text.lastIndexOf(".")) : text.slice(dash + 1);
    for (const index of pool.byName.get(name) ?? []) if (spellings(pool, index).includes(rest)) found.push(index);
  }
  return found;
}

function spellings(pool: Pool, index: number): string[] {
  const { epoch, version, release, arch } = pool.package(index);
  const plain = [version, `${version}-${release}`, `${version}-${release}.${arch}`];
  return [`.${arch}`, ...plain, ...plain.map((text) => `${epoch}:${text}`)];
}
