import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuiltInTheme } from '../../src/config/built-in-themes.ts';
import { parseTheme } from '../../src/config/parse-theme.ts';
import type { Theme } from '../../src/domain/theme.ts';
import { packageRoot } from '../../src/lib/package-root.ts';

/** Returns the YAML of a built-in theme. */
export function readTheme(name: BuiltInTheme): string {
  return readFileSync(join(packageRoot(), 'themes', `${name}.yaml`), 'utf8');
}

export function builtInTheme(name: BuiltInTheme = 'nightops'): Theme {
  return parseTheme(readTheme(name), name);
}
