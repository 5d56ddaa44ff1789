import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import { Engine } from '../../src/engine/engine.ts';
import { openFleet } from '../../src/engine/open-fleet.ts';
import { deleteSession } from '../../src/operations/delete/delete-session.ts';
import { sendReply } from '../../src/operations/requests/answer-request.ts';
import { createSession } from '../../src/operations/sessions/create-session.ts';
import { readTranscript } from '../../src/operations/sessions/read-transcript.ts';
import { knownSession } from '../../src/operations/target.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { api } from '../fleet/seed-plan.ts';
import { aSetup } from '../support/a-setup.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { promptSession } from '../support/wait-for-answer.ts';

const signal = AbortSignal.timeout(240_000);
let fleet: Fleet;
let engine: Engine;

beforeAll(async () => {
  fleet = await startFleet({ hosts: ['alpha'] });
  const sources = {
    ...{
      sshConfigFile: fleet.sshConfig,
      sshConfigGiven: true,
      home: fleet.environment.HOME ?? '',
      routeCacheFile: null,
    },
  };
  const { config } = parseConfig('polling: {timeout: 60s}\nhosts: {local: false}\n', 'test.yaml');
  const setup = aSetup(config, sources);
  engine = new Engine(await openFleet(setup, Number.POSITIVE_INFINITY), setup);
  engine.start();
});

afterAll(async () => {
  await engine?.close();
  await fleet?.close();
});

it('creates, prompts, waits for, answers, reads and deletes a session without a screen', async () => {
  const deleted: string[] = [];
  const exportFolder = join(await makeTempDir(), 'exports');
  const context = engine.context({ exportFolder, signal, onDeleted: ({ id }) => void deleted.push(id) });
  await context.refreshHost('alpha');
  const directory = join(fleet.host('alpha').home, api);
  const wanted = { directory, title: 'By a script', agent: null, model: null, prompt: null };
  const { id } = await createSession(context, 'alpha', wanted, signal);
  const ref = { alias: 'alpha', id };

  const wait = await promptSession(context, ref, 'ask edit', signal);
  const asks = await wait();
  if (asks.kind !== 'asks') return expect.unreachable(`it ${asks.kind}`);
  await sendReply(context, 'alpha', { server: '', request: asks.request }, { kind: 'once' }, signal);
  expect(await wait()).toMatchObject({ kind: 'answered' });

  const { messages, isCut } = await readTranscript(context, ref, { limit: 100 }, signal);
  expect(isCut).toBe(false);
  expect(messages.map(({ role }) => role)).toEqual(expect.arrayContaining(['user', 'assistant']));

  const { exportPath } = await deleteSession(context, ref, { export: true, batch: 'test' }, signal);
  expect(exportPath).toContain(exportFolder);
  expect(deleted).toEqual([id]);
  await context.refreshHost('alpha');
  expect(knownSession(context, ref)).toBeNull();
});
