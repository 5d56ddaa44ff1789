import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { hearing, say, sayError } from '../../src/actions/feedback.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { createOcrStore } from '../../src/store/store.ts';
import { SETTINGS } from '../support/builders.ts';

it('what a user is told by one action is heard apart from what others tell meanwhile', async () => {
  const store = createOcrStore(new FleetStore(SETTINGS), SETTINGS, false);
  const heard: string[] = [];
  const work = (name: string) => async () => {
    await setImmediate();
    say(store, `${name} begins`);
    await setImmediate();
    sayError(store, `${name} fails`, []);
  };
  const one = hearing((text) => heard.push(`1: ${text}`), work('one'));
  const two = hearing((text) => heard.push(`2: ${text}`), work('two'));
  say(store, 'something else');
  await Promise.all([one, two]);
  expect(heard).toEqual(['1: one begins', '2: two begins', '1: one fails', '2: two fails']);
  expect(store.getState().toast).toMatchObject({ kind: 'error', text: 'two fails' });
});
