import * as z from 'zod';
import { isKeySequence } from '../domain/key-name.ts';
import { parseDuration } from '../lib/duration.ts';

const DURATION = 'must be a duration such as 30s, 10m or 1h30m';

/** A duration as text; becomes milliseconds. */
export const durationText = z.string({ error: DURATION }).transform((text, context) => {
  const milliseconds = parseDuration(text);
  if (milliseconds !== null && milliseconds > 0) return milliseconds;
  context.addIssue({
    code: 'custom',
    message: `must be a duration above zero such as 30s, 10m or 1h30m, not "${text}"`,
  });
  return z.NEVER;
});

export const duration = (fallback: string) => durationText.prefault(fallback);

/** A duration that may be none: `0`. */
export const durationOrZero = (fallback: string) =>
  z
    .union([z.literal(0), z.string()], { error: `${DURATION}, or 0` })
    .transform((given, context) => {
      const milliseconds = given === 0 || given === '0' ? 0 : parseDuration(given);
      if (milliseconds !== null) return milliseconds;
      context.addIssue({ code: 'custom', message: `${DURATION}, or 0, not "${given}"` });
      return z.NEVER;
    })
    .prefault(fallback);

/** A key or a chord, such as `enter`, `ctrl+r` and `g c`. */
export const keySequence = z.string({ error: 'must be a key or a list of keys' }).refine(isKeySequence, {
  error:
    'must be a key: one character, enter, space, tab, esc, up, home, pgdn, ..., ctrl+LETTER, alt+KEY, or a chord such as g c',
});

/** A part of the file with keys of its own. */
export const section = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape).prefault({} as never);
