import type { AttentionItem } from '../../fleet/select-attention.ts';
import { type Segment, segment } from '../paint/line.ts';
import type { Painter } from '../paint/painter.ts';
import { STATE_LOOKS } from './state-looks.ts';
import { stateCount } from './status-signs.ts';

/** Sessions below a row that need the user or work. */
export interface Urgencies {
  /** They wait for an answer. */
  readonly waiting: number;
  readonly stalled: number;
  readonly error: number;
  readonly done: number;
  readonly working: number;
  readonly retrying: number;
}

export type Work = Pick<Urgencies, 'working' | 'retrying'>;

/** Counts why sessions need the user. */
export function countUrgencies(items: readonly AttentionItem[], { working, retrying }: Work): Urgencies {
  const counts = { waiting: 0, stalled: 0, error: 0, done: 0 };
  for (const {
    attention: { kind },
  } of items) {
    if (kind === 'permission' || kind === 'question') counts.waiting += 1;
    else if (kind === 'ended') counts.done += 1;
    else counts[kind] += 1;
  }
  // A stalled session works as well, and is counted once.
  return { ...counts, working: Math.max(0, working - counts.stalled), retrying };
}

const SIGNS = [
  ['waiting', 'permission'],
  ['stalled', 'stalled'],
  ['error', 'error'],
  ['done', 'done'],
  ['working', 'working'],
  ['retrying', 'retrying'],
] as const;

/** Composes the counts, the most urgent first, each after a gap: `  ▲2 ⠹4`; nothing for zeros. */
export function urgencySegments(
  counts: Urgencies,
  painter: Painter,
  frame: number | null,
  shown: readonly (keyof Urgencies)[] = SIGNS.map(([name]) => name),
): Segment[] {
  const segments: Segment[] = [];
  for (const [name, word] of SIGNS) {
    if (counts[name] === 0 || !shown.includes(name)) continue;
    const { bold } = STATE_LOOKS[word];
    segments.push(segment(segments.length === 0 ? '' : ' '), {
      ...stateCount(painter, word, counts[name], frame),
      bold,
    });
  }
  return segments;
}

/** Returns when the oldest of the sessions began to wait, epoch milliseconds; `null` without one. */
export function longestWait(items: readonly AttentionItem[]): number | null {
  return items.length === 0 ? null : items.reduce((first, { attention }) => Math.min(first, attention.since), Infinity);
}

/** Entries by the state of their host, for the heading of a group. */
export function sumUrgencies(all: readonly Urgencies[]): Urgencies {
  const sum = { waiting: 0, stalled: 0, error: 0, done: 0, working: 0, retrying: 0 };
  for (const one of all) for (const [name] of SIGNS) sum[name] += one[name];
  return sum;
}
