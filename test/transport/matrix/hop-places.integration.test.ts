import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Lab, startLab } from '../../ssh-lab/lab.ts';
import { createClient, KINDS } from './matrix-client.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await startLab<string>({ hop: {}, one: { behind: 'hop' }, two: { behind: 'hop' }, three: { behind: 'hop' } });
});
afterAll(() => lab?.close());

it.each(KINDS)('those who wait for a hop hold no place that it needs, by %s', async (kind) => {
  const { echo } = await createClient(lab, kind, { maxHandshakes: 1 });
  expect(await Promise.all(['one', 'two', 'three'].map((alias) => echo(alias)))).toEqual(['in\n', 'in\n', 'in\n']);
});
