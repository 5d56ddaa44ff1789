import * as z from 'zod';
import { sleep } from '../../lib/abort.ts';
import { messageOf } from '../../lib/errors.ts';
import { tellInParallel } from '../../lib/tell-in-parallel.ts';
import type { EventSource } from '../../opencode/server/raw-events.ts';
import type { ServerClient } from '../../opencode/server/server-client.ts';
import type { Desk } from '../desk.ts';
import { EXIT, VerbError } from '../exit-status.ts';
import { narrowHosts, warnOfFailures } from '../narrow.ts';
import type { InputOf } from '../param.ts';
import type { events } from '../specs/fleet.ts';
import { implement } from '../verb.ts';
import { withHeartbeat } from './heartbeat.ts';

const lineSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('event'),
    host: z.string(),
    /** Its address as the host sees it, such as `127.0.0.1:4096`. */
    server: z.string(),
    /** For --after, with --session; `null` for an event that the server does not keep. */
    cursor: z.string().nullable(),
    /** As the server sent it. */
    event: z.unknown(),
  }),
  z.object({ kind: z.literal('connected'), host: z.string(), server: z.string() }),
  /** From `since` on events may be missing. */
  z.object({ kind: z.literal('lost'), host: z.string(), since: z.string(), reason: z.string() }),
  z.object({ kind: z.literal('heartbeat'), at: z.string() }),
]);
export type EventLine = z.output<typeof lineSchema>;

const RETRY_MS = 2000;
/** Hosts followed at a time. */
const MAX_HOSTS = 256;

/** `ocr events`: the events of servers, as they send them. */
export const eventsVerb = implement<typeof events, EventLine>({
  output: lineSchema,
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
  const source: EventSource = id !== null && after !== null ? { kind: 'session', id, after } : { kind: 'all' };
  yield* tellInParallel<string, EventLine>(aliases, MAX_HOSTS, desk.signal, (alias, tell, signal) =>
    followHost(desk, { alias, source, id }, tell, signal),
  );
}

const durableSchema = z.object({ durable: z.object({ seq: z.number() }) });

/** Returns the place of an event that the server keeps (`/api/session/ID/event`, opencode 1.18). */
function cursorOf(event: unknown): string | null {
  const { data } = durableSchema.safeParse(event);
  return data === undefined ? null : String(data.durable.seq);
}

interface Followed {
  readonly alias: string;
  readonly source: EventSource;
  /** Only events of that session; `null` for all. */
  readonly id: string | null;
}

/** Follows all servers of a host until the signal aborts, and connects again after a loss. */
async function followHost(
  desk: Desk,
  { alias: host, source, id }: Followed,
  tell: (line: EventLine) => void,
  signal: AbortSignal,
): Promise<void> {
  const engine = await desk.engine();
  const now = () => new Date(desk.clock()).toISOString();
  const isWanted = (event: unknown) => id === null || source.kind === 'session' || JSON.stringify(event).includes(id);
  let from = source;
  const read = async (server: string, client: ServerClient): Promise<string> => {
    tell({ kind: 'connected', host, server });
    try {
      for await (const event of client.rawEvents(from, signal)) {
        const cursor = cursorOf(event);
        if (from.kind === 'session' && cursor !== null) from = { ...from, after: cursor };
        if (isWanted(event)) tell({ kind: 'event', host, server, cursor, event });
      }
      return 'the server ended the stream';
    } catch (error) {
      return messageOf(error);
    }
  };
  let since: string | null = null;
  while (!signal.aborted) {
    const clients = await engine.clientsOf(host, signal);
    if (clients.size > 0) since = null;
    const [reason] = await Promise.all([...clients].map(([server, client]) => read(server, client)));
    if (signal.aborted) return;
    if (since === null) {
      since = now();
      tell({ kind: 'lost', host, since, reason: reason ?? 'no server lets us in' });
    }
    await sleep(RETRY_MS, signal);
    if (!signal.aborted) await engine.refreshHost(host);
  }
}
