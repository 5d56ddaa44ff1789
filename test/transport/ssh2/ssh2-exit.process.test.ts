import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import ssh2 from 'ssh2';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { Ssh2Transport } from '../../../src/transport/ssh2/ssh2-transport.ts';

const { signal } = new AbortController();
const limits = { signal, idleTimeout: 10_000, maxBytes: 1000 };
/** Long enough for all messages of a program that ends at once to come in one read. */
const READ_INTERVAL_MS = 40;

/** A socket that is read seldom, as on a busy machine. */
class SeldomRead extends Duplex {
  readonly #socket: Socket;
  #waiting: Buffer[] = [];

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      if (this.#waiting.push(chunk) > 1) return;
      setTimeout(() => {
        this.push(Buffer.concat(this.#waiting));
        this.#waiting = [];
      }, READ_INTERVAL_MS);
    });
    socket.on('error', () => this.destroy());
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}

/** Connects to a server on which every program ends at once with exit status 4, or by SIGKILL if it is named `killed`. */
async function openTransport(): Promise<Ssh2Transport> {
  const hostKey = ssh2.utils.generateKeyPairSync('ed25519').private;
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (connection) => {
    connection.on('authentication', (context) => context.accept());
    connection.on('error', () => {});
    connection.on('session', (accept) => {
      const session = accept();
      session.on('pty', (agree) => agree());
      session.on('exec', (agree, _refuse, { command }) => {
        const channel = agree();
        channel.write('out');
        if (command === 'killed') channel.exit('KILL', false, '');
        else channel.exit(4);
        channel.close();
      });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stream = new SeldomRead(connect((server.address() as AddressInfo).port, '127.0.0.1'));
  const client = new ssh2.Client();
  client.connect({ sock: stream, username: 'ada', password: 'x', hostVerifier: () => true });
  await once(client, 'ready');
  const connection = { kind: 'ssh2', reason: null, notes: [] } as const;
  const transport = new Ssh2Transport(client, stream, {
    connection,
    timeout: 10_000,
    environment: {},
    forwardAgent: false,
  });
  onTestFinished(() => {
    transport.close();
    server.close();
  });
  return transport;
}

let transport: Ssh2Transport;
beforeEach(async () => {
  transport = await openTransport();
});

it.each([
  ['quick', { code: 4, signal: null }],
  ['killed', { code: null, signal: 'SIGKILL' }],
])('the end of a program that comes with the answer to its start is known: %s', async (command, end) => {
  expect(await transport.exec(command, limits)).toMatchObject({ stdout: 'out', code: end.code });
  const pty = await transport.pty(command, { columns: 80, rows: 24, term: 'xterm' }, signal);
  expect(await pty.exit).toEqual(end);
});
