import type { Duplex } from 'node:stream';
import type { OpencodeClient } from '@opencode-ai/sdk/v2/client';
import { onAbort } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';
import { errorOfAnswer, errorOfFailure, ServerError } from './server-error.ts';
import { createTunnelFetch, type TunnelFetch } from './tunnel-fetch.ts';

/** A server's address, as its host sees it, and its credentials. */
export interface ServerAccess {
  readonly hostname: string;
  readonly port: number;
  readonly username: string;
  /** `null` if it has none. */
  readonly password: string | null;
  /** Sent as `Authorization: Bearer` instead of a user name and a password. */
  readonly token?: string | null;
  /** The base URL of a server that is reached by one, perhaps behind a proxy: it decides the Host header and the start of each path. */
  readonly baseUrl?: string;
}

export interface ServerActivity {
  /** Method and path. */
  readonly what: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Milliseconds. */
  readonly duration: number;
  /** The status, or why there was none. */
  readonly result: string;
}

export interface ServerClientOptions {
  open(target: { host: string; port: number }, signal: AbortSignal): Promise<Duplex>;
  readonly access: ServerAccess;
  /** Milliseconds that a request may take. */
  readonly timeout: number;
  readonly clock: Clock;
  record?(activity: ServerActivity): void;
}

/** The SDK's result: data or an error, and no response if none came. */
interface Answer {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response?: Response | undefined;
}

type CallOptions = { signal: AbortSignal; fetch: typeof fetch };
type Ask = (sdk: OpencodeClient, options: CallOptions) => Promise<Answer>;

/** Without a port, since `fetch` refuses some; the tunnel knows where the server is. */
const BASE_URL = 'http://localhost';

/*
 * Calls that boot a directory inside the server, which installs what its `.opencode` names, runs its plugins and starts its MCP servers. Tried with 1.18.33,
 * one untouched directory with a plugin for each call:
 *
 * | call                                                                            | boots                                   |
 * |---------------------------------------------------------------------------------|-----------------------------------------|
 * | `/global/*` (health, config, event), `/doc`                                     | nothing                                 |
 * | `/api/health`, `/api/event`, `/api/session`, `/api/session/active`,             | nothing                                 |
 * | `/api/session/ID` and below it `/message`, `/history`, `/context`, `/permission`, | nothing; but they know only the turns |
 * | `/question`, `/event`; `/api/permission/saved`                                  | that were begun over `/api`             |
 * | `/api/permission/request`, `/api/question/request`                              | services of a location, no plugin seen  |
 * | `/session/ID` and all below it, reads and writes, with `?directory=` or without | the directory of that session           |
 * | every other call with `?directory=`                                             | that directory                          |
 * | every other call without (`/session`, `/session/status`, `/permission`,         | the directory that the server was       |
 * | `/question`, `/project`, `/path`, `/config`, `/experimental/session`, `/event`) | started in                              |
 *
 * `opencode serve` boots nothing by itself. So by itself, `ocr` asks a server only about directories that it has open
 * (`refresh/open-directories.ts`), and the panel reads all other sessions from the database (`opencode/stored-source.ts`).
 */

/** Requests to one server: each has a timeout, is recorded, and fails with a ServerError. */
export class ServerCalls {
  readonly #options: ServerClientOptions;
  readonly #tunnel: TunnelFetch;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #baseUrl: string;
  #sdk: Promise<OpencodeClient> | undefined;

  constructor(options: ServerClientOptions) {
    this.#options = options;
    const { hostname: host, port, baseUrl = BASE_URL } = options.access;
    this.#baseUrl = baseUrl;
    this.#tunnel = createTunnelFetch((signal) => options.open({ host, port }, signal), options.timeout);
    const authorization = authorizationOf(options.access);
    this.#headers = authorization === null ? {} : { authorization };
  }

  /** Calls the SDK and parses the answer, at most `mostBytes` long. `parse` throws a ZodError or SyntaxError on an unknown shape. */
  async call<T>(
    ask: Ask,
    parse: (data: unknown, response: Response) => T,
    signal: AbortSignal,
    mostBytes?: number,
  ): Promise<T> {
    let where = 'request';
    return await this.#within(
      signal,
      () => where,
      async (limited) => {
        const fetch: typeof globalThis.fetch = (input) => {
          const request = new Request(input);
          where = `${request.method} ${new URL(request.url).pathname}`;
          return this.#tunnel.fetch(request, { signal: limited, ...(mostBytes !== undefined && { mostBytes }) });
        };
        const { data, error, response } = await ask(await this.#load(), { signal: limited, fetch });
        if (response === undefined) throw error;
        if (!response.ok) throw errorOfAnswer(where, response.status, error);
        return { value: parse(data, response), status: response.status };
      },
    );
  }

  /** Starts a GET whose response has no end. The timeout ends with the first byte, the response with the signal. */
  async stream(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const where = `GET ${path}`;
    const ending = new AbortController();
    onAbort(signal, () => ending.abort());
    return await this.#within(
      signal,
      () => where,
      async (limited) => {
        const release = onAbort(limited, () => ending.abort());
        const headers = { ...this.#headers, accept: 'text/event-stream' };
        const response = await this.#tunnel.fetch(`${this.#baseUrl}${path}`, { headers, signal: ending.signal });
        if (!response.ok) throw errorOfAnswer(where, response.status, await response.text());
        const type = response.headers.get('content-type') ?? '';
        if (response.body === null || !type.startsWith('text/event-stream')) {
          throw new ServerError('protocol', where, `not a stream of events (${type})`, { status: response.status });
        }
        release();
        return { value: response.body, status: response.status };
      },
    );
  }

  /** Loaded when it is first needed: it takes 10 ms. */
  #load(): Promise<OpencodeClient> {
    this.#sdk ??= import('@opencode-ai/sdk/v2/client').then(({ createOpencodeClient }) =>
      createOpencodeClient({ baseUrl: this.#baseUrl, headers: this.#headers }),
    );
    return this.#sdk;
  }

  async close(): Promise<void> {
    await this.#tunnel.close();
  }

  /** Runs a request under the timeout and the caller's signal, and records how it went. */
  async #within<T>(
    signal: AbortSignal,
    where: () => string,
    run: (limited: AbortSignal) => Promise<{ value: T; status: number }>,
  ): Promise<T> {
    const { timeout, clock } = this.#options;
    const at = clock();
    const limited = new AbortController();
    const release = onAbort(signal, () => limited.abort());
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      limited.abort();
    }, timeout);
    const record = (result: string) =>
      this.#options.record?.({ what: where(), at, duration: Math.max(0, clock() - at), result });
    try {
      const { value, status } = await run(limited.signal);
      record(String(status));
      return value;
    } catch (thrown) {
      const error = late
        ? new ServerError('timeout', where(), `no answer within ${timeout / 1000} s`, { cause: thrown })
        : signal.aborted
          ? new ServerError('closed', where(), 'given up', { cause: thrown })
          : errorOfFailure(where(), thrown);
      record(error.reason);
      throw error;
    } finally {
      clearTimeout(timer);
      release();
      // An answer that was not read to its end must not keep its connection.
      limited.abort();
    }
  }
}

/** Returns the value of the Authorization header (RFC 7617, RFC 6750); `null` without credentials. */
function authorizationOf({ username, password, token }: ServerAccess): string | null {
  if (token != null) return `Bearer ${token}`;
  return password === null ? null : `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** A directory as the API wants it in an address: the server decodes it once more than HTTP does, so that a `%` in it must be encoded twice. */
export function encodeDirectory(directory: string): string {
  return encodeURIComponent(directory);
}
