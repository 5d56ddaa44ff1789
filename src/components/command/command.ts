import type { OcrState } from '../../store/state.ts';
import type { Transition } from '../../store/transition.ts';
import type { Binding } from '../keys/binding.ts';

/** Effects of a command beyond a change of the state. */
export interface CommandPorts {
  /** Performs the action of a binding, as its key would. */
  readonly run: (binding: Binding) => void;
  readonly say: (text: string) => void;
  readonly fail: (text: string) => void;
  readonly setTheme: (name: string) => void;
  readonly setIcons: (name: string) => void;
  readonly editConfig: () => void;
  /** Writes another key of an action into the configuration. */
  readonly bindKey: (action: string, key: string) => void;
  /** Searches the transcripts of all hosts. */
  readonly find: (needle: string) => void;
  /** Saves the filter under a name, and with a key if one is given. */
  readonly saveFilter: (name: string, key: string | null, filter: string) => void;
}

/** Input to a command and its completions. */
export interface CommandContext {
  readonly state: OcrState;
  readonly bindings: readonly Binding[];
  /** Names of the themes. */
  readonly themes: readonly string[];
}

/** A completion: what is typed, and a note about it. */
export interface Choice {
  readonly insert: string;
  readonly note: string;
}

/** A command of the command line, as data. */
export interface Command {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Its argument as the help names it; empty for none. */
  readonly argument: string;
  readonly description: string;
  /** Returns the values that the argument may have. */
  choices?(context: CommandContext): readonly Choice[];
  /** Returns a change of the state; `null` for none. `argument` is trimmed, and may be empty. */
  run(argument: string, context: CommandContext, ports: CommandPorts): Transition | null;
}
