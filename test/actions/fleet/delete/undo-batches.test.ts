import { describe, expect, it, vi } from 'vitest';
import { undoDelete, undoFromList } from '../../../../src/actions/fleet/delete/undo-delete.ts';
import { archiveSession } from '../../../../src/actions/fleet/sessions/archive-session.ts';
import type { HostEntry } from '../../../../src/domain/fleet.ts';
import type { Session } from '../../../../src/domain/session.ts';
import { rememberedBatches } from '../../../../src/operations/delete/deleted.ts';
import { answered, aSession, HOUR, NOW } from '../../../support/builders.ts';
import { Desk, type DeskOptions, marking, selecting, targetsOf } from '../sessions/desk.ts';
import { FakeClient } from '../sessions/fake-client.ts';

/** A server that archives, and knows what it has archived since when. */
function archiving(sessions: readonly Session[]): FakeClient & { readonly archived: Map<string, number | null> } {
  const archived = new Map(sessions.map((one) => [one.id, one.archived]));
  const client = new FakeClient({
    archive: async ({ id }, at) => {
      client.calls.push(`archive ${id} ${at}`);
      archived.set(id, at);
    },
    session: async (id) => (archived.has(id) ? aSession({ id, archived: archived.get(id) ?? null }) : null),
  });
  return Object.assign(client, { archived });
}

const named = (...titles: readonly string[]) =>
  titles.map((title, at) => aSession({ id: `ses_${title}`, title, updated: NOW - (at + 1) * HOUR }));

function open(entries: readonly HostEntry[], options: DeskOptions = {}) {
  const clients = new Map(entries.map(({ host, snapshot }) => [host.alias, archiving(snapshot?.sessions ?? [])]));
  const desk = new Desk(entries, { clients: (alias) => clients.get(alias)!, ...options });
  const calls = (alias: string) => clients.get(alias)?.calls ?? [];
  const remembered = async () =>
    (await rememberedBatches(desk.ports.exportFolder)).map((batch) => batch.map(({ title }) => title));
  return { desk, clients, calls, remembered };
}

describe('undo', () => {
  const web1 = answered('web1', named('One', 'Two'));
  const web2 = answered('web2', named('Three'));

  it('undoes the whole last batch, on all its hosts', async () => {
    const { desk, clients, calls, remembered } = open([web1, web2]);
    const done = archiveSession(desk.ports, marking(...targetsOf(web1), ...targetsOf(web2)));
    await desk.answer('y');
    await done;
    await undoDelete(desk.ports);
    expect(desk.toast).toMatch(/^2 hosts: ".*" is unarchived; /);
    expect(calls('web1').slice(2)).toEqual(['archive ses_One null', 'archive ses_Two null']);
    expect(calls('web2').slice(1)).toEqual(['archive ses_Three null']);
    expect([...clients.values()].flatMap(({ archived }) => [...archived.values()])).toEqual([null, null, null]);
    expect(desk.refreshed).toEqual(expect.arrayContaining(['web1', 'web2']));
    expect(await remembered()).toEqual([]);
  });

  it('goes further back each time, and says when there is no more', async () => {
    const { desk, calls, remembered } = open([web1]);
    await archiveSession(desk.ports, selecting(web1, 0));
    await archiveSession(desk.ports, selecting(web1, 1));
    expect(await remembered()).toEqual([['Two'], ['One']]);
    for (const title of ['Two', 'One']) {
      await undoDelete(desk.ports);
      expect(desk.toast).toBe(`web1: "${title}" is unarchived`);
    }
    expect(calls('web1').slice(2)).toEqual(['archive ses_Two null', 'archive ses_One null']);
    await undoDelete(desk.ports);
    expect(desk.toast).toContain('Nothing to undo');
  });

  it('archives again what was taken out, since the time when it was', async () => {
    const entry = answered('web1', [aSession({ title: 'Old', archived: NOW - 9 * HOUR })]);
    const { desk, calls } = open([entry]);
    await archiveSession(desk.ports, selecting(entry));
    await undoDelete(desk.ports);
    expect(calls('web1')).toEqual(['archive ses_1 null', `archive ses_1 ${NOW - 9 * HOUR}`]);
    expect(desk.toast).toBe('web1: "Old" is archived');
  });

  it('leaves alone what was changed since', async () => {
    const { desk, clients, calls } = open([web1]);
    await archiveSession(desk.ports, selecting(web1, 0));
    clients.get('web1')?.archived.set('ses_One', null);
    await undoDelete(desk.ports);
    expect(calls('web1')).toHaveLength(1);
    expect(desk.toast).toBe('web1: "One" is unarchived already');
  });

  it('counts many instead of naming them', async () => {
    const many = answered('web1', named('a', 'b', 'c', 'd'));
    const { desk } = open([many]);
    const done = archiveSession(desk.ports, marking(...targetsOf(many)));
    await desk.answer('y');
    await done;
    await undoDelete(desk.ports);
    expect(desk.toast).toBe('web1: restored 4 sessions');
  });

  it('keeps what failed for the next time, with the reason for each', async () => {
    const { desk, clients, remembered } = open([web1, web2]);
    const done = archiveSession(desk.ports, marking(...targetsOf(web1), ...targetsOf(web2)));
    await desk.answer('y');
    await done;
    const client = clients.get('web2')!;
    const { session } = client.answers;
    client.answers.session = () => Promise.reject(new Error('connection lost'));
    await undoDelete(desk.ports);
    expect(desk.toast).toBe('2 hosts: 1 of 3 not restored: web2: Three: connection lost');
    expect(await remembered()).toEqual([['Three']]);
    client.answers.session = session!;
    await undoDelete(desk.ports);
    expect(desk.toast).toBe('web2: "Three" is unarchived');
  });

  it('touches no host that is read-only or not listed, and remembers what was there', async () => {
    const { desk, calls, remembered } = open([web1, web2]);
    await archiveSession(desk.ports, selecting(web1, 0));
    desk.fleet.setState(({ settings }) => ({ settings: { ...settings, readonly: new Set(['web1']) } }));
    await undoDelete(desk.ports);
    expect(desk.toast).toBe('web1: One: the host is read-only');
    desk.fleet.setState({ entries: new Map([['web2', web2]]) });
    await undoDelete(desk.ports);
    expect(desk.toast).toBe('web1: One: the host is no longer listed');
    expect(calls('web1')).toHaveLength(1);
    expect(await remembered()).toEqual([['One']]);
  });

  it('does a batch once, however often the key is pressed', async () => {
    const { desk, clients, calls } = open([web1]);
    await archiveSession(desk.ports, selecting(web1, 0));
    const client = clients.get('web1')!;
    const gate = Promise.withResolvers<void>();
    const { session } = client.answers;
    client.answers.session = async (...given) => {
      await gate.promise;
      return session!(...given);
    };
    const first = undoDelete(desk.ports);
    await vi.waitFor(() => expect(desk.store.getState().busy).toContain('restoring'));
    await undoDelete(desk.ports);
    expect(desk.toast).toBe('undo is already running');
    gate.resolve();
    await first;
    expect(calls('web1').slice(1)).toEqual(['archive ses_One null']);
  });
});

describe('the list of what can be undone', () => {
  it('lists the last batch first, and undoes the picked one', async () => {
    const web1 = answered('web1', named('One', 'Two', 'Three'));
    const { desk, calls, remembered } = open([web1]);
    await archiveSession(desk.ports, selecting(web1, 0));
    const both = archiveSession(desk.ports, marking(...targetsOf(web1).slice(1)));
    await desk.answer('y');
    await both;
    desk.press('esc');
    const done = undoFromList(desk.ports);
    await desk.waitForModal('form');
    expect(desk.field('batch')).toMatchObject({
      options: [
        { label: '0s ago  archived 2 sessions on web1', description: 'Two, Three' },
        { label: '0s ago  archived "One" on web1', description: 'One' },
      ],
      // Enter undoes the last one.
      at: 0,
    });
    desk.choose('batch', 'One');
    desk.submit();
    await done;
    expect(calls('web1').slice(3)).toEqual(['archive ses_One null']);
    expect(await remembered()).toEqual([['Two', 'Three']]);
  });

  it('says when it is empty, and does nothing when it is left', async () => {
    const web1 = answered('web1', named('One'));
    const { desk, calls } = open([web1]);
    await undoFromList(desk.ports);
    expect([desk.modal, desk.toast]).toEqual([null, expect.stringContaining('Nothing to undo')]);
    await archiveSession(desk.ports, selecting(web1));
    const done = undoFromList(desk.ports);
    await desk.waitForModal('form');
    desk.cancel();
    await done;
    expect(calls('web1')).toHaveLength(1);
  });
});
