import { printable } from '../domain/printable.ts';
import { textWidth, truncateText } from '../domain/text-width.ts';
import type { Toast } from '../store/messages.ts';
import { type Line, type Segment, segment, untrusted, widthOf } from './paint/line.ts';
import type { Painter } from './paint/painter.ts';

export interface FooterProps {
  readonly hints: readonly { readonly key: string; readonly hint: string }[];
  readonly toast: Toast | null;
  /** The number of other unseen failures. */
  readonly failures: number;
  /** Work that the user is waiting for. */
  readonly busy: string | null;
  /** The spinner's frame. */
  readonly frame: number;
  /** False: nothing on the screen moves by itself. */
  readonly animation: boolean;
  readonly painter: Painter;
  readonly columns: number;
}

export const FOOTER_HEIGHT = 2;
const ALWAYS = 2;

/** Composes two lines: the toast beside the work in flight, and the keys that work now. */
export function footerLines({ hints, toast, failures, busy, frame, animation, painter, columns }: FooterProps): Line[] {
  const hintLine: Line = {
    left: fitting(hints, columns).flatMap(({ key, hint }) => [
      segment(` ${key}`, 'accent', true),
      segment(` ${hint} `, 'dim'),
    ]),
  };
  if (busy !== null && toast === null && failures === 0) return [busyLine(busy, frame, animation, painter), hintLine];
  const work = { busy, failures, frame, animation, painter, columns };
  return [{ left: toastSegments(toast), right: workSegments(work) }, hintLine];
}

function busyLine(busy: string, frame: number, animation: boolean, painter: Painter): Line {
  const spinner = animation ? painter.spinner(frame).trimEnd() : '';
  return { left: [segment(` ${spinner} `), untrusted(busy)] };
}

/** Share of the line for the work in flight, beside a toast. */
const WORK_SHARE = 0.4;

/** The work in flight and the count of unseen failures: they never replace the toast. */
function workSegments(props: Omit<FooterProps, 'hints' | 'toast'>): Segment[] {
  const { busy, failures, frame, animation, painter, columns } = props;
  const failed = failures === 0 ? [] : [segment(`${failures} failed, e shows it `, 'bad')];
  if (busy === null) return failed;
  const room = Math.max(0, Math.floor(columns * WORK_SHARE) - widthOf(failed));
  const text = truncateText(printable(busy), room, painter.glyph('ellipsis'));
  return [segment(animation ? `${painter.spinner(frame)} ` : '', 'busy'), segment(`${text} `), ...failed];
}

/** The hints that fit whole; the last two, which lead to all keys and out, go first of all. */
function fitting(hints: FooterProps['hints'], columns: number): FooterProps['hints'] {
  const widthOf = ({ key, hint }: FooterProps['hints'][number]) => textWidth(key) + textWidth(hint) + 3;
  const always = hints.slice(-ALWAYS);
  let room = columns - always.reduce((sum, hint) => sum + widthOf(hint), 0);
  const first: FooterProps['hints'][number][] = [];
  for (const hint of hints.slice(0, -ALWAYS)) {
    room -= widthOf(hint);
    if (room < 0) break;
    first.push(hint);
  }
  return [...first, ...always];
}

function toastSegments(toast: Toast | null): Segment[] {
  if (toast === null) return [];
  const isFailure = toast.kind === 'error';
  return [segment(' '), untrusted(toast.text, isFailure ? 'bad' : 'text', isFailure)];
}
