import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { missingTool } from "../../../test/support/tools.ts";
import { digestOf, type Skip, WeirError } from "../../core/index.ts";
import { writeRepository } from "../../formats/rpmmd/index.ts";
import { examplePackage } from "../../formats/rpmmd/support.test-data.ts";
import {
  openRepositories,
  packageAddress,
  readSource,
  type RepositoryOptions,
  type RepositorySource,
} from "./index.ts";
import { type Behaviour, makeCertificate, sendFile, startServer, type TestServer } from "./server.test-data.ts";

let folder = "";
let good = "";
let primary = "";
let server: TestServer;
let options: RepositoryOptions;
let skips: Skip[] = [];
let run = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "weir-unruly-"));
  good = join(folder, "good");
  await writeRepository(good, [], {
    revision: 1700000000,
    extra: [{ type: "noise", file: "noise.xml", content: noise(300_000) }],
  });
  const repomd = await readFile(join(good, "repodata/repomd.xml"), "utf8");
  primary = `/${/repodata\/[0-9a-f]+-primary\.xml\.gz/.exec(repomd)?.[0]}`;
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  server = await startServer(good);
  skips = [];
  options = {
    cwd: folder,
    cacheFolder: join(folder, `cache-${run++}`),
    network: true,
    arch: "x86_64",
    onSkip: (skip) => skips.push(skip),
    patience: { attempts: 2, idleTimeout: 10_000, retryDelay: 5, leastSpeed: 1 },
  };
});
afterEach(async () => {
  await server.close();
});

/** Bytes that do not pack. */
function noise(length: number): Buffer {
  const parts: Buffer[] = [];
  for (let index = 0; index * 32 < length; index++) parts.push(createHash("sha256").update(`${index}`).digest());
  return Buffer.concat(parts).subarray(0, length);
}

async function failure(work: Promise<unknown>): Promise<WeirError> {
  const error: unknown = await work.then(
    () => new Error("nothing thrown"),
    (thrown: unknown) => thrown,
  );
  if (error instanceof WeirError) return error;
  throw error;
}

async function only(spec: string, more: Partial<RepositoryOptions> = {}): Promise<RepositorySource> {
  const [source] = await openRepositories([spec], { ...options, ...more });
  if (source === undefined) throw new Error("no source");
  return source;
}

const code = async (work: Promise<unknown>): Promise<string> => (await failure(work)).code;
const repomdPath = "/repodata/repomd.xml";

function redirect(to: string): Behaviour {
  return (_request, response) => response.writeHead(302, { location: to }).end();
}

describe("servers that lead astray", () => {
  it.each([
    ["to a file", "file:///etc/passwd"],
    ["in a circle", repomdPath],
    ["to no address", "http://["],
    ["to another protocol", "gopher://example.org/"],
    ["to script", "javascript:alert(1)"],
  ])("is not followed %s", async (_, to) => {
    server.special.set(repomdPath, redirect(to));
    expect(await code(only(server.url))).toBe("REPOSITORY_BAD_ADDRESS");
    expect(server.asked.length).toBeLessThan(10);
  });

  it("is followed to another place that has the right file", async () => {
    const other = await startServer(good);
    server.special.set(primary, redirect(`${other.url}${primary}`));
    await (await only(server.url)).file("primary");
    expect(other.asked).toEqual([primary]);
    await other.close();
  });

  const missing = missingTool("openssl");
  it.skipIf(missing !== undefined)(`is not followed from https to http (${missing ?? "present"})`, async () => {
    const { key, cert } = makeCertificate(folder);
    const tls = await startServer(good, { key: await readFile(key), cert: await readFile(cert) });
    await writeFile(join(folder, "tls.repo"), `[tls]\nbaseurl=${tls.url}/\nsslcacert=${cert}\n`);
    await (await only("tls.repo")).file("primary");
    // Without the authority's certificate nobody knows who that is.
    expect((await failure(only(tls.url))).message).toMatch(/certificate/);
    tls.special.set(repomdPath, redirect(`${server.url}${repomdPath}`));
    expect((await failure(only("tls.repo", { refresh: true }))).message).toContain("from https to http");
    expect(server.asked).toEqual([]);
    await tls.close();
  });

  it.each([
    ["above the repository", "../secret.gz"],
    ["above it, disguised", "%2e%2e/secret.gz"],
    ["above it, twice disguised", "a/%2e%2e%2f%2e%2e/secret.gz"],
    ["above it, with the other slash", "..\\secret.gz"],
    ["at an absolute path", "/etc/passwd"],
    ["at another host", "//example.org/x.gz"],
    ["at an address", "http://example.org/x.gz"],
    ["at a file address", "file:///etc/passwd"],
    ["nowhere", "."],
  ])("fetches nothing %s", async (_, location) => {
    const root = join(folder, "outside", "repo");
    await rm(root, { recursive: true, force: true });
    await cp(good, root, { recursive: true });
    await writeFile(join(root, "..", "secret.gz"), "secret");
    const text = await readFile(join(root, repomdPath), "utf8");
    await writeFile(join(root, repomdPath), text.replace(primary.slice(1), location));
    server.root = join(root, "..");
    expect(await code((await only(`${server.url}/repo/`)).file("primary"))).toBe("REPOSITORY_OUTSIDE");
    expect(server.asked).toEqual([`/repo${repomdPath}`]);
    expect(["PATH_ESCAPE", "RPMMD_NOT_FOUND"]).toContain(await code((await only(root)).file("primary")));
  });

  it("follows xml:base on its own host only", async () => {
    const root = join(folder, "based");
    await cp(good, join(root, "a"), { recursive: true });
    await cp(good, join(root, "b"), { recursive: true });
    server.root = root;
    const text = await readFile(join(root, "a", repomdPath), "utf8");
    const write = (base: string) =>
      writeFile(join(root, "a", repomdPath), text.replaceAll("<location ", `<location xml:base="${base}" `));
    await write(`${server.url}/b`);
    await (await only(`${server.url}/a`)).file("primary");
    expect(server.asked.at(-1)).toBe(`/b${primary}`);
    await write("http://127.0.0.2/b");
    expect(await code((await only(`${server.url}/a`, { refresh: true })).file("filelists"))).toBe("REPOSITORY_OUTSIDE");
  });
});

describe("servers that send what they should not", () => {
  const cases: [string, string, Behaviour][] = [
    ["a body without end", "REPOSITORY_TOO_LARGE", (_request, response) => pour(response)],
    [
      "a length beyond all bounds",
      "REPOSITORY_TOO_LARGE",
      (_request, response) => response.writeHead(200, { "content-length": "999999999999" }).end(),
    ],
    [
      "a body cut short",
      "REPOSITORY_UNREACHABLE",
      (_request, response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write("<repomd>");
        setTimeout(() => response.destroy(), 20);
      },
    ],
    ["what is no repomd.xml", "RPMMD_REPOMD_MALFORMED", (_request, response) => response.end("<html>hello")],
    [
      "entities of its own",
      "RPMMD_REPOMD_MALFORMED",
      (_request, response) =>
        response.end('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><repomd>&a;</repomd>'),
    ],
    ["no answer at all", "REPOSITORY_UNREACHABLE", () => undefined],
    [
      "an answer drop by drop",
      "REPOSITORY_UNREACHABLE",
      (_request, response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write(" "), 30);
        response.on("close", () => clearInterval(timer));
      },
    ],
    [
      "a stream that is quick and never ends",
      "REPOSITORY_UNREACHABLE",
      (_request, response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write(" ".repeat(100)), 20);
        response.on("close", () => clearInterval(timer));
      },
    ],
    ["errors", "REPOSITORY_UNREACHABLE", (_request, response) => response.writeHead(500).end()],
    ["a refusal", "REPOSITORY_UNREACHABLE", (_request, response) => response.writeHead(403).end()],
    ["that nothing changed, unasked", "REPOSITORY_UNREACHABLE", (_request, response) => response.writeHead(304).end()],
    ["no http", "REPOSITORY_UNREACHABLE", (request) => request.socket.end("hello\r\n\r\n")],
    [
      "headers without end",
      "REPOSITORY_UNREACHABLE",
      (request) => {
        const { socket } = request;
        socket.on("error", () => undefined);
        socket.write("HTTP/1.1 200 OK\r\n");
        const timer = setInterval(() => socket.write(`x-a: ${"b".repeat(20_000)}\r\n`), 1);
        socket.on("close", () => clearInterval(timer));
      },
    ],
  ];
  it.each(cases)("%s is %s", async (_, expected, behaviour) => {
    server.special.set(repomdPath, behaviour);
    const start = performance.now();
    const patience = { attempts: 2, idleTimeout: 300, retryDelay: 5, leastSpeed: 100 };
    expect(await code(only(server.url, { patience }))).toBe(expected);
    expect(performance.now() - start).toBeLessThan(30_000);
    expect(await code(only(server.url, { network: false }))).toBe("REPOSITORY_OFFLINE");
  });

  function pour(response: import("node:http").ServerResponse): void {
    response.writeHead(200);
    const chunk = Buffer.alloc(1 << 20, " ");
    const more = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", more);
    more();
  }

  const wrong: [string, Behaviour][] = [
    ["longer without end", (_request, response) => pour(response)],
    ["of another length", (_request, response) => response.writeHead(200, { "content-length": "3" }).end("abc")],
    [
      "with one byte changed",
      (_request, response) => {
        void readFile(join(good, primary)).then((bytes) => {
          bytes[30] = (bytes[30] ?? 0) ^ 1;
          response.writeHead(200, { "content-length": bytes.length }).end(bytes);
        });
      },
    ],
  ];
  it.each(wrong)("a file %s is REPOSITORY_WRONG_CONTENT, and never in the cache", async (_, behaviour) => {
    server.special.set(primary, behaviour);
    const source = await only(server.url);
    expect(await code(source.file("primary"))).toBe("REPOSITORY_WRONG_CONTENT");
    const offline = await only(server.url, { network: false });
    expect(await code(offline.file("primary"))).toBe("REPOSITORY_OFFLINE");
  });

  it("unpacks no more than repomd.xml says, or the caller allows", async () => {
    const bomb = gzipSync(Buffer.alloc(64 << 20));
    const root = join(folder, "bomb");
    await mkdir(join(root, "repodata"), { recursive: true });
    await writeFile(join(root, "repodata/primary.xml.gz"), bomb);
    const entry = (more: string) =>
      `<repomd><data type="primary"><checksum type="sha256">${digestOf(bomb)}</checksum><location href="repodata/primary.xml.gz"/>` +
      `<size>${bomb.length}</size>${more}</data></repomd>`;
    await writeFile(join(root, repomdPath), entry("<open-size>1000</open-size>"));
    expect(await code((await only(root)).read("primary"))).toBe("RPMMD_SIZE_MISMATCH");
    await writeFile(join(root, repomdPath), entry(""));
    expect(await code((await only(root)).read("primary", { limit: 1 << 20 }))).toBe("ARCHIVE_TOO_LARGE");
  });

  it("makes no path of what is no checksum", async () => {
    const root = join(folder, "no-checksum");
    await cp(good, root, { recursive: true });
    const text = await readFile(join(root, repomdPath), "utf8");
    await writeFile(
      join(root, repomdPath),
      text.replaceAll(/<checksum type="sha256">[^<]*/g, '<checksum type="sha256">../../x'),
    );
    server.root = root;
    expect(await code((await only(server.url)).file("primary"))).toBe("RPMMD_CHECKSUM_UNKNOWN");
  });
});

describe("a server that closes each connection behind its answer", () => {
  it("is read to the end, however slowly", async () => {
    const files = new Map<string, Buffer>();
    for (const path of [repomdPath, `/${(await only(good)).entry("noise")?.location}`]) {
      files.set(path, await readFile(join(good, path)));
    }
    const closing = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", (data: Buffer) => {
        const body = files.get(/^GET (\S+)/.exec(data.toString("latin1"))?.[1] ?? "");
        socket.end(
          Buffer.concat([
            Buffer.from(`HTTP/1.0 200 OK\r\ncontent-length: ${body?.length}\r\n\r\n`),
            body ?? Buffer.alloc(0),
          ]),
        );
      });
    });
    await new Promise<void>((resolve) => closing.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(closing.address() as AddressInfo).port}`;
    for (let round = 0; round < 20; round++) {
      const cacheFolder = join(folder, `closing-${round}`);
      const bytes = await (await only(url, { cacheFolder })).read("noise");
      expect(bytes).toHaveLength(300_000);
    }
    closing.close();
  });
});

describe("a cache that was tampered with", () => {
  it("is asked for anew, and never sends nonsense", async () => {
    await only(server.url);
    const [own] = await readdir(join(options.cacheFolder, "repo"));
    const path = join(options.cacheFolder, "repo", own ?? "", "state.json");
    const state = await readFile(path, "utf8");
    for (const broken of [
      "",
      "null",
      "[]",
      "{",
      state.replace(/"repomd": "[^"]*/, '"repomd": "../../x'),
      state.replace(/"repomd": "./, '"repomd": "f'),
      state.replace(/"etag": "[^"]*\\"/, '"etag": "a\\nb: c'),
      state.replace(/"from": "[^"]*/, '"from": "file:///etc/'),
      state.replace(/"mirrors": \[[^\]]*/, '"mirrors": ["file:///etc/", 7, "javascript:x"'),
    ]) {
      await writeFile(path, broken);
      const source = await only(server.url);
      expect(source.repomd.revision).toBe("1700000000");
      await source.file("primary");
    }
    await writeFile(path, state.replace(/"mirrors": \[[^\]]*/, '"mirrors": ["file:///etc/"'));
    await rm(join(path, "..", "files"), { recursive: true });
    expect(await code((await only(server.url, { network: false })).file("primary"))).toBe("REPOSITORY_OFFLINE");
  });
});

describe("downloads that stop", () => {
  const noisePath = async (): Promise<string> => `/${(await only(server.url)).entry("noise")?.location}`;

  /** Sends part of the file and hangs up, as often as told; then behaves. */
  function cutting(times: number, bytes: number): Behaviour {
    let left = times;
    return (request, response) => {
      const start = Number(/\d+/.exec(request.headers.range ?? "")?.[0] ?? 0);
      if (left-- <= 0) return sendFile(join(server.root, request.url ?? ""), request, response);
      void readFile(join(server.root, request.url ?? "")).then((all) => {
        const range = { "content-range": `bytes ${start}-${all.length - 1}/${all.length}` };
        response.writeHead(start > 0 ? 206 : 200, {
          "content-length": all.length - start,
          ...(start > 0 ? range : {}),
        });
        response.write(all.subarray(start, start + bytes), () => setTimeout(() => response.destroy(), 20));
      });
    };
  }

  it("go on where they stopped, in the next attempt", async () => {
    const path = await noisePath();
    server.special.set(path, cutting(1, 100_000));
    await (await only(server.url)).file("noise");
    expect(server.asked.at(-1)).toBe(`${path} bytes=100000-`);
  });

  it("go on where they stopped, in the next run", async () => {
    const path = await noisePath();
    server.special.set(path, cutting(2, 50_000));
    expect(await code((await only(server.url)).file("noise"))).toBe("REPOSITORY_UNREACHABLE");
    await (await only(server.url)).file("noise");
    expect(server.asked.at(-1)).toBe(`${path} bytes=100000-`);
  });

  it("go on after a run that was killed", async () => {
    const path = await noisePath();
    const source = await only(server.url);
    const repositories = join(options.cacheFolder, "repo");
    const [own] = await readdir(repositories);
    const target = join(repositories, own ?? "", "files", source.keyOf("noise")?.replace(":", "-") ?? "");
    await mkdir(join(target, ".."), { recursive: true });
    const bytes = await readFile(join(good, path));
    await writeFile(`${target}.part-999999999-abc`, bytes.subarray(0, 1234));
    await source.file("noise");
    expect(server.asked.at(-1)).toBe(`${path} bytes=1234-`);
    expect(await readdir(join(target, ".."))).toEqual([source.keyOf("noise")?.replace(":", "-")]);
  });

  const answers: [string, Behaviour][] = [
    [
      "the whole",
      (request, response) => sendFile(join(good, request.url ?? ""), { ...request, headers: {} } as never, response),
    ],
    ["that there is none", (_request, response) => response.writeHead(416).end()],
    [
      "another range",
      (_request, response) => response.writeHead(206, { "content-range": "bytes 0-9/10" }).end("0123456789"),
    ],
  ];
  it.each(answers)("start afresh when a range is asked for and the answer is %s", async (_, behaviour) => {
    const path = await noisePath();
    const cut = cutting(1, 1000);
    server.special.set(path, (request, response) => {
      if (request.headers.range !== undefined) return behaviour(request, response);
      return cut(request, response);
    });
    await (await only(server.url)).file("noise");
    expect(digestOf(await readFile(await (await only(server.url)).file("noise")))).toBe(
      digestOf(await readFile(join(good, path))),
    );
  });

  it("end when they are told to", async () => {
    const path = await noisePath();
    server.special.set(path, () => undefined);
    const controller = new AbortController();
    const source = await only(server.url, { signal: controller.signal, patience: { idleTimeout: 60_000 } });
    const work = source.file("noise");
    setTimeout(() => controller.abort(), 50);
    expect(await code(work)).toBe("INTERRUPTED");
  });

  it("do not disturb each other", async () => {
    const sources = await Promise.all([only(server.url), only(server.url), only(server.url)]);
    const paths = await Promise.all(sources.flatMap((source) => [source.file("noise"), source.file("noise")]));
    expect(new Set(paths).size).toBe(1);
  });
});

describe("mirrors", () => {
  let other: TestServer;
  beforeEach(async () => {
    other = await startServer(good);
  });
  afterEach(async () => {
    await other.close();
  });

  async function metalink(hash: string, urls: string[], more = ""): Promise<string> {
    const bytes = await readFile(join(good, repomdPath));
    const file = "mirrors.repo";
    const value = hash === "right" ? digestOf(bytes) : hash;
    const list = urls.map((url, index) => `<url protocol="http" preference="${100 - index}">${url}</url>`).join("");
    const text =
      '<?xml version="1.0"?><metalink version="3.0" xmlns="http://www.metalinker.org/" xmlns:mm0="http://fedorahosted.org/mirrormanager">' +
      `<files><file name="repomd.xml"><mm0:timestamp>1</mm0:timestamp><size>${bytes.length}</size><verification>` +
      `<hash type="md5">00</hash><hash type="sha256">${value}</hash></verification>${more}<resources>${list}</resources></file></files></metalink>`;
    server.special.set("/metalink?repo=x", (_request, response) => response.end(text));
    await writeFile(join(folder, file), `[m]\nmetalink=${server.url}/metalink?repo=x\n`);
    return file;
  }

  it("are asked in turn until one has the right file", async () => {
    await writeFile(join(folder, "list.repo"), `[l]\nbaseurl=${server.url}/ ${other.url}/\n`);
    server.special.set(primary, (_request, response) => response.writeHead(404).end());
    await (await only("list.repo")).file("primary");
    expect(other.asked).toEqual([primary]);
    server.special.set(repomdPath, (_request, response) => response.writeHead(503, { "retry-after": "0" }).end());
    await only("list.repo", { refresh: true });
    expect(other.asked).toEqual([primary, repomdPath]);
    await other.close();
    const error = await failure(only("list.repo", { refresh: true }));
    expect(error).toMatchObject({ code: "REPOSITORY_UNREACHABLE", kind: "remote" });
    expect(error.message).toMatch(/the server answers 503; .*nobody listens there/);
  });

  it("come from a mirror list, which may be a metalink", async () => {
    server.special.set("/mirrorlist", (_request, response) =>
      response.end(`# mirrors\n\nfile:///etc\n${other.url}/\n`),
    );
    await (await only(`${server.url}/mirrorlist`)).file("primary");
    expect(other.asked).toEqual([repomdPath, primary]);
    server.special.set("/mirrorlist", (_request, response) => response.end("# none\n"));
    expect(await code(only(`${server.url}/mirrorlist`))).toBe("REPOSITORY_NO_MIRROR");
    server.special.set("/mirrorlist", (_request, response) => response.end('<metalink version="3.0"><files>'));
    expect(await code(only(`${server.url}/mirrorlist`))).toBe("METALINK_MALFORMED");
  });

  it("are asked for the repomd.xml that the metalink vouches for", async () => {
    const stale = join(folder, "stale");
    await writeRepository(stale, [], { revision: 1600000000 });
    server.root = stale;
    const urls = [`file://${good}${repomdPath}`, `${server.url}${repomdPath}`, `${other.url}${repomdPath}`];
    const source = await only(await metalink("right", urls));
    expect(source.repomd.revision).toBe("1700000000");
    await source.file("primary");
    expect(server.asked).toEqual(["/metalink?repo=x", repomdPath]);
    expect(other.asked).toEqual([repomdPath, primary]);
    expect(await code(only(await metalink("00".repeat(32), urls), { refresh: true }))).toBe("REPOSITORY_WRONG_CONTENT");
    const old = digestOf(await readFile(join(stale, repomdPath)));
    const alternates = `<mm0:alternates><mm0:alternate><verification><hash type="sha256">${old}</hash></verification></mm0:alternate></mm0:alternates>`;
    const accepted = await only(await metalink("00".repeat(32), urls, alternates), { refresh: true });
    expect(accepted.repomd.revision).toBe("1600000000");
  });

  it("are not believed on the word of a weak checksum", async () => {
    const text = `<metalink><files><file name="repomd.xml"><verification><hash type="md5">00</hash></verification><resources><url>${other.url}${repomdPath}</url></resources></file></files></metalink>`;
    server.special.set("/metalink", (_request, response) => response.end(text));
    expect(await code(only(`${server.url}/metalink`))).toBe("METALINK_WEAK");
  });

  it("may all be missing where the .repo file says so", async () => {
    await other.close();
    await writeFile(
      join(folder, "maybe.repo"),
      `[gone]\nbaseurl=${other.url}/\nskip_if_unavailable=1\n[here]\nbaseurl=${server.url}/\n`,
    );
    const sources = await openRepositories(["maybe.repo"], options);
    expect(sources.map((source) => source.id)).toEqual(["here"]);
    expect(skips).toEqual([{ subject: "gone", reason: expect.stringContaining("nobody listens there") }]);
  });

  it("do not learn passwords that are not theirs", async () => {
    await writeFile(join(folder, "secret.repo"), `[s]\nbaseurl=${server.url}/\nusername=me\npassword=secret\n`);
    server.special.set(primary, redirect(`${other.url}${primary}`));
    await (await only("secret.repo")).file("primary");
    expect(server.requests.every((request) => request.headers.authorization?.startsWith("Basic "))).toBe(true);
    expect(other.requests.map((request) => request.headers.authorization)).toEqual([undefined]);
    const url = server.url.replace("//", "//me:secret@");
    const source = await only(url);
    await source.file("filelists");
    expect(server.requests.at(-1)?.headers.authorization).toMatch(/^Basic /);
    expect(source.address).not.toContain("secret");
    server.special.set(repomdPath, (_request, response) => response.writeHead(403).end());
    const error = await failure(only(url));
    expect(`${error.message} ${JSON.stringify(error.where)} ${error.hints.join(" ")}`).not.toContain("secret");
    for (const file of await readdir(options.cacheFolder, { recursive: true, withFileTypes: true })) {
      if (file.isFile()) expect(await readFile(join(file.parentPath, file.name), "latin1")).not.toContain("secret");
    }
  });
});

describe("packages", () => {
  it("are fetched, verified and kept", async () => {
    const root = join(folder, "packages-repo");
    await cp(good, root, { recursive: true });
    const bytes = Buffer.from("an rpm, as far as this is concerned");
    await mkdir(join(root, "Packages"), { recursive: true });
    await writeFile(join(root, "Packages/a+b~1^2 #.rpm"), bytes);
    server.root = root;
    const address = {
      location: "Packages/a+b~1^2 #.rpm",
      checksum: { type: "sha256", value: digestOf(bytes) },
      size: bytes.length,
    };
    const path = await (await only(server.url)).packageFile(address);
    expect(path.endsWith("/a+b~1^2 #.rpm")).toBe(true);
    expect(await readFile(path)).toEqual(bytes);
    await writeFile(path, Buffer.alloc(bytes.length));
    expect(await readFile(await (await only(server.url)).packageFile(address))).toEqual(bytes);
    expect(await (await only(server.url, { network: false })).packageFile(address)).toBe(path);
    const local = await only(root);
    expect(await readFile(await local.packageFile(address))).toEqual(bytes);
    expect(await code(local.packageFile({ ...address, size: 1 }))).toBe("RPMMD_SIZE_MISMATCH");
    const other = { ...address, checksum: { type: "sha256", value: "00".repeat(32) } };
    expect(await code(local.packageFile(other))).toBe("RPMMD_CHECKSUM_MISMATCH");
    expect(await code((await only(server.url)).packageFile(other))).toBe("REPOSITORY_WRONG_CONTENT");
    expect(await code((await only(server.url)).packageFile({ ...other, location: "../.." }))).toBe(
      "REPOSITORY_OUTSIDE",
    );
    expect(await code(local.packageFile({ ...address, checksum: { type: "crc", value: "1" } }))).toBe(
      "RPMMD_CHECKSUM_UNKNOWN",
    );
  });

  it("are found from the metadata of a source, wherever it lies", async () => {
    const root = join(folder, "whole");
    const bytes = Buffer.from("another rpm");
    const pkg = { ...examplePackage("whole"), pkgid: digestOf(bytes), location: "w/whole.rpm" };
    const size = { ...pkg.size, package: bytes.length };
    await writeRepository(root, [{ ...pkg, size }], { revision: 5 });
    await mkdir(join(root, "w"));
    await writeFile(join(root, "w/whole.rpm"), bytes);
    server.root = root;
    for (const spec of [root, server.url]) {
      const source = await only(spec, { refresh: true });
      const repository = await readSource(source, { filelists: true, other: true });
      expect(repository).toEqual({
        id: source.id,
        root: spec === root ? root : `${server.url}/`,
        revision: "5",
        packages: [{ ...pkg, size }],
        filesComplete: true,
      });
      const [found] = repository.packages;
      if (found === undefined) throw new Error("no package");
      expect(await readFile(await source.packageFile(packageAddress(found)))).toEqual(bytes);
    }
  });
});
