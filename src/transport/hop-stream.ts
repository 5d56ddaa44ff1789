import type { Duplex } from 'node:stream';
import { type ForwardTarget, type Transport, TransportError } from './transport.ts';

/** Time for a silent hop to show that it is alive. */
const LIVENESS_TIMEOUT_MS = 3000;

/** A port on which hardly anything listens: any answer of the hop will do. */
const NOWHERE: ForwardTarget = { host: '127.0.0.1', port: 1 };

/** Returns the error of a host behind a hop. It names the hop that failed. */
export function blocked(hop: string, error: TransportError): TransportError {
  if (error.kind === 'blocked') {
    return new TransportError('blocked', error.message, { by: error.by ?? hop, hint: error.hint ?? undefined });
  }
  return new TransportError('blocked', `behind ${hop}: ${error.message}`, {
    by: hop,
    hint: error.hint ?? undefined,
    cause: error,
  });
}

/** Opens a stream through a connected hop. Rejects with a TransportError that names the hop. */
export async function openThrough(
  transport: Transport,
  hop: string,
  target: ForwardTarget,
  signal: AbortSignal,
): Promise<Duplex> {
  try {
    return await transport.forward(target, signal);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    if (error.kind === 'blocked') {
      throw new TransportError('blocked', `behind ${hop}: ${error.message}`, { by: hop, cause: error });
    }
    if (error.kind !== 'refused') throw error;
    throw new TransportError('refused', `${error.message}, says ${hop}`, {
      hint: error.hint ?? undefined,
      cause: error,
    });
  }
}

/**
 * True if a stream failed because the connection to the hop is dead, such as after a sleep, not because of the target.
 */
export async function isLost(transport: Transport, error: unknown, signal: AbortSignal): Promise<boolean> {
  if (!(error instanceof TransportError)) return false;
  return error.kind === 'closed' || (error.kind === 'timeout' && !(await answers(transport, signal)));
}

/** True if the other end responds. A session may exceed its limit, so a refused stream counts too. */
async function answers(transport: Transport, signal: AbortSignal): Promise<boolean> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(LIVENESS_TIMEOUT_MS)]);
  try {
    (await transport.forward(NOWHERE, within)).destroy();
    return true;
  } catch (error) {
    if (signal.aborted || !(error instanceof TransportError)) return true;
    return !['timeout', 'closed', 'aborted'].includes(error.kind);
  }
}
