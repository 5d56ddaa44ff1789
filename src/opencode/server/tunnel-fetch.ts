import type { Socket } from 'node:net';
import type { Duplex, Readable } from 'node:stream';
import type { Agent, Dispatcher } from 'undici';
import { onAbort } from '../../lib/abort.ts';

/** Opens a stream to the server. Aborted when the tunnel closes, and when it takes too long. */
export type OpenTunnel = (signal: AbortSignal) => Promise<Duplex>;

export interface TunnelFetch {
  /**
   * Sends HTTP/1.1 over the tunnel, ignoring the address's host and port. Follows no redirects and has no timeout of
   * its own. A response longer than `mostBytes` (64 MB by default) fails while it is read, unless it is an event
   * stream.
   */
  readonly fetch: (
    input: string | URL | Request,
    init?: RequestInit & { readonly mostBytes?: number },
  ) => Promise<Response>;
  /** Closes the client: pending requests reject. */
  close(): Promise<void>;
}

/** Time for which an idle connection is kept: shorter than a server's, so that none is used while it closes. */
const KEEP_ALIVE_MS = 4000;
/** Requests beyond that many wait for one of them. */
const MAX_CONNECTIONS = 8;
/** Bytes of an answer at most. The longest are transcripts, with files in them. */
const MOST_BYTES = 64 * 2 ** 20;
/** Statuses of answers that a Response must have no body for. */
const WITHOUT_BODY = new Set([204, 205, 304]);
const EVENTS = 'text/event-stream';

/**
 * Creates a `fetch` over streams from `open`. Uses undici's agent, whose connections may be any Duplex: they are kept
 * and reused, and a lost one fails its request at once. (The agent of node:http calls socket methods on a kept
 * connection. undici's own `fetch` is six times as slow, refuses some ports, and ignores its signal after a garbage
 * collection.)
 *
 * @param patience milliseconds that a stream may take to open; waiting requests then reject
 */
export function createTunnelFetch(open: OpenTunnel, patience: number): TunnelFetch {
  const closing = new AbortController();
  let loading: Promise<Agent> | undefined;

  // Loaded when it is first needed: it takes 50 ms.
  const load = async () => {
    // Its names are only at the default export once it is bundled.
    const { default: undici } = await import('undici');
    return new undici.Agent({
      connections: MAX_CONNECTIONS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (_target, callback) => {
        openInTime(open, patience, closing.signal).then(
          // Typed as a socket, but without a check only Duplex methods are called.
          (stream) => callback(null, stream as Socket),
          (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
        );
      },
    });
  };

  const tunnelled: TunnelFetch['fetch'] = async (input, { signal, mostBytes = MOST_BYTES, ...init } = {}) => {
    loading ??= load();
    const agent = await loading;
    const request = new Request(input, init);
    const { origin, pathname, search } = new URL(request.url);
    const answer = await agent.request({
      origin,
      path: `${pathname}${search}`,
      method: request.method as Dispatcher.HttpMethod,
      headers: Object.fromEntries(request.headers),
      body: request.body === null ? null : await request.text(),
      // The caller's own signal if there is one: that of a Request only follows it, and may be collected before.
      signal: signal ?? request.signal,
    });
    const isEndless = request.headers.get('accept') === EVENTS && answer.statusCode < 300;
    return toResponse(answer, isEndless ? Number.POSITIVE_INFINITY : mostBytes);
  };

  return {
    fetch: tunnelled,
    async close() {
      closing.abort();
      await (await loading)?.destroy();
    },
  };
}

function toResponse({ statusCode: status, headers: raw, body }: Dispatcher.ResponseData, most: number): Response {
  const headers = new Headers();
  for (const [name, values] of Object.entries(raw))
    for (const value of [values ?? []].flat()) headers.append(name, value);
  if (!WITHOUT_BODY.has(status)) {
    const whole = toWeb(body);
    return new Response(most === Number.POSITIVE_INFINITY ? whole : whole.pipeThrough(upTo(most)), { status, headers });
  }
  body.resume();
  return new Response(null, { status, headers });
}

/** Readable.toWeb throws uncatchably when the reader cancels while more data is buffered (Node 24.13). */
function toWeb(body: Readable): ReadableStream<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel() {
        body.destroy();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Fails after more than this many bytes. */
function upTo(most: number): TransformStream<Uint8Array, Uint8Array> {
  let count = 0;
  return new TransformStream({
    transform(chunk, controller) {
      count += chunk.length;
      if (count > most) controller.error(new RangeError(`more than ${most / 2 ** 20} MB`));
      else controller.enqueue(chunk);
    },
  });
}

/** Rejects as soon as it takes too long or the signal aborts, whether `open` heeds that or not. */
function openInTime(open: OpenTunnel, patience: number, signal: AbortSignal): Promise<Duplex> {
  const ending = new AbortController();
  const release = onAbort(signal, () => ending.abort());
  const timer = setTimeout(
    () => ending.abort(new DOMException('The tunnel did not open in time', 'TimeoutError')),
    patience,
  );
  const opening = new Promise<Duplex>((resolve, reject) => {
    onAbort(ending.signal, () => reject(ending.signal.reason));
    open(ending.signal).then((stream) => {
      // Without a listener, a failed stream would end the program.
      stream.on('error', () => {});
      if (ending.signal.aborted) stream.destroy();
      resolve(stream);
    }, reject);
  });
  return opening.finally(() => {
    clearTimeout(timer);
    release();
  });
}
