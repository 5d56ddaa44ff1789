import { type CommandSpec, type OptionSpec, type PlacedCommand, placedCommands } from './command-spec.ts';

/** Returns a completion script for fish: to be sourced, or kept in `~/.config/fish/completions/ocr.fish`. */
export function fishScript(program: CommandSpec): string {
  const { name, options } = program;
  return [
    `# Completion of ${name} in fish. To load it: ${name} completion fish | source`,
    `complete -c ${name} -f`,
    ...options.map((option) => complete(name, '', option)),
    ...placedCommands(program).flatMap((place) => placeLines(name, place)),
    '',
  ].join('\n');
}

/** Lines for the commands, values and own options behind a command. */
function placeLines(program: string, { path, spec }: PlacedCommand): string[] {
  const names = spec.commands.map(({ name }) => name);
  const seen = path.map((name) => `__fish_seen_subcommand_from ${name}`);
  const here = [...seen, ...(names.length === 0 ? [] : [`not __fish_seen_subcommand_from ${names.join(' ')}`])];
  const where = here.length === 0 ? '' : ` -n ${quoted(here.join('; and '))}`;
  const commands = spec.commands.map(
    ({ name, description }) => `complete -c ${program}${where} -a ${name} -d ${quoted(description)}`,
  );
  const values = spec.values.flatMap(({ isFile, choices }) => {
    if (isFile) return [`complete -c ${program}${where} -F`];
    return choices.length === 0 ? [] : [`complete -c ${program}${where} -a ${quoted(choices.join(' '))}`];
  });
  // Those of the program itself work everywhere.
  const own = path.length === 0 ? [] : spec.options.filter(({ flags }) => !flags.includes('--help'));
  const options = own.map((option) => complete(program, ` -n ${quoted(seen.join('; and '))}`, option));
  return [...commands, ...values, ...options];
}

function complete(program: string, where: string, { flags, description, value }: OptionSpec): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  return `complete -c ${program}${where} ${names.join(' ')}${taken(value)} -d ${quoted(description)}`;
}

function taken(value: OptionSpec['value']): string {
  if (value === null) return '';
  if (value.isFile) return ' -r -F';
  return value.choices.length === 0 ? ' -x' : ` -x -a ${quoted(value.choices.join(' '))}`;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
