import { expect, it } from 'vitest';
import { notReadyReason } from '../../src/domain/fleet.ts';
import { countFleet } from '../../src/fleet/statistics.ts';
import { aFailure, anEntry, aSnapshot, SETTINGS } from '../support/builders.ts';

const noShell = anEntry({ failure: aFailure({ status: 'no-shell', reason: 'This account is not available.' }) });

it('a host without a shell has a count of its own, and is no failure', () => {
  const entries = new Map([
    ['a', noShell],
    ['b', anEntry({ failure: aFailure({ status: 'offline' }) })],
    ['c', anEntry({ snapshot: aSnapshot(), fresh: true })],
  ]);
  expect(countFleet(entries, SETTINGS, Date.now())).toMatchObject({ hosts: 3, online: 1, failed: 1, noShell: 1 });
});

it('a host without a shell says why nothing can be done there', () => {
  expect(notReadyReason(noShell)).toMatch(/has no shell: its login runs no commands$/);
  expect(notReadyReason(anEntry({ failure: aFailure({ status: 'offline' }) }))).toMatch(/cannot be reached now$/);
  expect(notReadyReason(anEntry({ snapshot: aSnapshot() }))).toBeNull();
});
