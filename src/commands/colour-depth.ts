import type { ColourDepth } from '../components/paint/palette.ts';

/** Levels of chalk's `supports-color`, which reads TERM, COLORTERM and FORCE_COLOR. */
const LEVELS: readonly ColourDepth[] = ['none', '16', '256', 'truecolor'];

/**
 * Chooses how many colours to paint. NO_COLOR, if not empty, takes colours only: bold, underline and reverse video stay (no-color.org). A dumb terminal gets
 * text alone.
 *
 * @param level of chalk's `supports-color`, 0 to 3
 */
export function chooseDepth({ NO_COLOR, TERM }: NodeJS.ProcessEnv, level: number): ColourDepth {
  if (TERM === 'dumb') return 'plain';
  return (NO_COLOR ?? '') === '' ? (LEVELS[level] ?? 'none') : 'none';
}
