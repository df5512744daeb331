import { chmodSync, lchownSync, lstatSync, readFileSync } from "node:fs";
import { findProgram, run, systemCode, WeirError } from "../../core/index.ts";
import { type RootPaths, statOf } from "./root-paths.ts";
import type { PlacedFile, UnpackOptions } from "./types.ts";

/** What could not be applied, and why. */
export interface NotApplied {
  readonly path: string;
  readonly what: "owner" | "capabilities" | "device";
  readonly reason: string;
}

const mostNames = 1 << 20;

/**
 * Sets owners, capabilities and device nodes of what was unpacked, as far as asked for and permitted; what is not is in the result.
 * Names are looked up in the root's own etc/passwd and etc/group, as rpm does; `root` is 0 everywhere.
 */
export async function applyAttributes(
  placed: readonly PlacedFile[],
  special: readonly PlacedFile[],
  paths: RootPaths,
  options: UnpackOptions,
): Promise<NotApplied[]> {
  const failed: NotApplied[] = [];
  const made: PlacedFile[] = [];
  if (options.devices === true) {
    for (const item of special) if (await makeNode(item, paths, failed)) made.push(item);
  }
  if (options.owners === true) {
    const users = idsOf(paths, "etc/passwd");
    const groups = idsOf(paths, "etc/group");
    for (const { file, path } of [...placed, ...made]) {
      const uid = users.get(file.user);
      const gid = groups.get(file.group);
      if (uid === undefined || gid === undefined) {
        const missing = uid === undefined ? `user ${file.user}` : `group ${file.group}`;
        failed.push({ path: file.path, what: "owner", reason: `there is no ${missing} in the root` });
        continue;
      }
      try {
        const at = paths.absolute(path);
        const before = lstatSync(at);
        if (before.uid === uid && before.gid === gid) continue;
        lchownSync(at, uid, gid);
        // A change of owner takes the set-user-id bits away.
        if (!before.isSymbolicLink()) chmodSync(at, before.mode & 0o7777);
      } catch (error) {
        failed.push({ path: file.path, what: "owner", reason: systemCode(error) ?? "unknown" });
      }
    }
  }
  if (options.capabilities === true) {
    for (const { file, path } of placed) {
      if (file.capabilities !== "" && (file.mode & 0o170000) === 0o100000) {
        await setCapabilities(file.capabilities, file.path, paths.absolute(path), failed);
      }
    }
  }
  return failed;
}

async function makeNode({ file, path }: PlacedFile, paths: RootPaths, failed: NotApplied[]): Promise<boolean> {
  const kind = file.mode & 0o170000;
  const letter = kind === 0o020000 ? "c" : kind === 0o060000 ? "b" : kind === 0o010000 ? "p" : "";
  const refuse = (reason: string) => {
    failed.push({ path: file.path, what: "device", reason });
    return false;
  };
  const program = findProgram("mknod");
  if (letter === "") return refuse("sockets are made by who listens on them");
  if (program === undefined) return refuse("the program mknod is not on this machine");
  const at = paths.absolute(path);
  if (statOf(at) !== undefined) return refuse("something is there already");
  const mode = `-m${(file.mode & 0o7777).toString(8)}`;
  const numbers = letter === "p" ? [] : [String((file.rdev >> 8) & 255), String(file.rdev & 255)];
  const { exitCode } = await run(program, [mode, "--", at, letter, ...numbers], { accept: "any", timeout: 10_000 });
  return exitCode === 0 || refuse("only root may make devices");
}

async function setCapabilities(text: string, path: string, at: string, failed: NotApplied[]): Promise<void> {
  const refuse = (reason: string) => failed.push({ path, what: "capabilities", reason });
  const program = findProgram("setcap");
  if (program === undefined) return void refuse("the program setcap is not on this machine");
  if (!/^[a-z0-9_,=+\- ]+$/.test(text) || text.startsWith("-")) return void refuse("the text names no capabilities");
  const { exitCode } = await run(program, ["-q", text, at], { accept: "any", timeout: 10_000 });
  if (exitCode !== 0) refuse("only root may set capabilities, and not on every file system");
}

/** Names and numbers of a passwd or group file inside the root, links followed inside it only. */
function idsOf(paths: RootPaths, name: string): Map<string, number> {
  const ids = new Map<string, number>([["root", 0]]);
  const found = paths.find(name);
  if (found === undefined) return ids;
  const at = paths.absolute(found);
  const info = statOf(at);
  if (info?.isFile() !== true || info.size > mostNames * 64) return ids;
  try {
    for (const line of readFileSync(at, "utf8").split("\n").slice(0, mostNames)) {
      const [user, , id] = line.split(":");
      if (user && id && /^[0-9]{1,10}$/.test(id) && !ids.has(user)) ids.set(user, Number(id));
    }
  } catch (error) {
    throw new WeirError("ARCHIVE_WRITE_FAILED", `cannot read ${name} (${systemCode(error) ?? "unknown"})`, {
      where: name,
      kind: "machine",
      cause: error,
    });
  }
  return ids;
}
