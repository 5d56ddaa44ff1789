import type { Setup } from '../engine/setup.ts';
import { hintLinesOf, messageOf } from '../lib/errors.ts';
import { checkInput } from '../verbs/check-input.ts';
import type { Desk } from '../verbs/desk.ts';
import { EXIT, exitStatusOf, VerbError } from '../verbs/exit-status.ts';
import { loadVerb } from '../verbs/load-verb.ts';
import { readStdin } from '../verbs/read-input.ts';
import { isListing, type VerbSpec } from '../verbs/spec.ts';
import type { AnyVerb } from '../verbs/verb.ts';
import { print } from './output.ts';
import { printJson, printJsonLine } from './print-json.ts';
import { printableLines, printMessage } from './print-message.ts';
import { fitToTerminal } from './table.ts';
import { withDesk } from './verb-desk.ts';
import type { CommonOptions } from './verb-options.ts';
import { VerbStop } from './verb-stop.ts';

/** Runs a verb once, prints its result and sets the exit status. Rejects with a bug alone. */
export async function runVerbOnce(
  setup: Setup,
  spec: VerbSpec,
  input: Record<string, unknown>,
  options: CommonOptions,
): Promise<void> {
  // A verb with a time of its own knows better what to say when it is over.
  const knowsBetter = 'timeout' in spec.params || isListing(spec);
  const timeout = knowsBetter ? undefined : options.timeout;
  const stop = new VerbStop(timeout);
  try {
    checkInput(spec, await withStdin(spec, input, stop.signal));
    const verb = await loadVerb(spec);
    await withDesk(setup, { spec, input, options, signal: stop.signal }, (desk) =>
      runOn(desk, verb, spec, input, options),
    );
    process.exitCode ??= EXIT.done;
  } catch (thrown) {
    // A verb that has something to say about the end, such as what it left behind, throws a VerbError itself.
    const error = stop.signal.aborted && !(thrown instanceof VerbError) ? stop.signal.reason : thrown;
    const status = exitStatusOf(error);
    if (status === null) throw error;
    printMessage([messageOf(error), ...hintLinesOf(error)].join('\n'));
    process.exitCode = status;
  } finally {
    stop.close();
  }
}

/** Texts of hosts cannot steer a terminal; a file gets them as they are. */
function paintable(text: string): string {
  return process.stdout.isTTY ? printableLines(text) : text;
}

/** Reads from stdin what the user gave as `-`. Rejects with the signal's reason when it aborts. */
async function withStdin(
  spec: VerbSpec,
  input: Record<string, unknown>,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  for (const [name, { isPiped }] of Object.entries(spec.params)) {
    if (isPiped === true && input[name] === '-') input[name] = (await readStdin(signal)).trimEnd();
  }
  return input;
}

async function runOn(
  desk: Desk,
  verb: AnyVerb,
  spec: VerbSpec,
  input: Record<string, unknown>,
  { json }: CommonOptions,
): Promise<void> {
  const result = verb.run(desk, input);
  if (spec.isStream === true || Symbol.asyncIterator in result) {
    for await (const value of result as AsyncIterable<unknown>) {
      if (spec.isStream === true) printJsonLine(value);
      else if (json) printJson(value);
      else print(paintable(verb.text(value, input)));
    }
    // The user ends a stream like this, and knows.
    if (desk.signal.aborted) process.exitCode = exitStatusOf(desk.signal.reason) ?? EXIT.interrupted;
    return;
  }
  const value: unknown = await result;
  desk.progress('');
  if (verb.failed?.(value) === true) process.exitCode = EXIT.failed;
  // Programs get all, unless they ask for less.
  if (json) return printJson(typeof input.limit === 'number' ? (verb.shown?.(value, input) ?? value) : value);
  const shown = verb.text(value, input);
  print(verb.isTable === true ? fitToTerminal(shown) : paintable(shown));
}
