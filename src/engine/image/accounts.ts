import type { RootTree } from "./root-tree.ts";

/** Users and groups of a root, as its /etc/passwd and /etc/group list them. */
export class Accounts {
  readonly #users = new Map<string, { readonly uid: number; readonly gid: number }>();
  readonly #groups = new Map<string, number>();

  constructor(tree: RootTree) {
    for (const [name, , uid, gid] of records(tree.read("/etc/passwd"))) {
      const ids = { uid: Number(uid), gid: Number(gid) };
      if (name && isId(ids.uid) && isId(ids.gid) && !this.#users.has(name)) this.#users.set(name, ids);
    }
    for (const [name, , gid] of records(tree.read("/etc/group"))) {
      if (name && isId(Number(gid)) && !this.#groups.has(name)) this.#groups.set(name, Number(gid));
    }
  }

  hasUser(name: string): boolean {
    return this.#users.has(name);
  }

  hasGroup(name: string): boolean {
    return this.#groups.has(name);
  }

  /** Number of a user's name (or of a number as text); root is 0 in any case. Undefined for a name that is not there. */
  uid(name: string): number | undefined {
    if (isNumeric(name)) return Number(name);
    return this.#users.get(name)?.uid ?? (name === "root" ? 0 : undefined);
  }

  gid(name: string): number | undefined {
    if (isNumeric(name)) return Number(name);
    return this.#groups.get(name) ?? (name === "root" ? 0 : undefined);
  }

  /** Primary group of a user. */
  primaryGroup(name: string): number | undefined {
    return this.#users.get(name)?.gid;
  }

  usedUids(): Set<number> {
    return new Set([...this.#users.values()].map((user) => user.uid));
  }

  usedGids(): Set<number> {
    return new Set(this.#groups.values());
  }
}

function records(text: string | undefined): string[][] {
  return (text ?? "")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(":"));
}

const mostId = 0xfffffffe;

export function isId(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= mostId;
}

export function isNumeric(text: string): boolean {
  return /^\d{1,10}$/.test(text) && isId(Number(text));
}
