import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { type ClientCapabilities, ElicitRequestSchema, type ElicitResult } from '@modelcontextprotocol/sdk/types.js';
import { onTestFinished } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { fleetSettings } from '../../src/engine/fleet-settings.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { UserError } from '../../src/lib/errors.ts';
import type { McpFace } from '../../src/mcp/face.ts';
import { RunningCalls } from '../../src/mcp/running-calls.ts';
import { createMcpServer } from '../../src/mcp/server.ts';
import type { OperationContext } from '../../src/operations/context.ts';
import { Desk } from '../../src/verbs/desk.ts';
import { aHost, anEntry, aSession, aSnapshot } from '../support/builders.ts';

/** A fleet of two hosts that answers from memory. A verb that goes on to a server ends with `a server was asked`. */
export function aFace(mayWrite: boolean) {
  const { config } = parseConfig('instances: {dev: {url: "http://127.0.0.1:4096"}}\n', 'test.yaml');
  const fleet = new FleetStore(fleetSettings(config));
  const sessions = {
    dev: [aSession({ id: 'ses_one', title: 'Fix the build' }), aSession({ id: 'ses_old', title: 'Old', archived: 1 })],
    web: [aSession({ id: 'ses_two', title: 'Write docs' })],
  };
  const entries = Object.entries(sessions).map(
    ([alias, of]) =>
      [alias, anEntry({ host: aHost({ alias }), snapshot: aSnapshot({ sessions: of }), fresh: true })] as const,
  );
  fleet.setState({ entries: new Map(entries) });
  const bugs: unknown[] = [];
  const asked: (readonly string[] | undefined)[] = [];
  const engine = {
    askOnce: async (_: boolean, aliases?: readonly string[]) => void asked.push(aliases),
  } as unknown as Engine;
  const context = {
    fleet,
    clientFor: () => Promise.reject(new UserError('a server was asked')),
    clientNow: () => null,
    clock: () => 0,
    log: () => {},
  } as unknown as OperationContext;
  const face: McpFace = {
    ...{ version: '0.0.0', mayWrite, fleet },
    onBug: (error) => void bugs.push(error),
    openDesk: async ({ mayStartServers: _, ...call }) =>
      new Desk({
        ...call,
        ...{ fleet, config, defaultTarget: null, workingDirectory: '/', sshConfigFile: null, openInTerminal: null },
        wantsJson: true,
        askTimeout: null,
        configFile: { path: '/nonexistent', origin: 'none' },
        connect: async () => ({ engine, context: { ...context, signal: call.signal } }),
      }),
  };
  return { face, bugs, asked };
}

/** Connects a client to a face. `answer` answers what its user is asked; without it, the client cannot ask. */
export async function connectTo(face: McpFace, answer?: (message: string) => ElicitResult) {
  const capabilities: ClientCapabilities = answer === undefined ? {} : { elicitation: {} };
  const client = new Client({ name: 'test', version: '0' }, { capabilities });
  const questions: string[] = [];
  if (answer !== undefined) {
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      questions.push(params.message);
      return answer(params.message);
    });
  }
  const [near, far] = InMemoryTransport.createLinkedPair();
  await createMcpServer(face, new RunningCalls()).connect(far);
  await client.connect(near);
  onTestFinished(() => client.close());
  const call = async (name: string, given: Record<string, unknown> = {}) => {
    const { isError, content, structuredContent } = await client.callTool({ name, arguments: given });
    const [first] = content as readonly { readonly text: string }[];
    return { isError: isError === true, text: first?.text ?? '', structured: structuredContent };
  };
  return { client, call, questions };
}
