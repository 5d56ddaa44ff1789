import { expect, it } from 'vitest';
import { parseSessionList } from '../../src/opencode/cli-output.ts';

const list = JSON.stringify([{ id: 'ses_1', title: 't', created: 1, updated: 2, directory: '/w' }]);

it.each([`[info] migrating\n${list}`, `${list}\nUpdate available [1.19]\n`, `[a]\n${list}\n[b] [c]`])(
  'notices with brackets around a list are passed over: %j',
  (text) => {
    expect(parseSessionList(text, '/w').map(({ id }) => id)).toEqual(['ses_1']);
  },
);
