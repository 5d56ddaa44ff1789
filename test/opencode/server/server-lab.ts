import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { LiveEvent } from '../../../src/domain/live.ts';
import type { ServerAccess, ServerActivity } from '../../../src/opencode/server/server-calls.ts';
import { ServerClient } from '../../../src/opencode/server/server-client.ts';
import { findCacheDirectory } from '../../fleet/cache.ts';
import { formatHomeEnvironment, writeOpencodeConfig } from '../../fleet/home.ts';
import { createMachine } from '../../fleet/machine.ts';
import { installOpencode } from '../../fleet/opencode-install.ts';
import { startOpencodeServer } from '../../fleet/opencode-server.ts';
import { createStubModel } from '../../fleet/stub-model.ts';

/** A git project whose name a careless shell would run. */
export const HOSTILE = `a b; $(touch x) 'q" 100% ü?&#`;
/** A folder whose name a careless decoder would shorten. opencode itself does, and fails, once a session works there. */
export const ESCAPED = '100%25';

/** A real `opencode serve` in a home of its own, with a model that costs nothing. */
export interface ServerLab {
  readonly home: string;
  /** A git project in it. */
  readonly project: string;
  readonly access: ServerAccess;
  kill(): Promise<void>;
  close(): Promise<void>;
}

export async function startServerLab(password: string | null): Promise<ServerLab> {
  const home = await mkdtemp(join(tmpdir(), 'ocr-server-'));
  const stub = createStubModel().listen(0, '127.0.0.1');
  await once(stub, 'listening');
  const address = stub.address();
  await writeOpencodeConfig(home, typeof address === 'object' ? (address?.port ?? 0) : 0);
  for (const name of ['shop', HOSTILE, ESCAPED]) await makeProject(join(home, name));
  const binary = await installOpencode(findCacheDirectory(), () => {});
  const machine = await createMachine('server', home);
  const secret: Record<string, string> = password === null ? {} : { OPENCODE_SERVER_PASSWORD: password };
  const environment = { ...formatHomeEnvironment(home, process.env.PATH ?? '', home), ...secret };
  const server = await startOpencodeServer({ machine, binary, environment, cwd: home, log: join(home, 'log') });
  return {
    home,
    project: join(home, 'shop'),
    access: { hostname: '127.0.0.1', port: server.port, username: 'opencode', password },
    kill: () => machine.signal(server.pid, 'KILL'),
    async close() {
      await machine.close();
      stub.closeAllConnections();
      stub.close();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function makeProject(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', path, '-c', 'user.name=t', '-c', 'user.email=t@t', ...words]);
  git('init', '--quiet');
  git('commit', '--quiet', '--allow-empty', '--message', path);
}

/** A stream to a port, as a transport's `forward` gives it. */
export async function openSocket({ host, port }: { host: string; port: number }): Promise<Duplex> {
  const socket = connect(port, host);
  await once(socket, 'connect');
  return socket;
}

export function createClient(
  access: ServerAccess,
  { timeout = 10_000, record = (_: ServerActivity) => {} } = {},
): ServerClient {
  return new ServerClient({ open: openSocket, access, timeout, clock: () => Date.now(), record });
}

/** Collects the events of a client from the moment that its stream is open. */
export class EventLog {
  readonly events: LiveEvent[] = [];
  /** Settles when the stream does. */
  readonly done: Promise<void>;
  readonly #stop = new AbortController();
  #batches = 0;
  #waiting: (() => void)[] = [];

  private constructor(client: ServerClient) {
    this.done = this.#read(client);
    this.done.catch(() => {});
  }

  static async open(client: ServerClient): Promise<EventLog> {
    const log = new EventLog(client);
    while (log.#batches === 0) await Promise.race([log.#next(), log.done]);
    return log;
  }

  /** The first event, past or to come, that `fits`; rejects when the stream ends before. */
  async find<Kind extends LiveEvent['kind']>(
    kind: Kind,
    fits: (event: Extract<LiveEvent, { kind: Kind }>) => boolean = () => true,
  ): Promise<Extract<LiveEvent, { kind: Kind }>> {
    const isIt = (event: LiveEvent): event is Extract<LiveEvent, { kind: Kind }> =>
      event.kind === kind && fits(event as Extract<LiveEvent, { kind: Kind }>);
    for (;;) {
      const found = this.events.find(isIt);
      if (found !== undefined) return found;
      await Promise.race([
        this.#next(),
        this.done.then(() => Promise.reject(new Error(`no ${kind} before the stream ended`))),
      ]);
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.done;
  }

  async #read(client: ServerClient): Promise<void> {
    for await (const batch of client.events(this.#stop.signal)) {
      this.events.push(...batch);
      this.#batches += 1;
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }

  #next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
