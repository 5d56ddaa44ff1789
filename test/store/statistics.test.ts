import { expect, it } from 'vitest';
import { countStatuses } from '../../src/store/statistics.ts';
import { anEntry, aSession, aSnapshot, NOW, SETTINGS } from '../support/builders.ts';

const entryOf = (snapshot: ReturnType<typeof aSnapshot>) => anEntry({ snapshot, fresh: true });

it('counts follow the processes and the clock of a host whose database has not changed', () => {
  const sessions = [aSession({ turn: 'open', updated: NOW - 1000 })];
  const count = (changes: Parameters<typeof aSnapshot>[0]) =>
    countStatuses(entryOf(aSnapshot({ sessions, ...changes })), SETTINGS, NOW);
  expect(count({ processes: 1 }).working).toBe(1);
  expect(count({ processes: 0 })).toMatchObject({ working: 0, unknown: 1 });
  expect(count({ processes: 1, clockOffset: 2 * 3_600_000 })).toMatchObject({ working: 0, unknown: 1 });
});
