import type { Duplex } from 'node:stream';
import type { Client, ClientChannel, ExecOptions } from 'ssh2';
import { type ConnectionInfo, withNote } from '../../domain/connection.ts';
import { onAbort } from '../../lib/abort.ts';
import { messageOf } from '../../lib/errors.ts';
import { ChannelGate, ChannelRefused } from '../channel-gate.ts';
import { FramedShell } from '../framed-shell.ts';
import { JoinedStream } from '../joined-stream.ts';
import { DIAGNOSIS, diagnosisLimits, explainDiagnosis } from '../no-shell.ts';
import { collectPipe, withoutInput } from '../pipe-output.ts';
import { ShellStart } from '../shell-start.ts';
import {
  type ExecResult,
  type ForwardTarget,
  type Pipe,
  type Pty,
  type PtyRequest,
  type RunLimits,
  type Shell,
  type Transport,
  TransportError,
} from '../transport.ts';
import { type ExitArguments, exitOf } from './ssh2-exit.ts';
import { ChannelPty } from './ssh2-pty.ts';

export interface Ssh2TransportOptions {
  readonly connection: ConnectionInfo;
  /** Milliseconds for the server to open a channel. */
  readonly timeout: number;
  /** Variables to ask the server to set. */
  readonly environment: Readonly<Record<string, string>>;
  /** Lets programs on a pty use the user's ssh-agent. */
  readonly forwardAgent: boolean;
}

/** Reasons of RFC 4254, section 5.1. */
const PROHIBITED = 1;
const CONNECT_FAILED = 2;

/** ssh2's types lack `agentForward` (lib/client.js, exec). */
type SessionOptions = ExecOptions & { readonly agentForward?: boolean };

type Open = (callback: (error: Error | undefined, channel: ClientChannel) => void) => void;

/** A transport over one authenticated ssh2 connection. */
export class Ssh2Transport implements Transport {
  #connection: ConnectionInfo;
  readonly #client: Client;
  readonly #stream: Duplex;
  readonly #options: Ssh2TransportOptions;
  readonly #gate = new ChannelGate();
  /** Programs on a pty and forwarded streams, which keep a retired connection open. */
  #kept = 0;
  #retired = false;
  #closed = false;
  /** True if the profile replaces the shell that should run a command. */
  #replaced = false;

  /** @param stream the stream below the client */
  constructor(client: Client, stream: Duplex, options: Ssh2TransportOptions) {
    this.#client = client;
    this.#stream = stream;
    this.#options = options;
    this.#connection = options.connection;
    // One for each channel being opened and each stream, as many as there are hosts behind this one.
    client.setMaxListeners(0);
    client.on('close', () => {
      this.#closed = true;
    });
    // After authentication an error is always followed by 'close'; without a listener it would end the program.
    client.on('error', () => {});
  }

  get connection(): ConnectionInfo {
    return this.#connection;
  }

  note(text: string): void {
    this.#connection = withNote(this.#connection, text);
  }

  get closed(): boolean {
    return this.#closed || this.#retired;
  }

  async exec(command: string, limits: RunLimits): Promise<ExecResult> {
    if (this.#replaced) return collectPipe(await this.pipe(withoutInput(command), limits), limits);
    const channel = await this.#session(command, limits.signal);
    const result = collectPipe(this.#pipeOf(channel), limits);
    channel.end();
    return result;
  }

  async shell(signal: AbortSignal): Promise<Shell> {
    return this.#framedShell(signal);
  }

  async pipe(script: string, limits: RunLimits): Promise<Pipe> {
    const release = this.#keep();
    try {
      const pipe = await (await this.#framedShell(limits.signal)).become(script, limits);
      pipe.onClose(release);
      return pipe;
    } catch (error) {
      release();
      throw error;
    }
  }

  async #framedShell(signal: AbortSignal): Promise<FramedShell> {
    const start = new ShellStart();
    const channel = await this.#session(start.command, signal);
    let takeBack = () => {};
    const shell = new FramedShell(this.#pipeOf(channel), start, {
      onStart: ({ replaced }, note) => {
        this.#replaced = replaced;
        if (note !== null) this.note(note);
      },
      diagnose: async () => {
        // A single command would need such a shell itself.
        if (this.#replaced) return null;
        return explainDiagnosis(await this.exec(DIAGNOSIS, diagnosisLimits(signal)));
      },
      onIdle: (idle) => {
        takeBack();
        takeBack = idle ? this.#gate.lend(() => shell.close()) : () => {};
      },
    });
    return shell;
  }

  #pipeOf(channel: ClientChannel): Pipe {
    return {
      write: (text) => channel.write(text),
      onData: (listener) => channel.on('data', listener),
      onErrors: (listener) => channel.stderr.on('data', listener),
      onClose: (listener) => {
        channel.on('close', (...reported: ExitArguments) => {
          const exit = exitOf(reported);
          if (exit === undefined && this.#stream.destroyed) this.#closed = true;
          const lost = new TransportError('closed', 'the connection to the shell ended');
          listener(exit ?? (this.#closed ? lost : { code: null, signal: null }));
        });
      },
      pause: () => channel.pause(),
      resume: () => channel.resume(),
      kill: () => channel.close(),
    };
  }

  async pty(command: string, { columns, rows, term }: PtyRequest, signal: AbortSignal): Promise<Pty> {
    const options = { pty: { term, cols: columns, rows, width: 0, height: 0, modes: {} } };
    const release = this.#keep();
    try {
      const channel = this.#options.forwardAgent
        ? // A server may refuse the agent; then the program runs without, as with ssh.
          await this.#session(command, signal, { ...options, agentForward: true }).catch((error: unknown) => {
            if (!/agent forwarding/.test(messageOf(error))) throw error;
            return this.#session(command, signal, options);
          })
        : await this.#session(command, signal, options);
      const pty = new ChannelPty(channel, signal);
      pty.exit.then(release, release);
      return pty;
    } catch (error) {
      release();
      throw error;
    }
  }

  async forward({ host, port }: ForwardTarget, signal: AbortSignal): Promise<Duplex> {
    const release = this.#keep();
    const channel = await this.#open((done) => this.#client.forwardOut('127.0.0.1', 0, host, port, done), signal).catch(
      (error: unknown) => {
        release();
        throw explainForward(error, host, port);
      },
    );
    const stream = new JoinedStream(channel, channel, () => {
      // Unread output would keep the channel open.
      channel.resume();
      channel.close();
    });
    const lost = () => stream.destroy(new TransportError('closed', 'the connection was lost'));
    this.#client.once('close', lost);
    stream.once('close', () => this.#client.off('close', lost));
    channel.once('close', () => stream.end());
    stream.once('close', release);
    return stream;
  }

  retire(): void {
    this.#retired = true;
    if (this.#kept === 0) this.close();
  }

  close(): void {
    this.#closed = true;
    this.#client.end();
    // ssh2 would wait for the other side to close too, which a frozen or vanished host never does.
    this.#stream.destroy();
  }

  /** Keeps the connection for a program or a stream, even once it is retired, until the returned function is called. */
  #keep(): () => void {
    this.#kept += 1;
    return () => {
      this.#kept -= 1;
      if (this.#retired && this.#kept === 0) this.close();
    };
  }

  async #session(command: string, signal: AbortSignal, options: SessionOptions = {}): Promise<ClientChannel> {
    const environment = this.#options.environment;
    const withEnvironment = Object.keys(environment).length === 0 ? options : { ...options, env: environment };
    let channel: ClientChannel | undefined;
    try {
      await this.#gate.open(async () => {
        const opened = await this.#open((done) => this.#client.exec(command, withEnvironment, done), signal);
        channel = opened;
        return { onClose: (listener) => opened.once('close', listener) };
      }, signal);
    } catch (error) {
      if (error instanceof TransportError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new TransportError('protocol', `the host opened no channel: ${reason}`, { cause: error });
    }
    if (channel === undefined) throw new TransportError('closed', 'the connection was lost');
    return channel;
  }

  /**
   * Rejects with a TransportError, or a ChannelRefused if the connection is healthy but the server allows no more
   * channels.
   */
  #open(start: Open, signal: AbortSignal): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(new TransportError('closed', 'the connection is closed'));
      let settled = false;
      const settle = (result: ClientChannel | Error) => {
        if (settled) {
          if (!(result instanceof Error)) result.close();
          return;
        }
        settled = true;
        clearTimeout(timer);
        stopListening();
        this.#client.off('close', onClose);
        if (result instanceof Error) reject(result);
        else resolve(result);
      };
      const { timeout } = this.#options;
      const onClose = () => settle(new TransportError('closed', 'the connection was lost'));
      const timer = setTimeout(
        () => settle(new TransportError('timeout', `no answer within ${timeout / 1000}s`)),
        timeout,
      );
      const stopListening = onAbort(signal, () => {
        queueMicrotask(() => settle(new TransportError('aborted', 'the request was cancelled')));
      });
      this.#client.once('close', onClose);
      try {
        start((error, channel) => settle(error === undefined ? channel : refusal(error)));
      } catch (error) {
        settle(new TransportError('closed', 'the connection was lost', { cause: error }));
      }
    });
  }
}

/** Returns the server's reason for refusing a channel; without one, the connection was lost meanwhile. */
function refusal(error: Error): Error {
  if ('reason' in error) return new ChannelRefused(error.message, { cause: error });
  if (/No response from server/.test(error.message)) return new TransportError('closed', 'the connection was lost');
  return new TransportError('protocol', `the host opened no channel: ${error.message}`, { cause: error });
}

function explainForward(error: unknown, host: string, port: number): unknown {
  if (!(error instanceof ChannelRefused)) return error;
  const reason = error.cause instanceof Error && 'reason' in error.cause ? error.cause.reason : undefined;
  if (reason === PROHIBITED) return new TransportError('blocked', 'it does not forward connections', { cause: error });
  const message = reason === CONNECT_FAILED ? 'connection refused' : error.message;
  return new TransportError('refused', message, { cause: error, hint: `Nothing answers on ${host}:${port}.` });
}
