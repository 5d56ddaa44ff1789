import { connect, type Socket } from 'node:net';
import { onAbort } from '../../lib/abort.ts';
import { codeOf, messageOf } from '../../lib/errors.ts';
import { TransportError } from '../transport.ts';

/** From OpenSSH's PROTOCOL.mux, version 4. Every message is its length followed by 32-bit big-endian numbers. */
const HELLO = 1;
const VERSION = 4;
const TERMINATE = 0x10000005;

/**
 * A connection to the control socket of an ssh master, held while the master is in use. Reports when the master ends. A
 * master with ControlPersist is not idle while the link lasts, and the link ends with this process, however that ends.
 */
export class MasterLink {
  readonly #socket: Socket;
  /** Resolves when the master is gone or this link was released. */
  readonly ended: Promise<void>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.ended = new Promise((resolve) => socket.on('close', () => resolve()));
  }

  get gone(): boolean {
    return this.#socket.destroyed;
  }

  /** Resolves once a master has said hello. Rejects with a TransportError: `closed` if none listens there. */
  static open(path: string, signal: AbortSignal): Promise<MasterLink> {
    return new Promise((resolve, reject) => {
      const socket = connect(path);
      const refuse = (error: TransportError) => {
        stopListening();
        socket.destroy();
        reject(error);
      };
      socket.on('error', (error) => {
        const reason = codeOf(error) ?? messageOf(error);
        refuse(new TransportError('closed', `no ssh master answers at ${path} (${reason})`, { cause: error }));
      });
      socket.on('close', () => refuse(new TransportError('closed', `no ssh master answers at ${path}`)));
      socket.on('data', () => {
        stopListening();
        resolve(new MasterLink(socket));
      });
      const stopListening = onAbort(signal, () => {
        queueMicrotask(() => refuse(new TransportError('aborted', 'the connection was cancelled')));
      });
    });
  }

  /** Ends the master, as `ssh -O exit` does. A write to a local socket is complete when this returns. */
  terminate(): void {
    this.#socket.write(Buffer.concat([message(HELLO, VERSION), message(TERMINATE, 0)]));
    this.#socket.end();
  }

  /** Leaves the master alone. */
  release(): void {
    this.#socket.destroy();
  }
}

function message(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * numbers.length);
  bytes.writeUInt32BE(4 * numbers.length, 0);
  for (const [index, number] of numbers.entries()) bytes.writeUInt32BE(number, 4 + 4 * index);
  return bytes;
}
