import {
  type CommandSpec,
  type OptionSpec,
  placedCommands,
  type ValueSpec,
} from '../../src/commands/completion/command-spec.ts';
import { FORM_KEYS } from '../../src/components/form/form-hints.ts';
import { FIELD_NAMES, FIELDS } from '../../src/fleet/filter/fields.ts';
import { EXIT_NOTES } from '../../src/verbs/exit.ts';
import { verbNamed } from '../../src/verbs/specs.ts';
import { keySections } from './key-tables.ts';
import { escapeRoff, section, subsection, tagged } from './roff.ts';
import type { Sources } from './sources.ts';

/** Writes the manual page, in the macros of man(7). */
export function manPage({ program, bindings, commands, configKeys }: Sources): string {
  const { name, description } = program;
  const verbs = placedCommands(program).filter(({ path, spec }) => path.length > 0 && spec.commands.length === 0);
  return `${[
    `.\\" Written by npm run docs.`,
    `.TH ${name.toUpperCase()} 1`,
    section('Name'),
    `${name} \\- OpenCode Remote: ${escapeRoff(firstLower(description))}`,
    section('Synopsis'),
    `.B ${name}\n[\\fIoptions\\fR] [\\fIcommand\\fR]`,
    section('Description'),
    escapeRoff(INTRODUCTION),
    section('Commands'),
    ...verbs.flatMap(({ path, spec }) => [
      tagged([...path, ...spec.values.map(valueText)].join(' '), sentence(spec.description)),
      ...inset([...ownOptions(spec), ...examplesOf(path.join(' '))]),
    ]),
    section('Options'),
    ...program.options.map(optionText),
    section('Keys'),
    'Each can be changed in the configuration, under keybindings.',
    ...keySections(bindings).flatMap(({ heading, rows }) => [
      subsection(heading),
      ...rows.map(({ keys, description: does }) => tagged(keys.join(' '), does)),
    ]),
    subsection('In a form'),
    ...FORM_KEYS.map(({ keys, description: does }) => tagged(keys, does)),
    section('Command line'),
    escapeRoff('The key : opens it; tab completes. Each action is a command too, by its name.'),
    ...commands.map((command) => tagged(`:${command.name} ${command.argument}`.trim(), command.description)),
    section('Filters'),
    escapeRoff(FILTERS),
    ...FIELD_NAMES.map((field) => tagged(`${field}:`, `${FIELDS[field].note}. Needs ${FIELDS[field].needs}.`)),
    section('Configuration'),
    ...configKeys.map(({ path, value, note }) => tagged(value === '' ? path : `${path}: ${value}`, note)),
    section('Files'),
    ...FILES.map(([path, note]) => tagged(path, note)),
    section('Exit status'),
    'The same for every command.',
    ...EXIT_NOTES.map(([status, note]) => tagged(String(status), sentence(note))),
    section('Environment'),
    ...ENVIRONMENT.map(([variable, note]) => tagged(variable, note)),
    section('See also'),
    '.BR ssh (1),\n.BR ssh_config (5)',
  ].join('\n')}\n`;
}

const INTRODUCTION = `Shows every opencode session on every machine that you reach by SSH, and which of them need you.
Without a command, ocr opens the dashboard. Nothing has to be installed on the hosts.`;

const FILTERS = `All terms must hold. ! in front of a term turns it round, a comma separates values of which one must fit, * and ? stand for any text.
Plain words are sought in titles, folders, ids and hosts, small mistakes included; "quoted text" is sought as it is.`;

const FILES: readonly (readonly [string, string])[] = [
  ['~/.opencode/remote-tui.yaml', 'The configuration, written with comments on the first run.'],
  ['~/.opencode/themes/NAME.yaml', 'Your own themes.'],
  ['~/.cache/ocr', 'Snapshots of the hosts and resolved ssh options ($XDG_CACHE_HOME).'],
  [
    '~/.local/state/ocr',
    'The remembered view, seen sessions, exports, saved screens and crash reports ($XDG_STATE_HOME).',
  ],
];

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ['NO_COLOR', 'If not empty, no colours are painted.'],
  ['VISUAL, EDITOR', 'The editor for transcripts and the configuration.'],
  ['XDG_CACHE_HOME, XDG_STATE_HOME', 'Where the files are kept.'],
  ['OPENCODE_BASE_URL', 'The server of commands that name no target.'],
  ['OPENCODE_API_KEY', 'A token for that server. Without it:'],
  ['OPENCODE_SERVER_USERNAME, OPENCODE_SERVER_PASSWORD', 'The login of that server.'],
  ['OPENCODE_INSTANCES_CONFIG', 'The instances file, if --instances names none.'],
];

function ownOptions({ options }: CommandSpec): string[] {
  return options.filter(({ flags }) => !flags.includes('--help')).map(optionText);
}

/** Returns a verb's command lines, as they are typed. */
function examplesOf(name: string): string[] {
  const examples = verbNamed(name)?.examples ?? [];
  return examples.length === 0 ? [] : [tagged('Examples:', ''), '.nf', ...examples.map(escapeRoff), '.fi'];
}

/** Sets paragraphs below the one before. */
function inset(paragraphs: readonly string[]): string[] {
  return paragraphs.length === 0 ? [] : ['.RS', ...paragraphs, '.RE'];
}

function optionText({ flags, description, value }: OptionSpec): string {
  const choices = value === null || value.choices.length === 0 ? '' : `: ${value.choices.join(', ')}`;
  const standard = value === null || value.standard === null ? '' : ` (default: ${value.standard})`;
  return tagged(
    `${flags.join(', ')}${value === null ? '' : ` ${valueText(value)}`}`,
    sentence(`${description}${choices}${standard}`),
  );
}

function valueText({ name, isRequired, choices }: ValueSpec): string {
  const shown = choices.length > 0 && isRequired && name === 'shell' ? choices.join('|') : name.toUpperCase();
  return isRequired ? shown : `[${shown}]`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

function firstLower(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1).replace(/\.$/, '')}`;
}
