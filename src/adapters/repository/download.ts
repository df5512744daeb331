import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import {
  digestFile,
  type DigestAlgorithm,
  makeFolder,
  type Progress,
  systemCode,
  WeirError,
} from "../../core/index.ts";
import { AttemptFailed, contentLength, type HttpAnswer, type HttpClient, one, shown, tooLarge } from "./http.ts";

/** What a file must be once it is there. */
export interface Expected {
  readonly algorithm: DigestAlgorithm;
  readonly hex: string;
  readonly size: number | undefined;
}

/** Most bytes of a file whose size nobody said. */
const unknownLimit = 4 * 2 ** 30;

/**
 * Brings a file to `path` from the first address that has it as expected. What an interrupted download left behind is gone on with. The
 * file appears under its name only once it is complete and verified. Errors: `REPOSITORY_UNREACHABLE`, `REPOSITORY_WRONG_CONTENT`,
 * `REPOSITORY_TOO_LARGE`, `REPOSITORY_BAD_ADDRESS`, `INTERRUPTED`.
 */
export async function download(
  client: HttpClient,
  addresses: readonly URL[],
  path: string,
  expected: Expected,
  step?: Progress,
): Promise<void> {
  await makeFolder(dirname(path));
  const part = await takePart(path);
  try {
    const failures: { readonly address: URL; readonly error: unknown }[] = [];
    for (const address of addresses) {
      try {
        await client.retry(address, () => fetchInto(client, address, part, expected, step));
        await finish(part, path);
        return;
      } catch (error) {
        if (!passesToNext(error)) throw error;
        failures.push({ address, error });
      }
    }
    throw noMirror(path, failures);
  } catch (error) {
    await leavePart(part, path);
    throw error;
  }
}

/** Whether another mirror may do better. */
export function passesToNext(error: unknown): boolean {
  return error instanceof AttemptFailed || (error instanceof WeirError && error.code.startsWith("REPOSITORY_"));
}

/** What to say when each mirror failed: the only failure itself, or all of them. */
export function noMirror(
  what: string,
  failures: readonly { readonly address: URL; readonly error: unknown }[],
): WeirError {
  const errors = failures.map(({ error }) => error);
  const codes = new Set(errors.map((error) => (error instanceof WeirError ? error.code : "")));
  const [first] = errors;
  if (first instanceof WeirError && codes.size === 1) return first;
  const [only] = failures;
  const name = only === undefined ? what : (only.address.pathname.split("/").pop() ?? what);
  const reasons = failures
    .slice(0, 5)
    .map(({ address, error }) => `${shown(address)}: ${error instanceof Error ? error.message : String(error)}`);
  if (failures.length > reasons.length) reasons.push(`and ${failures.length - reasons.length} more`);
  return new WeirError("REPOSITORY_UNREACHABLE", `${name} cannot be fetched: ${reasons.join("; ")}`, {
    where: only === undefined ? what : shown(only.address),
    kind: "remote",
    hints: [
      failures.length === 0
        ? "there is no mirror to ask: compare the address with the distribution's"
        : "try again later: downloads go on where they stopped",
    ],
    cause: first,
  });
}

async function fetchInto(
  client: HttpClient,
  address: URL,
  part: string,
  expected: Expected,
  step: Progress | undefined,
): Promise<void> {
  const have = (await stat(part).catch(() => undefined))?.size ?? 0;
  if (have > 0 && (expected.size === undefined || have <= expected.size)) {
    // It may be complete already, and only its name was not given.
    if (expected.size === have && (await digestFile(part, expected.algorithm)) === expected.hex) return;
    if (expected.size !== have && (await goOn(client, address, part, have, expected, step))) return;
  }
  await receive(client, await client.get(address), address, part, 0, expected, step);
}

async function goOn(
  client: HttpClient,
  address: URL,
  part: string,
  have: number,
  expected: Expected,
  step: Progress | undefined,
): Promise<boolean> {
  const answer = await client.get(address, { range: `bytes=${have}-` });
  const start = /^bytes (\d{1,15})-/.exec(one(answer.headers["content-range"]) ?? "")?.[1];
  if (answer.status === 206 && Number(start) === have) {
    try {
      await receive(client, answer, address, part, have, expected, step);
      return true;
    } catch (error) {
      if (!(error instanceof WeirError && error.code === "REPOSITORY_WRONG_CONTENT")) throw error;
      // The part was of something else: from the start, once.
      return false;
    }
  }
  if (answer.status === 200) {
    await receive(client, answer, address, part, 0, expected, step);
    return true;
  }
  answer.body.destroy();
  return false;
}

async function receive(
  client: HttpClient,
  answer: HttpAnswer,
  address: URL,
  part: string,
  from: number,
  expected: Expected,
  step: Progress | undefined,
): Promise<void> {
  if (answer.status !== 200 && answer.status !== 206) {
    answer.body.destroy();
    throw new AttemptFailed(`the server answers ${answer.status}`, false, { status: answer.status });
  }
  const limit = expected.size ?? unknownLimit;
  const length = contentLength(answer);
  if (length !== undefined && from + length > limit) {
    answer.body.destroy();
    if (expected.size === undefined) throw tooLarge(address, limit);
    throw wrongSize(address, from + length, expected);
  }
  const hash = createHash(expected.algorithm);
  if (from > 0) for await (const chunk of createReadStream(part)) hash.update(chunk as Buffer);
  let total = from;
  let handle: FileHandle | undefined;
  try {
    handle = await open(part, from > 0 ? "a" : "w");
    for await (const chunk of client.chunks(answer)) {
      total += chunk.length;
      if (total > limit)
        throw expected.size === undefined ? tooLarge(address, limit) : wrongSize(address, total, expected);
      hash.update(chunk);
      await handle.writeFile(chunk);
      step?.update({ done: total });
    }
    await handle.sync();
  } finally {
    answer.body.destroy();
    await handle?.close();
  }
  if (length !== undefined && total !== from + length) throw new AttemptFailed("the connection ended early", true);
  if (expected.size !== undefined && total < expected.size) {
    // Without a length nobody can tell a short file from a cut connection.
    if (length === undefined) throw new AttemptFailed(`${total} of ${expected.size} bytes came`, true);
    await rm(part, { force: true });
    throw wrongSize(address, total, expected);
  }
  const found = hash.digest("hex");
  if (found !== expected.hex) {
    await rm(part, { force: true });
    throw wrongContent(address, `has ${expected.algorithm} ${found}, ${expected.hex} is expected`);
  }
}

function wrongSize(address: URL, found: number, expected: Expected): WeirError {
  return wrongContent(address, `has ${found} bytes or more, ${expected.size} are expected`);
}

function wrongContent(address: URL, what: string): WeirError {
  return new WeirError("REPOSITORY_WRONG_CONTENT", `${address.pathname.split("/").pop() ?? ""} ${what}`, {
    where: shown(address),
    kind: "remote",
    hints: ["the mirror is not up to date, or the repository changed meanwhile: run again"],
  });
}

/** Takes over what an earlier download left, under a name that no other process uses. */
async function takePart(path: string): Promise<string> {
  const mine = `${path}.part-${process.pid}-${randomBytes(6).toString("hex")}`;
  for (const left of [`${path}.part`, ...(await orphans(path))]) {
    try {
      await rename(left, mine);
      break;
    } catch (error) {
      if (systemCode(error) !== "ENOENT") throw error;
    }
  }
  return mine;
}

/** Parts of processes that are no more: they were killed. */
async function orphans(path: string): Promise<string[]> {
  const start = `${basename(path)}.part-`;
  const names = (await readdir(dirname(path))).filter((name) => name.startsWith(start)).sort();
  return names
    .filter((name) => {
      const pid = Number(name.slice(start.length).split("-")[0]);
      try {
        return !Number.isSafeInteger(pid) || pid <= 0 || !process.kill(pid, 0);
      } catch (error) {
        return systemCode(error) === "ESRCH";
      }
    })
    .map((name) => join(dirname(path), name));
}

async function leavePart(part: string, path: string): Promise<void> {
  await rename(part, `${path}.part`).catch(() => undefined);
}

async function finish(part: string, path: string): Promise<void> {
  await rename(part, path);
  const folder = await open(dirname(path)).catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
