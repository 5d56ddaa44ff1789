import { setTimeout as sleep } from 'node:timers/promises';
import type { LabSshd } from '../ssh-lab/lab-sshd.ts';
import type { Outage } from './outages.ts';
import { type Site, sites } from './sites.ts';

/** Outages at a time. */
const MOST = 4;
/** Seconds, from and to. */
const LENGTH = [5, 40] as const;
const STORM = [20, 60] as const;
const QUIET = [10, 30] as const;
/** Seconds between two outages that begin, at most. */
const PAUSE = 6;

/**
 * Stops and freezes hosts at random until `until` (epoch ms), in storms with quiet between; all are up again when it resolves.
 * @param random 0 to 1
 * @param tell told of each outage that ended
 */
export async function makeChaos(
  hostOf: (site: Site) => LabSshd,
  random: () => number,
  until: number,
  tell: (outage: Outage) => void,
): Promise<void> {
  const between = ([from, to]: readonly [number, number]) => (from + random() * (to - from)) * 1000;
  const out = new Map<Site, Promise<void>>();
  const errors: unknown[] = [];
  const left = () => until - Date.now();
  while (left() > 0) {
    const stormEnds = Math.min(Date.now() + between(STORM), until);
    while (Date.now() < stormEnds) {
      const candidates = sites.filter((site) => !out.has(site));
      const site = candidates[Math.floor(random() * candidates.length)];
      const [kind, length] = [random() < 0.5 ? 'stopped' : 'frozen', between(LENGTH)] as const;
      if (site !== undefined && out.size < MOST) {
        const ended = haveOutage(hostOf(site), site, kind, length)
          .then(tell)
          .catch((error: unknown) => errors.push(error))
          .then(() => void out.delete(site));
        out.set(site, ended);
      }
      await sleep(random() * PAUSE * 1000);
    }
    await sleep(Math.max(0, Math.min(between(QUIET), left())));
  }
  await Promise.all(out.values());
  if (errors.length > 0) throw new AggregateError(errors, 'a host did not do what it was told');
}

async function haveOutage(host: LabSshd, site: Site, kind: Outage['kind'], length: number): Promise<Outage> {
  const from = Date.now();
  await (kind === 'stopped' ? host.stop() : host.pause());
  await sleep(length);
  const ending = Date.now();
  await (kind === 'stopped' ? host.start() : host.resume());
  return { site, kind, from, ending, to: Date.now() };
}
