import type { Attention, AttentionKind } from '../../domain/attention.ts';
import { formatAge } from '../../domain/format.ts';
import type { ThemeColour } from '../../domain/theme.ts';
import type { AttentionItem } from '../../fleet/select-attention.ts';
import { type Segment, segment } from '../paint/line.ts';
import type { Painter } from '../paint/painter.ts';

/** Names of the kinds on screen. */
export const ATTENTION_WORDS: Readonly<Record<AttentionKind, string>> = {
  permission: 'permission',
  question: 'question',
  error: 'error',
  ended: 'ended',
  stalled: 'stalled',
};

export const ATTENTION_COLOURS: Readonly<Record<AttentionKind, ThemeColour>> = {
  permission: 'warn',
  question: 'warn',
  error: 'bad',
  ended: 'good',
  stalled: 'bad',
};

/** Paints why a session needs the user, and for how long: `permission 2m`. */
export function attentionSegments({ kind, since, more }: Attention, now: number): Segment[] {
  const others = more > 0 ? `+${more} ` : '';
  const words = `${ATTENTION_WORDS[kind]} ${others}${formatAge(now - since).padStart(3)}`;
  return [segment(words, ATTENTION_COLOURS[kind], true)];
}

/** Paints the count of sessions that need the user and the longest wait, such as `▲ 2 5m`; empty if none does. */
export function attentionCount(
  items: readonly AttentionItem[],
  { painter, now }: { readonly painter: Painter; readonly now: number },
): Segment[] {
  if (items.length === 0) return [];
  const since = items.reduce((first, { attention }) => Math.min(first, attention.since), Number.POSITIVE_INFINITY);
  const colour = items.some(({ attention }) => attention.kind !== 'ended') ? 'warn' : 'good';
  const sign = painter.glyph('attention');
  return [segment('  '), segment(`${sign} ${items.length} ${formatAge(now - since)}`, colour, true)];
}
