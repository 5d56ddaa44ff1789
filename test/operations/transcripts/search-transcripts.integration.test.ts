import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/parse.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { openFleet } from '../../../src/engine/open-fleet.ts';
import { createSession } from '../../../src/operations/sessions/create-session.ts';
import { type SearchEvent, searchTranscripts } from '../../../src/operations/transcripts/search-transcripts.ts';
import { type Fleet, startFleet } from '../../fleet/fleet.ts';
import { api } from '../../fleet/seed-plan.ts';
import { aSetup } from '../../support/a-setup.ts';
import { makeTempDir } from '../../support/temp-dir.ts';
import { promptSession } from '../../support/wait-for-answer.ts';

const signal = AbortSignal.timeout(240_000);
let fleet: Fleet;
let engine: Engine;

beforeAll(async () => {
  fleet = await startFleet({ hosts: ['alpha'] });
  const sources = {
    sshConfigFile: fleet.sshConfig,
    sshConfigGiven: true,
    home: fleet.environment.HOME ?? '',
    routeCacheFile: null,
  };
  const setup = aSetup(parseConfig('polling: {timeout: 60s}\nhosts: {local: false}\n', 'test.yaml').config, sources);
  engine = new Engine(await openFleet(setup, Number.POSITIVE_INFINITY), setup);
  engine.start();
});

afterAll(async () => {
  await engine?.close();
  await fleet?.close();
});

it('finds a prompt and its answer on a host that is reached by SSH', async () => {
  const exportFolder = join(await makeTempDir(), 'exports');
  const context = engine.context({ exportFolder, signal });
  await context.refreshHost('alpha');
  const directory = join(fleet.host('alpha').home, api);
  const wanted = { directory, title: 'Searched', agent: null, model: null, prompt: null };
  const { id } = await createSession(context, 'alpha', wanted, signal);
  const ref = { alias: 'alpha', id };
  await (await promptSession(context, ref, `where is 100%_of the ZEBRA's 'crossing'?`, signal))();

  const events: SearchEvent[] = [];
  for await (const event of searchTranscripts(context, `100%_of the zebra's '`, {}, signal)) events.push(event);
  expect(events[0]).toEqual({ kind: 'progress', done: 0, of: 1 });
  expect(events.at(-1)).toEqual({ kind: 'progress', done: 1, of: 1 });
  const found = events.find((event) => event.kind === 'found');
  expect(found?.findings.map(({ sessionId, role }) => [sessionId, role])).toEqual([
    [id, 'assistant'],
    [id, 'user'],
  ]);
  for (const { excerpt } of found?.findings ?? []) {
    expect(excerpt.text.slice(excerpt.offset, excerpt.offset + excerpt.length)).toBe(`100%_of the ZEBRA's '`);
  }
});
