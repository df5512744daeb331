import { overlayFields } from "./load-overlay-rules.ts";
import type { Shape } from "./schema.ts";
import { componentShape, definitionShape, lockShape, overlayFileShape } from "./schema-azldev.ts";

/** The tables of the format's specification, as Markdown: every key with its type and meaning, and what each overlay type takes. */
export function formatTables(): string {
  const own = keysOf(definitionShape, "", componentShape);
  return [
    keyTable("Keys of a definition file", own),
    keyTable("Keys of a component table", keysOf(componentShape, "", undefined)),
    keyTable("Keys of an overlay file", keysOf(overlayFileShape, "", undefined)),
    keyTable("Keys of a lock file", keysOf(lockShape, "", undefined)),
    overlayTable(),
  ].join("\n\n");
}

interface Row {
  readonly key: string;
  readonly type: string;
  readonly required: boolean;
  readonly doc: string;
}

/** All keys below a shape with their paths; `[]` stands for an element, `NAME` for any key. `known` is not opened again. */
function keysOf(shape: Shape, prefix: string, known: Shape | undefined): Row[] {
  if (shape.kind === "nullable") return keysOf(shape.of, prefix, known);
  if (shape.kind === "list") return keysOf(shape.of, `${prefix}[]`, known);
  if (shape.kind === "map") return keysOf(shape.of, prefix === "" ? "NAME" : `${prefix}.NAME`, known);
  if (shape.kind !== "table" || shape === known) return [];
  return [...shape.keys].flatMap(([name, { shape: inner, required, doc }]) => {
    const key = prefix === "" ? name : `${prefix}.${name}`;
    return [{ key, type: typeName(inner, known), required, doc }, ...keysOf(inner, key, known)];
  });
}

function typeName(shape: Shape, known: Shape | undefined): string {
  switch (shape.kind) {
    case "text":
      return shape.values === undefined ? "text" : shape.values.map((value) => `\`${value}\``).join(", ");
    case "flag":
    case "number":
      return shape.kind;
    case "nullable":
      return typeName(shape.of, known);
    case "list":
      return `list of ${typeName(shape.of, known)}`;
    case "map":
      return `map to ${typeName(shape.of, known)}`;
    case "table":
      return shape === known ? "component table" : "table";
  }
}

function keyTable(title: string, rows: readonly Row[]): string {
  const lines = rows.map(
    ({ key, type, required, doc }) =>
      `| \`${key}\` | ${type} | ${required ? "yes" : ""} | ${doc.replaceAll("|", "\\|")} |`,
  );
  return [`### ${title}`, "", "| key | type | must | meaning |", "|---|---|---|---|", ...lines].join("\n");
}

function overlayTable(): string {
  const keys = (names: readonly string[] | undefined) => (names ?? []).map((name) => `\`${name}\``).join(", ");
  const lines = Object.entries(overlayFields).map(([type, fields]) => {
    const refused = [...(fields.forbidden ?? []), ...(fields.archive === undefined ? ["archive"] : [])];
    const note = fields.packageNeedsSection ? "`package` only with `section`" : "";
    return `| \`${type}\` | ${keys(fields.required)} | ${keys(refused)} | ${note} |`;
  });
  return ["### Keys by overlay type", "", "| type | must | must not | |", "|---|---|---|---|", ...lines].join("\n");
}
