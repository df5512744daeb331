import { compareText } from "../../core/index.ts";
import type { ElfExport, ElfFile } from "../../formats/elf/index.ts";
import type { CompatRule } from "./rules.ts";

/** A difference of two versions of one library, before it is known who minds. */
export interface ElfChange {
  readonly rule: CompatRule;
  readonly breaks: boolean;
  /** `symbol`, `symbol@VERSION`, a version node or a soname. */
  readonly subject: string;
  readonly what: string;
  /** References that no longer resolve: symbol name → versions (empty text for none). Undefined where no symbol is concerned. */
  readonly symbol?: { readonly name: string; readonly version: string | undefined; readonly copied: boolean };
  /** Weak C++ code that each user carries itself as a rule. */
  readonly weak: boolean;
}

/** Version nodes and symbols that are agreed to be nobody else's business. */
function isPrivate(version: string | undefined): boolean {
  return version !== undefined && /(?:^|_)PRIVATE(?:_|$)|^LIBINTERNAL/i.test(version);
}

/** Marks of the linker that old tools export, and nothing binds to. */
const linkerNames = new Set([
  "_init",
  "_fini",
  "_edata",
  "_end",
  "__bss_start",
  "_start",
  "__bss_start__",
  "_bss_end__",
  "__bss_end__",
  "__end__",
]);

const objectKinds = new Set(["object", "common"]);

/** Whether others link to a file: it has a name to be asked for. Plug-ins and programs export as well, but to whom is not known. */
export function isLinkable(elf: ElfFile): boolean {
  return elf.dynamic && elf.soname !== undefined;
}

/** What users of the library before can miss in the one after. Sorted by rule, then subject. */
export function compareElf(before: ElfFile, after: ElfFile): ElfChange[] {
  const changes: ElfChange[] = [];
  const add = (rule: CompatRule, breaks: boolean, subject: string, what: string, extra?: Partial<ElfChange>) =>
    changes.push({ rule, breaks, subject, what, weak: false, ...extra });
  if (before.machine !== after.machine || before.class !== after.class || before.endian !== after.endian) {
    add(
      "COMPAT019",
      true,
      after.machineName,
      `${before.machineName} ${before.class} bit → ${after.machineName} ${after.class} bit`,
    );
    return changes;
  }
  if (!isLinkable(before)) return changes;
  if (after.soname !== before.soname) {
    add("COMPAT005", true, before.soname ?? "", `soname ${before.soname} → ${after.soname ?? "none"}`);
    return changes;
  }
  const nodes = new Set(after.versionDefinitions.map((definition) => definition.name));
  for (const { name, base } of before.versionDefinitions) {
    if (!base && !nodes.has(name) && nodes.size > 0) {
      const secret = isPrivate(name);
      add("COMPAT007", !secret, name, `version node ${name} is gone${secret ? " (private)" : ""}`);
    }
  }
  const byName = new Map<string, ElfExport[]>();
  for (const symbol of after.exports) {
    const list = byName.get(symbol.name);
    if (list) list.push(symbol);
    else byName.set(symbol.name, [symbol]);
  }
  for (const old of before.exports) {
    if (linkerNames.has(old.name)) continue;
    const candidates = byName.get(old.name) ?? [];
    const found = match(old, candidates, nodes.size > 0);
    const subject = old.version === undefined ? old.name : `${old.name}@${old.version}`;
    const weak = old.binding === "weak";
    const secret = isPrivate(old.version);
    const symbol = { name: old.name, version: old.version, copied: false };
    if (!found) {
      const elsewhere = candidates.map((candidate) => candidate.version ?? "no version").sort(compareText);
      if (elsewhere.length > 0)
        add("COMPAT007", !secret, subject, `${old.name}: ${old.version ?? "no version"} → ${elsewhere.join(", ")}`, {
          symbol,
          weak,
        });
      else
        add(
          "COMPAT006",
          !secret,
          subject,
          `${old.type === "none" ? "symbol" : old.type} removed${secret ? " (private)" : ""}`,
          { symbol, weak },
        );
    } else if (kindOf(old) !== kindOf(found)) {
      add("COMPAT008", !secret, subject, `${old.type} → ${found.type}`, { symbol, weak });
    } else if (objectKinds.has(old.type) && old.size !== found.size && old.size > 0) {
      add("COMPAT008", !secret, subject, `size ${old.size} → ${found.size} bytes`, {
        symbol: { ...symbol, copied: true },
        weak,
      });
    } else if (old.type === "tls" && found.size < old.size) {
      add("COMPAT008", !secret, subject, `thread-local size ${old.size} → ${found.size} bytes`, { symbol, weak });
    }
  }
  return changes.sort((a, b) => compareText(a.rule, b.rule) || compareText(a.subject, b.subject));
}

/**
 * What a reference bound before binds to now, as the dynamic linker decides: the same version, hidden or default; without a version in
 * the reference any default one; a library without versions takes all references.
 */
function match(old: ElfExport, candidates: readonly ElfExport[], versioned: boolean): ElfExport | undefined {
  const same = candidates.find((candidate) => candidate.version === old.version);
  if (same) return same;
  if (old.version === undefined) return candidates.find((candidate) => candidate.isDefault);
  return versioned ? candidates.find((candidate) => candidate.version === undefined) : candidates[0];
}

function kindOf(symbol: ElfExport): string {
  if (objectKinds.has(symbol.type)) return "object";
  return symbol.type === "ifunc" ? "func" : symbol.type;
}
