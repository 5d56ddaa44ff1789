import type { Setup } from '../engine/setup.ts';
import { describeAsking } from '../verbs/describe-asking.ts';
import type { Desk, Reach } from '../verbs/desk.ts';
import { isListing, type VerbSpec } from '../verbs/spec.ts';
import { createDesk, createReach, openDeskFleet, openEngine } from './desk-fleet.ts';
import { printMessage } from './print-message.ts';
import { ProgressLine } from './progress-line.ts';
import type { CommonOptions } from './verb-options.ts';

export interface DeskRun {
  readonly spec: VerbSpec;
  readonly input: Readonly<Record<string, unknown>>;
  readonly options: CommonOptions;
  readonly signal: AbortSignal;
}

/** How often the progress line is painted, also while nothing changes: it appears after a moment of silence. */
const PROGRESS_MS = 200;

/** Opens the fleet for a verb, and closes it afterwards, however the verb ends. */
export async function withDesk<Value>(
  given: Setup,
  { spec, input, options, signal }: DeskRun,
  run: (desk: Desk) => Promise<Value>,
): Promise<Value> {
  const named = [input.on ?? []].flat().filter((name) => typeof name === 'string');
  const progress = new ProgressLine(process.stderr, process.env);
  const warn = (text: string) => {
    progress.clear();
    if (!options.quiet) printMessage(text);
  };
  const deskFleet = await openDeskFleet(given, named, warn);
  const { fleet } = deskFleet.opened;
  const mayStartServers = options.start === true;
  let said = '';
  const show = () => {
    if (!options.quiet) progress.show(said === '' ? describeAsking([...fleet.getState().entries.values()]) : said);
  };
  let reach: Promise<Reach> | null = null;
  let timer: NodeJS.Timeout | undefined;
  const connect = () => {
    timer ??= setInterval(show, PROGRESS_MS);
    reach ??= openEngine(deskFleet, { isFollowing: spec.isLive === true, mayStartServers }).then((engine) =>
      createReach(engine, signal, mayStartServers),
    );
    return reach;
  };
  const desk = createDesk(deskFleet, {
    ...{ signal, connect, warn },
    isCached: options.cached === true,
    wantsVersions: spec.wantsVersions === true,
    wantsJson: options.json === true,
    // A listing has what came in time.
    askTimeout: isListing(spec) ? (options.timeout ?? null) : null,
    openInTerminal: async (host, session) => {
      const { engine } = await connect();
      clearInterval(timer);
      const { attachInTerminal } = await import('./attach-in-terminal.ts');
      await attachInTerminal(engine, host, session, signal, (text) => progress.show(text));
    },
    progress: (text) => {
      said = text;
      show();
    },
  });
  try {
    return await run(desk);
  } finally {
    clearInterval(timer);
    progress.clear();
    await (await (reach as Promise<Reach> | null)?.catch(() => null))?.engine.close();
  }
}
