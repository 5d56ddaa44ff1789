import { afterAll, beforeAll, expect, it } from 'vitest';
import { LiveFleet } from '../support/live-fleet.ts';

let live: LiveFleet;

beforeAll(async () => {
  live = await LiveFleet.start();
});
afterAll(() => live?.close());

it('scripts are told which servers run, which sessions wait for the user and for what, and which work', async () => {
  const working = await live.begin('Work for scripts', 'migrate slowly');
  const permission = await live.begin('Permission for scripts', 'ask permission for it');
  const question = await live.begin('Question for scripts', 'ask question about it');
  const root = await live.begin('Subagent for scripts', 'ask subagent for help');
  await live.watch.find('permission.asked', { sessionID: permission.id });
  await live.watch.find('question.asked', { sessionID: question.id });
  await expect.poll(() => live.pending('permission'), { timeout: 30_000 }).toHaveLength(2);

  const sessions = await live.listSessions();
  const found = (id: string) => sessions.find((session) => session.id === id);
  const [permissionAsked] = live.watch.all('permission.asked', { sessionID: permission.id });
  const [questionAsked] = live.watch.all('question.asked', { sessionID: question.id });
  expect(found(working.id)).toMatchObject({ status: 'working', live: true, attention: null });
  expect(found(permission.id)).toMatchObject({
    status: 'waiting',
    live: true,
    attention: { kind: 'permission', requestId: permissionAsked?.properties.id, detail: 'bash: touch approved' },
  });
  expect(found(question.id)).toMatchObject({
    status: 'waiting',
    live: true,
    attention: { kind: 'question', requestId: questionAsked?.properties.id },
  });
  const child = sessions.find(({ parentId }) => parentId === root.id);
  const childAsked = live.watch.all('permission.asked', { sessionID: child?.id });
  expect(childAsked).toHaveLength(1);
  expect(found(root.id)).toMatchObject({
    status: 'waiting',
    live: true,
    attention: { kind: 'permission', requestId: childAsked[0]?.properties.id },
  });
  expect(sessions.filter(({ title }) => title === 'Fix login timeout')).toMatchObject([
    { live: true, attention: null },
  ]);

  const { server, fleet } = live;
  expect(await live.listHosts()).toMatchObject([
    {
      name: 'alpha',
      status: 'online',
      live: true,
      servers: [{ port: server.port, directory: fleet.host('alpha').home, version: '1.18.33', own: false }],
    },
  ]);
});

it('scripts are told that nothing is live once the server is gone', async () => {
  await live.killServer();
  const [host] = await live.listHosts();
  expect(host).toMatchObject({ status: 'online', live: false, servers: [] });
  const sessions = await live.listSessions();
  expect(sessions.filter((session) => session.live || session.status === 'waiting')).toEqual([]);
  const left = sessions.filter(({ title }) => title.endsWith('for scripts'));
  expect(left.map(({ status }) => status)).toEqual(['interrupted', 'interrupted', 'interrupted', 'interrupted']);
  expect(left.map(({ attention }) => attention)).toEqual([null, null, null, null]);
  await live.startServer();
});
