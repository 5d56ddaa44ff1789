import { Box, Text } from 'ink';
import Spinner from 'ink-spinner';
import { textWidth } from '../domain/text-width.ts';
import type { Toast } from '../store/state.ts';
import { foreign, type Line, segment } from './paint/line.ts';
import { Lines } from './paint/lines.tsx';
import type { Painter } from './paint/painter.ts';

export interface FooterProps {
  readonly hints: readonly { readonly key: string; readonly hint: string }[];
  readonly toast: Toast | null;
  /** What a person waits for. */
  readonly busy: string | null;
  /** False: nothing on the screen moves by itself. */
  readonly animation: boolean;
  readonly painter: Painter;
  readonly columns: number;
}

export const FOOTER_HEIGHT = 2;
const ALWAYS = 2;

/** Two lines: what is going on, and the keys that do something now. */
export function Footer({ hints, toast, busy, animation, painter, columns }: FooterProps) {
  const hintLine: Line = {
    left: fitting(hints, columns).flatMap(({ key, hint }) => [
      segment(` ${key}`, 'accent', true),
      segment(` ${hint} `, 'dim'),
    ]),
  };
  return (
    <Box flexDirection="column">
      {busy === null ? (
        <Lines lines={[toastLine(toast)]} painter={painter} columns={columns} height={1} />
      ) : (
        <Text wrap="truncate">
          {' '}
          {animation && <Spinner type={painter.theme.spinner.length > 4 ? 'dots' : 'line'} />}{' '}
          {painter.inline([foreign(busy)])}
        </Text>
      )}
      <Lines lines={[hintLine]} painter={painter} columns={columns} height={1} />
    </Box>
  );
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

function toastLine(toast: Toast | null): Line {
  if (toast === null) return { left: [] };
  return { left: [segment(' '), foreign(toast.text, toast.kind === 'error' ? 'bad' : 'text', toast.kind === 'error')] };
}
