import { nearestWord } from '../domain/nearest.ts';
import { UserError } from '../lib/errors.ts';
import { quoteArgument } from '../lib/shell-quote.ts';
import { ShellContext } from './shell-context.ts';

/** Facts about the selected row that a command can use; `{session}` and `{id}` are both the session's id. */
export const PLACEHOLDERS = [
  'alias',
  'hostname',
  'user',
  'port',
  'session',
  'title',
  'directory',
  'project',
  'agent',
  'model',
  'id',
] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

/** The rows that a command works on. */
export const SCOPES = ['session', 'host', 'project', 'fleet'] as const;
export type CommandScope = (typeof SCOPES)[number];

const OF_HOST: readonly Placeholder[] = ['alias', 'hostname', 'user', 'port'];
const KNOWN_IN: Readonly<Record<CommandScope, readonly Placeholder[]>> = {
  fleet: [],
  host: OF_HOST,
  project: [...OF_HOST, 'directory', 'project'],
  session: PLACEHOLDERS,
};

/** Values by placeholder; '' for a fact that the row lacks, such as the model of a session without one. */
export type TemplateValues = Readonly<Partial<Record<Placeholder, string>>>;

type Part = string | { readonly placeholder: Placeholder };

/** A checked template: a script for `sh -c`, or arguments. */
export type CommandTemplate =
  | { readonly kind: 'shell'; readonly parts: readonly Part[] }
  | { readonly kind: 'arguments'; readonly args: readonly (readonly Part[])[] };

/** A command to run: a script for `sh -c`, or a program and its arguments. */
export type FilledCommand =
  | { readonly kind: 'shell'; readonly shell: string }
  | { readonly kind: 'arguments'; readonly argv: readonly string[] };

const PLACEHOLDER = /\{([A-Za-z_]+)\}/y;

/**
 * Parses the command of `commands` in the configuration. `{NAME}` is a placeholder, `{{` a brace. In a script, a placeholder may only stand where its quoted
 * value stays one word. Throws a UserError with one problem a line.
 */
export function parseTemplate(command: string | readonly string[]): CommandTemplate {
  const problems: string[] = [];
  const template: CommandTemplate =
    typeof command === 'string'
      ? { kind: 'shell', parts: parseScript(command, problems) }
      : { kind: 'arguments', args: command.map((argument) => parseText(argument, problems, null)) };
  if (problems.length > 0) throw new UserError(problems.join('\n'));
  return template;
}

/** Returns the placeholders of a template that rows of a scope have no value for. */
export function placeholdersOutOf(scope: CommandScope, template: CommandTemplate): Placeholder[] {
  const parts = template.kind === 'shell' ? template.parts : template.args.flat();
  const used = parts.flatMap((part) => (typeof part === 'string' ? [] : [part.placeholder]));
  return [...new Set(used)].filter((placeholder) => !KNOWN_IN[scope].includes(placeholder));
}

/**
 * Puts values into a template. In a script each becomes one quoted word; in a list it stays within its argument. Whatever a value holds is data, unless the
 * command itself runs its arguments as code (`eval`, `sh -c`). Throws a UserError for a value that is missing (`rm -r {directory}/x`
 * must not become `rm -r /x`), and for one with a NUL character.
 */
export function fillTemplate(template: CommandTemplate, values: TemplateValues): FilledCommand {
  const textOf = (placeholder: Placeholder): string => {
    const value = values[placeholder];
    if (value === undefined) throw new UserError(`there is no {${placeholder}} here`);
    if (value.includes('\0')) throw new UserError(`{${placeholder}} holds a NUL character, which no argument can`);
    return value;
  };
  const fill = (parts: readonly Part[], quote: (value: string) => string) =>
    parts.map((part) => (typeof part === 'string' ? part : quote(textOf(part.placeholder)))).join('');
  if (template.kind === 'shell') return { kind: 'shell', shell: fill(template.parts, quoteArgument) };
  return { kind: 'arguments', argv: template.args.map((parts) => fill(parts, (value) => value)) };
}

/** Parses a script for `sh`; `$NAME` and `${NAME}` are left to the shell. */
function parseScript(text: string, problems: string[]): Part[] {
  return parseText(text, problems, new ShellContext());
}

/** Parses one text. `context` follows the shell's quotes, and is `null` for an argument. */
function parseText(text: string, problems: string[], context: ShellContext | null): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < text.length; ) {
    PLACEHOLDER.lastIndex = at;
    const [whole, name] = text[at - 1] === '$' && context !== null ? [] : (PLACEHOLDER.exec(text) ?? []);
    if (whole !== undefined && name !== undefined) {
      const known = PLACEHOLDERS.find((placeholder) => placeholder === name);
      if (known === undefined) problems.push(explainUnknown(name));
      else if (context?.obstacle) problems.push(explainObstacle(whole, context.obstacle));
      else parts.push({ placeholder: known });
      context?.passWord();
      at += whole.length;
      continue;
    }
    const isBrace = text.startsWith('{{', at);
    const length = context === null || isBrace ? 1 : context.pass(text, at);
    if (isBrace) context?.pass('{', 0);
    parts.push(text.slice(at, at + length));
    at += isBrace ? 2 : length;
  }
  return parts;
}

function explainUnknown(name: string): string {
  const nearest = nearestWord(name, PLACEHOLDERS);
  const advice = nearest === null ? `known are ${PLACEHOLDERS.join(', ')}` : `did you mean {${nearest}}?`;
  return `unknown placeholder {${name}}; ${advice} ({{ is a brace)`;
}

function explainObstacle(placeholder: string, obstacle: string): string {
  if (obstacle.endsWith('quotes')) return `${placeholder} stands ${obstacle}, but is quoted anyway: remove the quotes`;
  return `${placeholder} stands ${obstacle}, where it is not safe: move it, or write the command as a list`;
}
