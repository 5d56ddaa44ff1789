import { Argument, Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { describeProgram, placedCommands } from '../../src/commands/completion/command-spec.ts';
import { completionScript } from '../../src/commands/completion/completion.ts';

function aProgram(): Command {
  const program = new Command('tool')
    .description('A tool.')
    .option('-q, --quiet', 'say nothing')
    .option('--config <file>', "the user's file")
    .addOption(new Option('--level <level>', 'how much').choices(['low', 'high']).default('low'))
    .addOption(new Option('--secret', 'hidden').hideHelp());
  const store = program.command('store').description('work with [stores]: all');
  store.command('check [file]').description('check a file');
  program
    .command('pick')
    .description('pick one')
    .addArgument(new Argument('<colour>').choices(['red', 'blue']));
  return program;
}

describe('the description of a program', () => {
  const spec = describeProgram(aProgram());

  it('lists commands, options and values, and leaves out what is hidden', () => {
    expect(spec.commands.map(({ name }) => name)).toEqual(['store', 'pick']);
    expect(spec.options.map(({ flags }) => flags.join())).toEqual(['-q,--quiet', '--config', '--level', '-h,--help']);
    expect(spec.options[2]?.value).toMatchObject({ choices: ['low', 'high'], standard: 'low', isFile: false });
    expect(spec.options[1]?.value).toMatchObject({ isFile: true, standard: null });
    expect(spec.commands[1]?.values).toMatchObject([{ name: 'colour', choices: ['red', 'blue'], isRequired: true }]);
    expect(spec.commands[0]?.commands[0]?.values).toMatchObject([{ name: 'file', isFile: true, isRequired: false }]);
  });

  it('places each command below those that lead to it, with their options', () => {
    const places = placedCommands(spec);
    expect(places.map(({ path }) => path.join(' '))).toEqual(['', 'store', 'store check', 'pick']);
    expect(places[2]?.options.map(({ flags }) => flags.at(-1))).toEqual(['--help', '--quiet', '--config', '--level']);
  });
});

describe('a completion script', () => {
  it('offers verbs, options and values in bash', () => {
    const script = completionScript(aProgram(), 'bash');
    expect(script).toContain(`  :*) COMPREPLY=($(compgen -W 'store pick' -- "$word")) ;;`);
    expect(script).toContain('  store/check:*) _tool_files "$word" ;;');
    expect(script).toContain(`  --level) COMPREPLY=($(compgen -W 'low high' -- "$word")); return ;;`);
    expect(script).not.toContain('secret');
  });

  it('quotes descriptions in zsh and fish', () => {
    const zsh = completionScript(aProgram(), 'zsh');
    expect(zsh).toContain(String.raw`'store:work with \[stores\]\: all'`);
    expect(zsh).toContain(String.raw`'--config[the user'\''s file]:file:_files'`);
    const fish = completionScript(aProgram(), 'fish');
    expect(fish).toContain(String.raw`complete -c tool -l config -r -F -d 'the user\'s file'`);
    expect(fish).toContain("complete -c tool -n '__fish_seen_subcommand_from pick' -a 'red blue'");
  });
});
