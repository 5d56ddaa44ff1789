import type { Probed } from './messages.ts';
import { type Downtime, downtimesOf, type Outage } from './outages.ts';
import type { Alias } from './sites.ts';

export interface Bounds {
  /** Milliseconds within which an alias must answer again. */
  readonly recovery: number;
  /** Milliseconds for which a route must have been up before a failure counts as the program's fault. */
  readonly grace: number;
}

/** The outcome of the aliases that could answer. Times in ms. */
export interface Findings {
  /** From the return of the way to the next answer, where the alias had been shown as failed. */
  readonly recoveries: readonly number[];
  /** The same where it never was: outages shorter than what is waited for. */
  readonly unnoticed: readonly number[];
  /** Outages after which the next one came before an answer, and before one was due. */
  readonly cutShort: number;
  /** Between two answers in a row with no outage near them. */
  readonly gaps: readonly number[];
  /** The slowest, by name. */
  readonly slowest: readonly string[];
  readonly missed: readonly string[];
  /** Failures of hosts whose way had been up all the time. */
  readonly falseAlarms: readonly string[];
  /** Share of the time in which a way was up and its alias shown as failed. */
  readonly wrongShare: number;
}

/** How many of the slowest are named. */
const SLOWEST = 5;

/** Holds what the program saw against what was done to the hosts. `end` is when it was stopped, epoch ms. */
export function analyse(
  aliases: readonly Alias[],
  outages: readonly Outage[],
  probes: readonly Probed[],
  end: number,
  bounds: Bounds,
): Findings {
  const findings = { recoveries: [] as number[], unnoticed: [] as number[], gaps: [] as number[], cutShort: 0 };
  const [missed, falseAlarms] = [[] as string[], [] as string[]];
  const byAlias = Map.groupBy(probes, ({ alias }) => alias);
  const slow: { readonly took: number; readonly text: string }[] = [];
  let [upFor, wrongFor] = [0, 0];
  for (const alias of aliases) {
    if (alias.way === null) continue;
    const own = byAlias.get(alias.name) ?? [];
    const downtimes = downtimesOf(alias, outages);
    for (const [index, downtime] of downtimes.entries()) {
      const nextOut = downtimes[index + 1]?.from ?? end;
      const answer = own.find(({ status, ended }) => status === 'online' && ended >= downtime.ending);
      const failed = own.some(({ status, ended }) => status !== 'online' && ended > downtime.from && ended < nextOut);
      const took = (answer?.ended ?? Number.POSITIVE_INFINITY) - downtime.to;
      if (downtime.to + took <= nextOut) {
        findings[failed ? 'recoveries' : 'unnoticed'].push(Math.max(0, took));
        slow.push({ took, text: `${alias.name} ${(took / 1000).toFixed(1)} s from ${clock(downtime.to)} on` });
      } else if (nextOut - downtime.to < bounds.recovery) findings.cutShort += 1;
      if (took > bounds.recovery && nextOut - downtime.to >= bounds.recovery) {
        missed.push(`${alias.name}: up since ${clock(downtime.to)}, no answer within ${bounds.recovery / 1000} s`);
      }
    }
    for (const { status, reason, began, ended } of own) {
      if (status === 'online') continue;
      const touched = downtimes.some(({ from, to }) => from < ended && to > Math.min(began, ended - bounds.grace));
      if (!touched) falseAlarms.push(`${alias.name}: ${clock(ended)} ${status}: ${reason}`);
    }
    for (const [index, { status, ended }] of own.entries()) {
      const before = own[index - 1];
      if (before === undefined || status !== 'online' || before.status !== 'online') continue;
      const quiet = !downtimes.some(({ from, to }) => from < ended && to > before.ended - bounds.grace);
      if (quiet) findings.gaps.push(ended - before.ended);
    }
    const shown = failedTimes(own, end);
    upFor += end - (own[0]?.ended ?? end) - total(downtimes, end);
    wrongFor += total(shown, end) - overlap(shown, downtimes);
  }
  const slowest = slow
    .sort((a, b) => b.took - a.took)
    .slice(0, SLOWEST)
    .map(({ text }) => text);
  return { ...findings, slowest, missed, falseAlarms, wrongShare: wrongFor / Math.max(1, upFor) };
}

type Span = Pick<Downtime, 'from' | 'to'>;

/** When it was shown as failed: from a failure to the next answer. */
function failedTimes(probes: readonly Probed[], end: number): Span[] {
  const spans: Span[] = [];
  let from: number | null = null;
  for (const { status, ended } of probes) {
    if (status !== 'online') from ??= ended;
    else if (from !== null) {
      spans.push({ from, to: ended });
      from = null;
    }
  }
  return from === null ? spans : [...spans, { from, to: end }];
}

function total(spans: readonly Span[], end: number): number {
  return spans.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, end) - from), 0);
}

function overlap(spans: readonly Span[], others: readonly Span[]): number {
  let sum = 0;
  for (const one of spans) {
    for (const other of others) sum += Math.max(0, Math.min(one.to, other.to) - Math.max(one.from, other.from));
  }
  return sum;
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}

/** Change a minute of the line that fits best (least squares); 0 for fewer than two points. */
export function slopePerMinute(points: readonly { readonly at: number; readonly value: number }[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [middle, level] = [mean(points.map(({ at }) => at)), mean(points.map(({ value }) => value))];
  const spread = points.reduce((sum, { at }) => sum + (at - middle) ** 2, 0);
  if (points.length < 2 || spread === 0) return 0;
  return (points.reduce((sum, { at, value }) => sum + (at - middle) * (value - level), 0) / spread) * 60_000;
}
