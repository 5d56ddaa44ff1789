import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { messageOf, UserError } from '../../lib/errors.ts';
import { HttpClients } from './clients.ts';
import { judgeRequest } from './guard.ts';

export interface HttpOptions {
  /** 0 for any that is free. */
  readonly port: number;
  readonly token: string;
  createServer(): McpServer;
  onBug(error: unknown): void;
}

export interface HttpService {
  readonly url: string;
  close(): Promise<void>;
}

const ADDRESS = '127.0.0.1';
const PATH = '/mcp';

/** Serves clients on this machine alone, with a token. Rejects with a UserError if the port is taken. */
export async function serveHttp({
  port: wanted,
  token,
  createServer: createMcp,
  onBug,
}: HttpOptions): Promise<HttpService> {
  const clients = new HttpClients(createMcp);
  let port = wanted;
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const refusal = judgeRequest(request.headers, port, token);
    if (refusal !== null) {
      const headers = refusal.status === 401 ? { 'www-authenticate': 'Bearer' } : {};
      response.writeHead(refusal.status, { 'content-type': 'text/plain', ...headers }).end(`${refusal.message}\n`);
    } else if (new URL(request.url ?? '/', 'http://any').pathname !== PATH) response.writeHead(404).end();
    else await clients.handle(request, response);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      onBug(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.listen(wanted, ADDRESS);
  await once(server, 'listening').catch((error: unknown) => {
    throw new UserError(`cannot listen on ${ADDRESS}:${wanted}: ${messageOf(error)}`, {
      cause: error,
      hint: 'Name another port with --port.',
    });
  });
  const address = server.address();
  if (address !== null && typeof address === 'object') port = address.port;
  return {
    url: `http://${ADDRESS}:${port}${PATH}`,
    async close() {
      await clients.close();
      server.close();
      server.closeAllConnections();
    },
  };
}
