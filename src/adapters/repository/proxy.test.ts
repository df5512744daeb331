import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { missingTool } from "../../../test/support/tools.ts";
import { WeirError } from "../../core/index.ts";
import { writeRepository } from "../../formats/rpmmd/index.ts";
import { openRepositories } from "./index.ts";
import { proxyFor } from "./proxy.ts";
import { makeCertificate, startServer, type TestServer } from "./server.test-data.ts";

describe("the proxy that the environment names", () => {
  const proxy = "http://p:3128";
  it.each([
    ["http://a/", {}, undefined],
    ["http://a/", { http_proxy: proxy }, "http://p:3128/"],
    ["https://a/", { http_proxy: proxy }, undefined],
    ["https://a/", { https_proxy: proxy }, "http://p:3128/"],
    ["https://a/", { HTTPS_PROXY: proxy }, "http://p:3128/"],
    ["https://a/", { all_proxy: "p:3128" }, "http://p:3128/"],
    ["http://a/", { http_proxy: "" }, undefined],
    ["http://a/", { http_proxy: "socks5://p" }, undefined],
    ["http://a/", { http_proxy: "http://[" }, undefined],
    ["http://a.b/", { http_proxy: proxy, no_proxy: "x, a.b" }, undefined],
    ["http://c.a.b/", { http_proxy: proxy, no_proxy: ".a.b" }, undefined],
    ["http://c.a.b/", { http_proxy: proxy, no_proxy: "*.a.b" }, undefined],
    ["http://ca.b/", { http_proxy: proxy, no_proxy: "a.b" }, "http://p:3128/"],
    ["http://a:81/", { http_proxy: proxy, NO_PROXY: "a:80" }, "http://p:3128/"],
    ["http://a/", { http_proxy: proxy, NO_PROXY: "a:80" }, undefined],
    ["http://127.0.0.1/", { http_proxy: proxy, no_proxy: "127.0.0.1" }, undefined],
    ["http://a/", { http_proxy: proxy, no_proxy: "*" }, undefined],
  ])("for %s in %j is %s", (url, environment: Record<string, string>, expected) => {
    expect(proxyFor(new URL(url), environment)?.href).toBe(expected);
  });
});

describe("a proxy", () => {
  let folder = "";
  let root = "";
  let proxy: Server;
  let asked: string[] = [];
  let tunnel: (to: string, socket: Duplex) => void;
  let run = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "weir-proxy-"));
    root = join(folder, "good");
    await writeRepository(root, [], { revision: 1700000000 });
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    asked = [];
    tunnel = (to, socket) => {
      const target = connect(Number(to.split(":")[1]), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        target.pipe(socket).pipe(target);
      });
      target.on("error", () => socket.destroy());
    };
    proxy = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.host} ${request.headers["proxy-authorization"]}`);
      const path = new URL(request.url ?? "").pathname;
      void readFile(join(root, path)).then(
        (bytes) => response.end(bytes),
        () => response.writeHead(404).end(),
      );
    });
    proxy.on("connect", (request, socket) => {
      asked.push(`CONNECT ${request.url} ${request.headers["proxy-authorization"]}`);
      socket.on("error", () => undefined);
      tunnel(request.url ?? "", socket);
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const address = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    process.env.http_proxy = `http://me:pa%20ss@${address}`;
    process.env.https_proxy = `http://${address}`;
  });
  afterEach(() => {
    delete process.env.http_proxy;
    delete process.env.https_proxy;
    proxy.close();
    proxy.closeAllConnections();
  });

  async function open(spec: string, idleTimeout = 10_000): Promise<string> {
    try {
      const [source] = await openRepositories([spec], {
        cwd: folder,
        cacheFolder: join(folder, `cache-${run++}`),
        network: true,
        arch: "x86_64",
        patience: { attempts: 1, idleTimeout },
      });
      await source?.file("primary");
      return "opened";
    } catch (error) {
      return error instanceof WeirError ? `${error.code}: ${error.message}` : String(error);
    }
  }

  it("is asked for http addresses as a whole", async () => {
    expect(await open("http://repository.invalid/x")).toContain("the server answers 404");
    expect(await open("http://repository.invalid/")).toBe("opened");
    const basic = `Basic ${Buffer.from("me:pa ss").toString("base64")}`;
    expect(asked[1]).toBe(`GET http://repository.invalid/repodata/repomd.xml repository.invalid ${basic}`);
  });

  const missing = missingTool("openssl");
  describe.skipIf(missing !== undefined)(`for https (${missing ?? "present"})`, () => {
    let tls: TestServer;
    let spec: string;
    beforeEach(async () => {
      const { key, cert } = makeCertificate(folder);
      tls = await startServer(root, { key: await readFile(key), cert: await readFile(cert) });
      spec = join(folder, "tls.repo");
      await writeFile(spec, `[tls]\nbaseurl=${tls.url}/\nsslcacert=${cert}\n`);
    });
    afterEach(async () => {
      await tls.close();
    });

    it("makes a tunnel, in which the certificate is verified", async () => {
      expect(await open(spec)).toBe("opened");
      expect(asked).toContain(`CONNECT localhost:${new URL(tls.url).port} undefined`);
      expect(await open(tls.url)).toMatch(/^REPOSITORY_UNREACHABLE: .*certificate/);
    });

    it.each<[string, string, (to: string, socket: Duplex) => void]>([
      ["refuses", "the proxy answers 407", (_to, socket) => socket.end("HTTP/1.1 407 No\r\n\r\n")],
      ["says nothing", "the server does not answer in time", () => undefined],
      ["hangs up", "the connection ended early", (_to, socket) => socket.destroy()],
      ["leads nowhere", "the server does not answer in time", (_to, socket) => socket.write("HTTP/1.1 200 OK\r\n\r\n")],
      ["speaks no TLS", "", (_to, socket) => socket.end("HTTP/1.1 200 OK\r\n\r\nhello, this is no TLS at all")],
    ])("that %s is an error in time", async (_, words, behaviour) => {
      tunnel = behaviour;
      const result = await open(spec, 300);
      expect(result).toMatch(/^REPOSITORY_UNREACHABLE: /);
      expect(result).toContain(words);
    });
  });
});
