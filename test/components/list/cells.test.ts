import { describe, expect, it } from 'vitest';
import { HOST_COLUMNS, type HostItem } from '../../../src/components/list/host-cells.ts';
import type { RowView } from '../../../src/components/list/row-view.ts';
import { SESSION_COLUMNS, type SessionItem } from '../../../src/components/list/session-cells.ts';
import type { HostEntry } from '../../../src/domain/fleet.ts';
import { selectHostTree } from '../../../src/fleet/project-tree.ts';
import { sessionFacts } from '../../../src/fleet/session-word.ts';
import { initialState } from '../../../src/store/state.ts';
import { aFleet } from '../../support/a-fleet.ts';
import { aDayUse } from '../../support/a-pulse.ts';
import { aFailure, anEntry, answered, aSession, aSnapshot, DAY, HOUR, NOW, SETTINGS } from '../../support/builders.ts';
import { plainPainter } from '../../support/render-at.tsx';

const state = { ...initialState(SETTINGS, false), ...aFleet() };
const view: RowView = {
  ...{ painter: plainPainter(), settings: SETTINGS, attention: state, attached: new Map(), marked: new Set() },
  ...{ seenKeyWarnings: new Map(), now: NOW, frame: 0, words: [] },
};

function itemOf(alias: string, id: string): SessionItem {
  const entry = state.entries.get(alias)!;
  const session = entry.snapshot!.sessions.find((one) => one.id === id)!;
  return { entry, session, facts: sessionFacts(state, entry, session, NOW) };
}

const cellText = <Item>(column: { cell(item: Item, view: RowView): readonly { text: string }[] }, item: Item) =>
  column
    .cell(item, view)
    .map(({ text }) => text)
    .join('');

describe('the cells of a session', () => {
  /** What each column says of a full session, and of one about which nothing is known. */
  const EXPECTED: Readonly<Record<string, readonly [full: string, bare: string]>> = {
    host: ['prod-api', 'web1'],
    project: ['~/work/payments', '/srv/shop'],
    state: ['permission', 'idle'],
    age: ['14m', '2h'],
    detail: ['npm run migrate -- --env staging', ''],
    cost: ['$1.42', ''],
    agent: ['build', ''],
    changes: ['+12 -3', ''],
    model: ['claude-opus-4.5', ''],
    messages: ['12', ''],
    tokens: ['42k', ''],
  };
  const session = aSession({ updated: NOW - 2 * HOUR });
  const entry = answered('web1', [session]);
  const bare = { entry, session, facts: sessionFacts(state, entry, session, NOW) };

  it('are all known to this test', () => {
    expect(SESSION_COLUMNS.map(({ name }) => name)).toEqual(Object.keys(EXPECTED));
  });

  it.each(SESSION_COLUMNS.map((column) => [column.name, column] as const))('tell the %s', (name, column) => {
    expect([cellText(column, itemOf('prod-api', '1')), cellText(column, bare)]).toEqual(EXPECTED[name]);
  });

  it.each([
    ['prod-api', '6', 'Which database?'],
    ['prod-api', '2', 'todo 2/5'],
    ['prod-web', '1', '12 files +340 -3'],
    ['prod-web', '2', '429 rate limit'],
    ['prod-web', '3', 'overloaded, in 18s'],
    ['prod-db', '1', ''],
  ])('tell in DETAIL what matters about %s %s: %j', (alias, id, expected) => {
    const detail = SESSION_COLUMNS.find(({ name }) => name === 'detail')!;
    expect(cellText(detail, itemOf(alias, id))).toBe(expected);
  });

  it('show control characters of a host instead of sending them to the terminal', () => {
    const evil = '\u001b[31m\u202e';
    const hostile = {
      ...session,
      turn: 'failed' as const,
      error: evil,
      agent: evil,
      model: evil,
      directory: `/${evil}`,
    };
    const at = answered('web1', [hostile], { label: evil });
    const item = { entry: at, session: hostile, facts: sessionFacts(state, at, hostile, NOW) };
    for (const column of SESSION_COLUMNS) expect(cellText(column, item), column.name).not.toMatch(/[\u001b\u202e]/);
  });
});

/** The midnight before `NOW`, here. */
const MIDNIGHT = new Date(NOW).setHours(0, 0, 0, 0);

describe('the cells of a host', () => {
  const machine = { load: 0.42, cpus: 4, memoryTotal: 100, memoryUsed: 61 };
  const full: HostEntry = {
    ...state.entries.get('prod-api')!,
    snapshot: {
      ...state.entries.get('prod-api')!.snapshot!,
      connection: { kind: 'ssh2', reason: null, notes: [] },
      machine,
      sessions: [
        aSession({ today: aDayUse({ since: MIDNIGHT, cost: 3.5 }), updated: NOW, turn: 'failed', error: 'x' }),
      ],
    },
  };
  const itemOfHost = (entry: HostEntry): HostItem => ({
    entry,
    tree: entry.snapshot && selectHostTree(entry.snapshot.sessions, SETTINGS),
  });
  const failed = anEntry({ failure: aFailure({ reason: 'connection refused' }) });

  /** What each column says of a host that answers, and of one that never did. */
  const EXPECTED: Readonly<Record<string, readonly [full: string, failed: string]>> = {
    state: ['live', 'offline'],
    age: ['', ''],
    rtt: ['31ms', ''],
    sessions: ['1', ''],
    need: ['✗1', ''],
    working: ['', ''],
    today: ['$3.50', ''],
    version: ['1.18.33', ''],
    servers: ['1', ''],
    load: ['0.42', ''],
    memory: ['███░░ 61%', ''],
    transport: ['ssh2', ''],
    why: ['', 'connection refused'],
  };

  it('are all known to this test', () => {
    expect(HOST_COLUMNS.map(({ name }) => name)).toEqual(Object.keys(EXPECTED));
  });

  it.each(HOST_COLUMNS.map((column) => [column.name, column] as const))('tell the %s', (name, column) => {
    const [whole, none] = EXPECTED[name]!;
    expect(cellText(column, itemOfHost(full))).toBe(whole);
    expect(cellText(column, itemOfHost(failed))).toBe(none);
  });

  const column = (name: string) => HOST_COLUMNS.find((one) => one.name === name)!;
  const of = (alias: string) => itemOfHost(state.entries.get(alias)!);

  it('count what needs the user, and what works or tries again', () => {
    expect([cellText(column('need'), of('prod-api')), cellText(column('need'), of('prod-web'))]).toEqual([
      '▲2',
      '✗1 ✓1',
    ]);
    expect([cellText(column('working'), of('prod-api')), cellText(column('working'), of('prod-web'))]).toEqual([
      '1',
      '1',
    ]);
  });

  it('tell the age of what is shown only where changes do not arrive at once', () => {
    expect(['prod-api', 'prod-db', 'build-arm', 'gpu-02'].map((alias) => cellText(column('age'), of(alias)))).toEqual([
      '',
      '20s',
      '6m',
      '',
    ]);
  });

  it('tell load and memory of a machine that was read a moment ago, not of a stale one', () => {
    const snapshot = aSnapshot({ machine });
    const fresh = itemOfHost(anEntry({ snapshot, fresh: true }));
    const stale = itemOfHost(anEntry({ snapshot, fresh: false }));
    expect([cellText(column('load'), fresh), cellText(column('load'), stale)]).toEqual(['0.42', '']);
    expect([cellText(column('memory'), fresh), cellText(column('memory'), stale)]).toEqual(['███░░ 61%', '']);
  });

  it.each([
    [anEntry({ snapshot: aSnapshot(), waitsForLogin: true, fresh: true }), 'reading the login environment'],
    [anEntry({ snapshot: aSnapshot({ doubt: 'two databases' }), fresh: true }), 'two databases'],
    [anEntry({ failure: aFailure({ status: 'blocked', reason: 'no route', blockedBy: 'hop1' }) }), 'by hop1: no route'],
    [
      anEntry({ failure: aFailure({ status: 'no-shell', reason: 'This account is not available' }) }),
      'This account is not available',
    ],
    [anEntry({ snapshot: aSnapshot({ at: NOW - DAY }), fresh: true }), ''],
  ])('tell in WHY what to know about a host', (entry, expected) => {
    expect(cellText(column('why'), itemOfHost(entry))).toBe(expected);
  });
});
