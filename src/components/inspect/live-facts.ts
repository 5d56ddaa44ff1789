import type { Attention } from '../../domain/attention.ts';
import type { HostEntry } from '../../domain/fleet.ts';
import { formatAge } from '../../domain/format.ts';
import type { LiveSession } from '../../domain/live.ts';
import { ATTENTION_WORDS } from '../tree/attention-line.ts';
import type { Fact } from './fact.ts';

/** Why a session needs the user, if it does. */
export interface Need {
  readonly attention: Attention;
  readonly snoozed: boolean;
}

/** Lists why a session needs the user, for how long, and its request. */
export function needFacts(need: Need | null, now: number): Fact[] {
  if (need === null) return [];
  const { kind, since, more, detail } = need.attention;
  const words = [
    `${ATTENTION_WORDS[kind]}, ${formatAge(now - since)} ago`,
    ...(more > 0 ? [`${more} more after it`] : []),
    ...(need.snoozed ? ['snoozed'] : []),
  ];
  return [
    { name: 'needs you', value: words.join(', ') },
    ...detail
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((value) => ({ name: '', value })),
  ];
}

/** Lists the server's facts about a session. */
export function liveFacts(
  live: LiveSession | undefined,
  { snapshot, live: { servers } }: HostEntry,
  now: number,
): Fact[] {
  if (live === undefined) return [];
  const link = servers.get(live.server);
  const place = link === undefined ? [] : [`on server port ${link.server.port} (${link.state})`];
  const facts = [
    { name: 'live', value: [describeStatus(live, now, snapshot?.clockOffset ?? 0), ...place].join(', ') },
    ...(live.status.kind === 'retry' ? [{ name: '', value: live.status.message }] : []),
  ];
  return live.todo === null
    ? facts
    : [...facts, { name: 'todo', value: `${live.todo.done} of ${live.todo.total} done` }];
}

function describeStatus({ status, since }: LiveSession, now: number, clockOffset: number): string {
  const age = formatAge(now - since);
  if (status.kind !== 'retry') return `${status.kind} for ${age}`;
  const wait = Math.max(0, Math.ceil((status.next - clockOffset - now) / 1000));
  return `attempt ${status.attempt} failed, next in ${wait}s`;
}
