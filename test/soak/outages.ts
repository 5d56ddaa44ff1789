import type { Alias, Site } from './sites.ts';

/** A time in which a host did not answer; epoch ms. */
export interface Outage {
  readonly site: Site;
  readonly kind: 'stopped' | 'frozen';
  readonly from: number;
  /** When it was told to come back, and when it was back. */
  readonly ending: number;
  readonly to: number;
}

/** A time in which an alias could not be reached, whatever of its way was out. */
export interface Downtime {
  readonly from: number;
  readonly ending: number;
  readonly to: number;
}

/** The times in which an alias could not be reached, joined where they overlap, in order. */
export function downtimesOf({ way }: Alias, outages: readonly Outage[]): Downtime[] {
  const own = outages.filter(({ site }) => way?.includes(site)).sort((a, b) => a.from - b.from);
  const joined: Downtime[] = [];
  for (const { from, ending, to } of own) {
    const last = joined.at(-1);
    if (last === undefined || from > last.to) joined.push({ from, ending, to });
    else if (to > last.to) joined[joined.length - 1] = { from: last.from, ending, to };
  }
  return joined;
}
