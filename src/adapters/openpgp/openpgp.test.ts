import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { config, createMessage, enums, generateKey, readPrivateKey, revokeKey, SignaturePacket } from "openpgp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildRpm } from "../../../test/support/rpm-builder.ts";
import { missingTool } from "../../../test/support/tools.ts";
import { run, WeirError } from "../../core/index.ts";
import { packageBytes } from "../../formats/archive/index.ts";
import { readRpm } from "../../formats/rpm/index.ts";
import {
  Keyring,
  keysOf,
  openKeyring,
  openSigner,
  type Signer,
  signDetached,
  signPackage,
  verifyDetached,
  verifyPackage,
} from "./index.ts";

const made = 1_700_000_000;
const time = made + 1000;
const kinds = ["rsa", "ed25519", "p256", "v6"] as const;
type Kind = (typeof kinds)[number];

interface Pair {
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
}

const pairs = new Map<Kind, Pair>();
const signers = new Map<Kind, Signer>();
let folder = "";

async function makePair(kind: Kind, more: { passphrase?: string; keyExpirationTime?: number } = {}): Promise<Pair> {
  const common = {
    userIDs: [{ name: `Test ${kind}`, email: "test@example.org" }],
    format: "binary" as const,
    date: new Date(made * 1000),
    ...more,
  };
  if (kind === "rsa") return generateKey({ ...common, type: "rsa", rsaBits: 2048 });
  if (kind === "p256") return generateKey({ ...common, type: "ecc", curve: "nistP256" });
  if (kind === "v6") return generateKey({ ...common, type: "curve25519", config: { v6Keys: true } });
  return generateKey({ ...common, type: "ecc", curve: "ed25519Legacy" });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "weir-openpgp-"));
  for (const kind of kinds) {
    const pair = await makePair(kind);
    pairs.set(kind, pair);
    signers.set(kind, await openSigner(pair.privateKey, kind));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const signerOf = (kind: Kind) => signers.get(kind) as Signer;
const keyringOf = async (...of: Kind[]) =>
  new Keyring((await Promise.all(of.map((kind) => keysOf((pairs.get(kind) as Pair).publicKey, kind)))).flat());

async function failure(work: () => Promise<unknown>): Promise<WeirError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof WeirError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const content = Buffer.from("<repomd/>\n".repeat(100));

describe("detached signatures", () => {
  it.each(kinds)("%s: made, verified, and told from others", async (kind) => {
    const signature = Buffer.from(await signDetached(signerOf(kind), content, { time }));
    expect(signature.toString()).toMatch(/^-----BEGIN PGP SIGNATURE-----\n/);
    const status = async (bytes: Uint8Array, ...of: Kind[]) =>
      (await verifyDetached(bytes, signature, await keyringOf(...of))).map((result) => result.status);
    expect(await status(content, ...kinds)).toEqual(["ok"]);
    expect(await status(Buffer.from("other"), ...kinds)).toEqual(["bad"]);
    expect(await status(content, kind === "rsa" ? "p256" : "rsa")).toEqual(["no-key"]);
    const [result] = await verifyDetached(content, signature, await keyringOf(kind));
    expect(result).toMatchObject({ signer: `Test ${kind} <test@example.org>`, reason: "" });
    expect(result?.info).toMatchObject({ keyId: signerOf(kind).keyId, created: time, version: kind === "v6" ? 6 : 4 });
  });

  it("the same bytes each time with RSA and EdDSA", async () => {
    for (const kind of ["rsa", "ed25519"] as const) {
      const twice = [
        await signDetached(signerOf(kind), content, { time }),
        await signDetached(signerOf(kind), content, { time }),
      ];
      expect(twice[0]).toBe(twice[1]);
    }
  });

  it("several signatures in one file give several results", async () => {
    const both = Buffer.concat([
      await signerOf("rsa").sign(content, { time }),
      await signerOf("ed25519").sign(content, { time }),
    ]);
    const results = await verifyDetached(content, both, await keyringOf("rsa"));
    expect(results.map(({ status }) => status)).toEqual(["ok", "no-key"]);
  });

  it("an expired key is not trusted with what it signed afterwards", async () => {
    const pair = await makePair("ed25519", { keyExpirationTime: 5000 });
    const signer = await openSigner(pair.privateKey, "x");
    const early = await signer.sign(content, { time });
    const keyring = new Keyring(await keysOf(pair.publicKey, "x"));
    expect((await verifyDetached(content, early, keyring))[0]?.status).toBe("ok");
    expect((await failure(() => signer.sign(content, { time: made + 6000 }))).code).toBe("OPENPGP_SIGN_FAILED");
    expect((await failure(() => signer.sign(content, { time: made - 6000 }))).code).toBe("OPENPGP_SIGN_FAILED");
    const forever = await makePair("ed25519");
    const late = await (await openSigner(forever.privateKey, "x")).sign(content, { time: made + 6000 });
    expect((await verifyDetached(content, late, new Keyring(await keysOf(forever.publicKey, "x"))))[0]?.status).toBe(
      "ok",
    );
  });

  it("a revoked key is not trusted", async () => {
    const { privateKey } = await generateKey({
      userIDs: [{ name: "Gone" }],
      type: "ecc",
      curve: "ed25519Legacy",
      format: "object",
      date: new Date(made * 1000),
    });
    const signature = await (await openSigner(privateKey.write(), "x")).sign(content, { time });
    const revoked = await revokeKey({
      key: privateKey,
      reasonForRevocation: { flag: enums.reasonForRevocation.keyCompromised },
      date: new Date((made + 9000) * 1000),
      format: "object",
    });
    const keyring = new Keyring(await keysOf(revoked.publicKey.write(), "x"));
    const [result] = await verifyDetached(content, signature, keyring);
    expect(result?.status).toBe("not-trusted");
    expect(result?.reason).toMatch(/revoked/i);
  });

  it("SHA-1 is not trusted unless it is asked for", async () => {
    const key = await readPrivateKey({ binaryKey: (pairs.get("rsa") as Pair).privateKey });
    const packet = new SignaturePacket();
    packet.signatureType = enums.signature.binary;
    packet.publicKeyAlgorithm = enums.publicKey.rsaEncryptSign;
    packet.hashAlgorithm = enums.hash.sha1;
    const { packets } = await createMessage({ binary: Uint8Array.from(content) });
    const sign = packet.sign.bind(packet) as unknown as (...args: unknown[]) => Promise<void>;
    const plain = { ...config, nonDeterministicSignaturesViaNotation: false };
    await sign(key.keyPacket, packets[0], new Date(time * 1000), true, plain);
    const body = packet.write();
    const bytes = Buffer.concat([Buffer.from([0xc2, 0xff, 0, 0, body.length >> 8, body.length & 255]), body]);
    const keyring = await keyringOf("rsa");
    const [strict] = await verifyDetached(content, bytes, keyring);
    expect(strict).toMatchObject({ status: "not-trusted", reason: "SHA1 can be forged" });
    expect((await verifyDetached(content, bytes, keyring, { allowWeak: true }))[0]?.status).toBe("ok");
    expect((await verifyDetached(Buffer.from("x"), bytes, keyring, { allowWeak: true }))[0]?.status).toBe("bad");
  });

  it("every cut is a value and never ok; over a thousand changed signatures are values too, not errors", async () => {
    const keyring = await keyringOf(...kinds);
    for (const kind of ["ed25519", "v6"] as const) {
      const signature = await signerOf(kind).sign(content, { time });
      for (let cut = 0; cut < signature.length; cut++) {
        const results = await verifyDetached(content, signature.subarray(0, cut), keyring);
        expect(results.every(({ status }) => status !== "ok")).toBe(true);
      }
      let seed = 5;
      const next = (below: number) => {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
        return (seed >>> 8) % below;
      };
      for (let round = 0; round < 600; round++) {
        const copy = Buffer.from(signature);
        const at = next(copy.length);
        copy[at] = (copy[at] as number) ^ (1 << next(8));
        await verifyDetached(content, copy, keyring);
        await verifyDetached(
          content,
          Buffer.from(`-----BEGIN PGP SIGNATURE-----\n\n${copy.toString("base64")}\n`),
          keyring,
        );
      }
    }
  });
});

describe("keys", () => {
  it("reads armored files with several blocks, binary files and folders", async () => {
    const keys = join(folder, "keys");
    mkdirSync(keys);
    const armored = await Promise.all(
      (["rsa", "p256"] as const).map(
        async (kind) => (await keysOf((pairs.get(kind) as Pair).publicKey, kind))[0]?.armor() ?? "",
      ),
    );
    writeFileSync(join(keys, "two.asc"), `some words\n${armored.join("\nmore words\n")}`);
    writeFileSync(join(keys, "binary.gpg"), (pairs.get("ed25519") as Pair).publicKey);
    writeFileSync(join(keys, "README"), "no key");
    expect((await openKeyring([join(keys, "two.asc")])).keys).toHaveLength(2);
    const all = await openKeyring([keys]);
    expect(all.keys).toHaveLength(3);
    expect(all.unreadable.map(({ where }) => where)).toEqual(["README"]);
  });

  it("says which key cannot be used, and why", async () => {
    const text = join(folder, "text");
    writeFileSync(text, "no key");
    const empty = join(folder, "empty");
    mkdirSync(empty);
    expect((await failure(() => openKeyring([text]))).code).toBe("OPENPGP_KEY_BAD");
    expect((await failure(() => openKeyring([empty]))).code).toBe("OPENPGP_KEYRING_EMPTY");
    expect((await failure(() => openKeyring([join(folder, "absent")]))).code).toBe("OPENPGP_KEYRING_UNREADABLE");
    expect((await failure(() => openSigner({ path: text }, "text"))).code).toBe("OPENPGP_KEY_BAD");
    expect((await failure(() => openSigner((pairs.get("rsa") as Pair).publicKey, "x"))).code).toBe("OPENPGP_KEY_BAD");
    const locked = await makePair("ed25519", { passphrase: "secret" });
    expect((await failure(() => openSigner(locked.privateKey, "x"))).code).toBe("OPENPGP_KEY_LOCKED");
    expect((await failure(() => openSigner(locked.privateKey, "x", "wrong"))).code).toBe("OPENPGP_KEY_LOCKED");
    expect((await openSigner(locked.privateKey, "x", "secret")).slot).toBe("dsa");
  });

  it("OPENPGP_NO_SECRET_KEY for a key that was revoked", async () => {
    const { privateKey } = await generateKey({
      userIDs: [{ name: "Gone" }],
      type: "ecc",
      curve: "ed25519Legacy",
      format: "object",
      date: new Date(made * 1000),
    });
    const revoked = await revokeKey({ key: privateKey, date: new Date(time * 1000), format: "object" });
    expect((await failure(() => openSigner(revoked.privateKey.write(), "x"))).code).toBe("OPENPGP_NO_SECRET_KEY");
  });
});

const described = { name: "signed", version: "1", release: "1", buildTime: made };
const entries = [{ path: "/etc/signed", content: Buffer.from("x".repeat(1000)) }];

describe("packages", () => {
  const write = async (name: string, format: 4 | 6, reserve?: number) => {
    const path = join(folder, name);
    const options = { compressor: "gzip", format, ...(reserve === undefined ? {} : { reserve }) } as const;
    writeFileSync(path, await packageBytes(described, entries, options));
    return path;
  };

  it.each(kinds.flatMap((kind) => [[kind, 4] as const, [kind, 6] as const]))(
    "%s signs format %i",
    async (kind, format) => {
      const path = await write(`${kind}-${format}.rpm`, format);
      const before = readRpm({ path }, "x");
      const done = await signPackage(path, "x", signerOf(kind), { time });
      const slot = kind === "rsa" ? "rsa" : "dsa";
      expect(done.slots).toEqual(kind === "v6" ? ["openPgp"] : format === 6 ? [slot, "openPgp"] : [slot]);
      expect(done.size).toBe(statSync(path).size);
      const after = readRpm({ path }, "x");
      // What was reserved is used up, so that nothing behind it moves.
      expect(after.headerRange).toEqual(before.headerRange);
      const found = await verifyPackage({ path }, "x", await keyringOf(kind));
      expect(found.trusted).toBe(true);
      expect((await verifyPackage({ path }, "x", await keyringOf(kind === "rsa" ? "p256" : "rsa"))).trusted).toBe(
        false,
      );
      if (kind === "rsa" || kind === "ed25519") {
        expect((await signPackage(path, "x", signerOf(kind), { time })).unchanged).toBe(true);
      }
    },
  );

  it("replaces a signature, keeps those of others in format 6, works without reserved space", async () => {
    const path = await write("again.rpm", 4, 0);
    await signPackage(path, "x", signerOf("rsa"), { time });
    await signPackage(path, "x", signerOf("ed25519"), { time });
    const slots = async (at: string) => (await verifyPackage({ path: at }, "x", await keyringOf(...kinds))).signatures;
    expect((await slots(path)).map(({ slot, status }) => [slot, status])).toEqual([["dsa", "ok"]]);
    const six = await write("six.rpm", 6);
    for (const kind of ["rsa", "v6", "rsa"] as const) await signPackage(six, "x", signerOf(kind), { time });
    expect((await slots(six)).map(({ slot, status }) => [slot, status])).toEqual([
      ["rsa", "ok"],
      ["openPgp", "ok"],
      ["openPgp", "ok"],
    ]);
  });

  it("a change anywhere in what is signed is found", async () => {
    const path = await write("changed.rpm", 4);
    await signPackage(path, "x", signerOf("rsa"), { time });
    const bytes = readFileSync(path);
    const { headerRange, payloadOffset } = readRpm(bytes, "x");
    const keyring = await keyringOf("rsa");
    for (const at of [headerRange.end - 60, payloadOffset + 5]) {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] as number) ^ 1;
      const found = await verifyPackage(copy, "x", keyring).catch((error: unknown) => error);
      if (!(found instanceof WeirError)) expect(found).toMatchObject({ trusted: false });
    }
  });

  it("a signed header without the payload's digest vouches for nothing but itself", async () => {
    const bytes = buildRpm({
      name: "old",
      version: "1",
      release: "1",
      header: [{ tag: 5092, type: "stringArray", value: [] }],
    });
    const path = join(folder, "old.rpm");
    writeFileSync(path, bytes);
    const keyring = await keyringOf(...kinds);
    await signPackage(path, "x", signerOf("v6"), { time });
    expect((await verifyPackage({ path }, "x", keyring)).trusted).toBe(false);
  });

  it("RPM_SIGN_UNSUPPORTED for what would have to be held in memory whole", async () => {
    const path = join(folder, "large.rpm");
    const bytes = Buffer.from(buildRpm({ name: "large", version: "1", release: "1" }));
    // The index entry of the payload's digest becomes that of another tag.
    const entry = Buffer.from([0, 0, 0x13, 0xe4, 0, 0, 0, 8]);
    bytes.writeUInt32BE(5091, bytes.indexOf(entry));
    writeFileSync(path, bytes);
    truncateSync(path, 2 ** 30 + 4096);
    expect((await failure(() => signPackage(path, "x", signerOf("rsa"), { time }))).code).toBe("RPM_SIGN_UNSUPPORTED");
    rmSync(path);
  });

  it("RPM_SIGN_WRITE_FAILED leaves the package as it was", async () => {
    const path = await write("stays.rpm", 4);
    const before = readFileSync(path);
    const to = join(path, "below-a-file");
    expect((await failure(() => signPackage(path, "x", signerOf("rsa"), { time, to }))).code).toBe(
      "RPM_SIGN_WRITE_FAILED",
    );
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});

const rpmkeys = missingTool("rpmkeys", "rpm", "gpg");

describe.skipIf(rpmkeys !== undefined)(`beside rpmkeys and gpg ${rpmkeys ?? ""}`, () => {
  it("rpmkeys accepts what is signed here, and rejects what is changed", async () => {
    const db = `--dbpath=${join(folder, "db")}`;
    await run("rpm", [db, "--initdb"]);
    for (const kind of ["rsa", "ed25519"] as const) {
      const key = join(folder, `${kind}.asc`);
      writeFileSync(key, (await keysOf((pairs.get(kind) as Pair).publicKey, kind))[0]?.armor() ?? "");
      await run("rpmkeys", [db, "--import", key]);
      for (const format of [4, 6] as const) {
        const path = join(folder, `keys-${kind}-${format}.rpm`);
        writeFileSync(path, await packageBytes(described, entries, { compressor: "gzip", format }));
        await signPackage(path, "x", signerOf(kind), { time });
        const told = (await run("rpmkeys", [db, "-Kv", path])).stdout.toString();
        expect(told).toContain(`key ID ${signerOf(kind).keyId.slice(8)}: OK`);
        expect(told).not.toMatch(/BAD|NOTFOUND|NOKEY/);
      }
    }
  });

  it("gpg accepts detached signatures", async () => {
    const home = mkdtempSync(join(folder, "gnupg-"));
    const file = join(home, "repomd.xml");
    writeFileSync(file, content);
    for (const kind of ["rsa", "ed25519", "p256"] as const) {
      writeFileSync(join(home, "key"), (pairs.get(kind) as Pair).publicKey);
      writeFileSync(`${file}.asc`, await signDetached(signerOf(kind), content, { time }));
      const args = ["--homedir", home, "--batch", "--no-autostart"];
      await run("gpg", [...args, "--import", join(home, "key")]);
      await run("gpg", [...args, "--verify", `${file}.asc`, file]);
    }
  });
});

const tree = process.env.WEIR_RPM_TREE;
const data = tree === undefined ? "" : join(tree, "tests/data");
const noTree =
  tree !== undefined && existsSync(join(data, "RPMS")) ? undefined : "WEIR_RPM_TREE names no source tree of rpm";

describe.skipIf(noTree !== undefined || rpmkeys !== undefined)(`rpm's own packages and keys ${noTree ?? ""}`, () => {
  it("agrees with rpmkeys on every signature and digest", async () => {
    const db = `--dbpath=${join(folder, "rpmdb")}`;
    await run("rpm", [db, "--initdb"]);
    // Keys that rpm 4.18 takes too.
    const names = ["rpm.org-rsa-2048-test.pub", "rpm.org-ed25519-test.pub"];
    for (const name of names) await run("rpmkeys", [db, "--import", join(data, "keys", name)]);
    const keyring = await openKeyring(names.map((name) => join(data, "keys", name)));
    const words = { ok: "OK", bad: "BAD", "no-key": "NOKEY", "not-trusted": "NOTTRUSTED", unsupported: "?" };
    let compared = 0;
    for (const name of readdirSync(join(data, "RPMS")).sort()) {
      const path = join(folder, "rpm.rpm");
      copyFileSync(join(data, "RPMS", name), path);
      const told = (await run("rpmkeys", [db, "-Kv", path], { accept: "any" })).stdout.toString();
      const found = await verifyPackage({ path }, name, keyring);
      const theirs = [...told.matchAll(/^ {4}(Header )?(V\d \w+\/\w+) Signature, key ID (\w+): (\w+)$/gm)].map(
        ([, header, kind, id, result]) => `${header ? "header" : "header+payload"} ${kind} ${id} ${result}`,
      );
      // rpm 4.18 knows nothing of the version 6 slot.
      const ours = found.signatures
        .filter(({ slot }) => slot !== "openPgp")
        .map(
          ({ covers, info, status }) =>
            `${covers} V${info?.version} ${info?.algorithm}/${info?.hash} ${info?.keyId.slice(8)} ${words[status]}`,
        );
      expect([name, ...ours.sort()]).toEqual([name, ...theirs.sort()]);
      expect([name, found.ok]).toEqual([name, !/digest: BAD/.test(told)]);
      compared += theirs.length;
    }
    expect(compared).toBeGreaterThan(9);
  });

  it("judges subkeys as rpm 6 does: expired and revoked ones are not trusted, unbound ones unknown", async () => {
    const path = join(data, "RPMS/hello-2.0-1.x86_64-signed-with-subkey.rpm");
    const status = async (key: string) => {
      const keyring = await openKeyring([join(data, "keys", key)]);
      return (await verifyPackage({ path }, "x", keyring)).signatures.map((signature) => signature.status);
    };
    expect(await status("alice.asc")).toEqual(["ok"]);
    expect(await status("alice-expired-subkey.asc")).toEqual(["not-trusted"]);
    expect(await status("alice-revoked-subkey.asc")).toEqual(["not-trusted"]);
  });
});
