import { dayFrom } from '../../domain/day-use.ts';
import type { PulseHistory } from '../../fleet/pulse/pulse-history.ts';
import type { FleetSample } from '../../fleet/pulse/pulse-sample.ts';
import { changeSinceYesterday, costOfWeek } from '../../fleet/pulse/spending.ts';
import { formatAmount, formatMoney, formatShare, weekdayOf } from './figures.ts';
import { isUnicode, type PulseInput } from './pulse-input.ts';

/** Beyond this a comparison says nothing: the day before was all but idle. */
const MAX_CHANGE = 9.99;

/** A place for named figures beside the graphs. */
export interface FigurePlace {
  readonly title: string;
  /** Columns in front of it. */
  readonly gap: number;
  /** Columns of the names. */
  readonly label: number;
  /** Columns of names and values. */
  readonly width: number;
}

export interface FigureColumn extends FigurePlace {
  readonly rows: readonly (readonly [name: string, value: string])[];
}

/** Most important first. */
export const FIGURE_PLACES = {
  money: { title: 'MONEY', gap: 4, label: 10, width: 19 },
  tokens: { title: 'TOKENS', gap: 2, label: 8, width: 14 },
} as const satisfies Readonly<Record<string, FigurePlace>>;

/** Returns the figures of money and of tokens, blank where no host tells them. */
export function figureColumns(
  { now, series, painter }: PulseInput,
  today: FleetSample,
  { tokens, money }: PulseHistory['graphs'],
): readonly FigureColumn[] {
  const isTold = today.hosts > 0 || today.cost > 0 || today.tokensOut > 0;
  const week = costOfWeek(series.fleet, today);
  const change = changeSinceYesterday(series.fleet, today);
  const atLeast = week.isComplete ? '' : isUnicode(painter) ? '≥' : '>';
  const told = (rows: [string, string][]) => rows.map(([name, value]) => [name, isTold ? value : ''] as const);
  const ofMoney = told([
    ['today', formatMoney(today.cost)],
    ['this week', atLeast + formatMoney(week.cost)],
    ['rate', `${formatMoney(money.latest)}/h`],
    ['per turn', today.turns > 0 ? formatMoney(today.cost / today.turns) : ''],
    [
      `vs ${weekdayOf(dayFrom(now, -1))}`,
      change === null
        ? ''
        : change > MAX_CHANGE
          ? `>${formatShare(MAX_CHANGE)}`
          : `${change < 0 ? '' : '+'}${formatShare(change)}`,
    ],
  ]);
  const ofTokens = told([
    ['in', formatAmount(today.tokensIn)],
    ['out', formatAmount(today.tokensOut)],
    ['cached', today.tokensIn > 0 ? formatShare(today.cached / today.tokensIn) : ''],
    ['/min', formatAmount(tokens.latest)],
    ['peak', formatAmount(tokens.peak)],
  ]);
  return [
    { ...FIGURE_PLACES.money, rows: ofMoney },
    { ...FIGURE_PLACES.tokens, rows: ofTokens },
  ];
}
