import type { Config } from '../config/schema.ts';
import { printable } from '../domain/printable.ts';
import { messageOf } from '../lib/errors.ts';
import { type ProgramResult, runProgram } from '../lib/run-program.ts';
import { type GivenHost, parseGivenHosts } from './given-host.ts';

/** One of `discovery.commands`. */
export type HostCommand = Config['discovery']['commands'][number];

export interface HostAnswer {
  /** `null` if the command failed. */
  readonly hosts: readonly GivenHost[] | null;
  /** Each names the command, and what it printed; safe to paint. */
  readonly warnings: readonly string[];
}

/** Bytes that a command may print. */
const MAX_OUTPUT_BYTES = 2 ** 20;
/** Characters of a command, and of what it printed, in a warning. */
const MAX_SHOWN = 200;

/** Runs one command of `discovery.commands`: a list as it is, a text by `sh`. It has no terminal and nothing to read. */
export async function askHostCommand(command: HostCommand, signal: AbortSignal): Promise<HostAnswer> {
  const warn = (problem: string) => printable(`discovery.commands: ${describe(command)}: ${problem}`);
  const fail = (problem: string) => ({ hosts: null, warnings: [warn(problem)] });
  const [file = '', ...args] =
    typeof command.command === 'string' ? ['/bin/sh', '-c', command.command] : command.command;
  let result: ProgramResult;
  try {
    const limits = { timeout: command.timeout, maxBytes: MAX_OUTPUT_BYTES, signal, killSignal: 'SIGKILL' } as const;
    result = await runProgram(file, args, limits);
  } catch (error) {
    return fail(`does not start: ${messageOf(error)}`);
  }
  const failure = explainFailure(result, command.timeout);
  if (failure !== null) return fail(failure);
  const given = parseGivenHosts(result.stdout);
  if (given === null) return fail(`printed ${quoteOutput(result.stdout)} instead of a JSON array of hosts`);
  return { hosts: given.hosts, warnings: given.problems.map(warn) };
}

function describe({ command }: HostCommand): string {
  return (typeof command === 'string' ? command : command.join(' ')).slice(0, MAX_SHOWN);
}

/** Returns why a command's answer does not count; `null` if it does. */
function explainFailure({ stopped, code, killer, stdout, stderr }: ProgramResult, timeout: number): string | null {
  if (stopped === 'timeout') return `took more than ${timeout / 1000} s`;
  if (stopped === 'overflow') return `printed more than ${MAX_OUTPUT_BYTES / 2 ** 20} MB`;
  if (stopped === 'aborted') return 'was ended';
  if (code === 0) return null;
  const words = stderr.trim() || stdout.trim();
  const status = killer === null ? `exit status ${code}` : `ended by ${killer}`;
  return words === '' ? status : `${status}: ${quoteOutput(words)}`;
}

function quoteOutput(output: string): string {
  const words = output.trim();
  if (words === '') return 'nothing';
  return words.length > MAX_SHOWN ? `"${words.slice(0, MAX_SHOWN)}..."` : `"${words}"`;
}
