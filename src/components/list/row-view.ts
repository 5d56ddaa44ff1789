import { printable } from '../../domain/printable.ts';
import type { SessionRef } from '../../domain/session-ref.ts';
import type { ThemeColour } from '../../domain/theme.ts';
import type { AttentionInputs } from '../../fleet/select-attention.ts';
import type { SeenKeyWarnings } from '../../store/key-warnings.ts';
import { findRanges } from '../../store/search.ts';
import type { ViewSettings } from '../../store/settings.ts';
import { type Segment, segment } from '../paint/line.ts';
import type { Painter } from '../paint/painter.ts';

/** The context in which rows are painted. */
export interface RowView {
  readonly painter: Painter;
  readonly settings: ViewSettings;
  /** The inputs that decide why a session needs the user. */
  readonly attention: AttentionInputs;
  /** By session key. */
  readonly attached: ReadonlyMap<string, SessionRef>;
  readonly marked: ReadonlySet<string>;
  readonly seenKeyWarnings: SeenKeyWarnings;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly frame: number | null;
  /** Words of the filter, to be marked. */
  readonly words: readonly string[];
}

/** Highlights the matches of the filter in a text from outside. */
export function highlighted(text: string, view: RowView, colour: ThemeColour, bold?: boolean): Segment[] {
  const clean = printable(text);
  if (view.words.length === 0) return [segment(clean, colour, bold)];
  const segments: Segment[] = [];
  let at = 0;
  for (const [start, end] of findRanges(clean, view.words)) {
    if (start > at) segments.push(segment(clean.slice(at, start), colour, bold));
    segments.push(segment(clean.slice(start, end), 'match', true));
    at = end;
  }
  if (at < clean.length) segments.push(segment(clean.slice(at), colour, bold));
  return segments;
}
