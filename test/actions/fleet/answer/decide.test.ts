import { describe, expect, it, vi } from 'vitest';
import { answerSession, decideRequest } from '../../../../src/actions/fleet/answer/answer.ts';
import type { HostEntry } from '../../../../src/domain/fleet.ts';
import { NOTHING_LIVE } from '../../../../src/domain/live.ts';
import type { UserRequest } from '../../../../src/domain/user-request.ts';
import { answered, aPermission, aSession, MINUTE, NOW } from '../../../support/builders.ts';
import { Desk, selecting } from '../sessions/desk.ts';
import { FakeClient } from '../sessions/fake-client.ts';

const harmless = aPermission({ since: NOW - MINUTE, command: 'npm test', always: ['npm *'] });
const harmful = { ...harmless, command: 'rm -rf ~', always: ['rm *'] };
const READ_FIRST = 'That was asked just now; read it first';

function asking(request: UserRequest): HostEntry {
  const requests = new Map([[request.id, { server: 'one', request }]]);
  return { ...answered('web1', [aSession()]), live: { ...NOTHING_LIVE, requests } };
}

/** A dashboard whose popup shows the harmless request; the server, the fleet or both can be given another under its id. */
async function openPopup() {
  const client = new FakeClient();
  const server: { listed: UserRequest | null } = { listed: harmless };
  const take = async (answer: string) => {
    client.calls.push(answer);
    server.listed = null;
  };
  client.answers = {
    requests: async () => (server.listed === null ? [] : [server.listed]),
    replyPermission: async ({ id }, reply) => take(`${reply} ${id}`),
  };
  const entry = asking(harmless);
  const desk = new Desk([entry], { clients: () => client });
  const done = decideRequest(desk.ports, selecting(entry));
  await desk.waitForModal('confirm');
  expect(desk.question.join('\n')).toContain('npm test');
  return { client, server, entry, desk, done };
}

/** How the request under the id changes while the popup shows the one before. */
const CHANGES = {
  'the server alone knows': ({ server }: Opened) => {
    server.listed = harmful;
  },
  'the fleet was told': ({ server, desk }: Opened) => {
    server.listed = harmful;
    desk.put(asking(harmful));
  },
} as const;
type Opened = Awaited<ReturnType<typeof openPopup>>;

describe('the popup of Enter', () => {
  it.each([
    ['y', 'once per_1'],
    ['Y', 'always per_1'],
  ])('sends by %s an answer to what it shows', async (key, sent) => {
    const { client, desk, done } = await openPopup();
    desk.press(key);
    if (key === 'Y') {
      await vi.waitFor(() => expect(desk.question.join('\n')).toContain('npm *'));
      desk.press('y');
    }
    await done;
    expect(client.calls).toEqual([sent]);
  });

  it.each(['esc', 'n', 'q'])('sends nothing by %s', async (key) => {
    const { client, desk, done } = await openPopup();
    desk.press(key);
    await done;
    expect(client.calls).toEqual([]);
    expect(desk.attached).toEqual([]);
  });

  describe.each(Object.entries(CHANGES))('over a request that has changed, as %s', (_who, change) => {
    it('has nothing allowed by y', async () => {
      const opened = await openPopup();
      change(opened);
      opened.desk.press('y');
      await opened.done;
      expect(opened.client.calls).toEqual([]);
      expect(opened.desk.toast).toMatch(/^web1: nothing was sent: the request is now/);
    });

    it('has nothing allowed for good by Y', async () => {
      const { client, desk, done, ...opened } = await openPopup();
      change({ client, desk, done, ...opened });
      desk.press('Y');
      await vi.waitFor(() => expect(desk.toast ?? desk.question[0]).toMatch(/^That was asked|^Always/));
      if (desk.modal !== null) {
        expect(desk.question.join('\n')).not.toContain('rm *');
        desk.press('y');
      }
      await done;
      expect(client.calls).toEqual([]);
      expect(desk.toast).toMatch(/nothing was sent|read it first/);
    });

    it('has nothing rejected by N without a word about the change', async () => {
      const opened = await openPopup();
      change(opened);
      opened.desk.press('N');
      await opened.desk.waitForModal('form');
      const said = () => JSON.stringify([opened.desk.form.notes, opened.desk.form.error]);
      opened.desk.submit();
      await vi.waitFor(() => expect(said()).toContain('rm -rf ~'));
      opened.desk.cancel();
    });
  });

  it('has nothing allowed for good that came while the question of Y was read', async () => {
    const { client, server, desk, done } = await openPopup();
    desk.press('Y');
    await vi.waitFor(() => expect(desk.question.join('\n')).toContain('npm *'));
    server.listed = harmful;
    desk.put(asking(harmful));
    desk.press('y');
    await done;
    expect(client.calls).toEqual([]);
    expect(desk.toast).toMatch(/^web1: nothing was sent/);
  });
});

describe('a request that comes under the id of one that was just allowed', () => {
  it('is not allowed with it, and not by the next y before it was painted', async () => {
    const { client, server, desk, done, entry } = await openPopup();
    client.answers = {
      ...client.answers,
      replyPermission: async ({ id }, reply) => {
        client.calls.push(`${reply} ${id}`);
        server.listed = harmful;
      },
    };
    desk.press('y');
    await done;
    expect(desk.toast).toContain('the request is still pending');
    desk.put(asking(harmful));
    await answerSession(desk.ports, selecting(entry));
    expect(desk.toast).toBe(READ_FIRST);
    expect(client.calls).toEqual(['once per_1']);
  });
});
