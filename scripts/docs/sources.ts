import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandSpec, describeProgram } from '../../src/commands/completion/command-spec.ts';
import { createProgram } from '../../src/commands/program.ts';
import { COMMANDS } from '../../src/components/command/commands.ts';
import { listedBindings } from '../../src/components/dialogs.ts';
import type { Binding } from '../../src/components/keys/binding.ts';
import { DEFAULT_BINDINGS } from '../../src/components/keys/bindings.ts';
import { knownKeys } from '../../src/config/known-keys.ts';
import { packageRoot } from '../../src/lib/package-root.ts';
import { type ConfigKey, parseConfigKeys } from './config-keys.ts';

/** The lists of the program that the documents are made from. */
export interface Sources {
  readonly program: CommandSpec;
  readonly bindings: readonly Binding[];
  readonly commands: typeof COMMANDS;
  readonly configKeys: readonly ConfigKey[];
}

/** Reads the lists. The configuration's are those of the example file, which says what each key is for. */
export async function readSources(): Promise<Sources> {
  const example = await readFile(join(packageRoot(), 'remote-tui.example.yaml'), 'utf8');
  return {
    program: describeProgram(createProgram()),
    bindings: listedBindings(DEFAULT_BINDINGS),
    commands: COMMANDS,
    configKeys: parseConfigKeys(example).map(withParts),
  };
}

/** A section whose names the user chooses: adds the keys that each of its entries may have. */
function withParts(key: ConfigKey): ConfigKey {
  const parts = key.value === '{}' ? knownKeys([...key.path.split('.'), 'NAME']) : [];
  return parts.length === 0 ? key : { ...key, note: `${key.note}; each may have ${parts.join(', ')}` };
}
