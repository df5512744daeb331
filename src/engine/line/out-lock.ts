import { open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder, removePartials, systemCode, WeirError } from "../../core/index.ts";

/**
 * Takes the out folder for this process and gives the function that lets it go. A lock of a process that is no more is taken over: it is
 * known by process number and start time, so a killed run never blocks the next. Error: `OUT_IN_USE`.
 */
export async function lockOut(out: string): Promise<() => Promise<void>> {
  const path = join(out, ".weir/lock");
  await makeFolder(join(out, ".weir"));
  const mine = `${process.pid} ${await startTime(process.pid)}\n`;
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const handle = await open(path, "wx");
      await handle.writeFile(mine);
      await handle.close();
      return () => release(path, mine);
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw error;
    }
    const text = await readFile(path, "utf8").catch(() => "");
    const [pid = "", started = ""] = text.trim().split(" ");
    if (/^\d+$/.test(pid) && started !== "" && (await startTime(Number(pid))) === started) {
      throw new WeirError("OUT_IN_USE", "another run is writing to this folder", {
        where: out,
        kind: "refused",
        hints: [`wait for process ${pid} to end, or name another folder with --out`],
      });
    }
    const stale = `${path}.${process.pid}`;
    await rename(path, stale).catch(() => undefined);
    await rm(stale, { force: true });
  }
  throw new WeirError("OUT_IN_USE", "the lock of this folder could not be taken", {
    where: out,
    kind: "refused",
    hints: ["try again"],
  });
}

async function release(path: string, mine: string): Promise<void> {
  if ((await readFile(path, "utf8").catch(() => "")) === mine) await rm(path, { force: true });
}

/** Removes what a killed run left half-written in the folders that this room writes into. */
export async function cleanOut(out: string): Promise<void> {
  const letters = await readdir(join(out, "specs")).catch(() => []);
  const folders = [
    "",
    ".weir",
    ".weir/stages",
    ".weir/images",
    "logs",
    "images",
    "specs",
    ...letters.map((name) => join("specs", name)),
  ];
  for (const folder of folders) await removePartials(join(out, folder));
}

/** When a process started, in clock ticks since boot; empty when there is none or the system does not tell. */
async function startTime(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

/** Marks a folder as an out folder of Weir, or refuses what is none. Errors: `OUT_FOREIGN`, `OUT_UNWRITABLE`. */
export async function claimOut(out: string): Promise<void> {
  const names = await readdir(out).catch((error: unknown): string[] => {
    if (systemCode(error) === "ENOENT") return [];
    if (systemCode(error) === "ENOTDIR") throw foreign(out, "this is not a folder");
    throw unwritable(out, error);
  });
  if (names.length > 0 && !names.includes(".weir")) throw foreign(out, "this folder holds files that are not Weir's");
  try {
    await makeFolder(join(out, ".weir"));
    await writeFile(join(out, ".weir/README"), "State of `weir rebuild`. Remove the whole out folder to start anew.\n");
  } catch (error) {
    throw systemCode(error) === "ENOTDIR"
      ? foreign(out, "a part of this path is not a folder")
      : unwritable(out, error);
  }
}

function foreign(out: string, message: string): WeirError {
  return new WeirError("OUT_FOREIGN", message, {
    where: out,
    hints: ["name an empty folder or one of an earlier rebuild with --out"],
  });
}

function unwritable(out: string, cause: unknown): WeirError {
  return new WeirError("OUT_UNWRITABLE", `this folder cannot be written to (${systemCode(cause) ?? "failed"})`, {
    where: out,
    kind: "machine",
    hints: ["name a folder that you may write to with --out"],
    cause,
  });
}
