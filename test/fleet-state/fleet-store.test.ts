import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { hostsDiscovered } from '../../src/fleet/fleet-transitions.ts';
import { isReadOnly } from '../../src/fleet/read-only.ts';
import { createOcrStore } from '../../src/store/store.ts';
import { aHost, aSession, aSnapshot, SETTINGS } from '../support/builders.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const snapshot = aSnapshot({ sessions: [aSession()] });

function open() {
  const fleet = new FleetStore(SETTINGS);
  fleet.setState(hostsDiscovered([aHost({ alias: 'a' }), aHost({ alias: 'b' })]));
  const heard = vi.fn();
  fleet.subscribe(heard);
  return { fleet, heard };
}

describe('the fleet store', () => {
  it('knows an event at once, and tells its listeners of all events of a moment together', () => {
    const { fleet, heard } = open();
    const before = fleet.getState();
    fleet.report({ kind: 'asked', alias: 'a' });
    fleet.report({ kind: 'answered', alias: 'a', snapshot });
    fleet.report({ kind: 'asked', alias: 'b' });
    expect(fleet.getState().entries.get('a')).toMatchObject({ fresh: true, snapshot });
    expect(heard).not.toHaveBeenCalled();
    vi.advanceTimersByTime(40);
    expect(heard.mock.calls).toEqual([[fleet.getState(), before]]);
  });

  it('tells of a change by hand at once, together with the events before it', () => {
    const { fleet, heard } = open();
    fleet.report({ kind: 'asked', alias: 'b' });
    fleet.setState({ nextRefreshAt: 7 });
    expect(heard).toHaveBeenCalledTimes(1);
    expect(heard.mock.calls[0]?.[0]).toMatchObject({ nextRefreshAt: 7 });
    expect(fleet.getState().entries.get('b')?.refreshing).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells of pending events at once when asked to, and of nothing twice', () => {
    const { fleet, heard } = open();
    fleet.flush();
    expect(heard).not.toHaveBeenCalled();
    fleet.report({ kind: 'asked', alias: 'b' });
    fleet.flush();
    expect(heard).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
    fleet.flush();
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it('keeps no process alive to tell its listeners', () => {
    vi.useRealTimers();
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const { fleet, heard } = open();
    const before = timers();
    fleet.report({ kind: 'asked', alias: 'b' });
    expect(timers()).toBe(before);
    fleet.flush();
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it('tells less often the more sessions the changed hosts have', () => {
    const { fleet, heard } = open();
    const many = aSnapshot({ sessions: Array.from({ length: 100_000 }, (_, at) => aSession({ id: `ses_${at}` })) });
    fleet.report({ kind: 'answered', alias: 'a', snapshot: many });
    vi.advanceTimersByTime(40);
    fleet.report({ kind: 'asked', alias: 'a' });
    vi.advanceTimersByTime(400);
    expect(heard).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(600);
    expect(heard).toHaveBeenCalledTimes(2);
  });

  it('calls no listener with an older state after a newer one when another changes the fleet', () => {
    const { fleet, heard } = open();
    const later = vi.fn();
    const told = (listener: typeof heard) =>
      listener.mock.calls.map(([state, before]) => [before.nextRefreshAt, state.nextRefreshAt]);
    fleet.subscribe(({ nextRefreshAt }) => {
      if (nextRefreshAt === 1) fleet.setState({ nextRefreshAt: 2 });
    });
    fleet.subscribe(later);
    fleet.setState({ nextRefreshAt: 1 });
    expect(told(heard)).toEqual([
      [null, 1],
      [1, 2],
    ]);
    expect(told(later)).toEqual([[null, 2]]);
  });

  it('tells no one who has left', () => {
    const { fleet } = open();
    const heard = vi.fn();
    fleet.subscribe(heard)();
    fleet.setState({ nextRefreshAt: 1 });
    expect(heard).not.toHaveBeenCalled();
  });
});

describe("the dashboard's store", () => {
  it('takes over the fleet with each notification, and keeps its own settings', () => {
    const { fleet } = open();
    const store = createOcrStore(fleet, { ...SETTINGS, sortBy: 'name' }, false);
    fleet.report({ kind: 'answered', alias: 'a', snapshot });
    expect(store.getState().entries.get('a')?.snapshot).toBeNull();
    vi.advanceTimersByTime(1000);
    expect(store.getState()).toMatchObject({ entries: fleet.getState().entries, settings: { sortBy: 'name' } });
  });
});

it('a read-only rule is for all hosts or for those listed', () => {
  expect(isReadOnly({ readonly: true }, 'a')).toBe(true);
  expect(isReadOnly({ readonly: false }, 'a')).toBe(false);
  expect([isReadOnly({ readonly: new Set(['a']) }, 'a'), isReadOnly({ readonly: new Set(['a']) }, 'b')]).toEqual([
    true,
    false,
  ]);
});
