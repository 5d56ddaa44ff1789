import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SshOptions } from '../domain/host.ts';
import { onAbort, sleep } from '../lib/abort.ts';
import { explainSocketError } from './connect-error.ts';
import { TransportError } from './transport.ts';

/** Delay between two attempts to connect (ssh_config(5), ConnectionAttempts). */
const ATTEMPT_DELAY_MS = 1000;
/** Delay between the end of a stream's output and the error that explains it. */
const LAST_WORDS_TIMEOUT_MS = 1000;

/**
 * Opens a TCP connection as the ssh configuration says: family, own address, attempts. Rejects with a TransportError.
 */
export async function openTcp(options: SshOptions, timeout: number, signal: AbortSignal): Promise<Socket> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connectOnce(options, timeout, signal);
    } catch (error) {
      if (attempt >= options.connectionAttempts || signal.aborted) throw error;
      await sleep(ATTEMPT_DELAY_MS, signal);
    }
  }
}

function connectOnce(options: SshOptions, timeout: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const family = { any: 0, inet: 4, inet6: 6 }[options.addressFamily];
    const version = isIP(options.hostname);
    // Node ignores the family when it is given an address.
    if (family !== 0 && version !== 0 && family !== version) {
      return reject(new TransportError('dns', `${options.hostname} is not an IPv${family} address`));
    }
    const socket = connect({
      host: options.hostname,
      port: options.port,
      noDelay: true,
      keepAlive: true,
      family,
      ...(options.bindAddress === null ? {} : { localAddress: options.bindAddress }),
    });
    const fail = (error: TransportError) => {
      clearTimeout(timer);
      stopListening();
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(() => fail(new TransportError('timeout', 'connection timed out')), timeout);
    const stopListening = onAbort(signal, () => queueMicrotask(() => fail(givenUp())));
    socket.on('error', (error) => fail(explainSocketError(error, options)));
    socket.on('connect', () => {
      clearTimeout(timer);
      stopListening();
      resolve(socket);
    });
  });
}

/**
 * Waits until the other side has sent something, as an SSH server does unasked. A silent one takes no slot. Rejects
 * with a TransportError.
 */
export async function untilItSpeaks(stream: Duplex, timeout: number, signal: AbortSignal): Promise<void> {
  const given = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
  try {
    if (stream.readableLength === 0) await once(stream, 'readable', { signal: given });
  } catch (error) {
    stream.destroy();
    if (signal.aborted) throw givenUp();
    if (given.aborted) throw silence(timeout);
    if (error instanceof TransportError) throw error;
    throw new TransportError('closed', 'the host closed the connection', { cause: error });
  }
  // A stream also becomes `readable` when it ends; the reason follows later.
  if (stream.readableLength > 0) return;
  await once(stream, 'close', { signal: AbortSignal.any([signal, AbortSignal.timeout(LAST_WORDS_TIMEOUT_MS)]) }).catch(
    () => {},
  );
  stream.destroy();
  if (stream.errored instanceof TransportError) throw stream.errored;
  throw new TransportError('closed', 'the host closed the connection');
}

export function silence(timeout: number): TransportError {
  return new TransportError('timeout', `no SSH answer within ${timeout / 1000}s`);
}

export function givenUp(): TransportError {
  return new TransportError('aborted', 'the connection was cancelled');
}
