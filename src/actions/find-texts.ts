import { messageOf } from '../lib/errors.ts';
import type { OperationContext } from '../operations/context.ts';
import { type SearchEvent, searchTranscripts } from '../operations/transcripts/search-transcripts.ts';
import type { FindState } from '../store/find-state.ts';
import type { OcrStore } from '../store/store.ts';
import { viewShown } from '../store/view-travels.ts';

/** Messages that are listed, the latest ones. */
const MAX_FOUND = 2000;

/** Searches the transcripts of all hosts for a text, and shows what each host has as soon as it answers. One search at a time. */
export class TextSearch {
  readonly #store: OcrStore;
  readonly #context: Promise<Pick<OperationContext, 'fleet' | 'queryDatabase'>>;
  #stop = new AbortController();

  constructor(store: OcrStore, context: Promise<Pick<OperationContext, 'fleet' | 'queryDatabase'>>) {
    this.#store = store;
    this.#context = context;
  }

  /** Begins a search and shows its view; the one before is given up. */
  async start(needle: string): Promise<void> {
    this.cancel();
    const stop = new AbortController();
    this.#stop = stop;
    const change = (next: (find: FindState) => Partial<FindState>) => {
      if (stop.signal.aborted) return;
      this.#store.setState(({ find }) => (find === null ? {} : { find: { ...find, ...next(find) } }));
    };
    const find: FindState = { needle, found: [], done: 0, of: 0, notes: [], isRunning: true };
    this.#store.setState((state) => ({ ...viewShown('finds', '')(state), find }));
    // Leaving the view gives the search up.
    const unsubscribe = this.#store.subscribe(({ view }) => {
      if (view !== 'finds') this.cancel();
    });
    try {
      const context = await this.#context;
      for await (const event of searchTranscripts(context, needle, {}, stop.signal))
        change((now) => withEvent(now, event));
    } catch (error) {
      change(({ notes }) => ({ notes: [...notes, messageOf(error)] }));
    }
    change(() => ({ isRunning: false }));
    unsubscribe();
  }

  /** Gives up the search in flight, and keeps what was found. */
  cancel(): void {
    this.#stop.abort();
    this.#store.setState(({ find }) => (find?.isRunning ? { find: { ...find, isRunning: false } } : {}));
  }
}

function withEvent({ found, notes }: FindState, event: SearchEvent): Partial<FindState> {
  switch (event.kind) {
    case 'progress':
      return { done: event.done, of: event.of };
    case 'not-searched':
      return { notes: [...notes, `${event.alias}: ${event.reason}`] };
    case 'found': {
      const more = event.more ? [`${event.alias}: older ones are left out`] : [];
      const all = [...found, ...event.findings].sort((a, b) => b.time - a.time).slice(0, MAX_FOUND);
      return { found: all, notes: [...notes, ...more] };
    }
  }
}
