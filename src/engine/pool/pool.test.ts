import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../test/support/random.ts";
import { compareEvr, parseEvr } from "../../core/index.ts";
import { PackageColumns, parsePrimary, relationOp } from "../../formats/rpmmd/index.ts";
import { addMetadata, noProviders, Pool, systemPackage } from "./index.ts";

interface Plain {
  readonly name: string;
  readonly arch: string;
  readonly provides: readonly { readonly name: string; readonly op: number; readonly evr: string }[];
  readonly files: readonly string[];
}

const archs = ["x86_64", "noarch", "i686", "aarch64"];
const opBits = [relationOp.less, 6, relationOp.equal, 3, relationOp.greater];

/** A pool with random packages, and the same as plain objects. */
function universe(seed: number, count: number): { pool: Pool; plain: (Plain | undefined)[] } {
  const random = seededRandom(seed);
  const pool = new Pool(new PackageColumns(), { arch: "x86_64" });
  pool.addRepository({ id: "r", priority: 0, subPriority: 0 });
  const { columns } = pool;
  const { strings } = columns;
  const evr = () =>
    `${random(3) === 0 ? `${1 + random(2)}:` : ""}${random(4)}.${random(3)}${random(4) === 0 ? "" : `-${random(3)}`}`;
  const plain: (Plain | undefined)[] = [undefined, undefined];
  for (let index = 0; index < count; index++) {
    const name = `p${random(count)}`;
    const arch = archs[random(archs.length)] as string;
    const provides = Array.from({ length: random(5) }, () => ({
      name: `c${random(20)}`,
      op: random(3) === 0 ? 0 : (opBits[random(5)] as number),
      evr: evr(),
    }));
    const files = Array.from({ length: random(3) }, () => `/usr/share/f${random(30)}`);
    const pkg = columns.addPackage(0, strings.internText(name), strings.internText("1-1"), strings.internText(arch));
    columns.setList(
      "provides",
      pkg,
      provides.map((item) => {
        const id = strings.internText(item.name);
        return item.op === 0 ? id : columns.relation(id, item.op, strings.internText(item.evr));
      }),
    );
    columns.setList(
      "files",
      pkg,
      files.map((file) => strings.internText(file)),
    );
    columns.setList("requires", pkg, [strings.internText(`/usr/share/f${random(40)}`)]);
    plain[pkg] = { name, arch, provides, files };
  }
  return { pool, plain };
}

/** The same question asked of the plain objects. */
function bruteForce(plain: readonly (Plain | undefined)[], name: string, op: number, evr: string): number[] {
  return plain.flatMap((pkg, index) => {
    if (pkg === undefined || pkg.arch === "aarch64") return [];
    const meets = pkg.provides.some(
      (item) => item.name === name && (op === 0 || item.op === 0 || overlap(item, op, evr)),
    );
    return meets || (op === 0 && pkg.files.includes(name)) ? [index] : [];
  });
}

function overlap(item: { readonly op: number; readonly evr: string }, op: number, evr: string): boolean {
  if ((item.op & op & 5) !== 0) return true;
  const [a, b] = [parseEvr(item.evr), parseEvr(evr)];
  const order = compareEvr(a, b);
  if (order < 0) return (op & 4) !== 0 || (item.op & 1) !== 0;
  if (order > 0) return (op & 1) !== 0 || (item.op & 4) !== 0;
  // A side without a release stands for all of them.
  if (a.release === undefined && b.release !== undefined) return (item.op & 2) !== 0;
  if (a.release !== undefined && b.release === undefined) return (op & 2) !== 0;
  return (item.op & op & 2) !== 0;
}

describe("Pool.whatProvides", () => {
  it.each([1, 2, 3])("is what looking at every package gives (universe %i)", (seed) => {
    const { pool, plain } = universe(seed, 120);
    pool.prepare();
    const random = seededRandom(seed + 100);
    const { columns } = pool;
    const { strings } = columns;
    for (let round = 0; round < 3000; round++) {
      const name = `c${random(22)}`;
      const op = random(6) === 0 ? 0 : (opBits[random(5)] as number);
      const evr = `${random(3) === 0 ? "1:" : ""}${random(4)}.${random(3)}${random(2) === 0 ? "" : `-${random(3)}`}`;
      const id = strings.internText(name);
      const wanted = op === 0 ? id : columns.relation(id, op, strings.internText(evr));
      expect([name, op, evr, pool.providersOf(wanted)]).toEqual([name, op, evr, bruteForce(plain, name, op, evr)]);
    }
    for (let index = 0; index < 40; index++) {
      const path = `/usr/share/f${index}`;
      const asked = Array.from({ length: 120 }, (_, pkg) => columns.listOf("requires", pkg + 2)).flat();
      if (asked.includes(strings.find(path)))
        expect(pool.providersOf(strings.find(path))).toEqual(bruteForce(plain, path, 0, ""));
    }
  });

  it("joins and takes apart the providers of rich dependencies", () => {
    const { pool } = universe(9, 100);
    const { columns } = pool;
    const { strings } = columns;
    const [a, b] = [strings.internText("c1"), strings.internText("c2")];
    const ids = {
      with: columns.relation(a, relationOp.with, b),
      without: columns.relation(a, relationOp.without, b),
      or: columns.relation(a, relationOp.or, b),
      arch: columns.relation(a, relationOp.arch, strings.internText("i686")),
      none: columns.relation(a, 99, b),
    };
    pool.prepare();
    const [ofA, ofB] = [pool.providersOf(a), pool.providersOf(b)];
    expect(pool.providersOf(ids.with)).toEqual(ofA.filter((pkg) => ofB.includes(pkg)));
    expect(pool.providersOf(ids.without)).toEqual(ofA.filter((pkg) => !ofB.includes(pkg)));
    expect(pool.providersOf(ids.or)).toEqual([...new Set([...ofA, ...ofB])].sort((x, y) => x - y));
    expect(pool.providersOf(ids.arch)).toEqual(ofA.filter((pkg) => strings.text(columns.arch[pkg] ?? 0) === "i686"));
    expect(pool.providersOf(ids.none)).toEqual([]);
  });

  it("ends where dependencies are nested without end", () => {
    const pool = new Pool();
    const { columns } = pool;
    const name = columns.strings.internText("a");
    let id = columns.relation(name, relationOp.or, name);
    for (let depth = 0; depth < 5000; depth++) id = columns.relation(id, relationOp.or, name);
    const loop = columns.relation(name, relationOp.and, name);
    columns.relationName[~loop] = loop;
    pool.prepare();
    expect(pool.providersOf(id)).toEqual([]);
    expect(pool.providersOf(loop)).toEqual([]);
  });

  it("keeps references to lists good, whatever is asked for later", () => {
    const { pool } = universe(5, 200);
    pool.prepare();
    const { columns } = pool;
    const start = pool.whatProvides(columns.strings.find("c3"));
    const before = pool.providersOf(columns.strings.find("c3"));
    for (let index = 0; index < 2000; index++)
      pool.addProviderList(Array.from({ length: 5 }, (_, step) => 2 + ((index * 7 + step) % 200)));
    const list: number[] = [];
    for (let at = start; pool.providerLists[at] !== 0; at++) list.push(pool.providerLists[at] as number);
    expect(list).toEqual(before);
    expect(pool.addProviderList([])).toBe(noProviders);
  });
});

describe("Pool", () => {
  const pkg = (name: string, changes: object = {}) => ({ ...plainMetadata(name), ...changes });

  it("knows what runs here, what is considered and what is a source", () => {
    const pool = new Pool(undefined, { arch: "x86_64" });
    pool.addRepository({ id: "r", priority: 0, subPriority: 0 });
    addMetadata(pool, 0, [
      pkg("a"),
      pkg("b", { arch: "i686" }),
      pkg("c", { arch: "aarch64" }),
      pkg("d", { arch: "src" }),
      pkg("e", { arch: "noarch" }),
    ]);
    expect([2, 3, 4, 5, 6].map((index) => pool.archScore(index))).toEqual([6, 5, 0, 0, 1]);
    expect([2, 3, 4, 5, 6].map((index) => pool.isInstallable(index))).toEqual([true, true, false, false, true]);
    expect(pool.colour(2)).toBe(2);
    expect(pool.nevra(2)).toBe("a-1-1.x86_64");
    pool.considered = new Uint8Array(pool.columns.count).fill(1);
    pool.considered[2] = 0;
    pool.prepare();
    expect(pool.isInstallable(2)).toBe(false);
    expect(pool.providersOf(pool.columns.strings.find("a"))).toEqual([]);
    pool.providersWithDisabled = true;
    pool.prepare();
    expect(pool.providersOf(pool.columns.strings.find("a"))).toEqual([2]);
    expect(pool.isInstalled(systemPackage)).toBe(false);
  });

  it("says when somebody asks for a path that nobody has", () => {
    const pool = new Pool();
    pool.addRepository({ id: "r", priority: 0, subPriority: 0 });
    addMetadata(pool, 0, [
      pkg("a", {
        requires: [
          { name: "/opt/x", flags: 0 },
          { name: "/usr/bin/b", flags: 0 },
        ],
      }),
      pkg("b", { files: [{ path: "/usr/bin/b", type: "file" }] }),
    ]);
    pool.prepare();
    expect(pool.missingPaths()).toEqual(["/opt/x"]);
    expect(pool.providersOf(pool.columns.strings.find("/usr/bin/b"))).toEqual([3]);
    expect(pool.askedMissing).toBe(false);
    expect(pool.providersOf(pool.columns.strings.find("/opt/x"))).toEqual([]);
    expect(pool.askedMissing).toBe(true);
  });

  it("lets namespaces be filled in", () => {
    const pool = new Pool();
    const { columns } = pool;
    const name = columns.strings.internText("namespace:language");
    const id = columns.relation(name, relationOp.namespace, columns.strings.internText("de"));
    pool.prepare();
    expect(pool.providersOf(id)).toEqual([]);
    pool.setNamespace(id, [systemPackage]);
    expect(pool.providersOf(id)).toEqual([systemPackage]);
  });
});

function plainMetadata(name: string) {
  const [found] = parsePrimary(
    Buffer.from(
      `<metadata><package type="rpm"><name>${name}</name><arch>x86_64</arch><version epoch="0" ver="1" rel="1"/><checksum type="sha256">ab</checksum><location href="${name}.rpm"/></package></metadata>`,
    ),
    "p.xml",
  );
  if (found === undefined) throw new Error("no package");
  return found;
}
