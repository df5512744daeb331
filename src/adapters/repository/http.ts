import { setTimeout as wait } from "node:timers/promises";
import { messageOf, systemCode, WeirError } from "../../core/index.ts";
import { Connections } from "./connection.ts";
import { authorizationOf } from "./proxy.ts";
import type { HttpPatience } from "./types.ts";

const mostRedirects = 5;
const longestRetryAfter = 30_000;
/** A small document has to be whole within so many idle timeouts. */
const documentPatience = 4;

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: AsyncIterable<Uint8Array> & { destroy(error?: Error): unknown };
}

/** What a repository's server wants to see. */
export interface HttpIdentity {
  /** Sent to these origins and no others. */
  readonly authorization?: string | undefined;
  readonly origins?: ReadonlySet<string>;
  readonly ca?: Buffer | undefined;
  readonly cert?: Buffer | undefined;
  readonly key?: Buffer | undefined;
}

/** An attempt that failed; `mayPass` says whether another one is worth while, `after` in how many milliseconds the server wants it. */
export class AttemptFailed extends Error {
  readonly mayPass: boolean;
  readonly after: number | undefined;
  readonly status: number | undefined;

  constructor(
    message: string,
    mayPass: boolean,
    more: { status?: number; after?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.mayPass = mayPass;
    this.after = more.after;
    this.status = more.status;
  }
}

/** Asks servers over http and https: bounded in time and in redirects, never from https down to http, never to anything else. */
export class HttpClient {
  readonly #patience: Required<HttpPatience>;
  readonly #signal: AbortSignal | undefined;
  readonly #identity: HttpIdentity;
  readonly #connections: Connections;

  constructor(patience: HttpPatience = {}, signal?: AbortSignal, identity: HttpIdentity = {}) {
    this.#patience = {
      attempts: patience.attempts ?? 3,
      idleTimeout: patience.idleTimeout ?? 30_000,
      retryDelay: patience.retryDelay ?? 500,
      leastSpeed: patience.leastSpeed ?? 1000,
    };
    this.#signal = signal;
    this.#identity = identity;
    const { ca, cert, key } = identity;
    this.#connections = new Connections({ idleTimeout: this.#patience.idleTimeout, signal, ca, cert, key });
  }

  /** Runs attempts until one succeeds or further ones are of no use. Errors: `INTERRUPTED`, and what the last attempt threw. */
  async retry<T>(url: URL, attempt: (number: number) => Promise<T>): Promise<T> {
    for (let number = 1; ; number++) {
      if (this.#signal?.aborted) throw interrupted(url);
      try {
        return await attempt(number);
      } catch (error) {
        if (this.#signal?.aborted) throw interrupted(url);
        if (!(error instanceof AttemptFailed) || !error.mayPass || number >= this.#patience.attempts) throw error;
        const delay = error.after ?? this.#patience.retryDelay * 2 ** (number - 1);
        await wait(delay, undefined, this.#signal ? { signal: this.#signal } : {}).catch(() => undefined);
      }
    }
  }

  /**
   * Sends one GET and follows redirects. Answers of 200, 206, 304 and 416 come back; their body must be read through
   * {@link HttpClient.chunks} or destroyed. Errors: {@link AttemptFailed}, `REPOSITORY_BAD_ADDRESS`.
   */
  async get(start: URL, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
    let url = start;
    for (let step = 0; step <= mostRedirects; step++) {
      const answer = await this.#getOnce(url, start, headers);
      const { status } = answer;
      if (status === 200 || status === 206 || status === 304 || status === 416) return answer;
      answer.body.destroy();
      const location = one(answer.headers.location);
      if (![301, 302, 303, 307, 308].includes(status) || location === undefined) throw refused(status, answer);
      url = redirected(url, location);
    }
    throw badAddress(start, `it is redirected more than ${mostRedirects} times`);
  }

  /** The chunks of an answer, as long as they come fast enough. Errors: {@link AttemptFailed}. */
  async *chunks(answer: HttpAnswer): AsyncGenerator<Uint8Array> {
    const { idleTimeout, leastSpeed } = this.#patience;
    let since = 0;
    let slow = false;
    const timer = setInterval(() => {
      slow = since < (leastSpeed * idleTimeout) / 1000;
      since = 0;
      if (slow) answer.body.destroy(new Error("too slow"));
    }, idleTimeout);
    try {
      for await (const chunk of answer.body) {
        since += chunk.length;
        yield chunk;
      }
    } catch (error) {
      throw new AttemptFailed(slow ? `fewer than ${leastSpeed} bytes a second came` : explain(error), true, {
        cause: error,
      });
    } finally {
      clearInterval(timer);
    }
  }

  /** A small document as a whole, or undefined for 304. Errors: {@link AttemptFailed}, `REPOSITORY_TOO_LARGE`, `REPOSITORY_BAD_ADDRESS`. */
  async document(
    url: URL,
    limit: number,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly bytes: Buffer; readonly headers: HttpAnswer["headers"] } | undefined> {
    return await this.retry(url, async () => {
      const answer = await this.get(url, headers);
      if (answer.status === 304) {
        answer.body.destroy();
        return undefined;
      }
      if (answer.status !== 200) {
        answer.body.destroy();
        throw refused(answer.status, answer);
      }
      const length = contentLength(answer);
      if ((length ?? 0) > limit) {
        answer.body.destroy();
        throw tooLarge(url, limit);
      }
      const parts: Uint8Array[] = [];
      let total = 0;
      const end = performance.now() + documentPatience * this.#patience.idleTimeout;
      for await (const chunk of this.chunks(answer)) {
        total += chunk.length;
        if (total > limit) throw tooLarge(url, limit);
        if (performance.now() > end) throw new AttemptFailed("the server does not come to an end", true);
        parts.push(chunk);
      }
      if (length !== undefined && total !== length) throw new AttemptFailed("the connection ended early", true);
      return { bytes: Buffer.concat(parts, total), headers: answer.headers };
    });
  }

  async #getOnce(url: URL, start: URL, headers: Readonly<Record<string, string>>): Promise<HttpAnswer> {
    const own = this.#identity.origins?.has(url.origin) === true ? this.#identity.authorization : undefined;
    const authorization = url.origin === start.origin ? (authorizationOf(start) ?? own) : undefined;
    const clean = new URL(url);
    clean.username = "";
    clean.password = "";
    try {
      const body = await this.#connections.get(clean, {
        "user-agent": "weir",
        accept: "*/*",
        "accept-encoding": "identity",
        ...(authorization === undefined ? {} : { authorization }),
        ...headers,
      });
      return { status: body.statusCode ?? 0, headers: body.headers, body };
    } catch (error) {
      // What is no trouble with the connection is a fault of ours, and must not look like the server's.
      if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) throw error;
      throw new AttemptFailed(explain(error), !isCertificateError(error), { cause: error });
    }
  }
}

/** Content-Length, where it is a number. */
export function contentLength(answer: Pick<HttpAnswer, "headers">): number | undefined {
  const text = one(answer.headers["content-length"]) ?? "";
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** The one value of a header. */
export function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** An address as messages show it: without credentials and query. */
export function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/** Errors: `REPOSITORY_BAD_ADDRESS` unless it is a http or https address. */
export function httpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && (url.protocol === "https:" || url.protocol === "http:")) return url;
  throw badAddress(text, "it is no http or https address");
}

export function badAddress(address: URL | string, why: string): WeirError {
  const where = typeof address === "string" ? address : shown(address);
  return new WeirError("REPOSITORY_BAD_ADDRESS", `${where} is not fetched: ${why}`, {
    where,
    hints: ["compare the address with the one the distribution gives"],
  });
}

export function tooLarge(url: URL, limit: number): WeirError {
  return new WeirError("REPOSITORY_TOO_LARGE", `the server sends more than the ${limit} bytes that may come`, {
    where: shown(url),
    kind: "remote",
    hints: ["the server is wrong, or means harm: use another mirror"],
  });
}

function interrupted(url: URL): WeirError {
  return new WeirError("INTERRUPTED", "the download was interrupted", { kind: "refused", where: shown(url) });
}

function redirected(from: URL, location: string): URL {
  if (!URL.canParse(location, from.href)) throw badAddress(from, "it is redirected to no address");
  const next = new URL(location, from);
  if (next.protocol !== "https:" && next.protocol !== "http:") {
    throw badAddress(from, `it is redirected to a ${next.protocol.slice(0, 20)} address`);
  }
  if (from.protocol === "https:" && next.protocol !== "https:") {
    throw badAddress(from, "it is redirected from https to http");
  }
  return next;
}

function refused(status: number, answer: Pick<HttpAnswer, "headers">): AttemptFailed {
  const after = /^\d{1,6}$/.exec(one(answer.headers["retry-after"]) ?? "")?.[0];
  return new AttemptFailed(`the server answers ${status}`, status >= 500 || status === 408 || status === 429, {
    status,
    after: after === undefined ? undefined : Math.min(Number(after) * 1000, longestRetryAfter),
  });
}

function explain(error: unknown): string {
  const code = systemCode(error);
  if (code === "ECONNRESET" || code === "EPIPE") return "the connection ended early";
  if (code === "ETIMEDOUT") return "the server does not answer in time";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "its name is not known";
  if (code === "ECONNREFUSED") return "nobody listens there";
  const inner = error instanceof AggregateError ? error.errors[0] : undefined;
  return (inner === undefined ? messageOf(error) : messageOf(inner)) || code || "unknown";
}

function isCertificateError(error: unknown): boolean {
  const code = systemCode(error) ?? "";
  return (
    code.startsWith("ERR_TLS") || code.startsWith("CERT_") || code.includes("_CERT") || code.startsWith("UNABLE_TO_")
  );
}
