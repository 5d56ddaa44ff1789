import type { DayUse } from '../../src/domain/day-use.ts';
import type { FleetSample } from '../../src/fleet/pulse/pulse-sample.ts';

/** Noon of a Friday, here. */
export const NOON = new Date(2026, 0, 2, 12).getTime();
export const TODAY = new Date(2026, 0, 2).getTime();

export function aFleetSample(changes: Partial<FleetSample> = {}): FleetSample {
  const states = { waiting: 0, working: 0, error: 0, done: 0, active: 0 };
  return { at: NOON, ...states, cost: 0, tokensIn: 0, tokensOut: 0, cached: 0, turns: 0, hosts: 1, ...changes };
}

export function aDayUse(changes: Partial<DayUse> = {}): DayUse {
  return { since: TODAY, cost: 1, tokensIn: 1000, tokensOut: 100, cached: 800, turns: 2, ...changes };
}
