import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import type { Socket } from "node:net";
import { authorizationOf, proxyFor } from "./proxy.ts";

/** What connections to a repository's servers are made with. */
export interface ConnectionOptions {
  /** Milliseconds without a byte, from connecting to the body's end, after which a connection is given up. */
  readonly idleTimeout: number;
  readonly signal: AbortSignal | undefined;
  readonly ca?: Buffer | undefined;
  readonly cert?: Buffer | undefined;
  readonly key?: Buffer | undefined;
}

const mostHeaderBytes = 64 << 10;
const mostSockets = 6;

/** Sends requests, directly or through the proxy that the environment names, and keeps connections for further ones. */
export class Connections {
  readonly #options: ConnectionOptions;
  readonly #agents = new Map<string, Promise<Agent>>();

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Sends one GET; gives the answer when its headers are there. Errors: those of the system, plain. */
  async get(url: URL, headers: Readonly<Record<string, string>>): Promise<IncomingMessage> {
    const proxy = proxyFor(url, process.env);
    if (proxy === undefined) return await this.#direct(url, headers);
    if (url.protocol === "http:") return await this.#throughPlainProxy(url, proxy, headers);
    return await this.#throughTunnel(url, proxy, headers);
  }

  async #direct(url: URL, headers: Readonly<Record<string, string>>): Promise<IncomingMessage> {
    const agent = await this.#agent(url.protocol);
    return await this.#answer(url, { headers, agent, ...this.#tls() });
  }

  async #throughPlainProxy(url: URL, proxy: URL, headers: Readonly<Record<string, string>>): Promise<IncomingMessage> {
    const agent = await this.#agent(proxy.protocol);
    const all = { host: url.host, ...headers, ...proxyAuthorization(proxy) };
    return await this.#answer(proxy, { path: url.href, headers: all, agent });
  }

  async #throughTunnel(url: URL, proxy: URL, headers: Readonly<Record<string, string>>): Promise<IncomingMessage> {
    const { connect } = await import("node:tls");
    const socket = await this.#tunnel(url, proxy);
    // An agent of any kind would open a connection of its own.
    return await this.#answer(url, {
      headers,
      createConnection: () => connect({ socket, servername: url.hostname, ...this.#tls() }),
    });
  }

  /** Has the proxy connect to the host of an address. */
  async #tunnel(url: URL, proxy: URL): Promise<Socket> {
    const target = `${url.hostname}:${url.port || "443"}`;
    const request = await this.#request(proxy, {
      method: "CONNECT",
      path: target,
      headers: { host: target, ...proxyAuthorization(proxy) },
      agent: false,
    });
    return await new Promise((resolve, reject) => {
      request.on("connect", (answer: IncomingMessage, socket: Socket) => {
        if (answer.statusCode === 200) return resolve(socket);
        socket.destroy();
        reject(new Error(`the proxy answers ${answer.statusCode ?? 0}`));
      });
      request.on("response", (answer) => {
        answer.destroy();
        reject(new Error(`the proxy answers ${answer.statusCode ?? 0}`));
      });
      this.#watch(request, reject);
      request.end();
    });
  }

  async #answer(url: URL, options: RequestOptions): Promise<IncomingMessage> {
    const request = await this.#request(url, options);
    return await new Promise((resolve, reject) => {
      request.on("response", (answer) => {
        // A body that nobody wants any more is destroyed, which it may report as an error of its own.
        answer.on("error", () => undefined);
        resolve(answer);
      });
      this.#watch(request, reject);
      request.end();
    });
  }

  #watch(request: ClientRequest, reject: (error: Error) => void): void {
    const { idleTimeout } = this.#options;
    request.on("error", reject);
    request.on("close", () => reject(new Error("the connection ended early")));
    request.setTimeout(idleTimeout, () => request.destroy(new Error("the server does not answer in time")));
  }

  async #request(url: URL, options: RequestOptions): Promise<ClientRequest> {
    const { request } = url.protocol === "https:" ? await import("node:https") : await import("node:http");
    const { signal, idleTimeout } = this.#options;
    return request(url, {
      maxHeaderSize: mostHeaderBytes,
      timeout: idleTimeout,
      ...options,
      ...(signal ? { signal } : {}),
    });
  }

  #tls(): { ca?: Buffer; cert?: Buffer; key?: Buffer } {
    const { ca, cert, key } = this.#options;
    return { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) };
  }

  #agent(protocol: string): Promise<Agent> {
    let agent = this.#agents.get(protocol);
    if (agent === undefined) {
      const options = { keepAlive: true, maxSockets: mostSockets };
      agent =
        protocol === "https:"
          ? import("node:https").then(({ Agent: Https }) => new Https(options))
          : import("node:http").then(({ Agent: Http }) => new Http(options));
      this.#agents.set(protocol, agent);
    }
    return agent;
  }
}

function proxyAuthorization(proxy: URL): Record<string, string> {
  const authorization = authorizationOf(proxy);
  return authorization === undefined ? {} : { "proxy-authorization": authorization };
}
