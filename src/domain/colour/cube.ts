import { contrastOfLuminances, luminanceOf } from './contrast.ts';
import { differenceOf, type Lab, labOf } from './lab.ts';
import { parseHex } from './rgb.ts';

/** A colour of the 256, without the sixteen that users redefine. */
interface Cell {
  readonly index: number;
  readonly hex: string;
  readonly lab: Lab;
  readonly luminance: number;
}

/** Levels of a channel in the cube of 6x6x6 (xterm's 256colres.h). */
const LEVELS = [0, 95, 135, 175, 215, 255];
/** Index of the first colour of the cube, and of the 24 greys behind it. */
const [FIRST_OF_CUBE, FIRST_GREY] = [16, 232];

let cells: readonly Cell[] | undefined;

function cellOf(index: number, channels: readonly number[]): Cell {
  const hex = `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
  return { index, hex, lab: labOf(parseHex(hex)), luminance: luminanceOf(hex) };
}

function allCells(): readonly Cell[] {
  const cube = LEVELS.flatMap((red) => LEVELS.flatMap((green) => LEVELS.map((blue) => [red, green, blue])));
  const greys = Array.from({ length: 24 }, (_, step) => Array<number>(3).fill(8 + 10 * step));
  return [
    ...cube.map((channels, at) => cellOf(FIRST_OF_CUBE + at, channels)),
    ...greys.map((channels, at) => cellOf(FIRST_GREY + at, channels)),
  ];
}

/** Asks for a contrast of at least `ratio` on every ground (`#rrggbb`). */
export interface Readable {
  readonly grounds: readonly string[];
  readonly ratio: number;
}

/**
 * Returns the colour of the 256 that looks most like `#rrggbb`, as its index and its own `#rrggbb`. Prefers those that can be read on the grounds, if there
 * are any.
 */
export function nearestOf256(hex: string, readable: Readable | null = null): Pick<Cell, 'index' | 'hex'> {
  cells ??= allCells();
  const lab = labOf(parseHex(hex));
  const best =
    nearestAmong(readable === null ? cells : readableAmong(cells, readable), lab) ?? nearestAmong(cells, lab);
  return { index: best?.index ?? 0, hex: best?.hex ?? '#000000' };
}

function readableAmong(candidates: readonly Cell[], { grounds, ratio }: Readable): Cell[] {
  const luminances = grounds.map(luminanceOf);
  return candidates.filter(({ luminance }) =>
    luminances.every((ground) => contrastOfLuminances(luminance, ground) >= ratio),
  );
}

function nearestAmong(candidates: readonly Cell[], lab: Lab): Cell | null {
  let best: Cell | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const cell of candidates) {
    const away = differenceOf(lab, cell.lab);
    if (away >= least) continue;
    best = cell;
    least = away;
  }
  return best;
}
