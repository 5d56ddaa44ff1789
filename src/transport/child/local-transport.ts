import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectionInfo } from '../../domain/connection.ts';
import { onAbort } from '../../lib/abort.ts';
import { codeOf, messageOf } from '../../lib/errors.ts';
import { type ForwardTarget, TransportError, type TransportErrorKind } from '../transport.ts';
import type { Invocation } from './child-process.ts';
import { type ChildKind, ChildTransport } from './child-transport.ts';

/** Reaches this machine by child processes. */
export class LocalTransport extends ChildTransport {
  constructor() {
    super(new LocalKind());
  }
}

class LocalKind implements ChildKind {
  readonly connection: ConnectionInfo = { kind: 'local', reason: null, notes: [] };
  readonly #sockets = new Set<Socket>();

  command(command: string): Invocation {
    return { file: '/bin/sh', args: ['-c', command], env: process.env, judge: (exit) => exit };
  }

  forward(target: ForwardTarget, signal: AbortSignal): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      const socket = connect({ ...target, allowHalfOpen: true });
      this.#sockets.add(socket);
      const refuse = (error: TransportError) => {
        stopListening();
        socket.destroy();
        reject(error);
      };
      const onError = (error: Error) => refuse(explain(error, target));
      const onClose = () => refuse(new TransportError('closed', 'the connection is closed'));
      socket.once('error', onError);
      socket.once('close', () => this.#sockets.delete(socket));
      socket.once('close', onClose);
      socket.once('connect', () => {
        stopListening();
        socket.off('error', onError);
        socket.off('close', onClose);
        // Without a listener, a lost connection would end the program.
        socket.on('error', () => {});
        resolve(socket);
      });
      const stopListening = onAbort(signal, () => {
        queueMicrotask(() => refuse(new TransportError('aborted', 'the request was cancelled')));
      });
    });
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

const KINDS: Readonly<Record<string, TransportErrorKind>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ETIMEDOUT: 'timeout',
};

function explain(error: Error, { host, port }: ForwardTarget): TransportError {
  const kind = KINDS[codeOf(error) ?? ''] ?? 'unreachable';
  const message = kind === 'refused' ? `nothing listens on ${host}:${port}` : messageOf(error);
  return new TransportError(kind, message, { cause: error });
}
