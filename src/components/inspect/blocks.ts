import type { Line } from '../paint/line.ts';

/** Lines composed together, such as those of a message. */
export type Block = readonly Line[];

export function countLines(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + block.length, 0);
}

/** Returns the visible lines from `top` on. */
export function sliceBlocks(blocks: readonly Block[], top: number, height: number): readonly Line[] {
  const seen: Line[] = [];
  let first = 0;
  for (const block of blocks) {
    if (first + block.length > top) seen.push(...block.slice(Math.max(0, top - first), top + height - first));
    first += block.length;
    if (first >= top + height) break;
  }
  return seen;
}

/**
 * Returns the block of a line, and the offset from its first line. The last block includes everything beyond the end.
 */
export function placeOfLine(blocks: readonly Block[], line: number): { block: number; offset: number } {
  let first = 0;
  for (const [block, { length }] of blocks.entries()) {
    if (line < first + length || block === blocks.length - 1) return { block, offset: line - first };
    first += length;
  }
  return { block: 0, offset: 0 };
}

/** Number of the first line of a block. */
export function firstLineOf(blocks: readonly Block[], block: number): number {
  return countLines(blocks.slice(0, block));
}
