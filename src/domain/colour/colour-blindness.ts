import { differenceOf, labOf } from './lab.ts';
import { encodedOf, linearOf, parseHex, type Rgb } from './rgb.ts';

/** Missing cones of an eye: for red, green or blue. */
export const COLOUR_BLINDNESS = ['protan', 'deutan', 'tritan'] as const;
export type ColourBlindness = (typeof COLOUR_BLINDNESS)[number];

/** The least difference between two states, ΔE*ab, rounded. */
export const LEAST_DIFFERENCE = 14;

type Row = readonly [number, number, number];

/** Rows for red, green and blue at full severity, for linear light (Machado, Oliveira and Fernandes 2009, table 1). */
const MATRICES: Readonly<Record<ColourBlindness, readonly [Row, Row, Row]>> = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Returns `#rrggbb` as such an eye sees it. */
export function seenBy(blindness: ColourBlindness, hex: string): Rgb {
  const rgb = parseHex(hex);
  const [red, green, blue] = [linearOf(rgb[0]), linearOf(rgb[1]), linearOf(rgb[2])];
  const channel = ([r, g, b]: Row) => encodedOf(r * red + g * green + b * blue);
  const [forRed, forGreen, forBlue] = MATRICES[blindness];
  return [channel(forRed), channel(forGreen), channel(forBlue)];
}

/** Returns the least difference (ΔE*ab) between any two of the colours for any of these eyes; `Infinity` for fewer than two. */
export function leastDifference(colours: readonly string[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const blindness of COLOUR_BLINDNESS) {
    const seen = colours.map((hex) => labOf(seenBy(blindness, hex)));
    for (const [at, one] of seen.entries())
      for (const other of seen.slice(at + 1)) least = Math.min(least, differenceOf(one, other));
  }
  return least;
}
