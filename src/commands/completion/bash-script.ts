import {
  type CommandSpec,
  type OptionSpec,
  type PlacedCommand,
  placedCommands,
  type ValueSpec,
} from './command-spec.ts';

/** Returns a completion script for bash 3.2 or newer, without the package bash-completion. */
export function bashScript(program: CommandSpec): string {
  const { name } = program;
  const places = placedCommands(program);
  const valued = uniqueOptions(places.flatMap(({ options }) => options)).filter(({ value }) => value !== null);
  return `# Completion of ${name} in bash. To load it: source <(${name} completion bash)
_${name}_files() {
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -f -- "$1"))
}
_${name}() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} path='' at
  COMPREPLY=()
  # bash takes the sign in --option=value for a word.
  [ "$word" != = ] || word=
  [ "$previous" != = ] || previous=\${COMP_WORDS[COMP_CWORD-2]}
  for ((at = 1; at < COMP_CWORD; at++)); do
    case $path:\${COMP_WORDS[at]} in
${places.flatMap(stepCases).join('\n')}
    ${valued.flatMap(({ flags }) => flags.map((flag) => `*:${flag}`)).join(' | ')}) at=$((at + 1)) ;;
    esac
  done
  case $previous in
${valued.map(({ flags, value }) => `  ${flags.join(' | ')}) ${completedValue(name, value)} return ;;`).join('\n')}
  esac
  case $path:$word in
${places.flatMap((place) => placeCases(name, place)).join('\n')}
  esac
}
complete -F _${name} ${name}
`;
}

const pathOf = (path: readonly string[]) => path.join('/');

/** Cases for the words that lead to the commands below a place. */
function stepCases({ path, spec }: PlacedCommand): string[] {
  return spec.commands.map(({ name }) => `    ${pathOf(path)}:${name}) path=${pathOf([...path, name])} ;;`);
}

/** Cases for all that may stand at a place. Options are offered once a dash is typed. */
function placeCases(program: string, { path, spec, options }: PlacedCommand): string[] {
  const names = [...spec.commands.map(({ name }) => name), ...spec.values.flatMap(({ choices }) => choices)];
  const isFile = spec.values.some((value) => value.isFile);
  const words = names.length === 0 ? '' : wordsOf(names);
  return [
    `  ${pathOf(path)}:-*) ${wordsOf(options.flatMap(({ flags }) => flags))} ;;`,
    `  ${pathOf(path)}:*) ${isFile ? filesOf(program) : words} ;;`,
  ];
}

function completedValue(program: string, value: ValueSpec | null): string {
  if (value?.isFile === true) return `${filesOf(program)};`;
  return value === null || value.choices.length === 0 ? '' : `${wordsOf(value.choices)};`;
}

const filesOf = (program: string) => `_${program}_files "$word"`;
const wordsOf = (words: readonly string[]) => `COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$word"))`;

function uniqueOptions(options: readonly OptionSpec[]): OptionSpec[] {
  return [...new Map(options.map((option) => [option.flags.join(), option])).values()];
}
