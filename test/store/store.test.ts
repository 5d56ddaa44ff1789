import { expect, it } from 'vitest';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { createOcrStore } from '../../src/store/store.ts';
import { SETTINGS } from '../support/builders.ts';

it('keeps the latest fleet when a listener changes it during a notification', () => {
  const fleet = new FleetStore(SETTINGS);
  fleet.subscribe(({ nextRefreshAt }) => {
    if (nextRefreshAt === 1) fleet.setState({ nextRefreshAt: 2 });
  });
  const store = createOcrStore(fleet, SETTINGS, false);
  fleet.setState({ nextRefreshAt: 1 });
  expect(fleet.getState().nextRefreshAt).toBe(2);
  expect(store.getState().nextRefreshAt).toBe(2);
});
