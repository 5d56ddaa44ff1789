import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from '../lib/atomic-file.ts';
import { codeOf, messageOf, UserError } from '../lib/errors.ts';
import { packageRoot } from '../lib/package-root.ts';
import { parseConfig } from './parse.ts';
import { type Config, defaultConfig } from './schema.ts';

export interface LoadedConfig {
  readonly config: Config;
  /** Something that a person should know, though the program goes on. */
  readonly warning: string | null;
}

/**
 * Reads the configuration. A missing file at the default place is written with commented defaults; one that `--config` named must be
 * there (`required`). Rejects with a UserError when it is missing, unreadable or invalid; an invalid file is left as it is.
 */
export async function loadConfig(path: string, required: boolean): Promise<LoadedConfig> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && !required) return writeDefaults(path);
    const reason = codeOf(error) === 'ENOENT' ? 'there is no such file' : messageOf(error);
    throw new UserError(`${path}: cannot read the configuration: ${reason}`, { cause: error });
  }
  return { config: parseConfig(text, path), warning: null };
}

async function writeDefaults(path: string): Promise<LoadedConfig> {
  try {
    await writePrivateFile(path, await readFile(join(packageRoot(), 'remote-tui.example.yaml'), 'utf8'));
    return { config: defaultConfig, warning: null };
  } catch (error) {
    return { config: defaultConfig, warning: `${path} could not be written: ${messageOf(error)}` };
  }
}
