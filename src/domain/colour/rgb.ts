/** Red, green and blue from 0 to 1. */
export type Rgb = readonly [red: number, green: number, blue: number];

const HEX = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i;

/** True if a theme's colour is `#rrggbb`, and not a name. */
export const isHex = (colour: string | null): colour is string => colour !== null && HEX.test(colour);

/** Parses `#rrggbb`. Throws a RangeError on anything else. */
export function parseHex(hex: string): Rgb {
  const found = HEX.exec(hex);
  if (found === null) throw new RangeError(`not #rrggbb: ${hex}`);
  const [red = 0, green = 0, blue = 0] = found.slice(1).map((part) => Number.parseInt(part, 16) / 255);
  return [red, green, blue];
}

/** Returns a channel of sRGB as linear light (IEC 61966-2-1). */
export function linearOf(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}

/** Returns linear light as a channel of sRGB, cut to 0 to 1. */
export function encodedOf(light: number): number {
  const cut = Math.min(1, Math.max(0, light));
  return cut <= 0.0031308 ? cut * 12.92 : 1.055 * cut ** (1 / 2.4) - 0.055;
}
