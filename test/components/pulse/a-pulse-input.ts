import type { PulseInput } from '../../../src/components/pulse/pulse-input.ts';
import type { HostEntry } from '../../../src/domain/fleet.ts';
import { NO_SERIES, type PulseSeries } from '../../../src/fleet/pulse/pulse-series.ts';
import { aDayUse, aFleetSample, NOON } from '../../support/a-pulse.ts';
import { aFailure, aHost, anEntry, aSession, aSnapshot, HOUR, MINUTE, SETTINGS } from '../../support/builders.ts';
import { plainPainter } from '../../support/render-at.tsx';

const GIB = 1024 ** 3;

const use = (project: string, cost: number, id: string) =>
  aSession({ id, project, today: aDayUse({ cost, tokensIn: cost * 200_000, tokensOut: cost * 9000, turns: 8 }) });

function aPulseHost(alias: string, latency: number, load: number, used: number, projects: Record<string, number>) {
  const sessions = Object.entries(projects).map(([path, cost], index) => use(path, cost, `${alias}-${index}`));
  const machine = { load, cpus: 4, memoryTotal: 16 * GIB, memoryUsed: used * 16 * GIB };
  return anEntry({ host: aHost({ alias }), snapshot: aSnapshot({ latency, machine, sessions }), fresh: true });
}

/** The fleet of the mockup. */
export function pulseEntries(): ReadonlyMap<string, HostEntry> {
  const entries = [
    aPulseHost('prod-api', 12, 0.42, 0.61, { '/home/ada/work/payments': 8.32, '/home/ada/www': 2.2 }),
    aPulseHost('dev-anna', 31, 1.66, 0.55, { '/home/ada/src/shop/internal/admin-tools': 12.05 }),
    aPulseHost('gpu-01', 96, 7.8, 0.93, { '/home/ada/train/eval': 6.44 }),
    anEntry({ host: aHost({ alias: 'build-arm' }), snapshot: aSnapshot({ at: NOON - 6 * MINUTE, sessions: [] }) }),
    anEntry({ host: aHost({ alias: 'edge-fra' }), failure: aFailure({ status: 'auth-required' }) }),
  ];
  return new Map(entries.map((entry) => [entry.host.alias, entry]));
}

/** A day of samples with an hour in which nothing was recorded. */
export function aDayOfSamples(): PulseSeries {
  const minutes = Array.from({ length: 24 * 60 }, (_, index) => index + 1).filter(
    (minute) => minute < 600 || minute > 660,
  );
  const fleet = minutes.map((minute) => {
    const at = NOON - 24 * HOUR + minute * MINUTE;
    const spent = minute > 720 ? (minute - 720) / 25 : 12 + minute / 30;
    const counts = { waiting: minute % 400 < 40 ? 2 : 0, working: Math.round(14 * (minute / 1440) ** 2), active: 5 };
    return aFleetSample({ at, ...counts, cost: spent, tokensIn: spent * 200_000, tokensOut: spent * 9000, hosts: 3 });
  });
  const hosts = minutes.slice(-60).map((minute) => ({
    at: NOON - 24 * HOUR + minute * MINUTE,
    hosts: new Map([
      ['prod-api', { rtt: 12 + (minute % 3), load: 0.4 }],
      ['gpu-01', { rtt: minute % 10 === 0 ? 300 : 90, load: 7 }],
    ]),
  }));
  return { fleet, hosts };
}

export function aPulseInput(changes: Partial<PulseInput> = {}): PulseInput {
  const seen = { baselines: new Map(), sessions: new Map() };
  return {
    state: { entries: pulseEntries(), seen, settings: SETTINGS, snoozed: new Map() },
    ...{ series: NO_SERIES, now: NOON, range: 'day', measure: 'money', selected: 0, frame: 0 },
    ...{ painter: plainPainter(), columns: 120, height: 22 },
    ...changes,
  };
}
