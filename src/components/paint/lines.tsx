import { Box, Text } from 'ink';
import type { Line } from './line.ts';
import type { Painter } from './painter.ts';

export interface LinesProps {
  readonly lines: readonly Line[];
  readonly painter: Painter;
  readonly columns: number;
  /** Rows; short of lines it is filled with empty ones. */
  readonly height: number;
}

/** Lines from top to bottom, each exactly as wide as the place for them. */
export function Lines({ lines, painter, columns, height }: LinesProps) {
  const places = Array.from({ length: height }, (_, place) => ({
    key: `line ${place}`,
    line: lines[place] ?? { left: [] },
  }));
  return (
    <Box flexDirection="column" width={columns} height={height} flexShrink={0}>
      {places.map(({ key, line }) => (
        <Text key={key} wrap="truncate">
          {painter.line(line, columns)}
        </Text>
      ))}
    </Box>
  );
}
