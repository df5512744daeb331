const folder = Buffer.from("/usr/lib/systemd/system/");
const idMark = Buffer.from('pkgid="');
const suffix = ".service";
const longestPiece = 1 << 20;

/**
 * Finds service units (`/usr/lib/systemd/system/*.service`) in a filelists.xml that is pushed piece by piece, without looking at anything else
 * in it. Malformed XML is not noticed here: at worst units are missed.
 */
export class ServiceScan {
  /** Names of units by the checksum of the package, in the order of the file. */
  readonly found = new Map<string, string[]>();
  /** How many packages the file lists. */
  packages = 0;
  #rest: Buffer = Buffer.alloc(0);
  #package = "";

  push(piece: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? Buffer.from(piece) : Buffer.concat([this.#rest, piece]);
    const end = bytes.lastIndexOf(60);
    if (end < 0) {
      this.#rest = bytes.length > longestPiece ? Buffer.alloc(0) : bytes;
      return;
    }
    this.#look(bytes.subarray(0, end));
    const rest = bytes.subarray(end);
    this.#rest = rest.length > longestPiece ? Buffer.alloc(0) : Buffer.from(rest);
  }

  finish(): void {
    this.#look(this.#rest);
    this.#rest = Buffer.alloc(0);
  }

  #look(bytes: Buffer): void {
    let id = bytes.indexOf(idMark);
    let path = bytes.indexOf(folder);
    while (path >= 0) {
      while (id >= 0 && id < path) {
        const from = id + idMark.length;
        const end = bytes.indexOf(34, from);
        if (end < 0) return;
        this.#enter(bytes.toString("latin1", from, end));
        id = bytes.indexOf(idMark, end);
      }
      const from = path + folder.length;
      const end = bytes.indexOf(60, from);
      const to = end < 0 ? bytes.length : end;
      if (bytes[path - 1] === 62 && to - from < 256) this.#add(bytes.toString("utf8", from, to));
      path = bytes.indexOf(folder, from);
    }
    for (; id >= 0; id = bytes.indexOf(idMark, id + 1)) {
      const from = id + idMark.length;
      const end = bytes.indexOf(34, from);
      if (end < 0) return;
      this.#enter(bytes.toString("latin1", from, end));
    }
  }

  #enter(id: string): void {
    this.#package = id;
    this.packages++;
  }

  #add(name: string): void {
    if (!name.endsWith(suffix) || name.includes("/") || this.#package === "") return;
    const known = this.found.get(this.#package);
    if (known === undefined) this.found.set(this.#package, [name]);
    else if (!known.includes(name)) known.push(name);
  }
}
