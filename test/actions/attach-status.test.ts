import { beforeEach, expect, it } from 'vitest';
import { followStatus, hasStatusRow } from '../../src/actions/attach-status.ts';
import { NOTHING_LIVE } from '../../src/domain/live.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { createOcrStore } from '../../src/store/store.ts';
import { anEntry, aPermission, aSession, aSnapshot, NOW, SETTINGS } from '../support/builders.ts';

const sessions = ['ses_1', 'ses_2', 'ses_3'].map((id) => aSession({ id }));
let fleet: FleetStore;
let now: number;
let line: (columns: number) => string;

/** Has these sessions ask something. */
function ask(...ids: string[]): void {
  const requests = new Map(
    ids.map((id) => [
      `per_${id}`,
      { server: 's', request: aPermission({ id: `per_${id}`, sessionId: id, since: NOW }) },
    ]),
  );
  const entry = anEntry({ snapshot: aSnapshot({ sessions }), live: { ...NOTHING_LIVE, requests } });
  fleet.setState({ entries: new Map([['web1', entry]]) });
}

beforeEach(() => {
  fleet = new FleetStore(SETTINGS);
  now = NOW;
  ask();
  const shown = () => ({ alias: 'web1', id: 'ses_1', openedAt: NOW + 1 });
  const named = { title: 'Fix it', host: 'web1', directory: '/srv/shop', sign: '▲', ellipsis: '…' };
  line = followStatus(createOcrStore(fleet, SETTINGS, false), shown, named, () => now);
});

it('the status line follows the fleet, a few times a second at most', () => {
  expect(line(90)).toMatch(/^ ⇄ web1 › …\/shop › Fix it +ctrl\+\] back$/);
  ask('ses_1', 'ses_2', 'ses_3');
  expect(line(90)).not.toContain('▲');
  now += 250;
  expect(line(90)).toMatch(/▲ asks: ctrl\+\] y {3}2 others need you {3}ctrl\+\] back$/);
});

it('a snooze that ends is noticed without a change of the fleet', () => {
  ask('ses_2');
  fleet.setState({ snoozed: new Map([['web1\0per_ses_2', NOW + 5000]]) });
  expect(line(90)).not.toContain('other');
  now += 10_000;
  expect(line(90)).toContain('1 other needs you');
});

it('a terminal of five rows has no status line, nor has one where it is switched off', () => {
  expect(hasStatusRow({ columns: 80, rows: 5 }, true)).toBe(false);
  expect(hasStatusRow({ columns: 80, rows: 6 }, true)).toBe(true);
  expect(hasStatusRow({ columns: 80, rows: 24 }, false)).toBe(false);
});
