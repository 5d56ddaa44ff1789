import { describe, expect, it } from 'vitest';
import { actionTarget } from '../../../src/components/keys/action-target.ts';
import { FleetStore } from '../../../src/fleet/fleet-store.ts';
import { sessionKey } from '../../../src/store/keys.ts';
import type { Row } from '../../../src/store/rows.ts';
import { createOcrStore } from '../../../src/store/store.ts';
import { answered, aSession, NOW, SETTINGS } from '../../support/builders.ts';

describe('what an action works on', () => {
  it('is the marked sessions, not the selected one', () => {
    expect(targetOf({ archived: null, showArchived: false })).toEqual({ ids: ['marked'], marked: true });
  });

  it('is the selected session when the marked one was archived meanwhile, and so is seen no more', () => {
    expect(targetOf({ archived: NOW, showArchived: false })).toEqual({ ids: ['selected'], marked: false });
  });

  it('is the marked session in the archive while that is shown', () => {
    expect(targetOf({ archived: NOW, showArchived: true })).toEqual({ ids: ['marked'], marked: true });
  });
});

function targetOf({ archived, showArchived }: { archived: number | null; showArchived: boolean }) {
  const session = aSession({ id: 'selected' });
  const entry = answered('web1', [aSession({ id: 'marked', archived }), session]);
  const fleet = new FleetStore({ ...SETTINGS, showArchived });
  const store = createOcrStore(fleet, { ...SETTINGS, showArchived }, false);
  fleet.setState({ entries: new Map([['web1', entry]]) });
  store.setState({ marked: new Set([sessionKey('web1', 'marked')]) });
  const row: Row = {
    ...{ kind: 'session', key: sessionKey('web1', session.id), entry, session },
    ...{ level: 0, children: 0, expanded: false },
  };
  const { sessions, marked } = actionTarget(store.getState(), row);
  return { ids: sessions.map(({ session: { id } }) => id), marked };
}
