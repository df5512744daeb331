import { type Checkable, isTable, type Table } from "./load-file.ts";
import type { Issues } from "./load-issues.ts";
import type { Shape, TableShape } from "./schema.ts";

interface Check {
  readonly file: Checkable;
  readonly issues: Issues;
  readonly permissive: boolean;
  /** Obligatory keys may be missing: another file can have them. */
  readonly partial: boolean;
  /** The path of the value under check; changed in place, copied by whoever keeps it. */
  readonly path: (string | number)[];
}

/**
 * Checks a file's data against its shape and removes whatever does not fit, so that what remains has the shape. With `permissive`,
 * unknown keys are removed without an issue; with `partial`, obligatory keys may be missing.
 */
export function checkFile(
  file: Checkable,
  shape: TableShape,
  issues: Issues,
  { permissive = false, partial = false }: { readonly permissive?: boolean; readonly partial?: boolean } = {},
): void {
  checkTable(file.data, shape, { file, issues, permissive, partial, path: [] });
}

/** Checks one value; false means that it must be removed. */
function fits(value: unknown, shape: Shape, check: Check): boolean {
  switch (shape.kind) {
    case "text":
      return typeof value === "string" ? textFits(value, shape, check) : wrongType(value, "text", check);
    case "flag":
      return typeof value === "boolean" || wrongType(value, "true or false", check);
    case "number":
      return typeof value === "number" || wrongType(value, "a number", check);
    case "nullable":
      return value === null || fits(value, shape.of, check);
    case "list":
      return Array.isArray(value) ? listFits(value, shape.of, check) : wrongType(value, "a list", check);
    case "map":
      if (!isTable(value)) return wrongType(value, "a table", check);
      for (const key of Object.keys(value)) {
        check.path.push(key);
        const problem = shape.keys?.message(key);
        if (problem !== undefined) issue(check, shape.keys?.code ?? "DEFINITION_BAD_NAME", problem);
        if (problem !== undefined || !fits(value[key], shape.of, check)) delete value[key];
        check.path.pop();
      }
      return true;
    case "table":
      if (!isTable(value)) return wrongType(value, "a table", check);
      checkTable(value, shape, check);
      return true;
  }
}

function checkTable(value: Table, shape: TableShape, check: Check): void {
  for (const [key, { required }] of shape.keys) {
    if (required && !check.partial && (value[key] === undefined || value[key] === "")) {
      issue(check, "DEFINITION_MISSING_KEY", `obligatory key "${key}" is missing`);
    }
  }
  for (const key of Object.keys(value)) {
    const known = shape.keys.get(key);
    check.path.push(key);
    if (known === undefined) {
      if (!check.permissive) {
        issue(check, "DEFINITION_UNKNOWN_KEY", `unknown key "${key}"`, check.issues.didYouMean(key, shape.keys.keys()));
      }
      delete value[key];
    } else if (!fits(value[key], known.shape, check)) delete value[key];
    check.path.pop();
  }
}

function listFits(value: unknown[], of: Shape, check: Check): boolean {
  let kept = 0;
  const anyText = of.kind === "text" && of.values === undefined && of.rule === undefined;
  for (let index = 0; index < value.length; index++) {
    const element = value[index];
    if (anyText && typeof element === "string") {
      value[kept++] = element;
      continue;
    }
    check.path.push(index);
    if (fits(element, of, check)) value[kept++] = element;
    check.path.pop();
  }
  value.length = kept;
  return true;
}

function textFits(value: string, shape: Extract<Shape, { kind: "text" }>, check: Check): boolean {
  if (value === "") return true;
  if (shape.values !== undefined && !shape.values.includes(value)) {
    const hint = check.issues.didYouMean(value, shape.values) ?? `allowed: ${shape.values.join(", ")}`;
    issue(check, "DEFINITION_BAD_ENUM", `"${value}" is not allowed for ${named(check)}`, hint);
    return false;
  }
  const problem = shape.rule?.message(value);
  if (problem === undefined) return true;
  issue(check, shape.rule?.code ?? "DEFINITION_BAD_VALUE", `${named(check)}: ${problem}`);
  return false;
}

function wrongType(value: unknown, wanted: string, check: Check): false {
  issue(check, "DEFINITION_WRONG_TYPE", `${named(check)} must be ${wanted}, not ${kindOf(value)}`);
  return false;
}

/** The last part of the path that is a key, for messages. */
function named(check: Check): string {
  const last = check.path.at(-1);
  if (typeof last !== "number") return `"${last ?? ""}"`;
  const list = check.path.findLast((part) => typeof part === "string");
  return `element ${last + 1} of "${list ?? ""}"`;
}

function issue(check: Check, code: string, message: string, hint?: string): void {
  check.file.damaged = true;
  check.issues.add(code, message, check.file, check.path, hint);
}

function kindOf(value: unknown): string {
  if (typeof value === "string") return "text";
  if (typeof value === "number" || typeof value === "bigint") return "a number";
  if (typeof value === "boolean") return "true or false";
  if (Array.isArray(value)) return "a list";
  return isTable(value) ? "a table" : "a date";
}
