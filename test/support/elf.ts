/** What a made ELF file should hold; `name@VERSION` hides a version, `name@@VERSION` is the default one. */
export interface ElfPlan {
  readonly class?: 32 | 64;
  readonly endian?: "little" | "big";
  readonly machine?: number;
  readonly type?: number;
  readonly soname?: string;
  readonly interpreter?: string;
  readonly needed?: readonly string[];
  readonly runpath?: string;
  readonly rpath?: string;
  readonly exports?: readonly {
    readonly name: string;
    readonly size?: number;
    readonly type?: "func" | "object";
    readonly weak?: boolean;
  }[];
  /** `copy` reserves that many bytes for a copied object. */
  readonly imports?: readonly {
    readonly name: string;
    readonly version?: string;
    readonly library?: string;
    readonly copy?: number;
    readonly weak?: boolean;
  }[];
}

/** Bytes of a small shared library or program as a linker would lay them out: one load segment, dynamic section, classic hash. */
export function makeElf(plan: ElfPlan): Uint8Array {
  const wide = plan.class !== 32;
  const little = plan.endian !== "big";
  const word = wide ? 8 : 4;
  const strings = new Strings();
  const exports = plan.exports ?? [];
  const imports = plan.imports ?? [];
  const split = exports.map(({ name }) => {
    const [plain = "", version] = name.split(/@@?/);
    return { plain, version, hidden: name.includes("@") && !name.includes("@@") };
  });
  const definitions = [...new Set(split.flatMap(({ version }) => (version === undefined ? [] : [version])))].sort();
  const libraries = [...new Set(imports.flatMap(({ library, version }) => (library && version ? [library] : [])))];
  const needVersions = libraries.map((library) => ({
    library,
    versions: [...new Set(imports.filter((i) => i.library === library).map((i) => i.version ?? ""))],
  }));
  let nextIndex = 2 + definitions.length;
  const needIndex = new Map(
    needVersions.flatMap(({ library, versions }) => versions.map((v) => [`${library} ${v}`, nextIndex++] as const)),
  );

  const symbolSize = wide ? 24 : 16;
  const symbols = new Bytes(little);
  const versym = new Bytes(little);
  const symbol = (name: string, info: number, home: number, size: number, index: number) => {
    symbols.u32(strings.add(name));
    if (wide)
      symbols
        .u8(info)
        .u8(0)
        .u16(home)
        .u64(home === 0 ? 0 : 0x1000)
        .u64(size);
    else
      symbols
        .u32(home === 0 ? 0 : 0x1000)
        .u32(size)
        .u8(info)
        .u8(0)
        .u16(home);
    versym.u16(index);
  };
  symbol("", 0, 0, 0, 0);
  for (const { name, version, library, copy, weak } of imports) {
    const index = version === undefined ? 1 : (needIndex.get(`${library} ${version}`) ?? 1);
    symbol(name, ((weak ? 2 : 1) << 4) | (copy ? 1 : 2), copy ? 5 : 0, copy ?? 0, index);
  }
  exports.forEach(({ size = 8, type = "func", weak }, at) => {
    const { plain, version, hidden } = split[at] as (typeof split)[number];
    const index = version === undefined ? 1 : 2 + definitions.indexOf(version);
    symbol(plain, ((weak ? 2 : 1) << 4) | (type === "object" ? 1 : 2), 5, size, index | (hidden ? 0x8000 : 0));
  });
  const count = 1 + imports.length + exports.length;

  const copies = new Bytes(little);
  imports.forEach(({ copy }, at) => {
    if (!copy) return;
    if (wide && little)
      copies
        .u64(0x1000)
        .u32(5)
        .u32(at + 1)
        .u64(0);
    else if (wide)
      copies
        .u64(0x1000)
        .u32(at + 1)
        .u32(5)
        .u64(0);
    else copies.u32(0x1000).u32(((at + 1) << 8) | 5);
  });

  const verdef = new Bytes(little);
  const nodes = definitions.length > 0 ? [plan.soname ?? "base", ...definitions] : [];
  nodes.forEach((name, at) => {
    const last = at === nodes.length - 1;
    verdef
      .u16(1)
      .u16(at === 0 ? 1 : 0)
      .u16(at + 1)
      .u16(1)
      .u32(0)
      .u32(20)
      .u32(last ? 0 : 28)
      .u32(strings.add(name))
      .u32(0);
  });
  const verneed = new Bytes(little);
  needVersions.forEach(({ library, versions }, at) => {
    const last = at === needVersions.length - 1;
    verneed
      .u16(1)
      .u16(versions.length)
      .u32(strings.add(library))
      .u32(16)
      .u32(last ? 0 : 16 + 16 * versions.length);
    versions.forEach((version, number) => {
      verneed
        .u32(0)
        .u16(0)
        .u16(needIndex.get(`${library} ${version}`) ?? 0)
        .u32(strings.add(version))
        .u32(number === versions.length - 1 ? 0 : 16);
    });
  });
  const hash = new Bytes(little)
    .u32(1)
    .u32(count)
    .u32(count > 1 ? 1 : 0);
  for (let at = 0; at < count; at++) hash.u32(at + 1 < count && at > 0 ? at + 1 : 0);

  const tags: [number, number | (() => number)][] = [];
  for (const name of plan.needed ?? libraries) tags.push([1, strings.add(name)]);
  if (plan.soname !== undefined) tags.push([14, strings.add(plan.soname)]);
  if (plan.rpath !== undefined) tags.push([15, strings.add(plan.rpath)]);
  if (plan.runpath !== undefined) tags.push([29, strings.add(plan.runpath)]);
  const headerSize = (wide ? 64 : 52) + 3 * (wide ? 56 : 32);
  const interpreter = plan.interpreter === undefined ? Buffer.alloc(0) : Buffer.from(`${plan.interpreter}\0`);
  const tables: [string, Buffer][] = [
    ["interp", interpreter],
    ["hash", hash.take()],
    ["symbols", symbols.take()],
    ["versym", versym.take()],
    ["verdef", verdef.take()],
    ["verneed", verneed.take()],
    ["copies", copies.take()],
    ["strings", strings.take()],
  ];
  const at = new Map<string, number>();
  let offset = headerSize;
  for (const [name, bytes] of tables) {
    offset = Math.ceil(offset / 8) * 8;
    at.set(name, offset);
    offset += bytes.length;
  }
  const place = (name: string) => 0x10000 + (at.get(name) ?? 0);
  tags.push(
    [4, place("hash")],
    [5, place("strings")],
    [6, place("symbols")],
    [10, strings.take().length],
    [11, symbolSize],
  );
  if (copies.take().length > 0) tags.push([wide ? 7 : 17, place("copies")], [wide ? 8 : 18, copies.take().length]);
  if (nodes.length > 0 || needIndex.size > 0) tags.push([0x6ffffff0, place("versym")]);
  if (nodes.length > 0) tags.push([0x6ffffffc, place("verdef")], [0x6ffffffd, nodes.length]);
  if (needIndex.size > 0) tags.push([0x6ffffffe, place("verneed")], [0x6fffffff, needVersions.length]);
  const dynamicAt = Math.ceil(offset / 8) * 8;
  const dynamicSize = (tags.length + 1) * 2 * word;
  const end = dynamicAt + dynamicSize;

  const out = Buffer.alloc(end);
  for (const [name, bytes] of tables) bytes.copy(out, at.get(name));
  const dynamic = new Bytes(little);
  for (const [name, value] of [...tags, [0, 0] as const]) {
    const number = typeof value === "function" ? value() : value;
    if (wide) dynamic.u64(name).u64(number);
    else dynamic.u32(name).u32(number);
  }
  dynamic.take().copy(out, dynamicAt);
  const header = new Bytes(little);
  for (const byte of [0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, little ? 1 : 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    header.u8(byte);
  const w = (value: number) => (wide ? header.u64(value) : header.u32(value));
  header
    .u16(plan.type ?? 3)
    .u16(plan.machine ?? (wide ? 62 : 3))
    .u32(1);
  w(0);
  w(wide ? 64 : 52);
  w(0);
  header
    .u32(0)
    .u16(wide ? 64 : 52)
    .u16(wide ? 56 : 32)
    .u16(3)
    .u16(0)
    .u16(0)
    .u16(0);
  const segment = (type: number, from: number, size: number) => {
    header.u32(type);
    if (wide) header.u32(4);
    w(from);
    w(0x10000 + from);
    w(0x10000 + from);
    w(size);
    w(size);
    if (!wide) header.u32(4);
    w(8);
  };
  segment(1, 0, end);
  segment(2, dynamicAt, dynamicSize);
  segment(interpreter.length > 0 ? 3 : 0, at.get("interp") ?? 0, interpreter.length);
  header.take().copy(out, 0);
  return out;
}

class Strings {
  readonly #known = new Map<string, number>([["", 0]]);
  #bytes = Buffer.from("\0");
  add(text: string): number {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const at = this.#bytes.length;
    this.#known.set(text, at);
    this.#bytes = Buffer.concat([this.#bytes, Buffer.from(`${text}\0`)]);
    return at;
  }
  take(): Buffer {
    return this.#bytes;
  }
}

class Bytes {
  readonly #parts: Buffer[] = [];
  readonly #little: boolean;
  constructor(little: boolean) {
    this.#little = little;
  }
  u8(value: number): this {
    this.#parts.push(Buffer.from([value]));
    return this;
  }
  u16(value: number): this {
    const bytes = Buffer.alloc(2);
    if (this.#little) bytes.writeUInt16LE(value);
    else bytes.writeUInt16BE(value);
    this.#parts.push(bytes);
    return this;
  }
  u32(value: number): this {
    const bytes = Buffer.alloc(4);
    if (this.#little) bytes.writeUInt32LE(value);
    else bytes.writeUInt32BE(value);
    this.#parts.push(bytes);
    return this;
  }
  u64(value: number): this {
    const bytes = Buffer.alloc(8);
    if (this.#little) bytes.writeBigUInt64LE(BigInt(value));
    else bytes.writeBigUInt64BE(BigInt(value));
    this.#parts.push(bytes);
    return this;
  }
  take(): Buffer {
    return Buffer.concat(this.#parts);
  }
}
