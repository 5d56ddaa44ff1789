/** Size of a cell in pixels. A font of 15 pixels is 9 wide in most monospace fonts. */
export const CELL = { width: 9, height: 18 } as const;

const { width: W, height: H } = CELL;
const [MIDDLE_X, MIDDLE_Y] = [W / 2, H / 2];
/** Half of the width of a thin line, and of a thick one. */
const [THIN, THICK] = [0.5, 1.5];

const RISING = '▁▂▃▄▅▆▇█';
const SHADES: ReadonlyMap<string, number> = new Map([
  ['░', 0.25],
  ['▒', 0.5],
  ['▓', 0.75],
]);
/** Corners of frames: the side of the cell to which the horizontal arm leads, and the vertical one. */
const CORNERS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['╭', [W, H]],
  ['╮', [0, H]],
  ['╰', [W, 0]],
  ['╯', [0, 0]],
]);

/** A character drawn as a shape, since fonts leave gaps between cells. */
export interface Block {
  /** Part of a path that is filled, in pixels from the upper left of the picture. */
  readonly path: string;
  /** From 0 to 1. */
  readonly opacity: number;
}

/**
 * Returns the shape of a run of equal block or line characters (Unicode 2500–259F); `null` if the font has to draw it.
 *
 * @param column and row of its first cell
 */
export function blockOf(character: string, column: number, row: number, count: number): Block | null {
  const [left, top, wide] = [column * W, row * H, count * W];
  const solid = (path: string): Block => ({ path, opacity: 1 });
  const rising = RISING.indexOf(character);
  if (rising >= 0) {
    const height = ((rising + 1) * H) / RISING.length;
    return solid(rectangle(left, top + H - height, wide, height));
  }
  const opacity = SHADES.get(character);
  if (opacity !== undefined) return { path: rectangle(left, top, wide, H), opacity };
  switch (character) {
    case '─':
      return solid(rectangle(left, top + MIDDLE_Y - THIN, wide, 2 * THIN));
    case '━':
      return solid(rectangle(left, top + MIDDLE_Y - THICK, wide, 2 * THICK));
    case '│':
      return solid(repeat(count, (at) => rectangle(left + at * W + MIDDLE_X - THIN, top, 2 * THIN, H)));
    case '┃':
      return solid(repeat(count, (at) => rectangle(left + at * W + MIDDLE_X - THICK, top, 2 * THICK, H)));
    case '▌':
      return solid(repeat(count, (at) => rectangle(left + at * W, top, W / 2, H)));
    case '▐':
      return solid(repeat(count, (at) => rectangle(left + at * W + W / 2, top, W / 2, H)));
    default: {
      const arms = CORNERS.get(character);
      return arms === undefined ? null : solid(repeat(count, (at) => corner(left + at * W, top, arms)));
    }
  }
}

/** Returns the path of a rectangle, in pixels. */
export function rectangle(x: number, y: number, width: number, height: number): string {
  return `M${x} ${y}h${width}v${height}h${-width}z`;
}

function repeat(count: number, draw: (at: number) => string): string {
  return Array.from({ length: count }, (_item, at) => draw(at)).join('');
}

/** A quarter of a ring from one side of the cell to another. */
function corner(left: number, top: number, [toX, toY]: readonly [number, number]): string {
  const [x, y] = [left + MIDDLE_X, top + MIDDLE_Y];
  const [endX, endY] = [left + toX, top + toY];
  const [across, down] = [Math.sign(toX - MIDDLE_X) * THIN, Math.sign(toY - MIDDLE_Y) * THIN];
  const outer = `M${endX} ${y - down}Q${x - across} ${y - down} ${x - across} ${endY}`;
  const inner = `H${x + across}Q${x + across} ${y + down} ${endX} ${y + down}z`;
  return outer + inner;
}
