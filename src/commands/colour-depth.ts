import type { ColourDepth } from '../components/paint/palette.ts';

/** Levels of chalk's `supports-color`, which reads TERM, COLORTERM and FORCE_COLOR. */
const LEVELS: readonly ColourDepth[] = ['none', '16', '256', 'truecolor'];

/**
 * Chooses how many colours to paint. NO_COLOR, if not empty, takes colours only: bold, underline and reverse video stay (no-color.org). A dumb terminal gets
 * text alone.
 *
 * @param level of chalk's `supports-color`, 0 to 3
 */
export function chooseDepth(environment: NodeJS.ProcessEnv, level: number): ColourDepth {
  const { NO_COLOR = '', TERM, COLORTERM, FORCE_COLOR } = environment;
  if (TERM === 'dumb') return 'plain';
  if (NO_COLOR !== '') return 'none';
  // An older name of truecolor, which chalk does not know.
  if (COLORTERM === '24bit' && FORCE_COLOR === undefined && level > 0) return 'truecolor';
  return LEVELS[level] ?? 'none';
}
