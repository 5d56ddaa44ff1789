import type { LiveEvent } from '../../domain/live.ts';
import { onAbort } from '../../lib/abort.ts';
import { Breather } from '../../lib/breather.ts';
import type { EventReader } from './event-reader.ts';
import type { ServerCalls } from './server-calls.ts';
import { errorOfFailure } from './server-error.ts';
import { SseReader } from './sse-reader.ts';

const PATH = '/global/event';

/**
 * Events of all directories of a server, in one batch for each piece of the stream that completes any. A batch may be empty: a sign of life, of
 * which an idle server gives one every ten seconds. It ends when the signal aborts or the server ends it, and rejects with a ServerError when
 * the stream cannot be had or is lost. It never tries again by itself.
 *
 * (The SDK's own reader parses every event, hides how a stream ended, and does not tell when it begins.)
 */
export async function* readEvents(
  calls: ServerCalls,
  reader: EventReader,
  signal: AbortSignal,
): AsyncGenerator<readonly LiveEvent[], void> {
  const ending = new AbortController();
  const release = onAbort(signal, () => ending.abort());
  try {
    const stream = await calls.stream(PATH, ending.signal);
    const sse = new SseReader();
    const decoder = new TextDecoder();
    const breather = new Breather();
    for await (const piece of stream) {
      const events = breather.work(() => {
        const data = sse.read(decoder.decode(piece, { stream: true }));
        return data.length > 0 ? readBatch(reader, data) : null;
      });
      if (events !== null) yield events;
      // Meanwhile, events queue on the host.
      await breather.rest(ending.signal);
    }
  } catch (error) {
    if (!signal.aborted) throw errorOfFailure(`GET ${PATH}`, error);
  } finally {
    release();
    ending.abort();
  }
}

function readBatch(reader: EventReader, data: readonly string[]): readonly LiveEvent[] {
  const events: LiveEvent[] = [];
  for (const text of data) {
    const event = reader.read(text);
    if (event !== null) events.push(event);
  }
  return events;
}
