import type { Attention } from '../../domain/attention.ts';
import { type HostEntry, hostStatus, isStale } from '../../domain/fleet.ts';
import { formatAge, formatCost, formatTime } from '../../domain/format.ts';
import { describeAddress } from '../../domain/host.ts';
import { isLive, type LiveSession } from '../../domain/live.ts';
import type { Turn } from '../../domain/session.ts';
import { type StatusContext, statusContext, statusOf } from '../../fleet/session-state.ts';
import type { SessionStatus } from '../../fleet/session-status.ts';
import { countStatuses } from '../../fleet/statistics.ts';
import type { Row } from '../../store/rows.ts';
import type { ViewSettings } from '../../store/settings.ts';
import { connectionFacts, type Fact, placeFacts, serverFacts } from './host-facts.ts';

/** Lists the facts about a row, most useful first. Values are raw: views must make them printable. */
export function inspectFacts(
  row: Row,
  settings: ViewSettings,
  now: number,
  need: Need | null = null,
): { title: string; facts: Fact[] } {
  switch (row.kind) {
    case 'group':
      return { title: row.name, facts: [{ name: 'hosts', value: String(row.entries.length) }] };
    case 'host':
      return { title: row.entry.host.label, facts: hostFacts(row.entry, settings, now) };
    case 'more':
    case 'project': {
      const { project, entry } = row;
      const facts = [
        { name: 'host', value: entry.host.label },
        { name: 'sessions', value: String(project.sessions.length) },
        { name: 'updated', value: timeAndAge(project.updated, entry, now) },
      ];
      return { title: project.path, facts };
    }
    case 'message':
      return { title: row.message.text, facts: [] };
    case 'spender':
      return { title: row.path, facts: [{ name: 'host', value: row.entry.host.label }] };
    case 'session':
    case 'need':
    case 'find':
      return { title: row.session.title || 'untitled', facts: sessionFacts(row, settings, now, need) };
  }
}

function hostFacts(entry: HostEntry, settings: ViewSettings, now: number): Fact[] {
  const { host, snapshot, failure } = entry;
  const facts: Fact[] = [];
  const add = (name: string, value: string | null | undefined) => {
    if (value !== null && value !== undefined && value !== '') facts.push({ name, value });
  };
  const status = hostStatus(entry);
  add('state', `${status}${isStale(entry) ? ', shown as last known' : ''}`);
  add('reason', failure?.reason ?? snapshot?.doubt);
  for (const line of failure?.hint?.split('\n') ?? []) add('', line);
  add('alias', host.alias);
  add('address', describeAddress(host));
  add('group', host.group);
  facts.push(...connectionFacts(entry));
  if (snapshot === null) return facts;
  add('asked', `${formatAge(now - snapshot.at)} ago`);
  add('latency', `${snapshot.latency.toFixed(1)} ms`);
  add('opencode', snapshot.opencode.version ?? 'version not known yet');
  add('path', snapshot.opencode.path);
  const way = isLive(entry.live) ? 'live' : 'polled';
  add('read by', `${snapshot.rung ?? 'nothing: opencode has no database there yet'} (${way})`);
  for (const { rung, reason } of snapshot.passedOver) add('', `not ${rung}: ${reason}`);
  facts.push(...serverFacts(entry));
  facts.push(...placeFacts(snapshot));
  if (Math.abs(snapshot.clockOffset) > 5000) add('clock', `${Math.round(snapshot.clockOffset / 1000)} s off ours`);
  const counts = Object.entries(countStatuses(entry, settings, now)).filter(([, count]) => count > 0);
  add('sessions', counts.map(([name, count]) => `${count} ${name}`).join(', ') || 'none');
  return facts;
}

function sessionFacts(
  { session, entry }: Row & { kind: 'session' | 'need' | 'find' },
  settings: ViewSettings,
  now: number,
  need: Need | null,
): Fact[] {
  const facts: Fact[] = [];
  const add = (name: string, value: string | null) => {
    if (value !== null) facts.push({ name, value });
  };
  const context = statusContext(entry, settings, now);
  const status = statusOf(entry, session, settings, now);
  add('state', need === null ? explainStatus(status, session.turn, context) : stateOfNeed(need));
  add('error', session.error);
  facts.push(...needFacts(need, now), ...liveFacts(entry.live.sessions.get(session.id), entry, now));
  add('id', session.id);
  add('directory', session.directory);
  if (session.project !== session.directory) add('project', session.project);
  add('host', entry.host.label);
  add('model', session.model);
  add('agent', session.agent);
  if (session.messages !== null) add('messages', String(session.messages));
  if (session.tokens !== null) {
    const { input, output, reasoning, cacheRead, cacheWrite } = session.tokens;
    add('tokens', `${input} in, ${output} out, ${reasoning} reasoning`);
    add('', `cache: ${cacheRead} read, ${cacheWrite} written`);
  }
  if (session.cost !== null) add('cost', formatCost(session.cost));
  if (session.files !== null)
    add(
      'changes',
      `${session.files} ${session.files === 1 ? 'file' : 'files'}, +${session.additions ?? 0} -${session.deletions ?? 0}`,
    );
  add('updated', timeAndAge(session.updated, entry, now));
  add('created', timeAndAge(session.created, entry, now));
  if (session.archived !== null) add('archived', timeAndAge(session.archived, entry, now));
  add('parent', session.parentId);
  return facts;
}

/** Names the reason why a session needs the user, as its row does. */
function stateOfNeed({ attention: { kind }, snoozed }: Need): string {
  if (snoozed) return 'snoozed';
  return kind === 'ended' ? 'done' : kind;
}

/** Describes a state, with its reason where that is not obvious. */
function explainStatus(status: SessionStatus, turn: Turn, { unseen }: StatusContext): string {
  if (status === 'interrupted')
    return 'interrupted: its turn was cut off, and nothing is working on it. p continues it';
  if (status !== 'unknown') return status;
  if (turn !== 'open') return 'unknown: its source does not report it';
  return unseen === null
    ? 'unknown: its turn never ended, and the host does not list its processes'
    : 'unknown: its turn has been open for a long time';
}

function timeAndAge(time: number, entry: HostEntry, now: number): string {
  return `${formatTime(time)} (${formatAge(now + (entry.snapshot?.clockOffset ?? 0) - time)} ago)`;
}

/** Why a session needs the user, if it does. */
export interface Need {
  readonly attention: Attention;
  readonly snoozed: boolean;
}

/** Lists why a session needs the user, for how long, and its request. */
export function needFacts(need: Need | null, now: number): Fact[] {
  if (need === null) return [];
  const { kind, since, more, detail, request } = need.attention;
  const words = [
    `${kind === 'ended' ? 'done' : kind}, ${formatAge(now - since)} ago`,
    ...(more > 0 ? [`${more} more after it`] : []),
    ...(need.snoozed ? ['snoozed'] : []),
  ];
  return [
    { name: 'needs you', value: words.join(', ') },
    // A request stands in full above the facts.
    ...(request === null ? detail.split('\n') : [])
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
  const { url, port } = link?.server ?? {};
  const place = link === undefined ? [] : [`on server ${url ?? `port ${port}`} (${link.state})`];
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
