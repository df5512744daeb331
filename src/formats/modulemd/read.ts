import { type Skip, WeirError } from "../../core/index.ts";
import { splitDocuments } from "./documents.ts";
import { Fields, ModuleRefused, textList } from "./fields.ts";
import type {
  ModuleDefaults,
  ModuleDependencies,
  ModuleObsoletes,
  ModuleRequirement,
  Modules,
  ModuleStream,
  ModuleTranslations,
  YamlValue,
} from "./types.ts";
import { readYaml } from "./yaml.ts";
import { YamlRefused } from "./yaml-error.ts";
import { validateObsoletes, validateStream } from "./validate.ts";

const mostBytes = 256 << 20;
const mostDocuments = 200_000;
const mostSkips = 1000;

interface Draft {
  readonly streams: ModuleStream[];
  readonly defaults: ModuleDefaults[];
  readonly obsoletes: ModuleObsoletes[];
  readonly translations: ModuleTranslations[];
}

/**
 * Reads modules.yaml (opened): modulemd version 1 and 2, modulemd-defaults, -obsoletes and -translations version 1, as libmodulemd's
 * templates describe them. A document that cannot be read, or that libmodulemd would not take, is a Skip, and the others are read. `file` is for messages. Errors:
 * `MODULEMD_TOO_LARGE`, `MODULEMD_MALFORMED` where not one document is of a module.
 */
export function parseModules(bytes: Uint8Array, file: string): Modules {
  const tooLarge = (what: string): WeirError =>
    new WeirError("MODULEMD_TOO_LARGE", `the file has more than ${what}`, {
      where: file,
      hints: ["no repository has that many modules: the file is damaged, or made to exhaust memory"],
    });
  if (bytes.length > mostBytes) throw tooLarge(`${mostBytes} bytes`);
  const draft: Draft = { streams: [], defaults: [], obsoletes: [], translations: [] };
  const skips: Skip[] = [];
  let documents = 0;
  let refused = 0;
  for (const document of splitDocuments(bytes)) {
    if (++documents > mostDocuments) throw tooLarge(`${mostDocuments} documents`);
    try {
      readDocument(readYaml(document.text, document.line), draft);
    } catch (error) {
      if (!(error instanceof YamlRefused) && !(error instanceof ModuleRefused)) throw error;
      refused++;
      const line = error instanceof YamlRefused ? error.line : document.line;
      if (skips.length < mostSkips) skips.push({ subject: `${file}:${line}`, reason: error.message });
    }
  }
  if (refused > skips.length) skips.push({ subject: file, reason: `${refused - skips.length} more documents` });
  if (documents > 0 && refused === documents) {
    throw new WeirError("MODULEMD_MALFORMED", `no document can be read; the first: ${skips[0]?.reason ?? ""}`, {
      where: skips[0]?.subject ?? file,
      hints: ["the file is damaged, or is no modules.yaml"],
    });
  }
  return { ...draft, skips };
}

function readDocument(value: YamlValue, draft: Draft): void {
  const fields = new Fields(value, "");
  const kind = fields.needText("document");
  const version = fields.needText("version");
  const data = fields.map("data");
  const known = `${kind} ${version}`;
  if (known === "modulemd 1" || known === "modulemd 2") draft.streams.push(readStream(data, version === "1" ? 1 : 2));
  else if (known === "modulemd-defaults 1") draft.defaults.push(readDefaults(data));
  else if (known === "modulemd-obsoletes 1") draft.obsoletes.push(readObsoletes(data));
  else if (known === "modulemd-translations 1") draft.translations.push(readTranslations(data));
  else if (kind === "modulemd-packager") throw new ModuleRefused("a packager's document, which no repository has");
  else
    throw new ModuleRefused(`a document ${kind.slice(0, 80)} of version ${version.slice(0, 20)}, which is not known`);
}

function readStream(data: Fields, documentVersion: 1 | 2): ModuleStream {
  const name = data.needText("name");
  const stream = data.needText("stream");
  const license = data.map("license");
  const artifacts = data.map("artifacts");
  const rest = data.left;
  for (const key of ["summary", "description"]) {
    if (!rest.has(key)) throw new ModuleRefused(`data.${key} is missing`);
  }
  const value: Omit<ModuleStream, "rest"> = {
    documentVersion,
    name,
    stream,
    version: data.digits("version") ?? "0",
    context: data.text("context") ?? "",
    staticContext: data.flag("static_context"),
    arch: data.text("arch") ?? "",
    summary: data.text("summary") ?? "",
    description: data.text("description") ?? "",
    licenses: { module: license.list("module"), content: license.list("content") },
    dependencies: readDependencies(data.raw("dependencies"), documentVersion),
    profiles: readProfiles(data.map("profiles")),
    artifacts: artifacts.list("rpms"),
    api: data.map("api").list("rpms"),
    filter: data.map("filter").list("rpms"),
    demodularized: data.map("demodularized").list("rpms"),
    xmd: data.raw("xmd"),
  };
  if (artifacts.left.size > 0) rest.set("artifacts", artifacts.left);
  const complete = { ...value, rest };
  validateStream(complete);
  return complete;
}

function readDependencies(value: YamlValue | undefined, documentVersion: 1 | 2): ModuleDependencies[] {
  if (value === undefined || value === "") return [];
  const where = "data.dependencies";
  if (documentVersion === 1) {
    const fields = new Fields(value, where);
    return [{ buildrequires: requirements(fields, "buildrequires"), requires: requirements(fields, "requires") }];
  }
  if (!Array.isArray(value)) throw new ModuleRefused(`${where} is no list`);
  return value.map((item: YamlValue) => {
    const fields = new Fields(item, where);
    return { buildrequires: requirements(fields, "buildrequires"), requires: requirements(fields, "requires") };
  });
}

function requirements(fields: Fields, name: string): ModuleRequirement[] {
  return fields
    .map(name)
    .entries()
    .map(([module, streams]) => ({ module, streams: textList(streams, `data.dependencies.${name}.${module}`) }));
}

function readProfiles(fields: Fields): ModuleStream["profiles"] {
  return fields.entries().map(([name, value]) => {
    const profile = new Fields(value, `data.profiles.${name}`);
    return { name, description: profile.text("description") ?? "", rpms: profile.list("rpms") };
  });
}

function readDefaults(data: Fields): ModuleDefaults {
  return {
    module: data.needText("module"),
    stream: data.text("stream"),
    modified: data.digits("modified"),
    profiles: data
      .map("profiles")
      .entries()
      .map(([stream, profiles]) => ({ stream, profiles: textList(profiles, `data.profiles.${stream}`) })),
    intents: data.raw("intents"),
  };
}

function readObsoletes(data: Fields): ModuleObsoletes {
  const by = data.raw("obsoleted_by");
  const successor = by === undefined || by === "" ? undefined : new Fields(by, "data.obsoleted_by");
  const obsoletes = {
    module: data.needText("module"),
    stream: data.needText("stream"),
    context: data.text("context"),
    modified: data.needText("modified"),
    reset: data.flag("reset"),
    message: data.text("message") ?? "",
    eolDate: data.text("eol_date"),
    obsoletedBy: successor && { module: successor.needText("module"), stream: successor.needText("stream") },
  };
  validateObsoletes(obsoletes);
  return obsoletes;
}

function readTranslations(data: Fields): ModuleTranslations {
  return {
    module: data.needText("module"),
    stream: data.needText("stream"),
    modified: data.digits("modified") ?? "",
    translations: data.raw("translations") ?? new Map<string, YamlValue>(),
  };
}
