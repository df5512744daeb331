import { createWriteStream } from "node:fs";
import { stat, truncate } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import { messageOf, WeirError } from "../../core/index.ts";
import type { RemoteSource } from "../../engine/define/index.ts";
import type { LookasideOptions } from "./types.ts";

const mostRedirects = 5;

/**
 * Downloads into `path`, going on behind the bytes that it already has. Tries again after failures that may pass; never takes a redirect
 * from https to http. The content is not verified here.
 */
export async function download(remote: RemoteSource, path: string, options: LookasideOptions): Promise<void> {
  const attempts = options.attempts ?? 4;
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptDownload(remote, path, options);
    } catch (error) {
      if (options.signal?.aborted) {
        throw new WeirError("INTERRUPTED", "the download was interrupted", { kind: "refused", where: remote.uri });
      }
      if (error instanceof WeirError) throw error;
      if (attempt >= attempts) {
        throw new WeirError("LOOKASIDE_UNREACHABLE", `${remote.file} cannot be fetched: ${messageOf(error)}`, {
          where: remote.uri,
          kind: "remote",
          hints: ["try again later: the download goes on where it stopped"],
          cause: error,
        });
      }
      const delay = (options.retryDelay ?? 1000) * 2 ** (attempt - 1);
      await wait(delay, undefined, options.signal ? { signal: options.signal } : {}).catch(() => undefined);
    }
  }
}

async function attemptDownload(remote: RemoteSource, path: string, options: LookasideOptions): Promise<void> {
  const have = (await stat(path).catch(() => undefined))?.size ?? 0;
  const response = await request(remote, have, options);
  const status = response.statusCode ?? 0;
  if (status === 416 && have > 0) {
    response.destroy();
    // Nothing lies behind what is there, or it is no part of this file: the checksum decides, or the next attempt starts afresh.
    if (rangeTotal(response) === have) return;
    await truncate(path, 0);
    throw new Error("the server has fewer bytes than an earlier attempt got");
  }
  if (status === 404 || status === 410) {
    response.destroy();
    throw new WeirError("LOOKASIDE_NOT_FOUND", `the server has no ${remote.file} (${status})`, {
      where: remote.uri,
      kind: "remote",
      hints: ["compare lookaside-base-uri and `sources` with upstream's"],
    });
  }
  if (status !== 200 && status !== 206) {
    response.destroy();
    const error = `the server answers ${status}`;
    if (status === 401 || status === 403 || status === 451) {
      throw new WeirError("LOOKASIDE_UNREACHABLE", `${remote.file} cannot be fetched: ${error}`, {
        where: remote.uri,
        kind: "remote",
      });
    }
    throw new Error(error);
  }
  const goesOn = status === 206 && rangeStart(response) === have;
  if (status === 206 && !goesOn) {
    response.destroy();
    await truncate(path, 0);
    throw new Error("the server sent another range than asked for");
  }
  await save(remote, response, path, goesOn ? have : 0, options);
}

async function save(
  remote: RemoteSource,
  response: IncomingMessage,
  path: string,
  from: number,
  options: LookasideOptions,
): Promise<void> {
  const limit = options.maxBytes ?? 16 * 2 ** 30;
  const length = Number(response.headers["content-length"] ?? Number.NaN);
  let bytes = from;
  const tooLarge = () =>
    new WeirError("LOOKASIDE_TOO_LARGE", `${remote.file} is larger than ${limit} bytes`, { where: remote.uri });
  if (from + length > limit) {
    response.destroy();
    throw tooLarge();
  }
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > limit) return done(tooLarge());
      options.onProgress?.(bytes);
      done(null, chunk);
    },
  });
  const target = createWriteStream(path, { flags: from > 0 ? "a" : "w", flush: true });
  await pipeline(response, counter, target, options.signal ? { signal: options.signal } : {});
  if (Number.isFinite(length) && bytes !== from + length) throw new Error("the connection ended early");
}

function rangeStart(response: IncomingMessage): number | undefined {
  const start = /^bytes ([0-9]{1,15})-/.exec(response.headers["content-range"] ?? "")?.[1];
  return start === undefined ? undefined : Number(start);
}

function rangeTotal(response: IncomingMessage): number | undefined {
  const total = /^bytes \*\/([0-9]{1,15})$/.exec(response.headers["content-range"] ?? "")?.[1];
  return total === undefined ? undefined : Number(total);
}

async function request(remote: RemoteSource, have: number, options: LookasideOptions): Promise<IncomingMessage> {
  let url = parseUrl(remote.uri, remote);
  for (let step = 0; step <= mostRedirects; step++) {
    const response = await requestOnce(url, have, options);
    const location = response.headers.location;
    if (![301, 302, 303, 307, 308].includes(response.statusCode ?? 0) || location === undefined) return response;
    response.destroy();
    const next = parseUrl(new URL(location, url).href, remote);
    if (url.protocol === "https:" && next.protocol !== "https:")
      throw badAddress(remote, "it is redirected from https to http");
    url = next;
  }
  throw badAddress(remote, `it is redirected more than ${mostRedirects} times`);
}

function parseUrl(uri: string, remote: RemoteSource): URL {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url && (url.protocol === "https:" || url.protocol === "http:")) return url;
  throw badAddress(remote, "it is no http or https address");
}

function badAddress(remote: RemoteSource, why: string): WeirError {
  return new WeirError("LOOKASIDE_BAD_ADDRESS", `${remote.file} is not fetched: ${why}`, { where: remote.uri });
}

async function requestOnce(url: URL, have: number, options: LookasideOptions): Promise<IncomingMessage> {
  const { get } = url.protocol === "https:" ? await import("node:https") : await import("node:http");
  const idle = options.idleTimeout ?? 60_000;
  return new Promise((resolve, reject) => {
    const sent = get(url, {
      headers: {
        "user-agent": "weir",
        "accept-encoding": "identity",
        ...(have > 0 ? { range: `bytes=${have}-` } : {}),
      },
      timeout: idle,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    sent.on("response", resolve);
    sent.on("error", reject);
    sent.on("timeout", () => sent.destroy(new Error(`nothing came for ${idle} ms`)));
  });
}
