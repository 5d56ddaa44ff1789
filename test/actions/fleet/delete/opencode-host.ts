import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ServerClientOptions } from '../../../../src/opencode/server/server-calls.ts';
import { ServerClient } from '../../../../src/opencode/server/server-client.ts';
import { type ChildKind, ChildTransport } from '../../../../src/transport/child/child-transport.ts';
import { LocalTransport } from '../../../../src/transport/child/local-transport.ts';
import { findCacheDirectory } from '../../../fleet/cache.ts';
import { formatHomeEnvironment, writeOpencodeConfig } from '../../../fleet/home.ts';
import { createMachine } from '../../../fleet/machine.ts';
import { installOpencode } from '../../../fleet/opencode-install.ts';
import { type OpencodeServer, startOpencodeServer } from '../../../fleet/opencode-server.ts';
import { createStubModel } from '../../../fleet/stub-model.ts';

const run = promisify(execFile);
const { signal } = new AbortController();

/** A host with a real opencode that talks to the stub model; its processes have a home of their own. */
export interface OpencodeHost {
  readonly home: string;
  /** Its folder of temporary files, which no test of another file writes into. */
  readonly temporary: string;
  /** A git repository whose name no shell should read. */
  readonly project: string;
  readonly opencodePath: string;
  readonly server: OpencodeServer;
  readonly client: ServerClient;
  readonly access: ServerClientOptions;
  readonly transport: ChildTransport;
  /** Runs opencode in a directory and gives what it printed. */
  opencode(directory: string, ...parameters: string[]): Promise<string>;
  close(): Promise<void>;
}

export async function startOpencodeHost(): Promise<OpencodeHost> {
  const home = await mkdtemp(join(tmpdir(), 'ocr-opencode-host-'));
  const project = join(home, `it's $(touch canary) "x"`);
  const stub = createStubModel();
  stub.listen(0, '127.0.0.1');
  await once(stub, 'listening');
  await writeOpencodeConfig(home, (stub.address() as AddressInfo).port);
  await makeRepository(project);
  const opencodePath = await installOpencode(findCacheDirectory(), console.log);
  const temporary = join(home, 'tmp');
  await mkdir(temporary);
  const environment = { ...formatHomeEnvironment(home, process.env.PATH ?? '', home), TMPDIR: temporary };
  const machine = await createMachine('host', home);
  const log = join(home, 'serve.log');
  const server = await startOpencodeServer({ machine, binary: opencodePath, environment, cwd: home, log });
  const transport = transportOf(environment);
  const access: ServerClientOptions = {
    open: ({ host, port }, stop) => transport.forward({ host, port }, stop),
    access: { hostname: '127.0.0.1', port: server.port, username: 'opencode', password: null },
    timeout: 20_000,
    clock: Date.now,
  };
  const client = new ServerClient(access);
  return {
    ...{ home, temporary, project, opencodePath, server, client, access, transport },
    async opencode(directory, ...parameters) {
      const options = { cwd: directory, env: environment, maxBuffer: 2 ** 26 };
      return (await run(opencodePath, parameters, options)).stdout;
    },
    async close() {
      await client.close();
      transport.close();
      await machine.close();
      stub.closeAllConnections();
      stub.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** This machine as seen by a process with that environment. */
export function transportOf(environment: Readonly<Record<string, string>>): ChildTransport {
  const local = new LocalTransport();
  const kind: ChildKind = {
    connection: local.connection,
    command: (command) => ({
      file: '/bin/sh',
      args: command === null ? [] : ['-c', command],
      env: { ...environment },
      judge: (exit) => exit,
    }),
    forward: (target, stop) => local.forward(target, stop),
    close: () => local.close(),
  };
  return new ChildTransport(kind);
}

async function makeRepository(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  const author = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
  await run('git', ['init', '--quiet', '--initial-branch=main'], { cwd: path });
  await run('git', [...author, 'commit', '--quiet', '--allow-empty', '-m', 'Start'], { cwd: path });
}

/** Says something to a session and waits for the end of the turn; what is asked meanwhile is allowed. */
export async function say(host: OpencodeHost, id: string, text: string, directory = host.project): Promise<void> {
  const where = { id, directory };
  await host.client.prompt({ ...where, text, agent: null, model: null }, signal);
  for (let seenBusy = false, round = 0; round < 300; round += 1) {
    const { statuses, requests } = await host.client.read([directory], signal);
    for (const request of requests) await host.client.replyPermission(request, 'once', null, signal);
    const busy = statuses.size > 0;
    if (seenBusy && !busy) return;
    seenBusy ||= busy;
    const messages = await host.client.messages(id, directory, 1, signal);
    if (!busy && messages.at(-1)?.role === 'assistant' && messages.at(-1)?.completed) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the turn "${text}" did not end`);
}
