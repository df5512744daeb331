import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as openpgp from "openpgp";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WeirError } from "../../core/index.ts";
import { writeRepository } from "../../formats/rpmmd/index.ts";
import { openRepositories, type RepositoryOptions } from "./index.ts";
import { Keyring, keysOf } from "../openpgp/index.ts";
import { startServer, type TestServer } from "./server.test-data.ts";

let folder = "";
let root = "";
let signature = "";
let server: TestServer;
let options: RepositoryOptions;
let run = 0;
const keys = { right: "", wrong: "" };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "weir-signed-"));
  root = join(folder, "signed");
  await writeRepository(root, [], { revision: 1700000000 });
  const right = await openpgp.generateKey({ userIDs: [{ name: "right" }], format: "object" });
  const wrong = await openpgp.generateKey({ userIDs: [{ name: "wrong" }], format: "object" });
  keys.right = right.publicKey.armor();
  keys.wrong = wrong.publicKey.armor();
  await writeFile(join(folder, "right.asc"), keys.right);
  await writeFile(join(folder, "wrong.asc"), keys.wrong);
  await writeFile(join(folder, "both.gpg"), `${keys.wrong}\n${keys.right}`);
  await writeFile(join(folder, "broken.asc"), "-----BEGIN PGP PUBLIC KEY BLOCK-----\nno\n");
  const binary = await readFile(join(root, "repodata/repomd.xml"));
  signature = await openpgp.sign({
    message: await openpgp.createMessage({ binary }),
    signingKeys: right.privateKey,
    detached: true,
  });
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await writeFile(join(root, "repodata/repomd.xml.asc"), signature);
  server = await startServer(root);
  options = {
    cwd: folder,
    cacheFolder: join(folder, `cache-${run++}`),
    network: true,
    arch: "x86_64",
    patience: { attempts: 1, idleTimeout: 10_000 },
  };
});
afterEach(async () => {
  await server.close();
});

async function result(spec: string, more: Partial<RepositoryOptions> = {}): Promise<string> {
  try {
    const [source] = await openRepositories([spec], { ...options, ...more });
    return source?.signed === true ? "signed" : "not verified";
  } catch (error) {
    return error instanceof WeirError ? error.code : String(error);
  }
}

async function repoFile(keyLines: string, base = `${server.url}/`): Promise<string> {
  await writeFile(join(folder, "s.repo"), `[s]\nbaseurl=${base}\nrepo_gpgcheck=1\n${keyLines}\n`);
  return "s.repo";
}
const keyring = async (text: string) => new Keyring(await keysOf(Buffer.from(text), "key"));

describe("a signed repomd.xml", () => {
  it.each(["a server", "a folder"])("of %s is verified with the keys of the .repo file", async (place) => {
    const base = place === "a server" ? `${server.url}/` : `file://${root}`;
    expect(await result(await repoFile(`gpgkey=file://${folder}/right.asc`, base))).toBe("signed");
    expect(await result(await repoFile(`gpgkey=file://${folder}/wrong.asc`, base))).toBe("REPOSITORY_BAD_SIGNATURE");
    const both = `gpgkey=file://${folder}/wrong.asc\n  file://${folder}/right.asc`;
    expect(await result(await repoFile(both, base))).toBe("signed");
    expect(await result(await repoFile("", base))).toBe("REPOSITORY_NO_KEY");
    expect(await result(await repoFile(`gpgkey=file://${folder}/broken.asc`, base))).toBe("OPENPGP_KEY_BAD");
    expect(await result(await repoFile(`gpgkey=file://${folder}/none.asc`, base))).toBe("REPOSITORY_FILE_MISSING");
    expect(await result(await repoFile("gpgkey=http://example.org/k", base))).toBe("REPOSITORY_BAD_ADDRESS");
  });

  it("is verified again when it comes from the cache", async () => {
    const spec = await repoFile(`gpgkey=file://${folder}/right.asc`);
    expect(await result(spec)).toBe("signed");
    expect(await result(spec, { network: false })).toBe("signed");
    await repoFile(`gpgkey=file://${folder}/wrong.asc`);
    expect(await result(spec, { network: false })).toBe("REPOSITORY_BAD_SIGNATURE");
  });

  it("is verified with a keyring wherever there is a signature, or everywhere", async () => {
    for (const spec of [server.url, root]) {
      expect(await result(spec)).toBe("not verified");
      expect(await result(spec, { keyring: await keyring(keys.right) })).toBe("signed");
      const wrong = { keyring: await keyring(keys.wrong), refresh: true };
      expect(await result(spec, wrong)).toBe("REPOSITORY_BAD_SIGNATURE");
      expect(await result(spec, { requireSignature: true })).toBe("REPOSITORY_NO_KEY");
    }
    await rm(join(root, "repodata/repomd.xml.asc"));
    const again = { ...options, cacheFolder: join(folder, `cache-${run++}`), keyring: await keyring(keys.right) };
    for (const spec of [server.url, root]) {
      expect(await result(spec, again)).toBe("not verified");
      expect(await result(spec, { ...again, requireSignature: true })).toBe("REPOSITORY_UNSIGNED");
    }
  });

  it("is not good once a byte changed", async () => {
    const path = join(root, "repodata/repomd.xml");
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace("1700000000", "1700000001"));
    const spec = await repoFile(`gpgkey=file://${folder}/right.asc`);
    expect(await result(spec)).toBe("REPOSITORY_BAD_SIGNATURE");
    expect(await result(spec, { network: false })).toBe("REPOSITORY_OFFLINE");
    await writeFile(path, text);
    await writeFile(join(root, "repodata/repomd.xml.asc"), "no signature");
    expect(await result(spec)).toBe("REPOSITORY_BAD_SIGNATURE");
    server.special.set("/repodata/repomd.xml.asc", (_request, response) => response.writeHead(500).end());
    expect(await result(spec)).toBe("REPOSITORY_UNREACHABLE");
  });
});
