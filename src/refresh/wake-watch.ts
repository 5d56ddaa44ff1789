import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import type { Clock } from '../lib/clock.ts';

/** Milliseconds between two looks. */
const INTERVAL = 2000;
/** Milliseconds that a look may come late on a busy machine. Later than that, the machine slept. */
const LATE = 8000;

export interface WakeSources {
  readonly clock: Clock;
  interfaces(): NodeJS.Dict<NetworkInterfaceInfo[]>;
}

/**
 * Calls `onWake` after this machine has slept and after its addresses have changed: older connections are then most
 * likely dead, though not yet closed. Returns a function that stops the watch.
 */
export function watchForWake(onWake: (why: 'slept' | 'network') => void, sources: WakeSources): () => void {
  let seen = sources.clock();
  let addresses = addressesOf(sources.interfaces());
  const timer = setInterval(() => {
    const now = sources.clock();
    const slept = now - seen > INTERVAL + LATE;
    seen = now;
    const current = addressesOf(sources.interfaces());
    const moved = current !== addresses;
    addresses = current;
    if (slept) onWake('slept');
    else if (moved) onWake('network');
  }, INTERVAL);
  return () => clearInterval(timer);
}

export const systemWakeSources = (clock: Clock): WakeSources => ({ clock, interfaces: networkInterfaces });

/** Returns the addresses that a connection can be made from. Link-local ones come and go with every container. */
function addressesOf(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): string {
  const all = Object.values(interfaces).flatMap((list) => list ?? []);
  const own = all.filter(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/i.test(address));
  return own
    .map(({ address }) => address)
    .sort()
    .join(' ');
}
