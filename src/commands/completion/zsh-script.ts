import {
  type CommandSpec,
  type OptionSpec,
  type PlacedCommand,
  placedCommands,
  type ValueSpec,
} from './command-spec.ts';

/** Returns a completion script for zsh: to be sourced, or kept as the file `_ocr` in a folder of `fpath`. */
export function zshScript(program: CommandSpec): string {
  return `#compdef ${program.name}
# Completion of ${program.name} in zsh. To load it: source <(${program.name} completion zsh)
${placedCommands(program).map(commandFunction(program.name)).join('\n')}
if [ "\${funcstack[1]}" = _${program.name} ]; then
  _${program.name} "$@"
else
  compdef _${program.name} ${program.name}
fi
`;
}

const nameOf = (program: string, path: readonly string[]) => ['', program, ...path].join('_');

/** A function that completes what may stand behind a command. */
const commandFunction =
  (program: string) =>
  ({ path, spec, options }: PlacedCommand): string => {
    const name = nameOf(program, path);
    const flags = options.map(optionWords);
    const values = spec.values.map((value, at) => quoted(`${at + 1}:${value.name}:${actionOf(value)}`));
    if (spec.commands.length === 0) return `${name}() {\n  _arguments ${[...flags, ...values].join(' \\\n    ')}\n}`;
    const commands = spec.commands.map((one) => quoted(`${one.name}:${escaped(one.description)}`));
    const cases = spec.commands.map((one) => `    ${one.name}) ${nameOf(program, [...path, one.name])} ;;`);
    return `${name}() {
  local context state state_descr line
  typeset -A opt_args
  local -a commands=(
    ${commands.join('\n    ')}
  )
  _arguments -C ${[...flags, "'1: :->command'", "'*:: :->rest'"].join(' \\\n    ')}
  case $state in
  command) _describe command commands ;;
  rest)
    case $line[1] in
${cases.join('\n')}
    esac ;;
  esac
}`;
  };

/** The words for `_arguments`: both spellings of an option exclude each other. */
function optionWords({ flags, description, value }: OptionSpec): string {
  const what = `[${escaped(description)}]${value === null ? '' : `:${value.name}:${actionOf(value)}`}`;
  const [only] = flags;
  if (flags.length === 1 && only !== undefined) return quoted(`${only}${what}`);
  return `${quoted(`(${flags.join(' ')})`)}{${flags.join(',')}}${quoted(what)}`;
}

function actionOf({ isFile, choices }: ValueSpec): string {
  if (isFile) return '_files';
  return choices.length === 0 ? ' ' : `(${choices.join(' ')})`;
}

/** Brackets and colons end a description. */
function escaped(text: string): string {
  return text.replace(/[\\[\]:]/g, '\\$&');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
