import type { Client, ClientChannel, ExecOptions } from 'ssh2';
import { onAbort } from '../lib/abort.ts';
import { FramedShell } from './framed-shell.ts';
import { runOnTerminal } from './ssh2-pty.ts';
import {
  type ExecResult,
  type InteractiveExit,
  type RunLimits,
  type Shell,
  type Terminal,
  type Transport,
  TransportError,
} from './transport.ts';

/** A transport over one authenticated ssh2 connection. */
export class Ssh2Transport implements Transport {
  readonly #client: Client;
  #closed = false;

  constructor(client: Client) {
    this.#client = client;
    client.on('close', () => {
      this.#closed = true;
    });
    // After authentication an error is always followed by 'close'; unheard it would end the program.
    client.on('error', () => {});
  }

  get closed(): boolean {
    return this.#closed;
  }

  async exec(command: string, limits: RunLimits): Promise<ExecResult> {
    const channel = await this.#open(command, limits.signal);
    return collect(channel, limits);
  }

  async shell(signal: AbortSignal): Promise<Shell> {
    const channel = await this.#open('exec /bin/sh', signal);
    channel.stderr.resume();
    return new FramedShell({
      write: (text) => channel.write(text),
      onData: (listener) => channel.on('data', listener),
      onClose: (listener) => channel.on('close', () => listener('the connection to the shell ended')),
      kill: () => channel.close(),
    });
  }

  async pty(command: string, terminal: Terminal, signal: AbortSignal): Promise<InteractiveExit> {
    const { columns, rows } = terminal.stdout;
    const pty = { term: process.env.TERM ?? 'xterm-256color', cols: columns, rows, width: 0, height: 0, modes: {} };
    const channel = await this.#open(command, signal, { pty });
    return runOnTerminal(channel, terminal, signal);
  }

  close(): void {
    this.#closed = true;
    this.#client.end();
    this.#client.destroy();
  }

  #open(command: string, signal: AbortSignal, options: ExecOptions = {}): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new TransportError('closed', 'the connection is closed'));
      let settled = false;
      let stopListening = () => {};
      const settle = (result: ClientChannel | TransportError) => {
        if (settled) {
          if (!(result instanceof Error)) result.close();
          return;
        }
        settled = true;
        stopListening();
        this.#client.off('close', onClose);
        if (result instanceof Error) reject(result);
        else resolve(result);
      };
      const onClose = () => settle(new TransportError('closed', 'the connection was lost'));
      stopListening = onAbort(signal, () => settle(new TransportError('aborted', 'the request was given up')));
      this.#client.once('close', onClose);
      try {
        this.#client.exec(command, options, (error, channel) => {
          if (error)
            settle(new TransportError('protocol', `the host opened no channel: ${error.message}`, { cause: error }));
          else settle(channel);
        });
      } catch (error) {
        settle(new TransportError('closed', 'the connection was lost', { cause: error }));
      }
    });
  }
}

function collect(channel: ClientChannel, limits: RunLimits): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    let length = 0;
    let code: number | null = null;
    const fail = (error: TransportError) => {
      finish();
      channel.close();
      reject(error);
    };
    const idle = setTimeout(
      () => fail(new TransportError('timeout', `no answer within ${limits.idleTimeout / 1000}s`)),
      limits.idleTimeout,
    );
    const stopListening = onAbort(limits.signal, () => {
      queueMicrotask(() => fail(new TransportError('aborted', 'the request was given up')));
    });
    const finish = () => {
      clearTimeout(idle);
      stopListening();
    };
    const receive = (to: Buffer[]) => (chunk: Buffer) => {
      idle.refresh();
      to.push(chunk);
      length += chunk.length;
      if (length > limits.maxBytes)
        fail(new TransportError('overflow', `the host sent more than ${limits.maxBytes} bytes`));
    };
    channel.on('data', receive(output.stdout));
    channel.stderr.on('data', receive(output.stderr));
    channel.on('exit', (status: number | null) => {
      code = status;
    });
    channel.on('close', () => {
      finish();
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8');
      resolve({ code, stdout: text(output.stdout), stderr: text(output.stderr) });
    });
    channel.end();
  });
}
