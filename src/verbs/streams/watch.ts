import { sleep } from '../../lib/abort.ts';
import { describeSession } from '../../report/session-report.ts';
import type { Desk } from '../desk.ts';
import { narrowHosts, narrowSessions } from '../narrow.ts';
import type { InputOf } from '../param.ts';
import type { watch } from '../specs/fleet.ts';
import { implement } from '../verb.ts';
import { ChangeBook } from './change-book.ts';
import { DueHosts } from './due-hosts.ts';
import { withHeartbeat } from './heartbeat.ts';
import { type WatchLine, watchLineSchema } from './watch-line.ts';

/** Changes are told at most that often. */
const PAUSE_MS = 200;

/** `ocr watch`: each change of the fleet, one line each. */
export const watchVerb = implement<typeof watch, WatchLine>({
  output: watchLineSchema,
  version: 1,
  async *run(desk, input) {
    const heartbeat = (at: string): WatchLine => ({ kind: 'heartbeat', at });
    yield* withHeartbeat(changes(desk, input), input.heartbeat, heartbeat, desk.signal);
  },
  text: (line) => `${JSON.stringify(line)}\n`,
});

async function* changes(desk: Desk, input: InputOf<(typeof watch)['params']>): AsyncGenerator<WatchLine> {
  const aliases = await narrowHosts(desk, input);
  await desk.ask(aliases);
  const book = new ChangeBook();
  const hosts = new DueHosts();
  let wake = Promise.withResolvers<void>();
  const onChange = () => wake.resolve();
  const stopListening = desk.fleet.subscribe(onChange);
  desk.signal.addEventListener('abort', onChange);
  const over = new AbortController();
  void poll(desk, aliases, AbortSignal.any([desk.signal, over.signal])).catch(() => {});
  try {
    while (!desk.signal.aborted) {
      wake = Promise.withResolvers();
      const fits = await narrowSessions(desk, input);
      const state = desk.fleet.getState();
      const { settings, seen } = state;
      const now = desk.clock();
      for (const entry of hosts.take(state, aliases, now)) {
        const reports = (entry.snapshot?.sessions ?? []).flatMap((session) => {
          const report = describeSession(entry, session, settings, now, seen);
          return fits(entry, session, report) ? [report] : [];
        });
        yield* book.turn(entry, reports, new Date(now).toISOString());
      }
      const woken = new AbortController();
      await Promise.race([wake.promise, sleep(hosts.waitAt(desk.clock()), woken.signal)]);
      woken.abort();
      await sleep(PAUSE_MS, desk.signal);
    }
  } finally {
    over.abort();
    stopListening();
    desk.signal.removeEventListener('abort', onChange);
  }
}

/** Asks hosts again in the configuration's interval: events do not tell everything. */
async function poll(desk: Desk, aliases: readonly string[], stop: AbortSignal): Promise<void> {
  for (;;) {
    await sleep(desk.config.polling.interval, stop);
    if (stop.aborted) return;
    await desk.ask(aliases);
  }
}
