import { printable } from '../domain/printable.ts';
import { truncateText } from '../domain/text-width.ts';
import type { Toast } from '../store/messages.ts';
import { type Line, type Segment, segment, untrusted, widthOf } from './paint/line.ts';
import type { Painter } from './paint/painter.ts';
import type { Essence } from './views/essence.ts';

export interface DetailLineProps {
  readonly toast: Toast | null;
  /** The number of other unseen failures. */
  readonly failures: number;
  /** Work that the user is waiting for. */
  readonly busy: string | null;
  /** What there is to say of the selected row. */
  readonly essence: Essence;
  /** The spinner's frame. */
  readonly frame: number | null;
  readonly painter: Painter;
  readonly columns: number;
}

/** Share of the line for the work in flight, beside other text. */
const WORK_SHARE = 0.4;

/** Composes the line above the keys: a message while it lives, else what there is to say of the row; work in flight at the right. */
export function detailLine(props: DetailLineProps): Line {
  const { toast, essence } = props;
  const work = workSegments(props);
  if (toast !== null) return { left: toastSegments(toast, props.painter), right: work };
  return { left: [segment(' '), ...essence.left], right: work.length > 0 ? work : [...essence.right, segment(' ')] };
}

function workSegments({ busy, failures, frame, painter, columns }: DetailLineProps): Segment[] {
  const failed = failures === 0 ? [] : [segment(`${failures} failed, e shows it `, 'bad')];
  if (busy === null) return failed;
  const room = Math.max(0, Math.floor(columns * WORK_SHARE) - widthOf(failed));
  const text = truncateText(printable(busy), room, painter.glyph('ellipsis'));
  return [segment(`${painter.spinner(frame).trimEnd()} `, 'busy'), segment(`${text} `), ...failed];
}

function toastSegments(toast: Toast, painter: Painter): Segment[] {
  const isFailure = toast.kind === 'error';
  const sign = isFailure ? `${painter.glyph('hostError')} ` : '';
  return [segment(` ${sign}`, 'bad'), untrusted(toast.text, isFailure ? 'bad' : 'text', isFailure)];
}
