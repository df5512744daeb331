import type { Key } from "openpgp";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { compareText, messageOf, systemCode, WeirError } from "../../core/index.ts";
import { armoredBlocks, isArmored } from "./armor.ts";
import type { UnreadableKey } from "./types.ts";

/** Public keys to verify with. A key is held by the IDs of itself and of its subkeys. */
export class Keyring {
  readonly keys: readonly Key[];
  /** Files and blocks of a folder that hold no key that can be read; a single file that does not is an error. */
  readonly unreadable: readonly UnreadableKey[];
  readonly #byId = new Map<string, Key[]>();

  constructor(keys: readonly Key[], unreadable: readonly UnreadableKey[] = []) {
    this.keys = keys;
    this.unreadable = unreadable;
    for (const key of keys) {
      for (const id of new Set(key.getKeyIDs().map((each) => each.toHex()))) {
        const held = this.#byId.get(id);
        if (held) held.push(key);
        else this.#byId.set(id, [key]);
      }
    }
  }

  /** Keys that have this ID (16 hexadecimal digits), themselves or as a subkey: IDs can collide. */
  find(keyId: string): readonly Key[] {
    return this.#byId.get(keyId) ?? [];
  }
}

const mostBytes = 16 << 20;
const mostFiles = 10_000;

/**
 * Reads a keyring: files with public keys, armored (any number of blocks) or binary, and folders of such files (not deeper). Secret keys
 * are taken for their public halves. Errors: `OPENPGP_KEYRING_UNREADABLE`, `OPENPGP_KEYRING_EMPTY`, `OPENPGP_KEY_BAD`.
 */
export async function openKeyring(paths: readonly string[]): Promise<Keyring> {
  const keys: Key[] = [];
  const unreadable: UnreadableKey[] = [];
  for (const path of paths) {
    if (!(await isFolder(path))) {
      keys.push(
        ...(await keysOf(await readKeyFile(path), path, (where, reason) => unreadable.push({ where, reason }))),
      );
      continue;
    }
    const names = (await readdir(path)).sort(compareText);
    if (names.length > mostFiles) {
      throw unreadableError(path, `the folder holds more than ${mostFiles} files`);
    }
    for (const name of names) {
      const file = join(path, name);
      if (await isFolder(file)) continue;
      try {
        keys.push(
          ...(await keysOf(await readKeyFile(file), name, (where, reason) => unreadable.push({ where, reason }))),
        );
      } catch (error) {
        if (!(error instanceof WeirError)) throw error;
        unreadable.push({ where: name, reason: error.message });
      }
    }
  }
  if (keys.length === 0) {
    throw new WeirError("OPENPGP_KEYRING_EMPTY", "the keyring holds no key that can be read", {
      where: paths.join(", "),
      hints: ["name a file with a public key, or a folder of such files"],
    });
  }
  return new Keyring(keys, unreadable);
}

/** Keys in the content of one file. Errors: `OPENPGP_KEY_BAD` where there is none that can be read. */
export async function keysOf(
  bytes: Uint8Array,
  where: string,
  onUnreadable: (where: string, reason: string) => void = () => undefined,
): Promise<Key[]> {
  const { readKeys } = await import("openpgp");
  const keys: Key[] = [];
  let reason = "there is no key in it";
  const take = async (read: () => Promise<Key[]>, place: string, last: boolean) => {
    try {
      keys.push(...(await read()));
    } catch (error) {
      reason = messageOf(error);
      if (!last || keys.length > 0) onUnreadable(place, reason);
    }
  };
  if (isArmored(bytes)) {
    const blocks = armoredBlocks(bytes);
    for (const [i, armoredKeys] of blocks.entries()) {
      await take(() => readKeys({ armoredKeys }), `${where}#${i + 1}`, i === blocks.length - 1);
    }
  } else await take(() => readKeys({ binaryKeys: Uint8Array.from(bytes) }), where, true);
  if (keys.length === 0) {
    throw new WeirError("OPENPGP_KEY_BAD", `no OpenPGP key can be read: ${reason}`, {
      where,
      hints: ["export the key again: gpg --export --armor KEY"],
    });
  }
  return keys.map((key) => (key.isPrivate() ? key.toPublic() : key));
}

/** Content of a key file; at most 16 MiB. Errors: `OPENPGP_KEYRING_UNREADABLE`. */
export async function readKeyFile(path: string): Promise<Uint8Array> {
  try {
    const info = await stat(path);
    if (!info.isFile()) throw unreadableError(path, "this is no regular file");
    if (info.size > mostBytes) throw unreadableError(path, `the file is larger than ${mostBytes} bytes`);
    return await readFile(path);
  } catch (error) {
    if (error instanceof WeirError) throw error;
    throw unreadableError(path, `the key cannot be read (${systemCode(error) ?? messageOf(error)})`, error);
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw unreadableError(path, `the key cannot be read (${systemCode(error) ?? messageOf(error)})`, error);
  }
}

function unreadableError(where: string, message: string, cause?: unknown): WeirError {
  return new WeirError("OPENPGP_KEYRING_UNREADABLE", message, {
    where,
    hints: ["check the path and its permissions"],
    cause,
  });
}
