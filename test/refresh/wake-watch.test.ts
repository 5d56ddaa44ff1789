import type { NetworkInterfaceInfo } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchForWake } from '../../src/refresh/wake-watch.ts';

const address = (text: string, internal = false) => ({ address: text, internal }) as NetworkInterfaceInfo;

function watch() {
  const woken: string[] = [];
  const sources = { now: 0, interfaces: { eth0: [address('10.0.0.1')], lo: [address('127.0.0.1', true)] } };
  const stop = watchForWake((why) => woken.push(why), {
    clock: () => sources.now,
    interfaces: () => sources.interfaces,
  });
  const pass = async (milliseconds: number, wall = milliseconds) => {
    sources.now += wall;
    await vi.advanceTimersByTimeAsync(milliseconds);
  };
  return { woken, sources, stop, pass };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the watch for wakes', () => {
  it('is quiet while time goes by, on a busy machine too', async () => {
    const { woken, stop, pass } = watch();
    for (let round = 0; round < 20; round += 1) await pass(2000, 2000 + (round % 3) * 3000);
    expect(woken).toEqual([]);
    stop();
  });

  it('tells when the machine has slept', async () => {
    const { woken, stop, pass } = watch();
    await pass(2000);
    await pass(2000, 3_600_000);
    await pass(2000);
    expect(woken).toEqual(['slept']);
    stop();
  });

  it('tells when there is another address to connect from, and not of those that mean nothing', async () => {
    const { woken, sources, stop, pass } = watch();
    sources.interfaces = { ...sources.interfaces, lo: [address('127.0.0.1', true), address('::1', true)] };
    await pass(2000);
    sources.interfaces = { ...sources.interfaces, eth0: [address('10.0.0.1'), address('fe80::1')] };
    await pass(2000);
    expect(woken).toEqual([]);
    sources.interfaces = { ...sources.interfaces, eth0: [address('192.168.1.7')] };
    await pass(4000);
    expect(woken).toEqual(['network']);
    stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
