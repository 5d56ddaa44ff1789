import { Box, Text } from 'ink';
import { paintLines } from '../../src/components/paint/frame.ts';
import type { Line } from '../../src/components/paint/line.ts';
import type { Painter } from '../../src/components/paint/painter.ts';

interface ComposedProps {
  readonly lines: readonly Line[];
  readonly painter: Painter;
  readonly columns: number;
  readonly height: number;
}

/** Shows composed lines of one part of the screen, as the dashboard shows the whole. */
export function Composed({ lines, painter, columns, height }: ComposedProps) {
  return (
    <Box flexDirection="column" width={columns} height={height}>
      {paintLines(painter, lines, columns, height).map((line, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place on the screen
        <Text key={place} wrap="truncate">
          {line}
        </Text>
      ))}
    </Box>
  );
}
