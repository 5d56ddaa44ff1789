import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { say, sayError } from '../actions/feedback.ts';
import type { DialogDesk } from '../actions/fleet/dialog-desk.ts';
import type { ActionTarget } from '../actions/fleet/fleet-actions.ts';
import { type FilledCommand, fillTemplate, parseTemplate, type TemplateValues } from '../config/command-template.ts';
import type { Config } from '../config/schema.ts';
import type { HostEntry } from '../domain/fleet.ts';
import { endpointOf } from '../domain/host.ts';
import type { Session } from '../domain/session.ts';
import { messageOf } from '../lib/errors.ts';
import { runProgram } from '../lib/run-program.ts';
import { portableScript, quoteArgument } from '../lib/shell-quote.ts';
import type { OperationContext } from '../operations/context.ts';
import { createConfirm } from '../store/form/confirm.ts';
import { createPager } from '../store/form/pager.ts';
import type { OcrStore } from '../store/store.ts';

type OwnCommand = Config['commands'][string];

export interface OwnCommandPorts {
  readonly store: OcrStore;
  readonly dialogs: DialogDesk;
  readonly context: Promise<Pick<OperationContext, 'transport' | 'signal'>>;
  /** Gives the terminal to another program while the callback runs. */
  readonly lend: (callback: () => Promise<void>) => Promise<void>;
}

/** One run of a command: on the selected row, or on one of the marked sessions. */
interface Run {
  /** Names the row, for messages. */
  readonly where: string;
  readonly alias: string | null;
  readonly command: FilledCommand;
}

/** Milliseconds after which a command without a terminal is ended. */
const TIMEOUT_MS = 10 * 60_000;
const MAX_OUTPUT_BYTES = 2 ** 20;
/** Commands that a question lists. */
const MAX_LISTED = 8;

/**
 * Runs a command of the user's own on the target's rows, one after the other. Asks first if the configuration says so. A command on a host gets no
 * terminal: its output is shown in a pane.
 */
export async function runOwnCommand(
  name: string,
  command: OwnCommand,
  target: ActionTarget,
  ports: OwnCommandPorts,
): Promise<void> {
  const { store, dialogs } = ports;
  dialogs.began();
  const label = command.label ?? name;
  let runs: readonly Run[];
  try {
    runs = runsOf(command, target);
  } catch (error) {
    return sayError(store, `${label} cannot run here: ${messageOf(error)}`, [messageOf(error)]);
  }
  if (!(await agrees(label, command, runs, dialogs))) return;
  for (const run of runs) {
    try {
      const output = await perform(command, run, ports);
      if (output === null) continue;
      if (command.output === 'background') say(store, `${run.where}: ${label} done`);
      else dialogs.pager(createPager({ title: `${label}: ${run.where}`, lines: linesOf(output) }));
    } catch (error) {
      sayError(
        store,
        `${run.where}: ${label} failed: ${messageOf(error).split('\n', 1)[0]}`,
        messageOf(error).split('\n'),
      );
    }
  }
}

function runsOf(command: OwnCommand, { entry, project, sessions }: ActionTarget): Run[] {
  const template = parseTemplate(command.command);
  const fill = (values: TemplateValues) => fillTemplate(template, values);
  switch (command.scope) {
    case 'session':
      return sessions.map((of) => ({
        where: `${of.entry.host.label}: ${of.session.title || 'untitled'}`,
        alias: of.entry.host.alias,
        command: fill(sessionValues(of.entry, of.session)),
      }));
    case 'fleet':
      return [{ where: 'fleet', alias: null, command: fill({}) }];
    default: {
      if (entry === null) return [];
      const folder = command.scope === 'project' && project !== null ? { directory: project, project } : {};
      return [{ where: entry.host.label, alias: entry.host.alias, command: fill({ ...hostValues(entry), ...folder }) }];
    }
  }
}

function hostValues({ host }: HostEntry): TemplateValues {
  const endpoint = endpointOf(host.route);
  return {
    alias: host.alias,
    hostname: endpoint?.hostname ?? host.alias,
    user: host.route.kind === 'ssh' ? host.route.options.user : '',
    port: String(endpoint?.port ?? 22),
  };
}

function sessionValues(entry: HostEntry, session: Session): TemplateValues {
  const { id, title, directory, project, agent, model } = session;
  return { ...hostValues(entry), session: id, id, title, directory, project, agent: agent ?? '', model: model ?? '' };
}

async function agrees(
  label: string,
  { confirm, dangerous }: OwnCommand,
  runs: readonly Run[],
  dialogs: DialogDesk,
): Promise<boolean> {
  if (confirm === false && !dangerous) return true;
  const listed = runs.slice(0, MAX_LISTED).map(({ where, command }) => ({ text: `${where}: ${textOf(command)}` }));
  const more = runs.length > MAX_LISTED ? [{ text: `and ${runs.length - MAX_LISTED} more` }] : [];
  const chosen = await dialogs.confirm(
    createConfirm({
      name: 'ownCommand',
      title: typeof confirm === 'string' ? confirm : `Run ${label}?`,
      lines: [...listed, ...more],
      options: [{ key: 'y', label: 'run', danger: dangerous }],
    }),
  );
  return chosen === 'y';
}

/** Runs it. Resolves to its output; to `null` for a command that had the terminal. Rejects if it fails, with what it said. */
async function perform({ run: place, output }: OwnCommand, run: Run, ports: OwnCommandPorts): Promise<string | null> {
  if (place === 'host') return onHost(run, ports);
  const [file, ...args] = argumentsOf(run.command);
  if (file === undefined) return null;
  if (output === 'foreground') {
    await ports.lend(() => inForeground(file, args));
    return null;
  }
  const { signal } = await ports.context;
  const result = await runProgram(file, args, { timeout: TIMEOUT_MS, maxBytes: MAX_OUTPUT_BYTES, signal });
  const text = `${result.stdout}${result.stderr}`;
  if (result.stopped !== null) throw new Error(`ended: ${result.stopped}\n${text}`);
  if (result.code !== 0) throw new Error(`exit status ${result.code ?? result.killer}\n${text}`);
  return text;
}

async function onHost({ alias, command }: Run, { context }: OwnCommandPorts): Promise<string> {
  if (alias === null) throw new Error('a command for a host needs a row of that host');
  const { transport, signal } = await context;
  const connection = await transport(alias, 'write', signal);
  const limits = { idleTimeout: TIMEOUT_MS, maxBytes: MAX_OUTPUT_BYTES, signal };
  const { stdout, stderr, code } = await connection.exec(portableScript(textOf(command)), limits);
  if (code !== 0) throw new Error(`exit status ${code}\n${stdout}${stderr}`);
  return `${stdout}${stderr}`;
}

async function inForeground(file: string, args: readonly string[]): Promise<void> {
  const child = spawn(file, args, { stdio: 'inherit' });
  const [code, killer] = await once(child, 'close');
  if (code !== 0) throw new Error(`exit status ${code ?? killer}`);
}

function argumentsOf(command: FilledCommand): readonly string[] {
  return command.kind === 'shell' ? ['/bin/sh', '-c', command.shell] : command.argv;
}

/** Writes a command as a shell reads it. */
function textOf(command: FilledCommand): string {
  return command.kind === 'shell' ? command.shell : command.argv.map(quoteArgument).join(' ');
}

function linesOf(output: string): { text: string }[][] {
  const text = output.trimEnd();
  return text === '' ? [[{ text: 'No output' }]] : text.split('\n').map((line) => [{ text: line }]);
}
