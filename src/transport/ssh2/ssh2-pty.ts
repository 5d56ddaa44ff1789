import type { ClientChannel } from 'ssh2';
import { onAbort } from '../../lib/abort.ts';
import { PtyOutput } from '../pty-output.ts';
import { type InteractiveExit, type Pty, TransportError } from '../transport.ts';
import { type ExitArguments, exitOf } from './ssh2-exit.ts';

/** A channel with a pty. */
export class ChannelPty implements Pty {
  readonly exit: Promise<InteractiveExit>;
  readonly #channel: ClientChannel;
  readonly #output = new PtyOutput();
  #giveUp: () => void = () => {};
  #over = false;

  constructor(channel: ClientChannel, signal: AbortSignal) {
    this.#channel = channel;
    for (const stream of [channel, channel.stderr]) stream.on('data', (chunk: Buffer) => this.#output.push(chunk));
    this.exit = this.#follow(signal);
    // Callers may ignore it.
    this.exit.catch(() => {});
  }

  write(data: string | Uint8Array): void {
    if (!this.#over) this.#channel.write(data);
  }

  onData(listener: (chunk: Buffer) => void): () => void {
    return this.#output.onData(listener);
  }

  pause(): void {
    this.#channel.pause();
  }

  resume(): void {
    this.#channel.resume();
  }

  resize(columns: number, rows: number): void {
    if (!this.#over) this.#channel.setWindow(rows, columns, 0, 0);
  }

  close(): void {
    this.#giveUp();
  }

  #follow(signal: AbortSignal): Promise<InteractiveExit> {
    const channel = this.#channel;
    return new Promise((resolve, reject) => {
      channel.on('close', (...reported: ExitArguments) => {
        const exit = exitOf(reported);
        this.#over = true;
        stopListening();
        if (exit !== undefined) resolve(exit);
        else reject(new TransportError('closed', 'the connection was lost'));
      });
      this.#giveUp = () => {
        this.#over = true;
        // A frozen host would never report the channel as closed.
        reject(new TransportError('aborted', 'the program was cancelled'));
        channel.resume();
        channel.close();
      };
      const stopListening = onAbort(signal, () => queueMicrotask(this.#giveUp));
    });
  }
}
