import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { defaultConfigPath } from '../config/paths.ts';
import { nearestWord } from '../domain/nearest.ts';
import type { Setup } from '../engine/setup.ts';
import { hintLinesOf, UserError } from '../lib/errors.ts';
import { LOG_LEVELS } from '../lib/logger.ts';
import { packageRoot } from '../lib/package-root.ts';
import { EXIT_NOTES } from '../verbs/exit.ts';
import type { VerbGroup, VerbSpec } from '../verbs/spec.ts';
import { VERBS } from '../verbs/specs.ts';
import { SHELLS, type Shell } from './completion/shells.ts';
import { addMcpCommand, type McpOptions } from './mcp-command.ts';
import { type GlobalOptions, setUp } from './options.ts';
import { print } from './output.ts';
import { printableLines, printMessage } from './print-message.ts';
import { addParams, type CommonOptions, inputOf } from './verb-options.ts';

/** Exit status for a wrong command line or configuration. */
const USAGE_ERROR = 2;

/** Runs a verb with the command line's options, and turns a failure into one message and an exit status. */
async function runVerb(command: Command, verb: (setup: Setup) => Promise<void>): Promise<void> {
  let setup: Setup | undefined;
  await reportFailure(
    async () => {
      setup = await setUp(command.optsWithGlobals<GlobalOptions>());
      await verb(setup);
    },
    (stack) => setup?.logger.error('crashed', { error: stack }),
  );
  setup?.closeLog();
}

/** Runs work, and turns a failure into one message and an exit status. `onBug` gets the stack of a bug. */
async function reportFailure(work: () => Promise<void>, onBug: (stack: string) => void): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof UserError) {
      printMessage([error.message, ...hintLinesOf(error)].join('\n'));
      process.exitCode = USAGE_ERROR;
      return;
    }
    onBug(error instanceof Error ? (error.stack ?? error.message) : String(error));
    const { reportCrash } = await import('./report-crash.ts');
    await reportCrash(error, packageVersion());
    process.exitCode = 1;
  }
}

/** Adds the verbs for the configuration. They need no valid one, and look for no host. */
function addConfigVerbs(program: Command): void {
  const config = program.command('config').description('check, show or edit the configuration');
  const run = (work: (verbs: typeof import('./config.ts')) => Promise<number | undefined>) =>
    reportFailure(
      async () => {
        const status = await work(await import('./config.ts'));
        if (status !== undefined) process.exitCode = status;
      },
      () => {},
    );
  const given = () => program.opts<GlobalOptions>();
  const path = () => resolve(given().config ?? defaultConfigPath());
  config
    .command('check [file]')
    .description('print every problem of the configuration')
    .action((file?: string) =>
      run(({ runConfigCheck }) => runConfigCheck(file === undefined ? path() : resolve(file))),
    );
  config
    .command('path')
    .description('print the path of the configuration')
    .action(() => print(`${path()}\n`));
  config
    .command('print')
    .description('print the configuration in force, without passwords')
    .action(() =>
      run(async ({ runConfigPrint }) => {
        await runConfigPrint(path(), given().config !== undefined, given());
        return undefined;
      }),
    );
  config
    .command('edit')
    .description('open the configuration in $VISUAL or $EDITOR, and check it afterwards')
    .action(() => run(({ runConfigEdit }) => runConfigEdit(path(), process.env)));
}

/** Adds the verb for a look around. It reads no configuration but the display and the keys, and looks for no host. */
function addDemoVerb(program: Command): void {
  program
    .command('demo')
    .description('show simulated hosts that behave like real ones; touch nothing real')
    .addOption(
      new Option('--seed <number>', 'seed of the simulation; the same seed repeats it').default(1).argParser(parseSeed),
    )
    .option('--still', 'freeze the simulation, for screenshots', false)
    .action(({ seed, still }: { seed: number; still: boolean }) =>
      reportFailure(
        async () => (await import('./demo.ts')).runDemo({ seed, isStill: still }),
        () => {},
      ),
    );
}

/** Parses `--seed`. */
function parseSeed(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number below 1,000,000,000.');
}

/** Adds the verb that prints a completion script. It reads no configuration. */
function addCompletionVerb(program: Command): void {
  program
    .command('completion')
    .description('print a completion script, for: source <(ocr completion bash)')
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(SHELLS))
    .action((shell: Shell) =>
      reportFailure(
        async () => print((await import('./completion/completion.ts')).completionScript(program, shell)),
        () => {},
      ),
    );
}

const HEADINGS: Readonly<Record<VerbGroup, string>> = {
  fleet: 'The fleet:',
  sessions: 'Sessions:',
  requests: 'Permissions and questions:',
  'proven turns': 'Proven turns:',
};

/** Adds the verb that prints the shape of another verb's JSON. It reads no configuration. */
function addSchemaVerb(program: Command): void {
  program
    .command('schema')
    .description("print the JSON Schema of a verb's --json; without a verb, list them")
    .argument('[verb...]', 'such as sessions, or permissions saved')
    .action((words: string[]) =>
      reportFailure(
        async () => (await import('./schema.ts')).runSchema(words.join(' ')),
        () => {},
      ),
    );
}

/** Adds the verb that prints the help of another one, for those who type it as a word. */
function addHelpVerb(program: Command): void {
  program
    .command('help')
    .description('print the help of a verb; without one, this help')
    .argument('[verb...]', 'such as sessions, or permissions saved')
    .action((words: string[]) => {
      let command = program;
      for (const word of words) {
        const next = command.commands.find((one) => one.name() === word);
        if (next === undefined) return program.error(explainUnknownVerb(command, word));
        command = next;
      }
      command.help();
    });
}

/** Returns the verbs that a command line may mean. Adding all takes as long as painting the first frame. */
function verbsFor(args: readonly string[]): readonly VerbSpec[] {
  const named = VERBS.filter(({ name }) => args.includes(name.split(' ')[0] ?? ''));
  if (named.length > 0) return named;
  // The help lists all, and an unknown word is compared with all.
  const isDashboard = args.every((word) => word.startsWith('-') && word !== '-h' && word !== '--help');
  return isDashboard ? [] : VERBS;
}

/** Adds the verbs over the fleet. A verb of two words is a command of the first one. */
function addVerbs(program: Command, args: readonly string[] | null): void {
  const wanted = args === null ? VERBS : verbsFor(args);
  for (const spec of wanted) {
    const [first = '', second] = spec.name.split(' ');
    const parent = second === undefined ? program : program.commands.find((command) => command.name() === first);
    const command = (parent ?? program).command(second ?? first).description(spec.summary);
    if (second === undefined) command.helpGroup(HEADINGS[spec.group]);
    addParams(command, spec);
    command.addHelpText('after', listed('Examples:', spec.examples ?? []));
    command.action((...given: unknown[]) => {
      const words = given.slice(0, -2);
      // A verb of two words shares its options with that of the first one, which takes them.
      const options = command.optsWithGlobals<CommonOptions & Record<string, unknown>>();
      return runVerb(command, async (setup) =>
        (await import('./run-verb.ts')).runVerbOnce(setup, spec, inputOf(spec, words, options), options),
      );
    });
  }
}

/** Adds the server for agents. */
function addMcpVerb(program: Command): void {
  const command = addMcpCommand(program).action((options: McpOptions) =>
    runVerb(command, async (setup) => (await import('./mcp.ts')).runMcp(setup, options, packageVersion())),
  );
}

/** Returns lines below a heading, as the help sets them. */
function listed(heading: string, lines: readonly string[]): string {
  return ['', heading, ...lines.map((line) => `  ${line}`)].join('\n');
}

/** @param next the word after it, which would be the verb if the first one is an instance */
function explainUnknownVerb(program: Command, unknown: string, next?: string): string {
  const verbs = program.commands.map((command) => command.name());
  const nearest = nearestWord(unknown, verbs);
  if (nearest === null && next !== undefined) {
    const meant = nearestWord(next, verbs);
    const advice =
      meant === null ? `no verb is called "${next}" either: see ocr help` : `did you mean "${unknown} ${meant}"?`;
    return `ocr: unknown command "${unknown} ${next}"; ${advice}`;
  }
  const advice = nearest === null ? `available: ${verbs.join(', ')}` : `did you mean "${nearest}"?`;
  return `ocr: unknown command "${unknown}"; ${advice}`;
}

function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  return version;
}

/**
 * Returns the command line. Parsing it runs a verb, and sets the exit status.
 *
 * @param args what it will parse, so that only the verb that is named there is added; `null` adds all verbs
 */
export function createProgram(args: readonly string[] | null = null): Command {
  const program = new Command('ocr')
    .description('Every opencode session on every machine that you reach by SSH, in one terminal.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('--config <file>', 'configuration (default: ~/.opencode/remote-tui.yaml, written on the first run)')
    .option('--ssh-config <file>', 'ssh config that lists the hosts (default: ~/.ssh/config)')
    .option('--instances <file>', 'opencode servers by URL, as JSON (default: $OPENCODE_INSTANCES_CONFIG)')
    .option('--no-cache', 'neither read nor write cached host data')
    .option('--readonly', 'change nothing on any host')
    .option('--log-file <file>', 'append a line of JSON for each event to a file')
    .addOption(new Option('--log-level <level>', 'how much to log').choices(LOG_LEVELS).default('info'))
    .addHelpText(
      'after',
      listed(
        'Exit status:',
        EXIT_NOTES.map(([status, note]) => `${String(status).padEnd(4)} ${note}`),
      ),
    )
    .configureOutput({ writeOut: print, writeErr: (text) => void process.stderr.write(printableLines(text)) })
    .exitOverride((error) => {
      process.exitCode = error.exitCode === 0 ? 0 : USAGE_ERROR;
      throw error;
    });
  program.action(() => {
    const [unknown, next] = program.args;
    if (unknown !== undefined) program.error(explainUnknownVerb(program, unknown, next));
    return runVerb(program, async (setup) => {
      const { runDashboard } = await import('./dashboard.ts');
      if (await runDashboard(setup)) await (await import('./demo.ts')).runDemo({ seed: 1, isStill: false });
    });
  });
  addVerbs(program, args);
  addMcpVerb(program);
  addSchemaVerb(program);
  addConfigVerbs(program);
  addDemoVerb(program);
  addCompletionVerb(program);
  addHelpVerb(program);
  // Must come last: subcommands inherit settings made before they are added. Only here an extra word is an unknown
  // verb.
  return program.allowExcessArguments();
}
