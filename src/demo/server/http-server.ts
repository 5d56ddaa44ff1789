import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { messageOf } from '../../lib/errors.ts';
import type { DemoOpencode } from '../model/opencode.ts';
import type { ApiAnswer, Routes } from './routes.ts';

/** opencode sends a sign of life this often (1.18). */
const HEARTBEAT_MS = 10_000;
const MAX_BODY_BYTES = 1_000_000;

/** An opencode server that listens nowhere: the SSH server hands it each forwarded stream. */
export class DemoServer {
  readonly #server: Server;
  readonly #streams = new Set<Duplex>();

  constructor(opencode: DemoOpencode, routes: Routes) {
    this.#server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      if (url.pathname === '/global/event') return streamEvents(opencode, response);
      answer(routes, request, url).then(
        ({ status, body }) => send(response, status, body),
        (error: unknown) => send(response, 400, { name: 'BadRequest', data: { message: messageOf(error) } }),
      );
    });
    this.#server.keepAliveTimeout = 0;
    this.#server.requestTimeout = 0;
  }

  /** Serves one connection. */
  accept(stream: Duplex): void {
    this.#streams.add(stream);
    stream.on('error', () => {});
    stream.once('close', () => this.#streams.delete(stream));
    this.#server.emit('connection', stream);
  }

  close(): void {
    for (const stream of this.#streams) stream.destroy();
    this.#server.close();
  }
}

async function answer(routes: Routes, request: IncomingMessage, url: URL): Promise<ApiAnswer> {
  const text = await readBody(request);
  return routes.answer({
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    body: text === '' ? {} : JSON.parse(text),
  });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY_BYTES) throw new RangeError('the request is too long');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (body === null) return void response.writeHead(status).end();
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function streamEvents(opencode: DemoOpencode, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const write = (event: unknown) => void response.write(`data: ${JSON.stringify(event)}\n\n`);
  const tell = (type: string) =>
    write({ payload: { id: opencode.ids.make('evt', opencode.now()), type, properties: {} } });
  tell('server.connected');
  const stop = opencode.listen(write);
  const heart = setInterval(() => tell('server.heartbeat'), HEARTBEAT_MS);
  response.once('close', () => {
    clearInterval(heart);
    stop();
  });
}
