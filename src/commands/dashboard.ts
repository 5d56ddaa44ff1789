import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttachSigns } from '../actions/attach-ports.ts';
import { watchAttention } from '../actions/attention-watch.ts';
import { say, sayError } from '../actions/feedback.ts';
import { DialogDesk } from '../actions/fleet/dialog-desk.ts';
import { QuestionDesk } from '../actions/question-desk.ts';
import { ScreenComposer, type ScreenInput, screenInput } from '../components/compose-screen.ts';
import { createBindings } from '../components/keys/bindings.ts';
import type { Painter } from '../components/paint/painter.ts';
import { stateDirectory } from '../config/paths.ts';
import type { TerminalSize } from '../domain/painted-screen.ts';
import type { Engine } from '../engine/engine.ts';
import { masterPlan } from '../engine/master-plan.ts';
import { openFleet } from '../engine/open-fleet.ts';
import type { Setup } from '../engine/setup.ts';
import { systemClock } from '../lib/clock.ts';
import { Closers } from '../lib/closers.ts';
import { UserError } from '../lib/errors.ts';
import { KeysFirst } from '../lib/keys-first.ts';
import { keepHeapLean } from '../lib/lean-heap.ts';
import { keepSeen, loadSeen } from '../refresh/seen-file.ts';
import { systemWakeSources, watchForWake } from '../refresh/wake-watch.ts';
import { runSearches } from '../store/search-runner.ts';
import { createRowSelector } from '../store/select-rows.ts';
import { createOcrStore } from '../store/store.ts';
import { KeyboardInput } from '../terminal/keyboard-input.ts';
import { ScreenOutput } from '../terminal/screen-output.ts';
import { actionsFrom } from './dashboard-actions.ts';
import { attachDeskFrom } from './dashboard-attach.ts';
import { authenticateFrom } from './dashboard-authenticate.ts';
import { quitFrom } from './dashboard-quit.ts';
import { JobControl } from './job-control.ts';
import { LentTerminal } from './lent-terminal.ts';
import { chooseLook } from './look.ts';
import type { MountedDashboard } from './mount-dashboard.tsx';
import { createNotifier } from './notify.ts';
import { TerminalSignals } from './terminal-signals.ts';
import { viewSettings } from './view-settings.ts';

/** Columns from which the inspect panel is open at the start. */
const ROOMY_COLUMNS = 140;

/** Runs the dashboard until the user leaves it. Rejects with a UserError if there is no terminal for it. */
export async function runDashboard(setup: Setup): Promise<void> {
  const terminal = { stdin: process.stdin, stdout: process.stdout };
  if (!terminal.stdin.isTTY || !terminal.stdout.isTTY) {
    throw new UserError(
      'the dashboard needs a terminal; for scripts there are "ocr hosts --json" and "ocr sessions --json"',
    );
  }
  const closers = new Closers();
  const stop = new AbortController();
  closers.add(() => stop.abort());
  const [painter, opened] = await Promise.all([
    chooseLook(setup.config.display, terminal, process.env),
    openFleet(setup, terminal.stdout.rows),
  ]);
  const { fleet } = opened;
  const store = createOcrStore(fleet, viewSettings(setup.config), terminal.stdout.columns >= ROOMY_COLUMNS);
  closers.add(runSearches(store));

  const keysFirst = new KeysFirst(systemClock);
  const signals = new TerminalSignals();
  const keyboard = new KeyboardInput(terminal.stdin, () => keysFirst.key());
  const over = Promise.withResolvers<void>();
  const output = new ScreenOutput(terminal.stdout, over.reject);
  /** Gives the terminal to another program while the callback runs. */
  const lend = (callback: () => Promise<void>) =>
    lent.lend(() => signals.lend(() => output.lend(() => keyboard.lend(callback))));
  const engine = Promise.withResolvers<Engine>();
  const desk = new QuestionDesk(store);
  closers.add(() => desk.close());
  const masters = masterPlan(setup);
  // Created when its commands are shown; stays for as long as a master listens in it.
  closers.add(() => rmdir(masters.folder).catch(() => {}));
  const authenticate = authenticateFrom({
    fleet,
    store,
    desk,
    engine: engine.promise,
    masters,
    lend,
  });
  const dialogs = new DialogDesk(store);
  closers.add(() => dialogs.close());
  const seenFile = join(stateDirectory(process.env), 'seen.json');
  fleet.setState({ seen: await loadSeen(seenFile, setup.logger) });
  closers.add(keepSeen(fleet, seenFile, setup.logger, setup.notices));
  const lent = new LentTerminal(
    (text) => void terminal.stdout.write(text),
    (text) => attachDesk.insert(text),
  );
  const attachDesk = attachDeskFrom({
    fleet,
    store,
    terminal,
    signal: stop.signal,
    engine: engine.promise,
    lend,
    isTerminalLent: () => lent.isLent,
    signs: attachSigns(painter, setup.config.display.animation),
    serverFor:
      setup.config.sessions.attach === 'direct'
        ? null
        : async (host, session, signal) => (await engine.promise).attachServer(host, session, signal),
  });
  closers.add(() => attachDesk.close());
  const writeToTerminal = (text: string) => lent.write(text);
  const run = actionsFrom({
    fleet,
    store,
    dialogs,
    signal: stop.signal,
    engine: engine.promise,
    lend,
    writeToTerminal,
    attach: (alias, id) => void attachDesk.attach(alias, id),
    attachesThroughServer: setup.config.sessions.attach === 'server',
    endAttached: (alias, id) => attachDesk.end(alias, id),
    logger: setup.logger,
    exportFolder: join(stateDirectory(process.env), 'exports'),
  });
  closers.add(watchAttention(store, createNotifier(setup.config.notify, writeToTerminal, setup.logger), systemClock));
  const quit = quitFrom({
    store,
    dialogs,
    desk,
    running: () => attachDesk.running(),
    leave: () => leave(),
  });
  const jobControl = new JobControl(process, {
    lend,
    isLent: () => lent.isLent,
    leaveProgram: () => attachDesk.stepAside(),
    refreshSize: () => process.emit('SIGWINCH', 'SIGWINCH'),
    reportNoShell: () => say(store, 'There is no shell to suspend to'),
  });
  closers.add(() => jobControl.close());
  let mounted: MountedDashboard | undefined;
  const leave = () => {
    mounted?.unmount();
    keyboard.close();
    output.close();
    over.resolve();
  };
  let isLeftToShell = false;
  const end = () => {
    stop.abort();
    // The shell has the terminal, so there is nothing to restore.
    isLeftToShell ||= jobControl.isSuspended;
    if (isLeftToShell) jobControl.close();
    leave();
  };
  closers.add(signals.endBy(end));
  // After a crash too the shell gets its screen back.
  process.on('exit', leave);
  closers.add(() => void process.off('exit', leave));
  // Writing to a closed terminal fails before its signal arrives; there is no place left to report it.
  for (const stream of [process.stdin, process.stdout, process.stderr]) stream.on('error', end);
  try {
    const bindings = createBindings(setup.config.keybindings);
    const { animation } = setup.config.display;
    const empty = 'no host matches hosts.include in the configuration';
    const composer = new ScreenComposer({ painter, bindings, animation, empty });
    const selectRows = createRowSelector();
    keyboard.setRawMode(true);
    output.open();
    paintNow(output, composer, (size, now) => screenInput(store.getState(), selectRows, size, now));
    const { mountDashboard } = await import('./mount-dashboard.tsx');
    mounted = mountDashboard(
      {
        ...{ store, painter, bindings, composer, selectRows, animation, desk, dialogs, target: output },
        actions: {
          attach: (alias, id, anyway) => void attachDesk.attach(alias, id, anyway),
          run,
          authenticate,
          refresh: () => void engine.promise.then((started) => started.refreshAll()),
          suspend: () => void jobControl.suspend(),
          quit: () => void quit(),
        },
      },
      keyboard,
    );
    mounted.ended.catch(over.reject);
    const warnings = [...opened.warnings, ...(await opened.restoreRest())];
    if (warnings[0] !== undefined) sayError(store, warnings[0], warnings);
    setup.notices.listen((text) => sayError(store, text, [text]));
    const { Engine } = await import('../engine/engine.ts');
    const started = new Engine(opened, setup, {
      interactionOf: (host) => (setup.config.ssh.batch_mode ? null : desk.interactionFor(host)),
      turn: (signal) => keysFirst.turn(signal),
    });
    closers.add(() => started.close());
    closers.add(
      watchForWake((why) => {
        setup.logger.info('asking every host again', { why });
        started.refreshAll();
      }, systemWakeSources(systemClock)),
    );
    const { SessionDetail } = await import('../actions/follow/follow-selected.ts');
    const detail = new SessionDetail({
      fleet,
      store,
      clock: systemClock,
      clientOf: (alias, id) => started.contentOf({ alias, id }),
    });
    closers.add(() => detail.close());
    engine.resolve(started);
    closers.add(keepHeapLean());
    started.start();
    if (warnings.length === 0 && opened.discovery.hosts.every(({ route }) => route.kind === 'local'))
      say(store, 'there are no hosts in the ssh config yet: this machine alone is shown');
    await over.promise;
  } finally {
    leave();
    await closers.close();
    // On exit Node sets the terminal's mode, which would stop a background process once more. So it ends by the signal.
    if (isLeftToShell) process.kill(process.pid, 'SIGTERM');
  }
}

/** Milliseconds per frame of the spinner. */
const SPINNER_INTERVAL_MS = 120;

function attachSigns(painter: Painter, isAnimated: boolean): AttachSigns {
  return {
    spinner: (now) => painter.spinner(isAnimated ? Math.floor(now / SPINNER_INTERVAL_MS) : 0),
    attention: painter.glyph('waiting'),
    ellipsis: painter.glyph('ellipsis'),
  };
}

/** Paints the first screen, before the code for the keys is loaded. */
function paintNow(
  output: ScreenOutput,
  composer: ScreenComposer,
  inputAt: (size: TerminalSize, now: number) => ScreenInput,
): void {
  const { size } = output;
  const now = Date.now();
  output.paint({
    size,
    compose: () => composer.compose(inputAt(size, now), { frame: 0, messagesAt: now }),
    painted: () => {},
  });
  output.flush();
}
