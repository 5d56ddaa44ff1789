import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { ServerActivity, ServerClientOptions } from '../../../src/opencode/server/server-calls.ts';
import { ServerClient } from '../../../src/opencode/server/server-client.ts';

/** A stream that is not a socket and ends without an error when its connection is lost, like a channel of ssh2. */
class Channel extends Duplex {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      if (!this.push(chunk)) socket.pause();
    });
    socket.on('close', () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A server that answers each request (`GET /path`) as the test says, and a client of it. Fails on a request that was not foreseen. */
export class FakeServer {
  readonly client: ServerClient;
  readonly activities: ServerActivity[] = [];
  /** Method, address and body of each request. */
  readonly requests: string[] = [];
  /** Connections made. */
  opened = 0;
  readonly #channels = new Set<Channel>();

  private constructor(port: number, options: Partial<ServerClientOptions>) {
    this.client = new ServerClient({
      open: async () => {
        const socket = connect(port, '127.0.0.1');
        await once(socket, 'connect');
        this.opened += 1;
        const channel = new Channel(socket);
        this.#channels.add(channel);
        channel.once('close', () => this.#channels.delete(channel));
        return channel;
      },
      // A port that `fetch` refuses.
      access: { hostname: '127.0.0.1', port: 6667, username: 'opencode', password: null },
      timeout: 2000,
      clock: () => Date.now(),
      record: (activity) => this.activities.push(activity),
      ...options,
    });
  }

  static async start(
    answers: Readonly<Record<string, Answer>>,
    options: Partial<ServerClientOptions> = {},
  ): Promise<FakeServer> {
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { method = '', url = '' } = request;
      fake.requests.push(`${method} ${url} ${Buffer.concat(chunks)}`.trim());
      const answer = answers[`${method} ${url.split('?')[0]}`];
      if (answer === undefined) throw new Error(`unexpected request: ${method} ${url}`);
      answer(response, request);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const fake = new FakeServer(typeof address === 'object' ? (address?.port ?? 0) : 0, options);
    onTestFinished(async () => {
      await fake.client.close();
      server.closeAllConnections();
      server.close();
    });
    return fake;
  }

  /** Connections that are open. */
  get open(): number {
    return this.#channels.size;
  }

  loseConnections(): void {
    for (const channel of this.#channels) channel.destroy();
  }
}

export function sendJson(value: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(value));
  };
}
