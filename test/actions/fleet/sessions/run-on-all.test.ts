import { describe, expect, it } from 'vitest';
import { archiveSession } from '../../../../src/actions/fleet/sessions/archive-session.ts';
import { ServerError } from '../../../../src/opencode/server/server-error.ts';
import { TransportError } from '../../../../src/transport/transport.ts';
import { answered, aSession, NOW } from '../../../support/builders.ts';
import { FakeTransport } from '../../../support/fake-transport.ts';
import { Desk, type DeskOptions, marking, targetsOf } from './desk.ts';
import { FakeClient } from './fake-client.ts';

const hostOf = (alias: string, count: number) =>
  answered(
    alias,
    Array.from({ length: count }, (_, at) => aSession({ id: `ses_${alias}${at}`, title: `Task ${at}` })),
  );

const lost = () => new ServerError('closed', 'PATCH /session/x', 'the connection was lost');

describe('an action on marked sessions', () => {
  function archiving(entries: readonly ReturnType<typeof hostOf>[], options: DeskOptions) {
    const desk = new Desk(entries, options);
    const targets = entries.flatMap(targetsOf);
    desk.mark(...targets);
    return { desk, done: archiveSession(desk.ports, marking(...targets)) };
  }

  it('lists them, and does nothing when the user leaves', async () => {
    const { desk, done } = archiving([hostOf('web1', 2), hostOf('web2', 1)], {});
    await desk.waitForModal('confirm');
    expect(desk.question).toEqual(['Archive 3 sessions?', 'web1: Task 0', 'web1: Task 1', 'web2: Task 0']);
    await desk.answer('esc');
    await done;
    expect(desk.modal).toBeNull();
    expect(desk.store.getState().marked.size).toBe(3);
  });

  it('does all of them, takes the marks away, and says what came of each', async () => {
    const client = new FakeClient().takingAll();
    const { desk, done } = archiving([hostOf('web1', 2), hostOf('web2', 1)], { clients: () => client });
    await desk.answer('y');
    await done;
    expect(client.calls.toSorted()).toEqual([
      `archive ses_web10 ${NOW}`,
      `archive ses_web11 ${NOW}`,
      `archive ses_web20 ${NOW}`,
    ]);
    expect(desk.outcomes).toEqual(['ok web1: Task 0', 'ok web1: Task 1', 'ok web2: Task 0']);
    expect(desk.store.getState().marked.size).toBe(0);
    expect(desk.toast).toBe('archived 3 of 3');
    expect(desk.refreshed.toSorted()).toEqual(['web1', 'web2']);
  });

  it('fails what remains on a host that dies in the middle, with the reason, and goes on elsewhere', async () => {
    const dying = new FakeClient({
      archive: async ({ id }) => {
        if (id !== 'ses_web10') throw lost();
      },
    });
    const well = new FakeClient().takingAll();
    const { desk, done } = archiving([hostOf('web1', 4), hostOf('web2', 2)], {
      clients: (alias) => (alias === 'web1' ? dying : well),
      transport: () => Promise.reject(new TransportError('refused', 'connection refused', { hint: 'is sshd up?' })),
    });
    await desk.answer('y');
    await done;
    expect(desk.outcomes).toEqual([
      'ok web1: Task 0',
      'failed web1: Task 1: the connection was lost: it may have succeeded anyway',
      'failed web1: Task 2: not tried: connection refused (is sshd up?)',
      'failed web1: Task 3: not tried: connection refused (is sshd up?)',
      'ok web2: Task 0',
      'ok web2: Task 1',
    ]);
    expect(desk.store.getState().marked.size).toBe(3);
    expect(desk.toast).toBe('archived 3 of 6: 3 failed');
    expect(desk.errorLines).toHaveLength(3);
  });

  it('goes on where only the server was lost and the host can be reached, but not after two losses', async () => {
    let calls = 0;
    const client = new FakeClient({
      archive: async () => {
        calls += 1;
        if (calls !== 2) throw lost();
      },
    });
    const { desk, done } = archiving([hostOf('web1', 6)], {
      clients: () => client,
      transport: async () => new FakeTransport(),
    });
    await desk.answer('y');
    await done;
    expect(desk.outcomes.map((line) => line.split(' ')[0])).toEqual([
      'failed',
      'ok',
      'failed',
      'failed',
      'failed',
      'failed',
    ]);
    expect(desk.outcomes[4]).toBe('failed web1: Task 4: not tried: the connection was lost');
    expect(calls).toBe(4);
  });

  it('goes on after what concerns one session only', async () => {
    const client = new FakeClient({
      archive: async ({ id }) => {
        if (id === 'ses_web10') throw new ServerError('not-found', 'PATCH /session/x', 'Session not found');
      },
    });
    const { desk, done } = archiving([hostOf('web1', 2)], { clients: () => client });
    await desk.answer('y');
    await done;
    expect(desk.outcomes).toEqual(['failed web1: Task 0: Session not found', 'ok web1: Task 1']);
  });

  it('leaves hosts alone that are read-only by now', async () => {
    const client = new FakeClient().takingAll();
    const { desk, done } = archiving([hostOf('web1', 1), hostOf('web2', 1)], {
      clients: () => client,
      settings: { readonly: new Set(['web2']) },
    });
    await desk.answer('y');
    await done;
    expect(desk.outcomes).toEqual(['ok web1: Task 0', 'skipped web2: Task 0: the host is read-only']);
  });
});
