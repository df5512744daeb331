import { compareText } from "../../core/index.ts";
import type { RootTree } from "./root-tree.ts";

/**
 * Files of folders that override each other as systemd's do: of one name the first folder's counts, an empty file or a link to /dev/null
 * hides it; sorted by name.
 */
export function dropIns(
  tree: RootTree,
  folders: readonly string[],
  suffix: string,
): { readonly path: string; readonly text: string }[] {
  const byName = new Map<string, string>();
  for (const folder of folders) {
    for (const name of tree.list(folder)) {
      if (name.endsWith(suffix) && !byName.has(name)) byName.set(name, `${folder}/${name}`);
    }
  }
  return [...byName.entries()]
    .sort((a, b) => compareText(a[0], b[0]))
    .flatMap(([, path]) => {
      const text = tree.linkTarget(path) === "/dev/null" ? undefined : tree.read(path);
      return text === undefined ? [] : [{ path, text }];
    });
}

/** Words of a line, as systemd splits them: blanks, single and double quotes, backslashes. Undefined for an open quote. */
export function splitWords(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let i = 0; i < line.length; i++) {
    const char = line[i] as string;
    if (char === "\\" && i + 1 < line.length) word = (word ?? "") + (line[++i] ?? "");
    else if (quote !== "") {
      if (char === quote) quote = "";
      else word = (word ?? "") + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= "";
    } else if (char === " " || char === "\t") {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + char;
  }
  if (quote !== "") return undefined;
  if (word !== undefined) words.push(word);
  return words;
}
