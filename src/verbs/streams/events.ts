import { tellInParallel } from '../../lib/tell-in-parallel.ts';
import type { Desk } from '../desk.ts';
import { EXIT, VerbError } from '../exit-status.ts';
import { narrowHosts, warnOfFailures } from '../narrow.ts';
import type { InputOf } from '../param.ts';
import type { events } from '../specs/fleet.ts';
import { implement } from '../verb.ts';
import { type EventLine, eventLineSchema } from './event-line.ts';
import { followServers } from './follow-servers.ts';
import { withHeartbeat } from './heartbeat.ts';

const RETRY_MS = 2000;
/** A server that restarts is back by then; later, the list of the host's servers is read as often as at other times. */
const RETRY_FOR_MS = 60_000;
/** Hosts followed at a time. */
const MAX_HOSTS = 256;

/** `ocr events`: the events of servers, as they send them. */
export const eventsVerb = implement<typeof events, EventLine>({
  output: eventLineSchema,
  version: 1,
  async *run(desk, input) {
    const heartbeat = (at: string): EventLine => ({ kind: 'heartbeat', at });
    yield* withHeartbeat(follow(desk, input), input.heartbeat, heartbeat, desk.signal);
  },
  text: (line) => `${JSON.stringify(line)}\n`,
});

async function* follow(desk: Desk, input: InputOf<(typeof events)['params']>): AsyncGenerator<EventLine> {
  const { session, after } = input;
  if (after !== null && session === null) throw new VerbError(EXIT.usage, '--after goes with --session');
  const target = session === null ? null : await desk.session(session, input.on);
  const aliases = target === null ? await narrowHosts(desk, input) : [target.entry.host.alias];
  if (target === null) warnOfFailures(desk, await desk.ask(aliases), input.on);
  const id = target?.session.id ?? null;
  const pace = { retry: RETRY_MS, retryFor: RETRY_FOR_MS, relist: desk.config.polling.interval };
  yield* tellInParallel<string, EventLine>(aliases, MAX_HOSTS, desk.signal, (alias, tell, signal) =>
    followServers(desk, { alias, id, after }, pace, tell, signal),
  );
}
