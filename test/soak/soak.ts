import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../support/random.ts';
import { analyse, type Bounds, type Findings } from './analysis.ts';
import { makeChaos } from './chaos.ts';
import { Child, type Closed } from './child.ts';
import type { Inside } from './messages.ts';
import { listDescriptors, type Outside, observe } from './observe.ts';
import type { Outage } from './outages.ts';
import { type Ground, prepareGround } from './prepare.ts';
import { planAliases } from './sites.ts';

export interface Plan {
  readonly minutes: number;
  readonly aliases: number;
  readonly seed: number;
  readonly interval: string;
  readonly timeoutText: string;
  /** Milliseconds. */
  readonly timeout: number;
}

/** The program at one time, from both sides. */
export interface Moment {
  readonly inside: Inside;
  readonly outside: Outside;
}

/** All that a run gave. */
export interface Run {
  readonly plan: Plan;
  /** When the warm-up was over, epoch ms. */
  readonly warm: number;
  /** Aliases that can answer. */
  readonly reachable: number;
  readonly inside: readonly Inside[];
  readonly outside: readonly Outside[];
  readonly outages: readonly Outage[];
  readonly probes: number;
  readonly findings: Findings;
  /** `null` when not all had answered in time. */
  readonly settled: { readonly before: Moment | null; readonly after: Moment | null };
  readonly left: Left;
  readonly log: string;
}

/** The state after everything was closed. */
export interface Left {
  readonly closed: Closed | null;
  /** Descriptors that were not open before the program began. */
  readonly descriptors: readonly string[];
  readonly children: readonly string[];
  /** Names in its TMPDIR. */
  readonly files: readonly string[];
  /** Milliseconds until it ended by itself; `null` when it did not. */
  readonly exit: number | null;
}

/** The longest pause between two attempts, as refresh/retry-delay.ts has it, with its spread. */
const LONGEST_BACK_OFF = 120_000 * 1.2;
const FIRST_ANSWERS = 180_000;
const WARM_UP = 120_000;
/** Time to come to rest, ms. */
const REST = 8000;
const LEAVE = 5000;

export async function soak(plan: Plan): Promise<Run> {
  const aliases = planAliases(plan.aliases);
  const ground = await prepareGround(aliases, plan.interval, plan.timeoutText);
  const folder = await mkdtemp(join(tmpdir(), 'soak-'));
  const log = join(folder, 'ocr.log');
  console.log(`soak: the program's log is ${log}`);
  const mark = `${process.pid}-${plan.seed}`;
  const child = new Child(ground, mark, log);
  const outside: Outside[] = [];
  let watch: NodeJS.Timeout | undefined;
  try {
    await child.loaded;
    const descriptors = listDescriptors(child.pid);
    const began = Date.now();
    child.order('start');
    watch = setInterval(() => outside.push(observe(child.pid, mark)), 1000);
    const reachable = aliases.filter(({ way }) => way !== null).length;
    const atRest = async (timeout: number): Promise<Moment | null> => {
      const rest = ({ online, failed }: Inside) => online === reachable && failed === aliases.length - reachable;
      if (!(await child.until(rest, timeout))) return null;
      await sleep(REST);
      const inside = child.samples.findLast(({ heap }) => heap !== null) ?? child.samples.at(-1);
      return inside === undefined ? null : { inside, outside: observe(child.pid, mark) };
    };
    const before = await atRest(FIRST_ANSWERS);
    console.log(`soak: all answered ${((Date.now() - began) / 1000).toFixed(0)} s after the start`);
    const outages: Outage[] = [];
    const until = began + plan.minutes * 60_000;
    await makeChaos(
      (site) => ground.lab.host(site),
      seededRandom(plan.seed),
      until,
      (outage) => {
        outages.push(outage);
        console.log(describe(outage, child.samples.at(-1)));
      },
    );
    const bounds: Bounds = { recovery: LONGEST_BACK_OFF + plan.timeout, grace: 2 * plan.timeout + 2000 };
    const after = await atRest(bounds.recovery + REST);
    const end = Date.now();
    const left = await close(child, ground, mark, descriptors);
    return {
      ...{ plan, reachable, outside, outages, left, log, inside: child.samples, probes: child.probes.length },
      warm: began + Math.min(WARM_UP, (plan.minutes * 60_000) / 3),
      findings: analyse(aliases, outages, child.probes, end, bounds),
      settled: { before, after },
    };
  } finally {
    clearInterval(watch);
    await child.leave(LEAVE);
    await ground.close();
  }
}

async function close(child: Child, ground: Ground, mark: string, before: readonly string[]): Promise<Left> {
  const closed = await child.close(30_000);
  const { children } = observe(child.pid, mark);
  const descriptors = listDescriptors(child.pid).filter((name) => !before.includes(name));
  const files = await readdir(ground.temporary);
  return { closed, descriptors, children, files, exit: await child.leave(LEAVE) };
}

function describe({ site, kind, from, to }: Outage, sample: Inside | undefined): string {
  const time = new Date(to).toISOString().slice(11, 19);
  return `${time} ${site} was ${kind} for ${((to - from) / 1000).toFixed(0)} s; ${sample?.online ?? 0} online`;
}
