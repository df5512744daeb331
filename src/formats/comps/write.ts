import { compareText } from "../../core/index.ts";
import { escapeXml } from "../rpmmd/index.ts";
import type { Arches, Comps, CompsCategory, CompsEnvironment, CompsGroup, Translations } from "./types.ts";

/** comps.xml of groups, categories and environments in the order given. */
export function writeComps(comps: Comps): string {
  let text = '<?xml version="1.0" encoding="UTF-8"?>\n<comps>\n';
  for (const group of comps.groups) text += groupElement(group);
  for (const category of comps.categories) {
    text += `  <category${arch(category.arches)}>\n${head(category)}${idList(category)}  </category>\n`;
  }
  for (const environment of comps.environments) text += environmentElement(environment);
  text += list("langpacks", comps.langpacks, ({ name, install }) => {
    return `<match name="${escapeXml(name)}" install="${escapeXml(install)}"/>`;
  });
  text += list("blacklist", comps.blacklist ?? [], ({ name, arch: of }) => {
    return `<package name="${escapeXml(name)}" arch="${escapeXml(of)}"/>`;
  });
  text += list("whiteout", comps.whiteout ?? [], ({ requires, package: name }) => {
    return `<ignoredep requires="${escapeXml(requires)}" package="${escapeXml(name)}"/>`;
  });
  return `${text}</comps>\n`;
}

function list<T>(name: string, items: readonly T[], element: (item: T) => string): string {
  if (items.length === 0) return "";
  return `  <${name}>\n${items.map((item) => `    ${element(item)}\n`).join("")}  </${name}>\n`;
}

function arch(arches: Arches | undefined): string {
  return arches === undefined || arches.length === 0 ? "" : ` arch="${escapeXml(arches.join(","))}"`;
}

function groupElement(group: CompsGroup): string {
  let text = `  <group${arch(group.arches)}>\n${head(group)}`;
  text += `    <default>${group.default}</default>\n    <uservisible>${group.userVisible}</uservisible>\n`;
  if (group.biarchOnly === true) text += "    <biarchonly>true</biarchonly>\n";
  if (group.languageOnly !== undefined) text += `    <langonly>${escapeXml(group.languageOnly)}</langonly>\n`;
  text += "    <packagelist>\n";
  for (const { name, kind, requires, baseArchOnly, arches } of group.packages) {
    let condition = requires === undefined ? "" : ` requires="${escapeXml(requires)}"`;
    if (baseArchOnly === true) condition += ' basearchonly="true"';
    text += `      <packagereq type="${kind}"${condition}${arch(arches)}>${escapeXml(name)}</packagereq>\n`;
  }
  return `${text}    </packagelist>\n  </group>\n`;
}

function environmentElement(environment: CompsEnvironment): string {
  let text = `  <environment${arch(environment.arches)}>\n${head(environment)}${idList(environment)}`;
  if (environment.options.length > 0) {
    text += "    <optionlist>\n";
    for (const option of environment.options) {
      text += `      <groupid${option.default ? ' default="true"' : ""}${arch(option.arches)}>${escapeXml(option.id)}</groupid>\n`;
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

function idList({ groups, groupArches = {} }: Pick<CompsCategory, "groups" | "groupArches">): string {
  const arches = (id: string) => (Object.hasOwn(groupArches, id) ? groupArches[id] : undefined);
  const items = groups.map((id) => `      <groupid${arch(arches(id))}>${escapeXml(id)}</groupid>\n`).join("");
  return `    <grouplist>\n${items}    </grouplist>\n`;
}
