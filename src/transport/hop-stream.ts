import type { Duplex } from 'node:stream';
import { type ForwardTarget, type Transport, TransportError } from './transport.ts';

/** Milliseconds in which a hop that was silent shows that it is there. */
const SIGN_OF_LIFE = 3000;

/** A port on which hardly anything listens: what the hop says of it does not matter. */
const NOWHERE: ForwardTarget = { host: '127.0.0.1', port: 1 };

/** The error of a host behind a hop. The hop at which it all ends is named. */
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

/** Opens a stream through a hop that is connected. Rejects with a TransportError that names the hop. */
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

/** Did a stream fail for the connection to the hop, which may have died unheard as in a sleep, rather than for the target? */
export async function isLost(transport: Transport, error: unknown, signal: AbortSignal): Promise<boolean> {
  if (!(error instanceof TransportError)) return false;
  return error.kind === 'closed' || (error.kind === 'timeout' && !(await answers(transport, signal)));
}

/** Is there anybody at the other end? A session may be more than it allows; a refused stream is an answer too. */
async function answers(transport: Transport, signal: AbortSignal): Promise<boolean> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(SIGN_OF_LIFE)]);
  try {
    (await transport.forward(NOWHERE, within)).destroy();
    return true;
  } catch (error) {
    if (signal.aborted || !(error instanceof TransportError)) return true;
    return !['timeout', 'closed', 'aborted'].includes(error.kind);
  }
}
