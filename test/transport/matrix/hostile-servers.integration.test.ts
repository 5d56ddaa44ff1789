import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Lab, startLab } from '../../ssh-lab/lab.ts';
import { addAliases, createClient, failureOf, forBothKinds, PATIENCE } from './matrix-client.ts';

const both = forBothKinds([[]]);

let lab: Lab<'good'>;

beforeAll(async () => {
  lab = await startLab({ good: {} });
});
afterAll(() => lab?.close());

beforeEach(() => void vi.stubEnv('SSH_AUTH_SOCK', undefined));
afterEach(() => void vi.unstubAllEnvs());

/** A server on this machine, and the alias for it, until the end of the test. */
async function serve(onConnection: (socket: Socket) => void): Promise<{ server: Server; alias: string; port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const alias = `server-${port}`;
  await addAliases(lab, { [alias]: ['HostName 127.0.0.1', `Port ${port}`, 'StrictHostKeyChecking accept-new'] });
  return { server, alias, port };
}

/** Writes for as long as the other side reads. */
function flood(socket: Socket, text: string): void {
  const more = () => {
    while (!socket.destroyed && socket.write(text));
  };
  socket.on('drain', more);
  more();
}

const servers: [string, (socket: Socket) => void, kinds: RegExp][] = [
  ['accepts and hangs up', (socket) => socket.end(), /^closed$/],
  ['accepts and resets', (socket) => socket.resetAndDestroy(), /^closed$/],
  ['says nothing', () => {}, /^timeout$/],
  ['hangs up after its name', (socket) => socket.end('SSH-2.0-server\r\n'), /^closed$/],
  ['says nothing after its name', (socket) => socket.write('SSH-2.0-server\r\n'), /^timeout$/],
  ['speaks HTTP', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), /^(protocol|closed)$/],
  ['speaks HTTP and stays', (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), /^(protocol|timeout)$/],
  ['speaks the first SSH', (socket) => socket.write('SSH-1.5-server\r\n'), /^protocol$/],
  ['sends an endless line', (socket) => flood(socket, 'x'.repeat(65_536)), /^(protocol|timeout|closed|overflow)$/],
  [
    'sends endless lines',
    (socket) => flood(socket, 'welcome\r\n'.repeat(5000)),
    /^(protocol|timeout|closed|overflow)$/,
  ],
  [
    'sends an endless key exchange',
    (socket) => {
      socket.write('SSH-2.0-server\r\n');
      flood(socket, '\xff'.repeat(65_536));
    },
    /^(protocol|closed)$/,
  ],
];

describe('a server that', () => {
  it.each(forBothKinds(servers))(
    'by %s: %s ends in a reason in time, and holds up nobody',
    async (kind, _, onConnection, expected) => {
      const { alias } = await serve(onConnection);
      const client = await createClient(lab, kind, { maxHandshakes: 1 });
      const memory = process.memoryUsage().rss;
      const [failure, answer] = await Promise.all([
        failureOf(client.connect(alias, { timeout: 1000 })),
        client.echo('good', { timeout: 10_000 }),
      ]);
      expect(failure.kind).toMatch(expected);
      expect(failure.message).not.toBe('');
      expect(answer).toBe('in\n');
      expect(process.memoryUsage().rss - memory).toBeLessThan(200_000_000);
    },
  );
});

describe('handshakes', () => {
  it('are so many at a time, by ssh2, and one that only listens does not count', async () => {
    const speaking = new Set<Socket>();
    let connected = 0;
    let most = 0;
    const { port } = await serve((socket) => {
      connected += 1;
      socket.write('SSH-2.0-server\r\n');
      // A client says its name only when it is its turn.
      socket.once('data', () => {
        speaking.add(socket);
        most = Math.max(most, speaking.size);
      });
      socket.on('close', () => speaking.delete(socket));
    });
    const aliases = Array.from({ length: 12 }, (_, index) => `busy-${index}`);
    const way = ['HostName 127.0.0.1', `Port ${port}`];
    await addAliases(lab, Object.fromEntries(aliases.map((alias) => [alias, way])));
    const client = await createClient(lab, 'ssh2', { maxHandshakes: 3 });
    const failures = aliases.map((alias) => failureOf(client.connect(alias)));
    let spoken = 0;
    while (spoken < aliases.length) {
      const group = Math.min(3, aliases.length - spoken);
      await vi.waitFor(() => expect([connected, speaking.size]).toEqual([12, group]), PATIENCE);
      spoken += group;
      for (const socket of [...speaking]) {
        speaking.delete(socket);
        socket.end();
      }
    }
    expect((await Promise.all(failures)).map(({ kind }) => kind)).toEqual(aliases.map(() => 'closed'));
    expect(most).toBe(3);
  });

  it.each(both)('that are given up end at once, by %s', async (kind) => {
    const { alias } = await serve((socket) => socket.write('SSH-2.0-server\r\n'));
    const client = await createClient(lab, kind);
    const abort = new AbortController();
    const failure = failureOf(client.connect(alias, { signal: abort.signal, timeout: 3_600_000 }));
    setImmediate(() => abort.abort());
    expect(await failure).toMatchObject({ kind: 'aborted' });
  });
});
