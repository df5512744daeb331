import { compareText } from "../../core/index.ts";
import { escapeXml } from "../rpmmd/index.ts";
import type { Comps, CompsCategory, CompsEnvironment, CompsGroup, Translations } from "./types.ts";

/** comps.xml of groups, categories and environments in the order given. */
export function writeComps(comps: Comps): string {
  let text = '<?xml version="1.0" encoding="UTF-8"?>\n<comps>\n';
  for (const group of comps.groups) text += groupElement(group);
  for (const category of comps.categories) {
    text += `  <category>\n${head(category)}${idList("grouplist", category.groups)}  </category>\n`;
  }
  for (const environment of comps.environments) text += environmentElement(environment);
  if (comps.langpacks.length > 0) {
    text += "  <langpacks>\n";
    for (const { name, install } of comps.langpacks) {
      text += `    <match name="${escapeXml(name)}" install="${escapeXml(install)}"/>\n`;
    }
    text += "  </langpacks>\n";
  }
  return `${text}</comps>\n`;
}

function groupElement(group: CompsGroup): string {
  let text = `  <group>\n${head(group)}`;
  text += `    <default>${group.default}</default>\n    <uservisible>${group.userVisible}</uservisible>\n`;
  if (group.languageOnly !== undefined) text += `    <langonly>${escapeXml(group.languageOnly)}</langonly>\n`;
  text += "    <packagelist>\n";
  for (const { name, kind, requires } of group.packages) {
    const condition = requires === undefined ? "" : ` requires="${escapeXml(requires)}"`;
    text += `      <packagereq type="${kind}"${condition}>${escapeXml(name)}</packagereq>\n`;
  }
  return `${text}    </packagelist>\n  </group>\n`;
}

function environmentElement(environment: CompsEnvironment): string {
  let text = `  <environment>\n${head(environment)}${idList("grouplist", environment.groups)}`;
  if (environment.options.length > 0) {
    text += "    <optionlist>\n";
    for (const option of environment.options) {
      text += `      <groupid${option.default ? ' default="true"' : ""}>${escapeXml(option.id)}</groupid>\n`;
    }
    text += "    </optionlist>\n";
  }
  return `${text}  </environment>\n`;
}

function head(item: CompsCategory | CompsEnvironment | CompsGroup): string {
  let text = `    <id>${escapeXml(item.id)}</id>\n    <name>${escapeXml(item.name)}</name>\n`;
  text += translations("name", item.nameIn);
  text += `    <description>${escapeXml(item.description)}</description>\n${translations("description", item.descriptionIn)}`;
  if (item.displayOrder !== undefined) text += `    <display_order>${item.displayOrder}</display_order>\n`;
  return text;
}

function translations(element: string, texts: Translations): string {
  return Object.entries(texts)
    .sort((a, b) => compareText(a[0], b[0]))
    .map(([language, text]) => `    <${element} xml:lang="${escapeXml(language)}">${escapeXml(text)}</${element}>\n`)
    .join("");
}

function idList(element: string, ids: readonly string[]): string {
  const items = ids.map((id) => `      <groupid>${escapeXml(id)}</groupid>\n`).join("");
  return `    <${element}>\n${items}    </${element}>\n`;
}
