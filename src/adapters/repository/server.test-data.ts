import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { digestOf } from "../../core/index.ts";

export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** A server of a folder that does as it is told for single paths; it remembers what it was asked. */
export interface TestServer {
  readonly url: string;
  /** `GET /path`, with the range where one was asked for. */
  readonly asked: string[];
  readonly requests: IncomingMessage[];
  /** By path; the folder's file is sent for all else. */
  readonly special: Map<string, Behaviour>;
  root: string;
  close(): Promise<void>;
}

// The servers of tests are never behind a proxy.
for (const name of ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"])
  delete process.env[name];

export async function startServer(
  root: string,
  tls?: { readonly key: Buffer; readonly cert: Buffer },
): Promise<TestServer> {
  const asked: string[] = [];
  const requests: IncomingMessage[] = [];
  const special = new Map<string, Behaviour>();
  const listener: RequestListener = (request, response) => {
    const path = request.url ?? "";
    asked.push(request.headers.range === undefined ? path : `${path} ${request.headers.range}`);
    requests.push(request);
    const behaviour = special.get(path);
    if (behaviour !== undefined) return behaviour(request, response);
    sendFile(join(result.root, decodeURIComponent(path.split("?")[0] ?? "")), request, response);
  };
  const server: Server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const result: TestServer = {
    url: tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    asked,
    requests,
    special,
    root,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return result;
}

/** A certificate for `localhost`, made by openssl: paths of the key and of the certificate. */
export function makeCertificate(folder: string): { readonly key: string; readonly cert: string } {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  words.push("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert);
  const run = spawnSync("openssl", words, { encoding: "utf8" });
  if (run.status !== 0) throw new Error(run.stderr);
  return { key, cert };
}

/** Sends a file as a good server does: with length, ETag and ranges. */
export function sendFile(path: string, request: IncomingMessage, response: ServerResponse): void {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    response.writeHead(404).end("nothing here");
    return;
  }
  const etag = `"${digestOf(bytes)}"`;
  if (request.headers["if-none-match"] === etag) {
    response.writeHead(304, { etag }).end();
    return;
  }
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? Number.NaN);
  if (start >= bytes.length) {
    response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
  } else if (start >= 0) {
    const part = bytes.subarray(start);
    response
      .writeHead(206, {
        "content-length": part.length,
        "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
      })
      .end(part);
  } else response.writeHead(200, { "content-length": bytes.length, etag }).end(bytes);
}
