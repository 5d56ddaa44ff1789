import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import * as z from 'zod';
import { THEME_COLOURS, THEME_GLYPHS, type Theme } from '../domain/theme.ts';
import { codeOf, messageOf, UserError } from '../lib/errors.ts';
import { packageRoot } from '../lib/package-root.ts';

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

/**
 * Loads a theme by name (from `~/.opencode/themes`, then the built-in ones) or by the path of its file. Rejects with a
 * UserError if there is none or it is not valid.
 */
export async function loadTheme(name: string): Promise<Theme> {
  const isPath = name.includes('/') || name.endsWith('.yaml') || name.endsWith('.yml');
  const folders = [join(homedir(), '.opencode', 'themes'), join(packageRoot(), 'themes')];
  const paths = isPath
    ? [isAbsolute(name) ? name : join(process.cwd(), name)]
    : folders.map((at) => join(at, `${name}.yaml`));
  for (const path of paths) {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return null;
      throw new UserError(`${path}: cannot read the theme: ${messageOf(error)}`, { cause: error });
    });
    if (text !== null) return parseTheme(text, path);
  }
  throw new UserError(
    `there is no theme "${name}" (looked for ${paths.join(' and ')}); auto, nightops, light and minimal are built in`,
  );
}

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
