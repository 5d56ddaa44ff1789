import type { Argument, Command, Option } from 'commander';

/** A command as its help, its completion and its manual page show it. */
export interface CommandSpec {
  readonly name: string;
  readonly description: string;
  /** Its own; those of the commands above it work too. */
  readonly options: readonly OptionSpec[];
  readonly values: readonly ValueSpec[];
  readonly commands: readonly CommandSpec[];
}

export interface OptionSpec {
  /** The short one first, with their dashes. */
  readonly flags: readonly string[];
  readonly description: string;
  /** `null` for a switch. */
  readonly value: ValueSpec | null;
}

/** The value of an option, or an argument. */
export interface ValueSpec {
  readonly name: string;
  readonly isRequired: boolean;
  readonly isFile: boolean;
  /** The values that it may have; empty for any. */
  readonly choices: readonly string[];
  /** The default as it is typed; `null` for none. */
  readonly standard: string | null;
}

/** Values of this name are paths. */
const FILE = 'file';

/** Describes a program, leaving out what its help hides. */
export function describeProgram(command: Command): CommandSpec {
  const help = command.createHelp();
  return {
    name: command.name(),
    description: command.description(),
    options: help.visibleOptions(command).map(describeOption),
    values: help.visibleArguments(command).concat(hiddenArguments(command)).map(describeArgument),
    commands: help
      .visibleCommands(command)
      // Commander adds a `help` of its own to commands that only lead to others.
      .filter((one) => command.commands.includes(one))
      .map(describeProgram),
  };
}

/** Commander's help leaves out arguments of a command where none of them has a description. */
function hiddenArguments(command: Command): readonly Argument[] {
  const { registeredArguments } = command;
  return registeredArguments.some(({ description }) => description !== '') ? [] : registeredArguments;
}

function describeOption(option: Option): OptionSpec {
  const { short, long, required, optional, argChoices, description } = option;
  const flags = [short, long].filter((flag) => flag !== undefined && flag !== null);
  const name = /[<[]([^>\]]+)/.exec(option.flags)?.[1] ?? '';
  const standard = required ? (option.defaultValueDescription ?? textOf(option.defaultValue)) : null;
  const value = { name, isRequired: required, isFile: name === FILE, choices: argChoices ?? [], standard };
  return { flags, description, value: required || optional ? value : null };
}

function describeArgument(argument: Argument): ValueSpec {
  const name = argument.name();
  const { required: isRequired, argChoices: choices = [], defaultValue } = argument;
  return { name, isRequired, isFile: name === FILE, choices, standard: textOf(defaultValue) };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

/** A command with the names that lead to it, and the options that work there. */
export interface PlacedCommand {
  /** Names below the program's own; empty for the program. */
  readonly path: readonly string[];
  readonly spec: CommandSpec;
  readonly options: readonly OptionSpec[];
}

/** Returns a program and all commands below it, the program first. */
export function placedCommands(
  spec: CommandSpec,
  path: readonly string[] = [],
  above: readonly OptionSpec[] = [],
): readonly PlacedCommand[] {
  const own = new Set(spec.options.flatMap(({ flags }) => flags));
  const options = [...spec.options, ...above.filter(({ flags }) => !flags.some((flag) => own.has(flag)))];
  const below = spec.commands.flatMap((command) => placedCommands(command, [...path, command.name], options));
  return [{ path, spec, options }, ...below];
}
