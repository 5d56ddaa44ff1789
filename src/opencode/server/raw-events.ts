import { onAbort } from '../../lib/abort.ts';
import type { ServerCalls } from './server-calls.ts';
import { errorOfFailure } from './server-error.ts';
import { SseReader } from './sse-reader.ts';

/** Where a server's events come from. */
export type EventSource =
  /** Every directory's events, from now on. */
  | { readonly kind: 'all' }
  /** One session's events after a cursor, where the server keeps them: those of turns that were begun over `/api`. */
  | { readonly kind: 'session'; readonly id: string; readonly after: string };

/**
 * Yields a server's events as it sends them, unread. Ends when the signal aborts or the server ends the stream; rejects with a ServerError when the stream
 * cannot be had or is lost.
 *
 * @param onOpen called when the server has begun to answer: no later event is missed
 */
export async function* readRawEvents(
  calls: ServerCalls,
  source: EventSource,
  signal: AbortSignal,
  onOpen: () => void = () => {},
): AsyncGenerator<unknown, void> {
  const path =
    source.kind === 'all'
      ? '/global/event'
      : `/api/session/${encodeURIComponent(source.id)}/event?after=${encodeURIComponent(source.after)}`;
  const ending = new AbortController();
  const release = onAbort(signal, () => ending.abort());
  try {
    const stream = await calls.stream(path, ending.signal);
    onOpen();
    const sse = new SseReader();
    const decoder = new TextDecoder();
    for await (const piece of stream) {
      for (const data of sse.read(decoder.decode(piece, { stream: true }))) yield JSON.parse(data);
    }
  } catch (error) {
    if (!signal.aborted) throw errorOfFailure(`GET ${path}`, error);
  } finally {
    release();
    ending.abort();
  }
}
