import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { runProgram } from '../support/fleet-program.ts';
import { type RecordedServer, startRecordedServer } from '../support/recording-proxy.ts';

let fleet: Fleet;
let recorded: RecordedServer;

beforeAll(async () => {
  fleet = await startFleet({ hosts: ['beta'] });
  recorded = await startRecordedServer({ host: fleet.host('beta'), opencode: fleet.opencode });
});
afterAll(async () => {
  await recorded?.close();
  await fleet?.close();
});

const connections = async () => (await fleet.sshdLog('beta')).match(/Accepted publickey/g)?.length ?? 0;
const ocr = (...words: string[]) => runProgram(['--ssh-config', fleet.sshConfig, ...words], fleet.environment);

it('a prompt on a known host costs one connection and the requests that it needs', async () => {
  const directory = join(fleet.host('beta').home, 'cost');
  await mkdir(directory);
  const created = await ocr('create', '--on', 'beta', '--directory', directory, '--json');
  expect(created.stderr).toBe('');
  const { id } = JSON.parse(created.stdout);
  const [before, from] = [await connections(), recorded.requests().length];

  const { code, stderr } = await ocr('prompt', id, 'hello there');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect((await connections()) - before).toBe(1);
  const session = `/session/${id}`;
  const asked = recorded
    .requests()
    .slice(from)
    .map(({ method, path }) => `${method} ${path.split('?')[0]}`);
  // Does the server answer; does it list what the database has; what stands there; the prompt; is it recorded, once or more often.
  const needed = ['GET /global/health', 'GET /api/session', `GET ${session}/message`, `POST ${session}/prompt_async`];
  expect([...new Set(asked)].sort()).toEqual([...needed].sort());
  expect(asked.filter((one) => !one.endsWith('/message'))).toHaveLength(needed.length - 1);
});
