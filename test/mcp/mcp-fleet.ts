import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { ProgressCallback } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ElicitRequestSchema, type ElicitResult } from '@modelcontextprotocol/sdk/types.js';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { type OpencodeServer, startOpencodeServer } from '../fleet/opencode-server.ts';
import { program } from '../support/fleet-program.ts';
import { startMethodRecorder } from '../support/method-recorder.ts';

/** A server of a real opencode, a recorder before it, and a configuration with that as the instance `dev`. */
export interface McpFleet {
  readonly fleet: Fleet;
  readonly server: OpencodeServer;
  readonly recorder: Awaited<ReturnType<typeof startMethodRecorder>>;
  /** A project on the host. */
  readonly project: string;
  /** The words that start `ocr mcp` with that configuration. */
  readonly words: readonly string[];
  close(): Promise<void>;
}

export async function startMcpFleet(): Promise<McpFleet> {
  const fleet = await startFleet({ hosts: ['alpha'] });
  const { machine, home, environment } = fleet.host('alpha');
  if (machine === null) throw new Error('alpha has no machine');
  const log = join(home, '.mcp.log');
  const server = await startOpencodeServer({ machine, binary: fleet.opencode, environment, cwd: home, log });
  const recorder = await startMethodRecorder(server.port);
  const project = join(home, 'mcp');
  await mkdir(project, { recursive: true });
  const config = join(fleet.directory, 'mcp.yaml');
  const yaml = { instances: { dev: { url: recorder.url } }, hosts: { local: false }, polling: { timeout: '20s' } };
  await writeFile(config, JSON.stringify(yaml));
  return {
    ...{ fleet, server, recorder, project },
    words: [program, 'mcp', '--config', config, '--ssh-config', '/dev/null', '--no-cache'],
    async close() {
      recorder.close();
      await fleet.close();
    },
  };
}

export interface ConnectedClient {
  readonly client: Client;
  /** The names of the tools that were called. */
  readonly called: Set<string>;
  /** Calls a tool and returns its structured output, which the client has checked by its schema. Rejects with the text of a failure. */
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for, and checks it.
  call(name: string, given?: Record<string, unknown>, onProgress?: (text: string) => void): Promise<any>;
}

/** Starts `ocr mcp` over stdio, in the environment of the fleet's operator. */
export function overStdio({ words, fleet }: McpFleet, ...more: readonly string[]): StdioClientTransport {
  const env = Object.entries(fleet.environment).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return new StdioClientTransport({
    ...{ command: process.execPath, args: [...words, ...more], env: Object.fromEntries(env) },
    stderr: 'inherit',
  });
}

/** Connects a client. `answer` answers what its user is asked; without it, the client cannot ask. */
export async function connectClient(transport: Transport, answer?: (message: string) => ElicitResult) {
  const client = new Client({ name: 'test', version: '0' }, { capabilities: answer ? { elicitation: {} } : {} });
  if (answer) client.setRequestHandler(ElicitRequestSchema, ({ params }) => answer(params.message));
  await client.connect(transport);
  // The client keeps the schemas of the outputs.
  await client.listTools();
  const called = new Set<string>();
  const connected: ConnectedClient = {
    client,
    called,
    async call(name, given = {}, onProgress) {
      called.add(name);
      const onprogress: ProgressCallback = ({ message = '' }) => onProgress?.(message);
      const options = { timeout: 120_000, ...(onProgress && { onprogress }) };
      const result = await client.callTool({ name, arguments: given }, undefined, options);
      const [first] = result.content as readonly { readonly text: string }[];
      if (result.isError === true) throw new Error(first?.text);
      return result.structuredContent;
    },
  };
  return connected;
}
