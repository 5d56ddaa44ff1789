import { once } from 'node:events';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

/** Serves the client that started this program. Resolves when it closes stdin or sends what cannot be read, or when the signal aborts. */
export async function serveStdio(mcp: McpServer, signal: AbortSignal): Promise<void> {
  const gone = once(process.stdin, 'close', { signal }).catch(() => {});
  const ended = once(process.stdin, 'end', { signal }).catch(() => {});
  const closed = new Promise<void>((resolve) => {
    mcp.server.onclose = resolve;
  });
  await mcp.connect(new StdioServerTransport());
  await Promise.race([gone, ended, closed]);
  await mcp.close();
}
