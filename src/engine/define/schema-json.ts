import type { Shape, TableShape } from "./schema.ts";
import { definitionShape, overlayFileShape } from "./schema-azldev.ts";
import { componentListShape, weirTomlShape } from "./schema-weir.ts";

/** A JSON Schema (2020-12) as plain data. */
export type JsonSchema = { readonly [key: string]: unknown };

/** The published JSON Schemas of this room, by file name. */
export function definitionSchemas(): ReadonlyMap<string, JsonSchema> {
  return new Map([
    ["components-1.schema.json", document("weir component list", "Components of a definition.", componentListShape)],
    ["definition-1.schema.json", document("azldev.toml", "A file of an azldev definition.", definitionShape)],
    ["overlay-file-1.schema.json", document("overlay file", "A file that overlay-files names.", overlayFileShape)],
    ["project-1.schema.json", document("weir.toml", "What Weir knows beyond azldev's keys.", weirTomlShape)],
  ]);
}

function document(title: string, description: string, shape: TableShape): JsonSchema {
  const shared = new Map<TableShape, number>();
  count(shape, shared);
  const names = new Map<TableShape, string>();
  for (const [one, uses] of shared) if (uses > 1) names.set(one, `table${names.size + 1}`);
  const definitions = [...names].map(([one, name]) => [name, schemaOf(one, true, names, true)]);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title,
    description,
    ...schemaOf(shape, true, names, true),
    ...(definitions.length === 0 ? {} : { $defs: Object.fromEntries(definitions) }),
  };
}

/** Counts how often each table is used: one that is used twice becomes a definition. */
function count(shape: Shape, uses: Map<TableShape, number>): void {
  if (shape.kind === "list" || shape.kind === "map" || shape.kind === "nullable") count(shape.of, uses);
  if (shape.kind !== "table") return;
  const known = uses.get(shape) ?? 0;
  uses.set(shape, known + 1);
  if (known === 0) for (const { shape: inner } of shape.keys.values()) count(inner, uses);
}

function schemaOf(
  shape: Shape,
  required: boolean,
  names: ReadonlyMap<TableShape, string>,
  inPlace = false,
): JsonSchema {
  switch (shape.kind) {
    case "text":
      return textSchema(shape, required);
    case "flag":
      return { type: "boolean" };
    case "number":
      return { type: "number" };
    case "nullable":
      return { anyOf: [schemaOf(shape.of, required, names), { type: "null" }] };
    case "list":
      return { type: "array", items: schemaOf(shape.of, false, names) };
    case "map":
      return {
        type: "object",
        ...(shape.keys?.pattern === undefined ? {} : { propertyNames: { pattern: shape.keys.pattern } }),
        additionalProperties: schemaOf(shape.of, false, names),
      };
    case "table":
      return inPlace || !names.has(shape) ? tableSchema(shape, names) : { $ref: `#/$defs/${names.get(shape)}` };
  }
}

function tableSchema(shape: TableShape, names: ReadonlyMap<TableShape, string>): JsonSchema {
  const keys = [...shape.keys];
  const required = keys.filter(([, key]) => key.required).map(([name]) => name);
  const properties = keys.map(([name, { shape: inner, doc, required: needed }]) => [
    name,
    { description: doc, ...schemaOf(inner, needed, names) },
  ]);
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

/** An empty text counts as absent, so only obligatory ones must not be empty. */
function textSchema(shape: Extract<Shape, { kind: "text" }>, required: boolean): JsonSchema {
  if (shape.values !== undefined) return { type: "string", enum: required ? shape.values : ["", ...shape.values] };
  const pattern = shape.rule?.pattern;
  if (pattern === undefined) return { type: "string" };
  return { type: "string", pattern: required ? pattern : `^$|${pattern}` };
}
