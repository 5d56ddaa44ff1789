import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { formatDuration, parseTime } from '../lib/duration.ts';
import type { Param } from '../verbs/param.ts';
import { isListing, mayNeedServer, type VerbSpec } from '../verbs/spec.ts';

/** Options of every verb over the fleet. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly cached?: boolean;
  readonly start?: boolean;
}

/** Adds a verb's arguments and options, as its parameters list them. */
export function addParams(command: Command, spec: VerbSpec): void {
  for (const [name, param] of Object.entries(spec.params)) {
    if (param.isArgument) command.addArgument(argumentOf(name, param));
    else command.addOption(optionOf(name, param));
  }
  command.option('--json', spec.isStream ? 'for scripts: this verb prints JSON anyway' : 'print JSON');
  command.option('-q, --quiet', 'print no progress and no notes on stderr');
  if (!('timeout' in spec.params)) {
    command.addOption(new Option('--timeout <time>', 'give up after that time').argParser(parseGivenTime));
  }
  if (mayNeedServer(spec)) command.option('--start', "start ocr's own server on a host that has none");
  if (isListing(spec)) command.option('--cached', 'ask no host: list what was last known');
}

/** Returns a verb's input from what commander has parsed. */
export function inputOf(
  spec: VerbSpec,
  args: readonly unknown[],
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  let at = 0;
  const entries = Object.entries(spec.params).map(([name, param]) => {
    if (param.isArgument) {
      const given = args[at];
      at += 1;
      return [name, given ?? (param.kind === 'texts' ? [] : null)];
    }
    const parsed = optionOf(name, param);
    const given = options[parsed.attributeName()];
    if (param.kind === 'flag') return [name, parsed.negate ? given === false : given === true];
    return [name, given ?? (param.kind === 'texts' ? [] : (param.fallback ?? null))];
  });
  return Object.fromEntries(entries);
}

function argumentOf(name: string, { kind, what, isRequired }: Param): Argument {
  const shown = kebab(name) + (kind === 'texts' ? '...' : '');
  return new Argument(isRequired ? `<${shown}>` : `[${shown}]`, what);
}

function optionOf(name: string, param: Param): Option {
  const { kind, what, metavar, choices, fallback } = param;
  const flag = `--${kebab(name)}`;
  if (kind === 'flag') return new Option(flag, what);
  const listed = choices === undefined || kind !== 'texts' ? '' : ` (choices: ${choices.join(', ')})`;
  const option = new Option(`${flag} <${metavar}>`, `${what}${listed}`);
  if (kind === 'texts') {
    const parse = choices === undefined ? (text: string) => text : oneOf(choices);
    return option.argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), parse(text)]);
  }
  if (kind === 'count') return option.argParser(parseCount).default(fallback);
  if (kind === 'duration') return option.argParser(parseGivenTime).default(fallback, formatDuration(fallback ?? 0));
  if (choices !== undefined) return option.choices(choices);
  return metavar === 'target' ? option.argParser(onlyOnce) : option;
}

/** Other verbs take several targets. With one that takes a single target, the last would win without a word about the others. */
function onlyOnce(text: string, before: string | undefined): string {
  if (before === undefined) return text;
  throw new InvalidArgumentError(`It may be given once, and is "${before}" already.`);
}

function oneOf(choices: readonly string[]): (text: string) => string {
  return (text) => {
    if (choices.includes(text)) return text;
    throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`);
  };
}

function parseGivenTime(text: string): number {
  const milliseconds = parseTime(text);
  if (milliseconds !== null) return milliseconds;
  throw new InvalidArgumentError('It must be a time above zero: seconds, or such as 90s, 5m or 1h30m.');
}

function parseCount(text: string): number {
  if (/^\d{1,7}$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('It must be a whole number above zero.');
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
