import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { makeReport, WeirError } from "../../core/index.ts";
import type { CommandContext, CommandInput, CommandOutcome } from "../command.ts";

const suffix = ".schema.json";

export async function show(input: CommandInput, _context: CommandContext): Promise<CommandOutcome> {
  const folder = schemaFolder();
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length))
    .sort();
  const asked = input.args[0];
  if (asked === undefined) {
    const report = makeReport("schemas", "", {
      tables: [{ id: "schemas", title: "", columns: ["schema"], rows: names.map((name) => [name]) }],
    });
    return { report };
  }
  if (!names.includes(asked)) {
    throw new WeirError("SCHEMA_UNKNOWN", `there is no schema ${asked}`, {
      hints: [`take one of ${names.join(", ")}`],
    });
  }
  const text = readFileSync(`${folder}/${asked}${suffix}`, "utf8");
  return { report: makeReport("schema", "", { data: JSON.parse(text) as unknown }), text };
}

/** Beside `src` in a checkout and beside `dist` in an installed package: one level above the bundle, two above the sources. */
function schemaFolder(): string {
  for (const up of ["../schemas", "../../schemas", "../../../schemas"]) {
    const folder = fileURLToPath(new URL(up, import.meta.url));
    try {
      readdirSync(folder);
      return folder;
    } catch {
      // Not at this height.
    }
  }
  throw new Error("the package lacks its schemas folder");
}
