import { sleep } from '../../lib/abort.ts';
import type { ServerClient } from '../../opencode/server/server-client.ts';
import { ServerError } from '../../opencode/server/server-error.ts';

/** The events of a session after a cursor, which moves on with them. */
export interface QuietSource {
  readonly kind: 'session';
  readonly id: string;
  after: string;
}

/** A server that does not have the session says so within this time. */
const SILENCE_MS = 2000;

/**
 * Yields a session's events as `rawEvents` does. opencode 1.18.33 answers this request with the first event, so that a session at its end looks like a
 * server that hangs: then a server that is healthy counts as open, and is asked again when the request times out.
 */
export async function* openQuietly(
  client: Pick<ServerClient, 'rawEvents' | 'health'>,
  source: QuietSource,
  signal: AbortSignal,
  onOpen: () => void,
  silence = SILENCE_MS,
): AsyncGenerator<unknown, void> {
  const over = new AbortController();
  let isOpen = false;
  const open = () => {
    if (isOpen || over.signal.aborted) return;
    isOpen = true;
    onOpen();
  };
  const ends = AbortSignal.any([signal, over.signal]);
  void sleep(silence, ends)
    .then(() => (ends.aborted ? null : client.health(ends)))
    .then((health) => health !== null && open())
    .catch(() => {});
  try {
    while (!signal.aborted) {
      try {
        return yield* client.rawEvents({ ...source }, signal, open);
      } catch (error) {
        if (!(error instanceof ServerError && error.kind === 'timeout' && isOpen)) throw error;
        await client.health(signal);
      }
    }
  } finally {
    over.abort();
  }
}
