import type { Skip } from "../../core/index.ts";
import { Accounts, isId, isNumeric } from "./accounts.ts";
import { dropIns, splitWords } from "./drop-ins.ts";
import type { RootTree } from "./root-tree.ts";

/** systemd's range for system accounts, given from the top down. */
const systemMost = 999;
const systemLeast = 201;
const DAY = 86_400;

interface Wanted {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly text: string;
  readonly home: string;
  readonly shell: string;
  readonly where: string;
}

/**
 * Adds the users and groups that sysusers.d files declare (sysusers.d(5)) to /etc/passwd, /etc/group and /etc/shadow, as
 * systemd-sysusers does: groups first, then users, numbers without a wish from 999 down. What is there stays.
 */
export function applySysusers(tree: RootTree, epoch: number): Skip[] {
  const skips: Skip[] = [];
  const wanted = readWanted(tree, skips);
  if (wanted.length === 0) return skips;
  const files = new AccountFiles(tree, epoch);
  for (const one of wanted.filter((item) => item.type === "g")) files.addGroup(one);
  for (const one of wanted.filter((item) => item.type === "u")) files.addUser(one, skips);
  for (const one of wanted.filter((item) => item.type === "m")) files.addMember(one);
  files.save();
  return skips;
}

function readWanted(tree: RootTree, skips: Skip[]): Wanted[] {
  const wanted: Wanted[] = [];
  for (const { path, text } of dropIns(tree, ["/etc/sysusers.d", "/usr/lib/sysusers.d"], ".conf")) {
    for (const [i, line] of text.split("\n").entries()) {
      const trimmed = line.trim();
      if (trimmed === "" || trimmed.startsWith("#")) continue;
      const where = `${path}:${i + 1}`;
      const words = splitWords(trimmed);
      const [type = "", name = "", id = "-", gecos = "-", home = "-", shell = "-"] = words ?? [];
      const kind = type.replace(/!$/, "");
      if (kind === "r") continue;
      const member = kind === "m";
      if (
        !words ||
        !["u", "g", "m"].includes(kind) ||
        !isName(name) ||
        (member && !isName(id)) ||
        /[:\n]/.test(gecos + home + shell)
      ) {
        skips.push({ subject: where, reason: "no line of sysusers.d that can be applied" });
        continue;
      }
      const given = (value: string) => (value === "-" ? "" : value);
      wanted.push({
        type: kind,
        name,
        id: given(id),
        text: given(gecos),
        home: given(home),
        shell: given(shell),
        where,
      });
    }
  }
  return wanted;
}

function isName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_.-]{0,30}\$?$/.test(name);
}

/** /etc/passwd and its companions, changed in memory. */
class AccountFiles {
  readonly #tree: RootTree;
  readonly #day: number;
  #accounts: Accounts;
  #passwd: string;
  #group: string;
  readonly #shadow: string[] = [];
  readonly #gshadow: string[] = [];
  readonly #uids: Set<number>;
  readonly #gids: Set<number>;
  readonly #newUsers = new Map<string, number>();
  readonly #newGroups = new Map<string, number>();
  #changed = false;

  constructor(tree: RootTree, epoch: number) {
    this.#tree = tree;
    this.#day = Math.floor(epoch / DAY);
    this.#accounts = new Accounts(tree);
    this.#passwd = endLine(tree.read("/etc/passwd") ?? "");
    this.#group = endLine(tree.read("/etc/group") ?? "");
    this.#uids = this.#accounts.usedUids();
    this.#gids = this.#accounts.usedGids();
  }

  addGroup(one: Wanted): void {
    if (this.#gid(one.name) !== undefined) return;
    this.#makeGroup(one.name, isNumeric(one.id) ? Number(one.id) : undefined);
  }

  addUser(one: Wanted, skips: Skip[]): void {
    if (this.#accounts.hasUser(one.name) || this.#newUsers.has(one.name)) {
      // Scriptlets that add users by hand forget this one.
      this.#addShadow(one.name);
      return;
    }
    const [first = "", group] = one.id.split(":");
    if (first.startsWith("/")) {
      skips.push({ subject: one.where, reason: "the number is to be that of a file's owner" });
      return;
    }
    const wish = isNumeric(first) ? Number(first) : undefined;
    let gid = group === undefined ? this.#gid(one.name) : isNumeric(group) ? Number(group) : this.#gid(group);
    if (gid === undefined && group !== undefined) {
      skips.push({ subject: one.where, reason: `the group ${group} does not exist` });
      return;
    }
    const free = wish !== undefined && !this.#uids.has(wish) ? wish : undefined;
    gid ??= this.#makeGroup(one.name, free);
    const uid = free ?? (this.#uids.has(gid) || !isSystem(gid) ? this.#free(this.#uids, this.#gids) : gid);
    this.#uids.add(uid);
    this.#newUsers.set(one.name, uid);
    const shell = one.shell === "" ? (uid === 0 ? "/bin/sh" : "/usr/sbin/nologin") : one.shell;
    this.#passwd += `${one.name}:x:${uid}:${gid}:${one.text}:${one.home === "" ? "/" : one.home}:${shell}\n`;
    this.#addShadow(one.name);
    this.#changed = true;
  }

  #addShadow(name: string): void {
    const line = `${name}:!*:${this.#day}::::::\n`;
    if (!this.#shadow.includes(line)) this.#shadow.push(line);
  }

  addMember(one: Wanted): void {
    this.addUser({ ...one, id: "", type: "u" }, []);
    if (this.#gid(one.id) === undefined) this.#makeGroup(one.id, undefined);
    const lines = this.#group.split("\n").map((line) => {
      const fields = line.split(":");
      if (fields[0] !== one.id || fields.length < 4) return line;
      const members = (fields[3] ?? "").split(",").filter((name) => name !== "");
      if (members.includes(one.name)) return line;
      this.#changed = true;
      return [...fields.slice(0, 3), [...members, one.name].join(",")].join(":");
    });
    this.#group = lines.join("\n");
  }

  save(): void {
    const origin = "sysusers.d";
    if (this.#changed) {
      this.#tree.write("/etc/passwd", this.#passwd, { origin });
      this.#tree.write("/etc/group", this.#group, { origin });
    }
    const append = (path: string, lines: readonly string[]) => {
      const known = new Set((this.#tree.read(path) ?? "").split("\n").map((line) => line.split(":")[0]));
      const added = lines.filter((line) => !known.has(line.split(":")[0]));
      if (added.length === 0) return;
      const isNew = this.#tree.find(path) === undefined;
      const text = endLine(this.#tree.read(path) ?? "") + added.join("");
      this.#tree.write(path, text, isNew ? { origin, mode: 0 } : { origin });
    };
    append("/etc/shadow", this.#shadow);
    if (this.#tree.isFile("/etc/gshadow")) append("/etc/gshadow", this.#gshadow);
  }

  #gid(name: string): number | undefined {
    return this.#newGroups.get(name) ?? (this.#accounts.hasGroup(name) ? this.#accounts.gid(name) : undefined);
  }

  #makeGroup(name: string, wish: number | undefined): number {
    const gid = wish !== undefined && isId(wish) && !this.#gids.has(wish) ? wish : this.#free(this.#gids, this.#uids);
    this.#gids.add(gid);
    this.#newGroups.set(name, gid);
    this.#group += `${name}:x:${gid}:\n`;
    this.#gshadow.push(`${name}:!*::\n`);
    this.#changed = true;
    return gid;
  }

  /** From the top of the system's range, the first that is free in both; then the first that is free in its own. */
  #free(own: ReadonlySet<number>, other: ReadonlySet<number>): number {
    for (let id = systemMost; id >= systemLeast; id--) if (!own.has(id) && !other.has(id)) return id;
    for (let id = systemMost; ; id--) if (!own.has(id)) return id;
  }
}

function isSystem(id: number): boolean {
  return id >= systemLeast && id <= systemMost;
}

function endLine(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
