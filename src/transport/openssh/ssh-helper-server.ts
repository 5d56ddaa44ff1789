import { createServer, type Server, type Socket } from 'node:net';
import { type Duplex, pipeline } from 'node:stream';
import * as z from 'zod';
import type { AskpassRequest } from './openssh-question.ts';

/** Characters of a question. ssh's own are shorter, but a server may add to them. */
const MAX_REQUEST_CHARS = 65_536;

const requestShape = z.object({
  prompt: z.string(),
  hint: z.enum(['confirm', 'none']).nullable().catch(null),
  asker: z.int(),
});

/** A unix socket that the helper connects to. */
export class HelperServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** Answers each request with a text, or refuses with `null`. The signal aborts when ssh no longer wants the answer. */
  static async askpass(
    path: string,
    answer: (request: AskpassRequest, signal: AbortSignal) => Promise<string | null>,
  ): Promise<HelperServer> {
    return HelperServer.#listen(path, async (socket) => {
      const gone = new AbortController();
      socket.on('close', () => gone.abort());
      const request = await readRequest(socket);
      if (request === null) {
        socket.destroy();
        return;
      }
      const text = await answer(request, gone.signal).catch(() => null);
      socket.end(JSON.stringify(text));
    });
  }

  /** Joins each connection with a stream opened for it; reports when opening fails. */
  static async bridge(
    path: string,
    open: () => Promise<Duplex>,
    onError: (error: unknown) => void,
  ): Promise<HelperServer> {
    return HelperServer.#listen(path, async (socket) => {
      try {
        const stream = await open();
        if (socket.destroyed) stream.destroy();
        else pipeline(socket, stream, socket, () => stream.destroy());
      } catch (error) {
        onError(error);
        socket.destroy();
      }
    });
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  static #listen(path: string, serve: (socket: Socket) => void): Promise<HelperServer> {
    return new Promise((resolve, reject) => {
      const server = createServer({ allowHalfOpen: true });
      const helper = new HelperServer(server);
      server.on('connection', serve);
      server.once('error', reject);
      server.listen(path, () => {
        server.off('error', reject);
        // For example a connection that could not be accepted, which ssh reports.
        server.on('error', () => {});
        resolve(helper);
      });
    });
  }
}

/** Reads the helper's line of JSON; `null` for anything else. */
function readRequest(socket: Socket): Promise<AskpassRequest | null> {
  return new Promise((resolve) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.length > MAX_REQUEST_CHARS) resolve(null);
      else if (text.endsWith('\n')) resolve(parseRequest(text));
    });
    socket.on('close', () => resolve(null));
  });
}

function parseRequest(text: string): AskpassRequest | null {
  try {
    return requestShape.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
