import { Box, Text } from 'ink';
import Spinner from 'ink-spinner';
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

/** Two lines: what is going on, and the keys that do something now. */
export function Footer({ hints, toast, busy, animation, painter, columns }: FooterProps) {
  const hintLine: Line = {
    left: hints.flatMap(({ key, hint }) => [segment(` ${key}`, 'accent', true), segment(` ${hint} `, 'dim')]),
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

function toastLine(toast: Toast | null): Line {
  if (toast === null) return { left: [] };
  return { left: [segment(' '), foreign(toast.text, toast.kind === 'error' ? 'bad' : 'text', toast.kind === 'error')] };
}
