import type { Skip } from "../../core/index.ts";
import { isNumeric } from "./accounts.ts";
import { dropIns, splitWords } from "./drop-ins.ts";
import type { MakeOptions, RootTree } from "./root-tree.ts";

const origin = "tmpfiles.d";

/** Made anew at each start of a system, so that an image need not hold it. */
const volatile = ["/run", "/tmp", "/var/tmp", "/proc", "/sys", "/dev"];

const specifiers: Readonly<Record<string, string>> = {
  "%": "%",
  C: "/var/cache",
  L: "/var/log",
  S: "/var/lib",
  T: "/tmp",
  V: "/var/tmp",
  h: "/root",
  t: "/run",
};

/**
 * Makes what tmpfiles.d files declare below folders that last (tmpfiles.d(5)): folders, files, links, copies, owners. Lines for boots
 * alone, removals and ages have no meaning in an image and are passed over; lines that cannot be judged are skips.
 */
export function applyTmpfiles(tree: RootTree): Skip[] {
  const skips: Skip[] = [];
  const folders = ["/etc/tmpfiles.d", "/usr/lib/tmpfiles.d"];
  for (const { path, text } of dropIns(tree, folders, ".conf")) {
    for (const [i, line] of text.split("\n").entries()) {
      const trimmed = line.trim();
      if (trimmed === "" || trimmed.startsWith("#")) continue;
      const reason = applyLine(tree, trimmed);
      if (reason !== undefined) skips.push({ subject: `${path}:${i + 1}`, reason });
    }
  }
  return skips;
}

function applyLine(tree: RootTree, line: string): string | undefined {
  const words = splitWords(line.replace(/((?:\S+\s+){6}).*$/, "$1")) ?? [];
  const [type = "", rawPath = "", mode = "-", user = "-", group = "-"] = words;
  const argument = /^(?:\S+\s+){6}(.*)$/.exec(line)?.[1] ?? "";
  const kind = type.replace(/[!\-=~^$+?]/g, "");
  if (type.includes("!") || "xXrR".includes(kind)) return undefined;
  const path = expand(rawPath);
  if (path === undefined || !path.startsWith("/")) return "a path that is known only when the system runs";
  if (path.split("/").includes("..")) return "a path with ..";
  if (volatile.some((folder) => path === folder || path.startsWith(`${folder}/`))) return undefined;
  const bits = /^[~:]*([0-7]{3,5})$/.exec(mode)?.[1];
  if (bits === undefined && mode !== "-") return `the mode ${mode}`;
  const options: MakeOptions = {
    origin,
    ...(bits === undefined ? {} : { mode: Number.parseInt(bits, 8) & 0o7777 }),
    ...owner("user", user),
    ...owner("group", group),
  };
  switch (kind) {
    case "d":
    case "D":
    case "v":
    case "q":
    case "Q":
      if (tree.find(path) !== undefined && !tree.isFolder(path)) return "something else is there";
      tree.makeFolder(path, options);
      return undefined;
    case "f":
    case "F":
      return makeFile(tree, path, argument, options, type.includes("+"));
    case "L":
      return makeLink(tree, path, argument, type);
    case "C":
      return copy(tree, argument === "" || argument === "-" ? `/usr/share/factory${path}` : argument, path, options);
    case "z":
    case "m":
    case "e":
      if (!/[*?[]/.test(path)) tree.adjust(path, options);
      return /[*?[]/.test(path) ? "a pattern of names" : undefined;
    default:
      return `a line of the type ${kind}`;
  }
}

function owner(key: "user" | "group", value: string): { readonly [name in "user" | "group"]?: string } {
  const name = value.replace(/^:/, "");
  return name === "-" || name === "" || (!isNumeric(name) && !/^[A-Za-z_][\w.-]*\$?$/.test(name))
    ? {}
    : { [key]: name };
}

function makeFile(
  tree: RootTree,
  path: string,
  argument: string,
  options: MakeOptions,
  again: boolean,
): string | undefined {
  if (tree.isFolder(path)) return "a folder is there";
  if (tree.find(path) !== undefined && !again) {
    tree.adjust(path, options);
    return undefined;
  }
  const content = expand(argument === "-" ? "" : argument);
  if (content === undefined) return "content that is known only when the system runs";
  tree.write(path, unescape(content), options);
  return undefined;
}

function makeLink(tree: RootTree, path: string, argument: string, type: string): string | undefined {
  const target = expand(argument === "" || argument === "-" ? `/usr/share/factory${path}` : argument);
  if (target === undefined || target === "") return "a target that is known only when the system runs";
  const from = target.startsWith("/") ? target : `${path.slice(0, path.lastIndexOf("/"))}/${target}`;
  if (type.includes("?") && tree.find(from) === undefined) return undefined;
  const isThere = tree.find(path) !== undefined || tree.linkTarget(path) !== undefined;
  if (isThere && !type.includes("+")) return undefined;
  if (tree.isFolder(path) && tree.linkTarget(path) === undefined) return "a folder is there";
  tree.link(path, target, origin);
  return undefined;
}

function copy(tree: RootTree, from: string, to: string, options: MakeOptions): string | undefined {
  const source = expand(from);
  if (source === undefined || tree.find(source) === undefined) return undefined;
  if (tree.isFile(source)) {
    if (tree.find(to) === undefined) tree.write(to, tree.read(source) ?? "", options);
    return undefined;
  }
  if (tree.list(to).length > 0) return undefined;
  const depth = source.split("/").length;
  const open = [source];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    if (folder.split("/").length > depth + 16) return "folders inside each other too deep";
    tree.makeFolder(to + folder.slice(source.length), options);
    for (const name of tree.list(folder)) {
      const path = `${folder}/${name}`;
      const place = to + path.slice(source.length);
      const target = tree.linkTarget(path);
      if (target !== undefined) tree.link(place, target, origin);
      else if (tree.isFolder(path)) open.push(path);
      else tree.write(place, tree.read(path) ?? "", { origin });
    }
  }
  return undefined;
}

function expand(text: string): string | undefined {
  let known = true;
  const result = text.replace(/%(.)/g, (_, letter: string) => {
    const value = Object.hasOwn(specifiers, letter) ? specifiers[letter] : undefined;
    known &&= value !== undefined;
    return value ?? "";
  });
  return known ? result : undefined;
}

function unescape(text: string): string {
  return text.replace(/\\(n|t|\\|x([0-9a-fA-F]{2}))/g, (_, code: string, hex?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return code === "n" ? "\n" : code === "t" ? "\t" : "\\";
  });
}
