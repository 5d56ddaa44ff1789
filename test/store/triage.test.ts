import { describe, expect, it } from 'vitest';
import type { Session } from '../../src/domain/session.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { NOTHING_SEEN, withBaseline } from '../../src/fleet/seen.ts';
import { selectAttention } from '../../src/fleet/select-attention.ts';
import { hostKey, moreKey, projectKey, sessionKey } from '../../src/store/keys.ts';
import { createRowSelector } from '../../src/store/select-rows.ts';
import { createOcrStore } from '../../src/store/store.ts';
import {
  attentionJumped,
  triageBegun,
  triageIndex,
  triageLeft,
  triageMoved,
  triageScrolled,
} from '../../src/store/triage.ts';
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
    store.setState({ query: 'x', searching: true, finds: new Map() });
    expect(jump(1)).toBe('c');
    expect(store.getState()).toMatchObject({ query: '', searching: false, finds: null });
  });

  it('changes nothing when no session needs the user', () => {
    const { store } = open();
    expect(attentionJumped([], 1)(store.getState())).toEqual({});
    expect(attentionJumped([], -1)(store.getState())).toEqual({});
  });
});

describe('the triage view', () => {
  it('begins with the first one, moves by steps and stops at the ends', () => {
    const { store, items } = open();
    store.setState(triageBegun(items())(store.getState()));
    const move = (steps: number) => {
      store.setState(triageMoved(items(), steps)(store.getState()));
      return triageIndex(items(), store.getState().triage!);
    };
    expect([move(-1), move(1), move(1), move(1), move(-9)]).toEqual([0, 1, 2, 2, 0]);
    store.setState(triageLeft(store.getState()));
    expect(triageMoved(items(), 1)(store.getState())).toEqual({});
  });

  it('shows what the next one asks from its beginning', () => {
    const { store, items } = open();
    store.setState(triageBegun(items())(store.getState()));
    store.setState(triageScrolled(8, 20)(store.getState()));
    expect(store.getState().triage?.top).toBe(8);
    store.setState(triageScrolled(30, 20)(store.getState()));
    expect(store.getState().triage?.top).toBe(20);
    store.setState(triageScrolled(1, -4)(store.getState()));
    expect(store.getState().triage?.top).toBe(0);
    store.setState(triageScrolled(8, 20)(store.getState()));
    store.setState(triageMoved(items(), 1)(store.getState()));
    expect(store.getState().triage?.top).toBe(0);
  });

  it('has nothing selected when there is nothing', () => {
    expect(triageBegun([])(open().store.getState())).toEqual({ triage: { selected: null, index: 0, top: 0 } });
    expect(triageIndex([], { selected: sessionKey('a', 'b'), index: 3, top: 0 })).toBe(-1);
  });
});
