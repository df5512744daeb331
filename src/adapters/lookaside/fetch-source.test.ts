import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { digestOf } from "../../core/index.ts";
import type { RemoteSource } from "../../engine/define/index.ts";
import { cachedPath, fetchSource } from "./fetch-source.ts";
import type { LookasideOptions } from "./types.ts";

const body = Buffer.from("0123456789".repeat(20_000));
let folder: string;
let server: Server | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "weir-lookaside-"));
});
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

function source(uri: string, change: Partial<RemoteSource> = {}): RemoteSource {
  return { file: "a.tar.gz", hashType: "sha512", hash: digestOf(body, "sha512"), uri, ...change };
}

function fetchNow(remote: RemoteSource, options: Partial<LookasideOptions> = {}) {
  return fetchSource(remote, join(folder, "cache"), { network: true, retryDelay: 1, ...options });
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(answer: Answer): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.tar.gz`;
}

function sendRange(request: IncomingMessage, response: ServerResponse, content = body): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const headers = {
    "content-length": content.length - start,
    "content-range": `bytes ${start}-${content.length - 1}/${content.length}`,
  };
  response.writeHead(request.headers.range ? 206 : 200, headers).end(content.subarray(start));
}

describe("fetchSource from disk", () => {
  it("copies once and verifies each time", async () => {
    await writeFile(join(folder, "a.tar.gz"), body);
    const remote = source(join(folder, "a.tar.gz"));
    const first = await fetchNow(remote, { network: false });
    expect(first).toMatchObject({
      file: "a.tar.gz",
      bytes: body.length,
      cached: false,
      path: cachedPath(remote, join(folder, "cache")),
    });
    expect(await fetchNow({ ...remote, uri: "/gone", hash: remote.hash.toUpperCase() })).toMatchObject({
      cached: true,
    });
    await writeFile(first.path, "broken");
    expect(await fetchNow(source(pathToFileURL(join(folder, "a.tar.gz")).href))).toMatchObject({ cached: false });
    expect(await readFile(first.path)).toEqual(body);
  });

  it("says what is wrong", async () => {
    await writeFile(join(folder, "a.tar.gz"), body);
    await mkdir(join(folder, "dir"));
    const code = async (uri: string, change: Partial<RemoteSource> = {}, options: Partial<LookasideOptions> = {}) => {
      const error: unknown = await fetchNow(source(uri, change), options).catch((thrown: unknown) => thrown);
      return (error as { code: string }).code;
    };
    const path = join(folder, "a.tar.gz");
    expect(await code(join(folder, "none"))).toBe("LOOKASIDE_NOT_FOUND");
    expect(await code(join(folder, "dir"))).toBe("LOOKASIDE_NOT_FOUND");
    expect(await code("/dev/zero")).toBe("LOOKASIDE_NOT_FOUND");
    expect(await code("")).toBe("LOOKASIDE_NOT_FOUND");
    expect(await code("ftp://x/a")).toBe("LOOKASIDE_BAD_ADDRESS");
    expect(await code("relative/a")).toBe("LOOKASIDE_BAD_ADDRESS");
    expect(await code("file://host/a")).toBe("LOOKASIDE_BAD_ADDRESS");
    expect(await code(path, { hash: "a".repeat(128) })).toBe("LOOKASIDE_CHECKSUM_MISMATCH");
    expect(await code(path, { hash: "../../x" })).toBe("LOOKASIDE_BAD_HASH");
    expect(await code(path, {}, { maxBytes: 10 })).toBe("LOOKASIDE_TOO_LARGE");
    expect(await code("https://example.test/a", {}, { network: false })).toBe("LOOKASIDE_NETWORK_OFF");
    expect(await readdir(dirname(cachedPath(source(""), join(folder, "cache"))))).toEqual([]);
  });
});

describe("fetchSource from a server", () => {
  it("goes on where a broken connection stopped", async () => {
    const ranges: (string | undefined)[] = [];
    const uri = await serve((request, response) => {
      ranges.push(request.headers.range);
      if (ranges.length > 1) return sendRange(request, response);
      response.writeHead(200, { "content-length": body.length });
      response.write(body.subarray(0, 70_000), () => setTimeout(() => response.destroy(), 50));
    });
    const seen: number[] = [];
    const result = await fetchNow(source(uri), { onProgress: (bytes) => seen.push(bytes) });
    expect(await readFile(result.path)).toEqual(body);
    expect(ranges).toEqual([undefined, "bytes=70000-"]);
    expect(seen.at(-1)).toBe(body.length);
  });

  it("starts afresh when what an earlier run left is of another file", async () => {
    const remote = source("");
    const place = dirname(cachedPath(remote, join(folder, "cache")));
    await mkdir(place, { recursive: true });
    const uri = await serve((request, response) => sendRange(request, response));
    await writeFile(join(place, `.weir-partial-${remote.hash.slice(0, 24)}`), "another");
    expect(await readFile((await fetchNow(source(uri))).path)).toEqual(body);
    expect(await readdir(place)).toEqual([remote.hash]);
  });

  it("takes a server without ranges, and one that is slow to come up", async () => {
    let count = 0;
    const uri = await serve((_request, response) => {
      if (++count < 3) response.writeHead(503).end();
      else response.writeHead(200).end(body);
    });
    expect(await readFile((await fetchNow(source(uri))).path)).toEqual(body);
  });

  it("refuses what it must", async () => {
    const answers: [string, Answer, Partial<LookasideOptions>][] = [
      ["LOOKASIDE_NOT_FOUND", (_, response) => response.writeHead(404).end(), {}],
      ["LOOKASIDE_UNREACHABLE", (_, response) => response.writeHead(403).end(), {}],
      ["LOOKASIDE_UNREACHABLE", (_, response) => response.writeHead(500).end(), {}],
      ["LOOKASIDE_UNREACHABLE", (_, response) => response.destroy(), {}],
      ["LOOKASIDE_UNREACHABLE", () => undefined, { idleTimeout: 30, attempts: 2 }],
      [
        "LOOKASIDE_BAD_ADDRESS",
        (request, response) => response.writeHead(302, { location: request.url ?? "" }).end(),
        {},
      ],
      ["LOOKASIDE_BAD_ADDRESS", (_, response) => response.writeHead(302, { location: "file:///etc/passwd" }).end(), {}],
      ["LOOKASIDE_CHECKSUM_MISMATCH", (_, response) => response.end("<html>"), {}],
      ["LOOKASIDE_TOO_LARGE", (_, response) => response.end(body), { maxBytes: 1000 }],
      [
        "LOOKASIDE_TOO_LARGE",
        (_, response) => response.writeHead(200, { "content-length": 5000 }).end(),
        { maxBytes: 1000 },
      ],
    ];
    for (const [code, answer, options] of answers) {
      const uri = await serve(answer);
      await expect(fetchNow(source(uri), options)).rejects.toMatchObject({ code });
      server?.closeAllConnections();
      server?.close();
    }
  });

  it("stops when asked", async () => {
    const uri = await serve(() => undefined);
    const fetching = fetchNow(source(uri), { signal: AbortSignal.timeout(50) });
    await expect(fetching).rejects.toMatchObject({ code: "INTERRUPTED" });
  });
});
