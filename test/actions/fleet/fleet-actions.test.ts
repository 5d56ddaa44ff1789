import { describe, expect, it } from 'vitest';
import {
  type ActionTarget,
  FLEET_ACTIONS as actions,
  disabledReason,
  type FleetActionId,
} from '../../../src/actions/fleet/fleet-actions.ts';
import { actionTarget } from '../../../src/components/keys/action-target.ts';
import type { HostEntry } from '../../../src/domain/fleet.ts';
import { FleetStore } from '../../../src/fleet/fleet-store.ts';
import { isReadOnly } from '../../../src/fleet/read-only.ts';
import { NOTHING_SEEN, withBaseline } from '../../../src/fleet/seen.ts';
import { hostKey, projectKey, sessionKey } from '../../../src/store/keys.ts';
import type { Row } from '../../../src/store/rows.ts';
import { createRowSelector } from '../../../src/store/select-rows.ts';
import type { ViewSettings } from '../../../src/store/settings.ts';
import type { OcrState } from '../../../src/store/state.ts';
import { createOcrStore } from '../../../src/store/store.ts';
import { viewShown } from '../../../src/store/view-travels.ts';
import {
  aFailure,
  aHost,
  anEntry,
  answered,
  aSession,
  aSnapshot,
  DAY,
  MINUTE,
  NOW,
  SETTINGS,
} from '../../support/builders.ts';
import { marking, selecting, selectingHost, targetsOf } from './sessions/desk.ts';

const action = (id: FleetActionId) => actions.find((one) => one.id === id)!;
const failed = (id: string, minutes: number) => aSession({ id, turn: 'failed', updated: NOW - minutes * MINUTE });
const web1 = answered('web1', [failed('a', 1), failed('b', 2)]);
const web2 = answered('web2', [failed('c', 3)]);
const away = anEntry({ ...web1, host: aHost({ alias: 'away' }), failure: aFailure(), fresh: false });

function stateOf(entries: readonly HostEntry[], settings: Partial<ViewSettings> = {}): OcrState {
  const fleet = new FleetStore({ ...SETTINGS, ...settings });
  const store = createOcrStore(fleet, { ...SETTINGS, ...settings }, false);
  const first = aSnapshot({ at: NOW - DAY });
  fleet.setState({
    entries: new Map(entries.map((entry) => [entry.host.alias, entry])),
    seen: entries.reduce((all, { host }) => withBaseline(all, host.alias, first), NOTHING_SEEN),
  });
  return store.getState();
}

describe('an action', () => {
  const state = stateOf([web1, web2, away]);
  const nothing: ActionTarget = { entry: null, project: null, sessions: [], marked: false };

  it('has keys that no other one has', () => {
    const keys = actions.flatMap((one) => one.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('wants what it works on', () => {
    expect(disabledReason(action('abort'), selectingHost(web1), state)).toBe('Select a session first');
    expect(disabledReason(action('newSession'), nothing, state)).toBe('No host here');
    expect(disabledReason(action('newSession'), selecting(web1), state)).toBeNull();
    expect(disabledReason(action('abort'), selecting(web1), state)).toBeNull();
  });

  it('works on several sessions only where that is foreseen', () => {
    const both = marking(...targetsOf(web1));
    expect(disabledReason(action('rename'), both, state)).toBe('Works on one session, 2 are marked');
    expect(disabledReason(action('archive'), both, state)).toBeNull();
  });

  it('changes nothing on a host that is read-only or away, in a bulk either, but may look', () => {
    const bulk = marking(...targetsOf(web2), ...targetsOf(web1));
    const kept = stateOf([web1, web2, away], { readonly: new Set(['web1']) });
    expect([isReadOnly(kept.settings, 'web1'), isReadOnly(kept.settings, 'web2')]).toEqual([true, false]);
    expect(disabledReason(action('archive'), bulk, kept)).toBe('web1 is read-only (--readonly, or readonly: true)');
    expect(disabledReason(action('archive'), selecting(web2), kept)).toBeNull();
    expect(disabledReason(action('archive'), selecting(away), state)).toBe('away cannot be reached now');
    const bare = anEntry({ host: aHost({ alias: 'local' }), failure: aFailure({ status: 'no-opencode' }) });
    // Undo is about the hosts where something was done, not about the one that is selected.
    expect(disabledReason(action('undoDelete'), selectingHost(bare), stateOf([bare]))).toBeNull();
    for (const id of ['newSession', 'clone'] as const) {
      const why = disabledReason(action(id), selectingHost(bare), stateOf([bare]));
      expect(why, id).toBe('local has no opencode; e shows how to install it');
    }
    const all = stateOf([web1], { readonly: true });
    for (const one of actions) {
      const reason = disabledReason(one, selecting(web1), all);
      if (one.changes) expect(reason, one.id).toMatch(/read-only/);
      else expect(reason, one.id).toBeNull();
    }
  });

  it('needs a shell for what runs programs on the host', () => {
    const dev = anEntry({ host: aHost({ alias: 'dev', route: { kind: 'url', url: 'http://dev' } }) });
    const off = actions.filter((one) => disabledReason(one, selectingHost(dev), stateOf([dev]))?.includes('no shell'));
    expect(off.map(({ id }) => id)).toEqual(['clone', 'reload']);
    expect(disabledReason(action('clone'), selectingHost(dev), stateOf([dev]))).toBe(
      'dev is reached by its URL: it has no shell',
    );
  });

  it('that changes nothing on a host is one of these', () => {
    const looks = actions.filter(({ changes }) => !changes).map(({ id }) => id);
    expect(looks).toEqual(['markSeen', 'snooze', 'edit', 'copy']);
  });
});

describe('what an action works on', () => {
  const state: OcrState = {
    ...stateOf([web1, web2]),
    unfolded: new Map([['web1', new Set([hostKey('web1'), projectKey('web1', '/srv/shop')])]]),
  };
  const rows = createRowSelector()(state);
  const row = (key: string): Row => rows.find((one) => one.key === key)!;
  const ids = (target: ActionTarget) => target.sessions.map(({ session }) => session.id);

  it('is the selected row', () => {
    const session = actionTarget(state, row(sessionKey('web1', 'b')));
    expect([ids(session), session.project, session.marked]).toEqual([['b'], '/srv/shop', false]);
    const project = actionTarget(state, row(projectKey('web1', '/srv/shop')));
    expect([ids(project), project.project]).toEqual([[], '/srv/shop']);
    const host = actionTarget(state, row(hostKey('web2')));
    expect([ids(host), host.project, host.entry]).toEqual([[], null, web2]);
    expect(actionTarget(state, undefined)).toMatchObject({ entry: null, sessions: [] });
  });

  it('is all that is marked and still there, of any host, whatever is selected', () => {
    const marked = new Set([sessionKey('web2', 'c'), sessionKey('web1', 'a'), sessionKey('web1', 'gone')]);
    const target = actionTarget({ ...state, marked }, row(sessionKey('web1', 'b')));
    expect([ids(target), target.marked]).toEqual([['a', 'c'], true]);
    const gone = actionTarget({ ...state, marked: new Set(['gone']) }, row(sessionKey('web1', 'b')));
    expect([ids(gone), gone.marked]).toEqual([['b'], false]);
  });

  it('is the selected one of the triage view, or what is marked there or in another view', () => {
    const inTriage: OcrState = { ...state, ...viewShown('triage')(state) };
    const [first] = createRowSelector()(inTriage, NOW);
    expect(ids(actionTarget(inTriage, first))).toEqual(['c']);
    const marked = new Set([sessionKey('web1', 'a')]);
    expect(ids(actionTarget({ ...inTriage, marked }, first))).toEqual(['a']);
    expect(actionTarget({ ...inTriage, marked }, first).marked).toBe(true);
  });
});
