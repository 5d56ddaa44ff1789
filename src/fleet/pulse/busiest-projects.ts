import type { HostEntry } from '../../domain/fleet.ts';
import type { PulseState } from './pulse-sample.ts';
import { hostUse, type ProjectUse, type UseTotals } from './use-today.ts';

/** Measures of how much a project was used. */
export const PULSE_MEASURES = ['money', 'tokens', 'turns'] as const;
export type PulseMeasure = (typeof PULSE_MEASURES)[number];

/** A project that was used today: a row that Enter opens as the sessions of that project. */
export interface PulseRow extends ProjectUse {
  readonly alias: string;
  readonly entry: HostEntry;
}

/** Rows beyond these are never looked at. */
const MAX_ROWS = 100;

/** Returns the measured part of a use: US dollars, tokens or prompts. */
export function measureOf({ cost, tokensIn, tokensOut, turns }: UseTotals, measure: PulseMeasure): number {
  if (measure === 'money') return cost;
  return measure === 'tokens' ? tokensIn + tokensOut : turns;
}

/** Returns the projects used today, the busiest first. */
export function pulseRows(state: PulseState, now: number, measure: PulseMeasure): readonly PulseRow[] {
  const rows: PulseRow[] = [];
  for (const [alias, entry] of state.entries) {
    for (const project of hostUse(entry, now).projects) {
      if (measureOf(project, measure) > 0) rows.push({ ...project, alias, entry });
    }
  }
  return rows.sort((one, other) => measureOf(other, measure) - measureOf(one, measure)).slice(0, MAX_ROWS);
}
