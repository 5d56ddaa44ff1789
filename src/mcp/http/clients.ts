import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';

/** Clients that are kept. The one that was silent for longest makes room. */
const MAX_CLIENTS = 32;
const MAX_BODY_BYTES = 2 ** 20;

/** The clients over HTTP, each with a server of its own, by the id that the protocol gives them. */
export class HttpClients {
  readonly #createServer: () => McpServer;
  /** The one heard of last stands last. */
  readonly #clients = new Map<string, StreamableHTTPServerTransport>();

  constructor(createServer: () => McpServer) {
    this.#createServer = createServer;
  }

  /** Answers a request that was let in. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = request.headers['mcp-session-id'];
    if (id === undefined) return await this.#welcome(request, response);
    const client = this.#clients.get(String(id));
    // The client starts again on 404, as the protocol says.
    if (client === undefined) return void response.writeHead(404).end('no such session');
    this.#clients.delete(String(id));
    this.#clients.set(String(id), client);
    await client.handleRequest(request, response);
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#clients.values()].map((client) => client.close()));
  }

  /** Only an initialisation comes without an id: the transport refuses anything else. */
  async #welcome(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const client = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      maxRequestBodySize: MAX_BODY_BYTES,
      onsessioninitialized: (id) => this.#keep(id, client),
    });
    await this.#createServer().connect(client);
    const { onclose } = client;
    client.onclose = () => {
      onclose?.();
      if (client.sessionId !== undefined) this.#clients.delete(client.sessionId);
    };
    await client.handleRequest(request, response);
    if (client.sessionId === undefined) await client.close();
  }

  #keep(id: string, client: StreamableHTTPServerTransport): void {
    this.#clients.set(id, client);
    const [oldest] = this.#clients.values();
    if (this.#clients.size > MAX_CLIENTS) void oldest?.close();
  }
}
