import { parse, YAMLParseError } from 'yaml';
import * as z from 'zod';
import { THEME_COLOURS, THEME_GLYPHS, type Theme } from '../domain/theme.ts';
import { messageOf, UserError } from '../lib/errors.ts';

const colour = z
  .string()
  .regex(/^(#[0-9a-fA-F]{6}|(?:black|red|green|yellow|blue|magenta|cyan|white|gray|grey)(?:Bright)?)$/, {
    error: 'must be #rrggbb, a colour name such as cyan or redBright, or null',
  })
  .nullable();
const glyph = z.string().min(1).max(4);
/** Glyphs that are missing in themes written for earlier versions. */
const LATER_GLYPHS = {
  waiting: '!',
  retry: '~',
  marked: '*',
  attached: '@',
  interrupted: 'I',
  noOpencode: 'n',
  noShell: 'N',
};
const themeSchema = z.strictObject({
  name: z.string().min(1),
  colours: z.record(z.enum(THEME_COLOURS), colour),
  glyphs: z.preprocess(
    (given) => (typeof given === 'object' && given !== null ? { ...LATER_GLYPHS, ...given } : given),
    z.record(z.enum(THEME_GLYPHS), glyph),
  ),
  spinner: z.array(glyph).min(1),
});

/** Parses a theme's YAML. `path` is only for messages. Throws a UserError. */
export function parseTheme(text: string, path: string): Theme {
  try {
    return themeSchema.parse(parse(text));
  } catch (error) {
    if (error instanceof YAMLParseError) throw new UserError(`${path}: ${messageOf(error)}`, { cause: error });
    if (!(error instanceof z.ZodError)) throw error;
    const issues = error.issues.map((issue) => `${issue.path.join('.') || 'theme'}: ${issue.message}`);
    throw new UserError(`${path}: ${issues.join('; ')}`, { cause: error });
  }
}
