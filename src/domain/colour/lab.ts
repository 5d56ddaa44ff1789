import { linearOf, type Rgb } from './rgb.ts';

/** A colour in CIELAB under D65. */
export type Lab = readonly [lightness: number, a: number, b: number];

/** Returns a colour of sRGB in CIELAB (IEC 61966-2-1, CIE 15). */
export function labOf(rgb: Rgb): Lab {
  const [red, green, blue] = [linearOf(rgb[0]), linearOf(rgb[1]), linearOf(rgb[2])];
  const x = curve((0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047);
  const y = curve(0.2126729 * red + 0.7151522 * green + 0.072175 * blue);
  const z = curve((0.0193339 * red + 0.119192 * green + 0.9503041 * blue) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function curve(value: number): number {
  return value > 216 / 24389 ? Math.cbrt(value) : ((24389 / 27) * value + 16) / 116;
}

/** Returns how different two colours look, ΔE*ab of CIE 1976: 2 is just visible. */
export function differenceOf([l1, a1, b1]: Lab, [l2, a2, b2]: Lab): number {
  return Math.sqrt((l1 - l2) ** 2 + (a1 - a2) ** 2 + (b1 - b2) ** 2);
}
