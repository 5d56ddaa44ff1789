import { readFile } from 'node:fs/promises';
import { withInstances } from '../config/given-instances.ts';
import { holdsPassword } from '../config/holds-password.ts';
import { loadConfig } from '../config/load.ts';
import { checkConfig } from '../config/parse.ts';
import { printConfig } from '../config/print-config.ts';
import { loadTheme } from '../config/theme.ts';
import { describeKeyConflict, findKeyConflicts } from '../domain/key-conflicts.ts';
import { codeOf, messageOf, UserError } from '../lib/errors.ts';
import { warningOfAccess } from '../lib/open-to-others.ts';
import { type GlobalOptions, readInstances } from './options.ts';
import { print } from './output.ts';
import { printMessage } from './print-message.ts';
import { runEditor } from './run-editor.ts';

/** `ocr config check`: prints every problem and warning of a file. Returns the exit status: 1 if it is not valid. */
export async function runConfigCheck(path: string): Promise<number> {
  const { problems, warnings } = await inspectConfig(path, await readConfigFile(path));
  if (problems.length + warnings.length > 0) printMessage([...problems, ...warnings].join('\n'));
  if (problems.length > 0) return 1;
  print(`Configuration is valid: ${path}\n`);
  return 0;
}

/** `ocr config print`: prints the configuration in force as YAML. `given` are the flags of the command line. */
export async function runConfigPrint(
  path: string,
  isRequired: boolean,
  given: Pick<GlobalOptions, 'readonly' | 'instances'>,
): Promise<void> {
  const loaded = await loadConfig(path, isRequired, null);
  const config = withInstances(loaded.config, (await readInstances(given, process.env))?.given);
  const text = await readConfigFile(path).catch(() => '');
  print(printConfig(given.readonly === true ? { ...config, readonly: true } : config, text, 'from the file'));
}

/**
 * `ocr config edit`: opens the file in the user's editor, with the defaults if there is none, and checks it afterwards. Returns the exit status: 1 if
 * the editor fails, or the file is not valid.
 */
export async function runConfigEdit(path: string, environment: NodeJS.ProcessEnv): Promise<number> {
  // A file that is not valid is there, and can be repaired.
  await loadConfig(path, false, null).catch(() => {});
  try {
    await runEditor(path, environment);
  } catch (error) {
    printMessage(messageOf(error));
    return 1;
  }
  return runConfigCheck(path);
}

interface Findings {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** Checks the text of a configuration, the theme that it names, and its keys. */
async function inspectConfig(path: string, text: string): Promise<Findings> {
  const { config, problems, warnings, keyLines } = checkConfig(text, path);
  if (config === null) return { problems, warnings };
  const uses = Object.entries(config.keybindings).map(([action, keys]) => {
    const line = Object.entries(keyLines).find(([name]) => name === action)?.[1];
    // Where an action works is known to the dashboard alone.
    return { action, keys, modes: ['everywhere'], ...(line !== undefined && { line }) };
  });
  const access = holdsPassword(config) ? await warningOfAccess(path, 'holds a password') : null;
  const conflicts = findKeyConflicts(uses).map((conflict) => describeKeyConflict(conflict, path));
  return {
    problems: await problemsOfTheme(config.display.theme, path),
    warnings: [...warnings, ...conflicts, ...(access === null ? [] : [access])],
  };
}

async function problemsOfTheme(name: string, path: string): Promise<string[]> {
  if (name === 'auto') return [];
  try {
    await loadTheme(name, null);
    return [];
  } catch (error) {
    if (error instanceof UserError) return [`${path}: display.theme: ${error.message}`];
    throw error;
  }
}

async function readConfigFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reason = codeOf(error) === 'ENOENT' ? 'there is no such file' : messageOf(error);
    throw new UserError(`${path}: cannot read the configuration: ${reason}`, { cause: error });
  }
}
