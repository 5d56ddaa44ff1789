import { describe, expect, it } from 'vitest';
import { inspectFacts } from '../../../src/components/inspect/inspect-lines.ts';
import type { HostEntry } from '../../../src/domain/fleet.ts';
import type { LiveHost, LiveSession } from '../../../src/domain/live.ts';
import type { Server, ServerLink } from '../../../src/domain/server.ts';
import type { PermissionRequest } from '../../../src/domain/user-request.ts';
import { anEntry, aSession, aSnapshot, MINUTE, NOW, SETTINGS } from '../../support/builders.ts';
import { hostRow, paintedPanel, panelState, sessionRow } from './open-panel.ts';

const server: Server = {
  ...{ pid: 312, startId: '5', hostname: '127.0.0.1', port: 4096 },
  ...{ directory: '/srv/shop', version: null, own: false },
};
const KEY = '312 5 4096';
const withLive = (live: Partial<LiveHost>, sessions = [aSession()]): HostEntry =>
  anEntry({ snapshot: aSnapshot({ sessions, servers: [server] }), fresh: true, live: { ...anEntry().live, ...live } });
const linked = (link: Partial<ServerLink>) =>
  withLive({
    servers: new Map([
      [KEY, { server: { ...server, version: '1.18.33' }, state: 'live', reason: null, since: NOW, ...link }],
    ]),
  });
const valuesOf = (entry: HostEntry, name: string): string[] => {
  const { facts } = inspectFacts(hostRow(entry), SETTINGS, NOW);
  const from = facts.findIndex((fact) => fact.name === name);
  const to = facts.findIndex((fact, index) => index > from && fact.name !== '');
  return from < 0 ? [] : facts.slice(from, to < 0 ? undefined : to).map(({ value }) => value);
};

describe('the details of a host', () => {
  it('list its servers', () => {
    expect(valuesOf(linked({}), 'server')).toEqual([
      'pid 312, port 4096, 1.18.33',
      'in /srv/shop',
      'live: its events arrive as they happen',
    ]);
    const own = { ...server, own: true, directory: null };
    expect(valuesOf(linked({ server: own, state: 'connecting' }), 'server')[0]).toBe('pid 312, port 4096');
    expect(valuesOf(withLive({}), 'server')).toContain('not followed yet');
  });

  it('say how far it has come with a server, and what to do', () => {
    const of = (link: Partial<ServerLink>) => valuesOf(linked(link), 'server').slice(2);
    expect(of({ state: 'polled', reason: 'the stream fell silent' })).toEqual([
      'polled: its events do not arrive: the stream fell silent',
    ]);
    expect(of({ state: 'failed', reason: 'nothing listens there' })).toEqual(['failed: nothing listens there']);
    expect(of({ state: 'needs-password', reason: '401' })).toEqual([
      'needs a password: set it in the configuration as',
      'hosts.overrides.web1.server_password',
    ]);
  });

  it('say whether what is shown is live or polled', () => {
    expect(valuesOf(linked({}), 'read by')).toEqual(['sqlite3 (live)']);
    expect(valuesOf(linked({ state: 'polled' }), 'read by')).toEqual(['sqlite3 (polled)']);
  });
});

describe('the details of a session', () => {
  const told: LiveSession = {
    ...{ server: KEY, status: { kind: 'busy' }, since: NOW - 3 * MINUTE, heardAt: NOW },
    todo: { done: 3, total: 5 },
  };
  const request: PermissionRequest = {
    ...{ kind: 'permission', id: 'per_1', sessionId: 'ses_1', directory: '/srv/shop', since: NOW - 2 * MINUTE },
    ...{ permission: 'bash', patterns: [], always: [], command: 'rm -rf build\nls', path: null, diff: null, facts: {} },
  };
  const linkedHost = (session: LiveSession, asks: boolean) =>
    withLive({
      servers: linked({}).live.servers,
      sessions: new Map([['ses_1', session]]),
      requests: new Map(asks ? [['per_1', { server: KEY, request }]] : []),
    });
  const shown = (entry: HostEntry, snoozed = false) => {
    const row = sessionRow(aSession(), entry);
    const state = panelState('details', {}, row);
    const until = new Map(snoozed ? [['web1\0per_1', NOW + 1]] : []);
    return paintedPanel(row, { ...state, snoozed: until, detail: { ...state.detail, full: true } }, 100, 40).join('\n');
  };

  it('say why it needs the user, and what it asks', () => {
    const text = shown(linkedHost(told, true));
    expect(text).toMatch(/ASKS TO RUN\n[\s\S]*command +rm -rf build\n +ls/);
    expect(text).toMatch(/needs you +permission, 2m ago/);
    expect(shown(linkedHost(told, true), true)).toContain('permission, 2m ago, snoozed');
    expect(shown(linkedHost(told, false))).not.toContain('needs you');
  });

  it('say what its server says of it, and which that is', () => {
    const text = shown(linkedHost(told, false));
    expect(text).toMatch(/live +busy for 3m, on server port 4096 \(live\)/);
    expect(text).toMatch(/todo +3 of 5 done/);
  });

  it('count down to the next attempt on this machine’s clock', () => {
    const status = { kind: 'retry', attempt: 2, message: 'Overloaded', next: NOW + 12_000 } as const;
    const entry = linkedHost({ ...told, status }, false);
    expect(shown(entry)).toMatch(/live +attempt 2 failed, next in 12s, on server port 4096 \(live\)\n +Overloaded/);
    const ahead = { ...entry, snapshot: { ...entry.snapshot!, clockOffset: 10_000 } };
    expect(shown(ahead)).toContain('next in 2s');
  });
});
