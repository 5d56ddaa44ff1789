const BARS = '▁▂▃▄▅▆▇█';
const ASCII_BARS = '.:-=+*#';

/**
 * Draws one character a value. No value and 0 are blank, so that any bar stands for something.
 * @param top the value of the highest bar
 */
export function sparkline(values: readonly (number | null)[], top: number, unicode: boolean): string {
  const bars = unicode ? BARS : ASCII_BARS;
  return values
    .map((value) => {
      if (value === null || value <= 0 || top <= 0) return ' ';
      const level = Math.ceil((Math.min(value, top) / top) * bars.length);
      return bars[Math.max(1, level) - 1] ?? ' ';
    })
    .join('');
}

/** Draws a share from 0 to 1 as a bar of exactly `columns`. A share above 0 fills at least one. */
export function meter(share: number, columns: number, unicode: boolean): string {
  const bounded = Math.min(1, Math.max(0, share));
  const full = bounded === 0 ? 0 : Math.max(1, Math.round(bounded * columns));
  return (unicode ? '█' : '#').repeat(full) + (unicode ? '░' : '.').repeat(Math.max(0, columns - full));
}
