import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Setup } from '../engine/setup.ts';
import { messageOf, UserError } from '../lib/errors.ts';
import { LOG_LEVELS } from '../lib/logger.ts';
import { nearestWord } from '../lib/nearest.ts';
import { packageRoot } from '../lib/package-root.ts';
import { type GlobalOptions, setUp } from './options.ts';
import { print, watchOutput } from './output.ts';
import { printableLines, printMessage } from './print-message.ts';

/** Exit status for a wrong command line or configuration. */
const USAGE_ERROR = 2;

/** Runs a verb with the command line's options, and turns a failure into one message and an exit status. */
async function runVerb(command: Command, verb: (setup: Setup) => Promise<void>): Promise<void> {
  let setup: Setup | undefined;
  const run = async () => {
    setup = await setUp(command.optsWithGlobals<GlobalOptions>());
    await verb(setup);
  };
  await reportFailure(run, (stack) => setup?.logger.error('crashed', { error: stack }));
  setup?.closeLog();
}

/** Turns a failure into one message and an exit status. */
async function reportFailure(run: () => Promise<void>, logCrash: (stack: string) => void = () => {}): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (error instanceof UserError) {
      printMessage(error.message);
      process.exitCode = USAGE_ERROR;
      return;
    }
    const stack = error instanceof Error ? error.stack : undefined;
    logCrash(stack ?? String(error));
    printMessage(`this is a bug: ${messageOf(error)}\n${stack ?? ''}`);
    process.exitCode = 1;
  }
}

/** Parses `--seed`. */
function parseSeed(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number below 1,000,000,000.');
}

function explainUnknownVerb(program: Command, unknown: string): string {
  const verbs = program.commands.map((command) => command.name());
  const nearest = nearestWord(unknown, verbs);
  const advice = nearest === null ? `available: ${verbs.join(', ')}` : `did you mean "${nearest}"?`;
  return `ocr: unknown command "${unknown}"; ${advice}`;
}

function createProgram(): Command {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  const program = new Command('ocr')
    .description('Every opencode session on every machine that you reach by SSH, in one terminal.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('--config <file>', 'configuration (default: ~/.opencode/remote-tui.yaml, written on the first run)')
    .option('--ssh-config <file>', 'ssh config that lists the hosts (default: ~/.ssh/config)')
    .option('--no-cache', 'neither read nor write cached host data')
    .option('--readonly', 'change nothing on any host')
    .option('--log-file <file>', 'append a line of JSON for each event to a file')
    .addOption(new Option('--log-level <level>', 'how much to log').choices(LOG_LEVELS).default('info'))
    .configureOutput({ writeOut: print, writeErr: (text) => void process.stderr.write(printableLines(text)) })
    .exitOverride((error) => {
      process.exitCode = error.exitCode === 0 ? 0 : USAGE_ERROR;
      throw error;
    });
  program.action(() => {
    const [unknown] = program.args;
    if (unknown !== undefined) program.error(explainUnknownVerb(program, unknown));
    return runVerb(program, async (setup) => (await import('./dashboard.ts')).runDashboard(setup));
  });
  program
    .command('hosts')
    .description('ask every host once and list them')
    .option('--json', 'print JSON', false)
    .action((options: { json: boolean }, command: Command) =>
      runVerb(command, async (setup) => (await import('./hosts.ts')).runHosts(setup, options)),
    );
  program
    .command('sessions')
    .description('ask every host once and list their sessions')
    .option('--json', 'print JSON', false)
    .action((options: { json: boolean }, command: Command) =>
      runVerb(command, async (setup) => (await import('./sessions.ts')).runSessions(setup, options)),
    );
  program
    .command('demo')
    .description('show simulated hosts that move as real ones do; touches nothing real')
    .addOption(new Option('--seed <number>', 'tell the same story again').default(1).argParser(parseSeed))
    .option('--still', 'let nothing happen by itself, for pictures', false)
    .action((options: { seed: number; still: boolean }) =>
      reportFailure(async () => (await import('./demo.ts')).runDemo({ seed: options.seed, isStill: options.still })),
    );
  // Must come last: subcommands inherit settings made before they are added. Only here an extra word is an unknown
  // verb.
  return program.allowExcessArguments();
}

watchOutput();
await createProgram()
  .parseAsync()
  .catch((error: unknown) => {
    if (process.exitCode === undefined) throw error;
  });
