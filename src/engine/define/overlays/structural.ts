import { posix } from "node:path";
import type { SpecSection, SpecTag } from "../../../formats/spec/index.ts";
import { overlayFields } from "../load-overlay-rules.ts";
import type { OverlayType } from "../schema-azldev.ts";
import type { OverlayConfig } from "../types.ts";
import { globMatcher } from "./doublestar.ts";
import { nearestHint, OverlayFailure, quoted } from "./failure.ts";
import { compileRegex, replaceAllLiteral } from "./regex.ts";
import { nameSection } from "./sections.ts";
import {
  bodyEnd,
  conditionalAround,
  generatedAt,
  isOfPackage,
  sectionsNamed,
  type Structure,
  structureOf,
  tagEnd,
} from "./structure.ts";
import { single } from "./surprises.ts";
import { familyOf } from "./tags.ts";
import { equalFold, trimSpace, words } from "./text.ts";

/**
 * The part of an overlay that edits the spec, placed by the spec's real structure instead of azldev's line scan: edits never land in a
 * conditional that the section's own header is not in, headers have no case, text in macro bodies is no structure. A tag that a package can
 * have once is not added twice, an update prefers the occurrence outside of conditionals and keeps alignment, a removed patch's %patch
 * lines go too. Undefined where the type edits only loose files.
 * Errors: those of the azldev mode, `OVERLAY_TAG_EXISTS`.
 */
export function editStructure(lines: readonly string[], overlay: OverlayConfig): string[] | undefined {
  const edit = edits.get(overlay.type);
  if (edit === undefined) return undefined;
  for (const key of overlayFields[overlay.type as OverlayType].required) {
    if (overlay[key] === undefined || overlay[key].length === 0)
      throw new OverlayFailure("OVERLAY_INCOMPLETE", `${overlay.type} needs ${quoted(key)}`, [
        `add ${quoted(key)} to the overlay`,
      ]);
  }
  return edit(structureOf(lines), overlay);
}

type Edit = (spec: Structure, overlay: OverlayConfig) => string[];

const edits = new Map<string, Edit>([
  ["spec-add-tag", (spec, o) => addTag(spec, o.package ?? "", o.tag ?? "", o.value ?? "")],
  ["spec-insert-tag", (spec, o) => insertTag(spec, o.package ?? "", o.tag ?? "", o.value ?? "")],
  ["spec-update-tag", (spec, o) => updateTag(spec, o.package ?? "", o.tag ?? "", o.value ?? "")],
  [
    "spec-set-tag",
    (spec, o) => {
      const [pkg, tag, value] = [o.package ?? "", o.tag ?? "", o.value ?? ""];
      return tagsOf(spec, pkg, tag).length > 0 ? updateTag(spec, pkg, tag, value) : addTag(spec, pkg, tag, value);
    },
  ],
  ["spec-remove-tag", removeTag],
  ["spec-prepend-lines", (spec, o) => addLines(spec, o, (section) => section.start + 1)],
  ["spec-append-lines", (spec, o) => addLines(spec, o, (section) => bodyEnd(spec, section))],
  ["spec-search-replace", searchReplace],
  ["spec-remove-section", (spec, o) => without(spec, wanted(spec, o.section ?? "", o.package ?? ""))],
  ["spec-remove-subpackage", removeSubpackage],
  ["patch-add", (spec, o) => addPatch(spec, o.package ?? "", o.file || posix.basename(o.source ?? ""))],
  ["patch-remove", (spec, o) => removePatch(spec, o.file ?? "")],
]);

/** Sections of an identity, at least one. */
function wanted(spec: Structure, name: string, packageName: string): SpecSection[] {
  const found = sectionsNamed(spec, name, packageName);
  if (found.length > 0) return found;
  const names = spec.document.sections.map((section) =>
    nameSection(`%${section.name}`, section.full ?? section.suffix ?? ""),
  );
  const made = generatedAt(spec.lines).slice(0, 2);
  throw new OverlayFailure(
    "OVERLAY_SECTION_NOT_FOUND",
    `no section ${quoted(nameSection(name, packageName))} in the spec`,
    [
      ...nearestHint("sections", nameSection(name, packageName), names.slice(1)),
      ...made.map(({ line, macro }) => `%${macro} on line ${line + 1} makes packages that are not in the text`),
    ],
  );
}

/** The section that holds a package's tags. */
function tagSection(spec: Structure, packageName: string): SpecSection {
  return wanted(spec, packageName === "" ? "" : "%package", packageName)[0] as SpecSection;
}

function tagsOf(spec: Structure, packageName: string, name?: string): SpecTag[] {
  return spec.document.tags.filter((tag) => {
    const section = spec.document.sections[tag.section];
    if (section === undefined || (name !== undefined && nameOf(tag).toLowerCase() !== name.toLowerCase())) return false;
    if (section.name === "preamble") return packageName === "";
    return section.name === "package" && isOfPackage(spec.document, section, packageName);
  });
}

/** With its qualifier: `Requires(post)`. */
function nameOf({ name, qualifier }: SpecTag): string {
  return qualifier === undefined ? name : `${name}(${qualifier})`;
}

function addTag(spec: Structure, packageName: string, tag: string, value: string): string[] {
  const section = tagSection(spec, packageName);
  const [old] = tagsOf(spec, packageName, tag).filter(({ conditional }) => conditional < 0);
  if (old !== undefined && single.has(tag.toLowerCase()))
    throw new OverlayFailure("OVERLAY_TAG_EXISTS", `the package has ${tag} already, on line ${old.line + 1}`, [
      "use spec-set-tag or spec-update-tag to change it",
    ]);
  return spec.lines.toSpliced(bodyEnd(spec, section), 0, `${tag}: ${value}`);
}

function insertTag(spec: Structure, packageName: string, tag: string, value: string): string[] {
  const section = tagSection(spec, packageName);
  const index = spec.document.sections.indexOf(section);
  const own = spec.document.tags.filter((one) => one.section === index);
  const family = own.filter((one) => familyOf(nameOf(one)) === familyOf(tag));
  const last = family.at(-1) ?? own.at(-1);
  if (last === undefined) return addTag(spec, packageName, tag, value);
  const around = conditionalAround(spec, last.conditional, section);
  const end = bodyEnd(spec, section);
  const at = around === undefined ? tagEnd(spec, last) : around.close < section.end ? around.close + 1 : around.open;
  return spec.lines.toSpliced(Math.min(at, end), 0, `${tag}: ${value}`);
}

function noSuchTag(spec: Structure, packageName: string, tag: string): OverlayFailure {
  const where = packageName === "" ? "the main package" : `package ${quoted(packageName)}`;
  const names = tagsOf(spec, packageName).map(({ name }) => name);
  return new OverlayFailure(
    "OVERLAY_NO_SUCH_TAG",
    `no tag ${quoted(tag)} in ${where}`,
    nearestHint("tags", tag, names),
  );
}

/** The first occurrence outside of conditionals; where there is none, all of them, each the answer of its branch. */
function updateTag(spec: Structure, packageName: string, tag: string, value: string): string[] {
  const found = tagsOf(spec, packageName, tag);
  if (found.length === 0) throw noSuchTag(spec, packageName, tag);
  const plain = found.find((one) => one.conditional === spec.document.sections[one.section]?.conditional);
  const result = [...spec.lines];
  for (const one of (plain === undefined ? found : [plain]).toReversed()) {
    const start = /^\s*[^\s:]+:[ \t]*/.exec(spec.lines[one.line] ?? "")?.[0] ?? `${tag}: `;
    result.splice(one.line, tagEnd(spec, one) - one.line, `${/[ \t]$/.test(start) ? start : `${start} `}${value}`);
  }
  return result;
}

function removeTag(spec: Structure, overlay: OverlayConfig): string[] {
  const { tag = "", value = "", package: packageName = "" } = overlay;
  const found = tagsOf(spec, packageName, tag).filter((one) => value === "" || equalFold(trimSpace(one.value), value));
  if (found.length === 0) throw noSuchTag(spec, packageName, tag);
  const result = [...spec.lines];
  for (const one of found.toReversed()) result.splice(one.line, tagEnd(spec, one) - one.line);
  return result;
}

function addLines(spec: Structure, overlay: OverlayConfig, place: (section: SpecSection) => number): string[] {
  const { lines: added = [], section = "", package: packageName = "" } = overlay;
  if (section === "")
    return overlay.type === "spec-prepend-lines" ? [...added, ...spec.lines] : [...spec.lines, ...added];
  const result = [...spec.lines];
  const places = wanted(spec, section, packageName).map(place);
  for (const at of places.sort((a, b) => b - a)) result.splice(at, 0, ...added);
  return result;
}

function searchReplace(spec: Structure, overlay: OverlayConfig): string[] {
  const { regex = "", replacement = "", section = "", package: packageName = "" } = overlay;
  const pattern = compileRegex(regex);
  const sections =
    section === ""
      ? spec.document.sections
      : spec.document.sections.filter(
          (one) =>
            one.name === section.replace(/^%/, "").toLowerCase() &&
            (packageName === "" || isOfPackage(spec.document, one, packageName)),
        );
  const result = [...spec.lines];
  let changed = false;
  for (const { name, start, end } of sections) {
    for (let line = name === "preamble" ? start : start + 1; line < end; line++) {
      const text = spec.lines[line] ?? "";
      const replaced = replaceAllLiteral(pattern, text, replacement);
      if (replaced !== text) changed = true;
      result[line] = replaced;
    }
  }
  if (!changed) throw new OverlayFailure("OVERLAY_PATTERN_NOT_FOUND", `${quoted(regex)} changes no line`);
  return result.flatMap((line) => line.split("\n"));
}

function removeSubpackage(spec: Structure, overlay: OverlayConfig): string[] {
  const packageName = overlay.package ?? "";
  const found = spec.document.sections.filter((section) => isOfPackage(spec.document, section, packageName));
  if (packageName === "" || found.length === 0) wanted(spec, "%package", packageName);
  return without(spec, found);
}

/** Removes sections up to where their own text ends. What comes behind, up to the next header, may only be conditionals and comments. */
function without(spec: Structure, sections: readonly SpecSection[]): string[] {
  const result = [...spec.lines];
  for (const section of sections.toReversed()) {
    if (section.name === "preamble") throw new OverlayFailure("OVERLAY_PREAMBLE", "the preamble cannot be removed");
    const end = bodyEnd(spec, section);
    for (let line = end; line < section.end; line++) {
      const text = trimSpace(spec.lines[line] ?? "");
      if (text === "" || text.startsWith("#") || spec.directives.has(line)) continue;
      throw new OverlayFailure(
        "OVERLAY_CONDITIONAL_SPANS",
        `text on line ${line + 1} belongs to the section only in one branch of a conditional`,
        ["move the conditional with a spec-search-replace overlay before this one"],
      );
    }
    result.splice(section.start, end - section.start);
  }
  return result;
}

function patchNumbers(spec: Structure): Map<SpecTag, number> {
  const numbers = new Map<SpecTag, number>();
  let next = 0;
  for (const tag of spec.document.tags) {
    const digits = /^patch(\d{0,9})$/i.exec(tag.name)?.[1];
    if (digits === undefined) continue;
    const number = digits === "" ? next : Number(digits);
    numbers.set(tag, number);
    next = number + 1;
  }
  return numbers;
}

function addPatch(spec: Structure, packageName: string, file: string): string[] {
  const list = spec.document.sections.find((section) => section.name === "patchlist");
  if (list !== undefined) return spec.lines.toSpliced(bodyEnd(spec, list), 0, file);
  const next = Math.max(-1, ...patchNumbers(spec).values()) + 1;
  return addTag(spec, packageName, `Patch${next}`, file);
}

function removePatch(spec: Structure, pattern: string): string[] {
  const matches = globMatcher(pattern);
  const gone = new Set<number>();
  const numbers = new Set<number>();
  for (const [tag, number] of patchNumbers(spec)) {
    if (!matches(trimSpace(tag.value))) continue;
    for (let line = tag.line; line < tagEnd(spec, tag); line++) gone.add(line);
    numbers.add(number);
  }
  for (const section of spec.document.sections) {
    if (section.name !== "patchlist") continue;
    for (let line = section.start + 1; line < section.end; line++) {
      const text = trimSpace(spec.lines[line] ?? "");
      if (text !== "" && !spec.directives.has(line) && matches(text)) gone.add(line);
    }
  }
  if (gone.size === 0)
    throw new OverlayFailure("OVERLAY_NO_PATCHES", `no patch of the spec matches ${quoted(pattern)}`);
  for (const section of spec.document.sections) {
    if (section.name !== "prep") continue;
    for (let line = section.start + 1; line < section.end; line++) {
      if (patchesUsed(spec.lines[line] ?? "").some((number) => numbers.has(number))) gone.add(line);
    }
  }
  return spec.lines.filter((_line, index) => !gone.has(index));
}

/** Numbers of the patches that a line of %prep applies: `%patch3`, `%patch 3 -p1`, `%patch -P 3`, `%patch -P3`. */
function patchesUsed(line: string): number[] {
  if (!line.includes("%patch")) return [];
  const [name = "", ...rest] = words(line);
  const own = /^%patch(\d{0,9})$/.exec(name)?.[1];
  if (own === undefined) return [];
  const numbers = own === "" ? [] : [Number(own)];
  for (const word of rest) {
    const digits = /^(?:-P)?(\d{1,9})$/.exec(word)?.[1];
    if (digits !== undefined) numbers.push(Number(digits));
  }
  return numbers;
}
