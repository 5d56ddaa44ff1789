import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from '../lib/atomic-file.ts';
import { codeOf, messageOf, UserError } from '../lib/errors.ts';
import { warningOfAccess } from '../lib/open-to-others.ts';
import { packageRoot } from '../lib/package-root.ts';
import { readRegularFile } from '../lib/regular-file.ts';
import { holdsPassword } from './holds-password.ts';
import type { KeyLines, ParsedConfig } from './parse.ts';
import type { ParsedCache } from './parsed-cache.ts';
import type { Config } from './schema.ts';

export interface LoadedConfig {
  readonly config: Config;
  /** Problems that the user should know about, though the program goes on: unknown keys, for one. */
  readonly warnings: readonly string[];
  /** The lines on which keys are set, to name those in conflict. */
  readonly keyLines: KeyLines;
}

/**
 * Reads the configuration. A missing file at the default place is written with commented defaults; one that `--config` named must be
 * there (`required`). Rejects with a UserError when it is missing, unreadable or invalid; an invalid file is left as it is.
 */
export async function loadConfig(path: string, required: boolean, cache: ParsedCache | null): Promise<LoadedConfig> {
  let text: string;
  try {
    // A file named on the command line may be a pipe, such as bash's `<(...)`.
    text = await (required ? readFile(path, 'utf8') : readRegularFile(path));
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && !required) return writeDefaults(path);
    const reason = codeOf(error) === 'ENOENT' ? 'there is no such file' : messageOf(error);
    throw new UserError(`${path}: cannot read the configuration: ${reason}`, { cause: error });
  }
  return readConfig(text, path, cache);
}

/** Parses the text of a configuration, or takes the result from the cache. Rejects with a UserError if it is invalid. */
export async function readConfig(text: string, path: string, cache: ParsedCache | null): Promise<LoadedConfig> {
  const known = cache?.get(path, text) as ParsedConfig | undefined;
  if (known !== undefined) return known;
  const { parseConfig } = await import('./parse.ts');
  const parsed = parseConfig(text, path);
  if (!holdsPassword(parsed.config)) {
    await cache?.set(path, text, parsed);
    return parsed;
  }
  // A password has one place, so it is not cached.
  const access = await warningOfAccess(path, 'holds a password');
  return { ...parsed, warnings: access === null ? parsed.warnings : [...parsed.warnings, access] };
}

async function writeDefaults(path: string): Promise<LoadedConfig> {
  const { defaultConfig } = await import('./schema.ts');
  try {
    await writePrivateFile(path, await readFile(join(packageRoot(), 'remote-tui.example.yaml'), 'utf8'));
    return { config: defaultConfig, warnings: [], keyLines: {} };
  } catch (error) {
    const warnings = [`${path} could not be written: ${messageOf(error)}`];
    return { config: defaultConfig, warnings, keyLines: {} };
  }
}
