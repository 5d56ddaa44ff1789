import { Random } from '../demo/random.ts';
import type { FleetSample, HostPulse, HostSample } from '../fleet/pulse/pulse-sample.ts';
import { type PulseSeries, SAMPLE_MS } from '../fleet/pulse/pulse-series.ts';

const HOUR_MS = 60 * SAMPLE_MS;
const DAY_MS = 24 * HOUR_MS;
/** One more than the demo's hosts that tell their use, so that the made-up past is not compared with the present. */
const HOSTS = 10;
/** Dollars and tokens of an hour in which everybody works. */
const [COST_PER_HOUR, TOKENS_PER_HOUR] = [5.4, 2_600_000];
/** Round trips of the demo's hosts, milliseconds. */
const ROUND_TRIPS: Readonly<Record<string, number>> = {
  ...{ 'prod-api': 12, 'prod-web': 14, 'prod-db': 18, staging: 22, 'dev-anna': 31, 'dev-kim': 44 },
  ...{ 'gpu-01': 96, 'gpu-02': 97, 'build-arm': 84 },
};

/** Makes up what the demo's fleet did in the day before, a sample a minute: quiet nights, busy days. */
export function demoPulse(seed: number, now: number): PulseSeries {
  const random = new Random(seed);
  const fleet: FleetSample[] = [];
  let use = { cost: 0, tokensIn: 0, tokensOut: 0, cached: 0, turns: 0 };
  for (let at = now - DAY_MS; at < now; at += SAMPLE_MS) {
    const date = new Date(at);
    if (date.getHours() === 0 && date.getMinutes() === 0)
      use = { cost: 0, tokensIn: 0, tokensOut: 0, cached: 0, turns: 0 };
    const busy = busyness(date) * (0.75 + random.next() / 2);
    const tokens = (busy * TOKENS_PER_HOUR) / 60;
    use = {
      cost: use.cost + (busy * COST_PER_HOUR) / 60,
      tokensIn: use.tokensIn + tokens,
      tokensOut: use.tokensOut + tokens / 14,
      cached: use.cached + tokens * 0.83,
      turns: use.turns + (random.next() < busy ? 1 : 0),
    };
    fleet.push({
      at,
      hosts: HOSTS,
      waiting: random.next() < busy / 3 ? random.between(1, 4) : 0,
      working: Math.round(busy * 24),
      error: random.next() < 0.12 ? 1 : 0,
      done: Math.round(busy * random.between(2, 9)),
      active: Math.round(busy * 30),
      ...use,
    });
  }
  return { fleet, hosts: roundTrips(random, now) };
}

/** How busy an hour of the day is, 0 to 1: most in the late afternoon. */
function busyness(date: Date): number {
  const hour = date.getHours() + date.getMinutes() / 60;
  return 0.12 + 0.8 * Math.exp(-(((hour - 15) / 4.5) ** 2));
}

function roundTrips(random: Random, now: number): HostSample[] {
  return Array.from({ length: 59 }, (_, index) => {
    const hosts = Object.entries(ROUND_TRIPS).map(([alias, rtt]): [string, HostPulse] => [
      alias,
      { rtt: rtt * (0.85 + random.next() * 0.4), load: random.next() * 4 },
    ]);
    return { at: now - HOUR_MS + (index + 1) * SAMPLE_MS - SAMPLE_MS / 2, hosts: new Map(hosts) };
  });
}
