import { describe, expect, it } from 'vitest';
import type { Session } from '../../src/domain/session.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { NOTHING_SEEN, withBaseline } from '../../src/fleet/seen.ts';
import { selectAttention } from '../../src/fleet/select-attention.ts';
import { hostKey, moreKey, projectKey } from '../../src/store/keys.ts';
import { createRowSelector } from '../../src/store/select-rows.ts';
import { createOcrStore } from '../../src/store/store.ts';
import { attentionJumped, inTriageOrder, requestScrolled } from '../../src/store/triage.ts';
import { moved } from '../../src/store/view-transitions.ts';
import { viewShown } from '../../src/store/view-travels.ts';
import { answered, aSession, aSnapshot, DAY, MINUTE, NOW, SETTINGS } from '../support/builders.ts';

const failed = (id: string, minutes: number, changes: Partial<Session> = {}) =>
  aSession({ id, turn: 'failed', updated: NOW - minutes * MINUTE, ...changes });

/** Two hosts with three sessions that need the user: c has waited longest, then a, then b. */
function open() {
  const fleet = new FleetStore(SETTINGS);
  const store = createOcrStore(fleet, SETTINGS, false);
  const entries = [
    answered('web1', [failed('a', 5), failed('b', 1, { project: '/srv/other' })]),
    answered('web2', [failed('c', 9)], { group: 'lab' }),
  ];
  const first = aSnapshot({ at: NOW - DAY });
  fleet.setState({
    entries: new Map(entries.map((entry) => [entry.host.alias, entry])),
    seen: withBaseline(withBaseline(NOTHING_SEEN, 'web1', first), 'web2', first),
  });
  const items = () => selectAttention(store.getState(), NOW);
  const rows = createRowSelector();
  /** Jumps, and gives the selected session if it is on the screen. */
  const jump = (steps: 1 | -1) => {
    store.setState(attentionJumped(items(), steps)(store.getState()));
    const { selected } = store.getState();
    const row = rows(store.getState()).find(({ key }) => key === selected?.key);
    return row?.kind === 'session' ? row.session.id : null;
  };
  return { store, items, jump };
}

describe('going to the sessions that need the user', () => {
  it('begins with the one that has waited longest, unfolds what leads there, and begins again after the last', () => {
    const { jump } = open();
    expect([jump(1), jump(1), jump(1), jump(1)]).toEqual(['c', 'a', 'b', 'c']);
  });

  it('goes back the same way, from the first to the last', () => {
    const { jump } = open();
    expect([jump(-1), jump(-1), jump(-1), jump(-1)]).toEqual(['b', 'a', 'c', 'b']);
  });

  it('unfolds the group, and the rest of a long project', () => {
    const { store, jump } = open();
    store.setState({
      settings: { ...SETTINGS, maxDisplay: 0 },
      foldedGroups: new Set(['group lab']),
      unfolded: new Map([['web2', new Set(['kept'])]]),
    });
    expect(jump(1)).toBe('c');
    expect([...(store.getState().unfolded.get('web2') ?? [])].sort()).toEqual(
      ['kept', hostKey('web2'), projectKey('web2', '/srv/shop'), moreKey('web2', '/srv/shop')].sort(),
    );
  });

  it('ends a search that hides the session', () => {
    const { store, jump } = open();
    store.setState({ query: 'x', finds: new Map() });
    expect(jump(1)).toBe('c');
    expect(store.getState()).toMatchObject({ query: '', input: null, finds: null });
  });

  it('changes nothing when no session needs the user', () => {
    const { store } = open();
    expect(attentionJumped([], 1)(store.getState())).toEqual({});
    expect(attentionJumped([], -1)(store.getState())).toEqual({});
  });
});

describe('the triage view', () => {
  /** Opens the view. `move` goes down by some rows and returns the selected session. */
  function openTriage() {
    const opened = open();
    const { store } = opened;
    store.setState(viewShown('triage')(store.getState()));
    const select = createRowSelector();
    const rows = () => select(store.getState(), NOW);
    const move = (steps: number) => {
      store.setState(moved(rows(), steps)(store.getState()));
      return store.getState().selected?.session?.id;
    };
    return { ...opened, rows, move };
  }

  it('begins with the first one, moves by steps and stops at the ends', () => {
    const { move } = openTriage();
    expect([move(0), move(1), move(1), move(1), move(-9)]).toEqual(['c', 'a', 'b', 'b', 'c']);
  });

  it('lists requests before errors, and errors before turns that have ended, each by the longest wait', () => {
    const kinds = ['ended', 'error', 'stalled', 'question', 'permission', 'ended'] as const;
    const [sample] = open().items();
    const items = kinds.map((kind, at) => ({
      ...sample!,
      key: `${kind} ${at}`,
      attention: { ...sample!.attention, kind, since: NOW - at * MINUTE },
    }));
    expect(inTriageOrder(items).map(({ key }) => key)).toEqual([
      'permission 4',
      'question 3',
      'stalled 2',
      'error 1',
      'ended 5',
      'ended 0',
    ]);
  });

  it('lists only the sessions that match the filter', () => {
    const { store, rows } = openTriage();
    store.setState({ query: 'x', finds: new Map([['web1', { host: false, sessions: new Set(['b']), best: null }]]) });
    expect(rows().map((row) => row.kind === 'need' && row.session.id)).toEqual(['b']);
  });

  it('scrolls the request up to its last line, and shows that of the next session from its beginning', () => {
    const { store, move } = openTriage();
    const scroll = (lines: number, last: number) => {
      store.setState(requestScrolled(lines, last)(store.getState()));
      return store.getState().requestTop;
    };
    expect([scroll(8, 20), scroll(30, 20), scroll(1, -4), scroll(8, 20)]).toEqual([8, 20, 0, 8]);
    move(1);
    expect(store.getState().requestTop).toBe(0);
  });
});
