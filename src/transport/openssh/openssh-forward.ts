import type { Duplex } from 'node:stream';
import { onAbort } from '../../lib/abort.ts';
import type { RunningChild } from '../child/child-process.ts';
import { streamOver } from '../child/child-stream.ts';
import { type ForwardTarget, TransportError } from '../transport.ts';

/**
 * Printed by `ssh -v` when the host has opened the connection: by a client of a master (mux.c), or on a connection of
 * its own (channels.c).
 */
const OPENED = /master session id: \d|channel \d+: open confirm/;

/** Characters of ssh's log that are kept until the connection is open. */
const MAX_LOG_CHARS = 65_536;

/** `host:port` for `ssh -W`. */
export function forwardAddress({ host, port }: ForwardTarget): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Waits until `ssh -vv -W` has its connection. Otherwise ends the child and rejects with a TransportError. */
export function openForward(child: RunningChild, target: ForwardTarget, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    let log = '';
    let settled = false;
    const settle = (act: () => void) => {
      if (settled) return;
      settled = true;
      stopListening();
      act();
    };
    const refuse = (error: TransportError) =>
      settle(() => {
        child.kill();
        reject(error);
      });
    // Keeps reading after the connection is open: a full pipe would block ssh.
    child.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (settled) return;
      log = (log + text).slice(-MAX_LOG_CHARS);
      if (OPENED.test(log)) settle(() => resolve(streamOver(child)));
    });
    child.ended.then((end) => refuse(end instanceof TransportError ? end : explainRefusal(log, target)));
    const stopListening = onAbort(signal, () => {
      queueMicrotask(() => refuse(new TransportError('aborted', 'the request was cancelled')));
    });
  });
}

/** A master does not pass on the host's reason. */
function explainRefusal(log: string, target: ForwardTarget): TransportError {
  const where = forwardAddress(target);
  if (/administratively prohibited/.test(log)) {
    return new TransportError('blocked', `the host allows no forwarding to ${where}`, {
      hint: 'See sshd_config(5), AllowTcpForwarding and PermitOpen.',
    });
  }
  const reason = /(?:open failed|forwarding request failed|forwarding request): ([^\r\n]+)/.exec(log)?.[1];
  if (reason !== undefined)
    return new TransportError('refused', `the host opened no connection to ${where}: ${reason}`);
  return new TransportError('closed', 'the connection was lost');
}
