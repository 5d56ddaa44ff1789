import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttachSigns } from '../actions/attach-ports.ts';
import { watchAttention } from '../actions/attention-watch.ts';
import { say, sayError } from '../actions/feedback.ts';
import { TextSearch } from '../actions/find-texts.ts';
import { DialogDesk } from '../actions/fleet/dialog-desk.ts';
import { QuestionDesk } from '../actions/question-desk.ts';
import type { Painter } from '../components/paint/painter.ts';
import { cacheDirectory, stateDirectory } from '../config/paths.ts';
import type { Engine } from '../engine/engine.ts';
import { masterPlan } from '../engine/master-plan.ts';
import { systemClock } from '../lib/clock.ts';
import { Closers } from '../lib/closers.ts';
import { messageOf } from '../lib/errors.ts';
import { keepHeapLean } from '../lib/lean-heap.ts';
import { PulseSampler } from '../refresh/pulse-sampler.ts';
import { keepSeen, loadSeen } from '../refresh/seen-file.ts';
import { systemWakeSources, watchForWake } from '../refresh/wake-watch.ts';
import { runSearches } from '../store/search-runner.ts';
import type { OcrStore } from '../store/store.ts';
import { saveScreen } from '../terminal/screen-copy.ts';
import { columnWarnings } from './column-warnings.ts';
import { actionsFrom } from './dashboard-actions.ts';
import { attachDeskFrom } from './dashboard-attach.ts';
import { authenticateFrom } from './dashboard-authenticate.ts';
import { DashboardConfig } from './dashboard-config.ts';
import { showPalette } from './dashboard-palette.ts';
import { quitFrom } from './dashboard-quit.ts';
import { followMostUrgent } from './follow-most-urgent.ts';
import { JobControl } from './job-control.ts';
import { createNotifier } from './notify.ts';
import type { OpenedDashboard } from './opened-dashboard.ts';
import { type OwnCommandPorts, runOwnCommand } from './own-commands.ts';
import { keepTheme } from './theme-watch.ts';
import { keepView } from './view-memory.ts';

/** Runs the dashboard, whose first screen is already painted, until the user leaves it. Resolves to true if the user wants to see the demo instead. */
export async function workDashboard(dashboard: OpenedDashboard): Promise<boolean> {
  let wantsDemo = false;
  const { setup, opened, store, terminal, look, painter, composer, selectRows, keys } = dashboard;
  const { fleet } = opened;
  const streams = { stdin: process.stdin, stdout: process.stdout };
  const lend = (callback: () => Promise<void>) => terminal.lend(callback);
  const closers = new Closers();
  const stop = new AbortController();
  closers.add(() => stop.abort());
  closers.add(runSearches(store));
  closers.add(keepView(store, join(stateDirectory(process.env), 'view.json'), setup.logger));
  closers.add(followMostUrgent(store));
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
  const attachDesk = attachDeskFrom({
    fleet,
    store,
    terminal: streams,
    signal: stop.signal,
    engine: engine.promise,
    lend,
    isTerminalLent: () => terminal.isLent,
    signs: attachSigns(painter, store),
    sessions: () => config.current.sessions,
  });
  closers.add(() => attachDesk.close());
  terminal.insertBy((text) => attachDesk.insert(text));
  const run = actionsFrom({
    fleet,
    store,
    dialogs,
    signal: stop.signal,
    engine: engine.promise,
    lend,
    writeToTerminal: terminal.write,
    attach: (alias, id) => void attachDesk.attach(alias, id),
    sshConfigFile: setup.sources.sshConfigGiven ? setup.sources.sshConfigFile : null,
    endAttached: (alias, id) => attachDesk.end(alias, id),
    logger: setup.logger,
    exportFolder: join(stateDirectory(process.env), 'exports'),
  });
  const config = new DashboardConfig({
    setup,
    store,
    keys,
    look,
    lend,
    repaint: () => terminal.output.repaint(),
    setMouse: (isOn) => terminal.output.setMouse(isOn),
  });
  closers.add(() => config.close());
  const notify = createNotifier(() => config.current.notify, terminal.write, setup.logger);
  closers.add(watchAttention(store, notify, systemClock));
  dashboard.listThemesBy(() => config.themes);
  const texts = new TextSearch(store, engine.promise);
  closers.add(() => texts.cancel());
  const ownCommandPorts: OwnCommandPorts = {
    ...{ store, dialogs, lend },
    context: engine.promise.then((started) =>
      started.context({
        exportFolder: join(stateDirectory(process.env), 'exports'),
        signal: stop.signal,
        onDeleted: () => {},
      }),
    ),
  };
  const quit = quitFrom({
    store,
    dialogs,
    desk,
    running: () => attachDesk.running(),
    leave: () => terminal.leave(),
  });
  const jobControl = new JobControl(process, {
    lend,
    isLent: () => terminal.isLent,
    leaveProgram: () => attachDesk.stepAside(),
    refreshSize: () => process.emit('SIGWINCH', 'SIGWINCH'),
    reportNoShell: () => say(store, 'There is no shell to suspend to'),
  });
  closers.add(() => jobControl.close());
  terminal.onEnd(() => {
    stop.abort();
    if (!jobControl.isSuspended) return;
    jobControl.close();
    terminal.leaveToShell();
  });
  const start = async () => {
    const { mountDashboard } = await withoutFetch(() => import('./mount-dashboard.tsx'));
    if (terminal.isOver) return;
    const mounted = mountDashboard(
      {
        ...{ store, painter, composer, selectRows, desk, dialogs, target: terminal.output },
        onMouse: (listener) => terminal.keyboard.onMouse(listener),
        keys,
        themes: () => config.themes,
        chordWait: () => config.current.keys.chord_wait,
        commands: {
          setTheme: (name) => config.setTheme(name),
          setIcons: (name) => config.setIcons(name),
          editConfig: () => config.edit(),
          bindKey: (action, key) => config.bindKey(action, key),
          find: (needle) => void texts.start(needle),
          saveFilter: (name, key, filter) => config.saveFilter(name, key, filter),
        },
        actions: {
          attach: (alias, id, anyway) => void attachDesk.attach(alias, id, anyway),
          run,
          authenticate,
          refresh: () => {
            terminal.output.repaint();
            void engine.promise.then((started) => started.refreshAll());
          },
          repaint: () => terminal.output.repaint(),
          palette: (runBinding) =>
            void showPalette({
              ...{ store, dialogs, selectRows, run: runBinding },
              bindings: keys.bindings,
              themes: () => config.themes,
              setTheme: (name) => config.setTheme(name),
            }),
          editConfig: () => config.edit(),
          startDemo: () => {
            wantsDemo = true;
            terminal.leave();
          },
          saveScreen: () => void saveScreenCopy(terminal, store),
          ownCommand: (name, target) => {
            const command = config.current.commands[name];
            if (command !== undefined) void runOwnCommand(name, command, target, ownCommandPorts);
          },
          suspend: () => void jobControl.suspend(),
          quit: () => void quit(),
        },
      },
      terminal.keyboard,
    );
    closers.add(() => mounted.unmount());
    closers.add(keepTheme(look, store, () => terminal.output.repaint()));
    mounted.ended.catch((error: unknown) => terminal.fail(error));
    const warnings = [
      ...columnWarnings(setup.config, setup.configFile),
      ...keys.conflicts,
      ...opened.warnings,
      ...look.warnings,
      ...(await opened.restoreRest()),
    ];
    if (warnings[0] !== undefined) sayError(store, warnings[0], warnings);
    setup.notices.listen((text) => sayError(store, text, [text]));
    const [{ Engine }, { SessionDetail }] = await Promise.all([
      import('../engine/engine.ts'),
      import('../actions/follow/follow-selected.ts'),
    ]);
    // No host is asked for a user who has left.
    if (terminal.isOver) return;
    const started = new Engine(opened, setup, {
      interactionOf: (host) => (setup.config.ssh.batch_mode ? null : desk.interactionFor(host)),
      turn: (signal) => terminal.keysFirst.turn(signal),
    });
    closers.add(() => started.close());
    closers.add(
      watchForWake((why) => {
        setup.logger.info('asking every host again', { why });
        started.refreshAll();
      }, systemWakeSources(systemClock)),
    );
    const detail = new SessionDetail({
      fleet,
      store,
      clock: systemClock,
      clientOf: (alias, id) => started.contentOf({ alias, id }),
    });
    closers.add(() => detail.close());
    engine.resolve(started);
    const sampler = new PulseSampler({
      fleet,
      path:
        setup.snapshotFolder === null && setup.demo !== true ? null : join(cacheDirectory(process.env), 'pulse.jsonl'),
      clock: systemClock,
      logger: setup.logger,
      notices: setup.notices,
    });
    closers.add(() => sampler.close());
    const showSeries = () => store.setState(({ pulse }) => ({ pulse: { ...pulse, series: sampler.getSeries() } }));
    sampler.subscribe(showSeries);
    void sampler.start().then(showSeries);
    config.onChange((changed) => started.config.replace(changed));
    config.follow();
    closers.add(keepHeapLean());
    started.start();
  };
  try {
    await Promise.race([start(), terminal.over]);
    await terminal.over;
  } finally {
    terminal.leave();
    await closers.close();
  }
  return wantsDemo;
}

/**
 * Loads code while there is no global `fetch`. With one, yoga-layout, which Ink loads, fetches its own WebAssembly from a data URL, and Node loads an HTTP
 * client for that: 30 ms before the first key and 7 MB. Without one, yoga decodes the same bytes itself.
 */
async function withoutFetch<Module>(load: () => Promise<Module>): Promise<Module> {
  const { fetch } = globalThis;
  Reflect.set(globalThis, 'fetch', undefined);
  try {
    return await load();
  } finally {
    globalThis.fetch = fetch;
  }
}

/** Saves the screen to files, and tells where. */
async function saveScreenCopy(terminal: OpenedDashboard['terminal'], store: OcrStore): Promise<void> {
  try {
    const { textPath } = await saveScreen(
      terminal.output.lines,
      join(stateDirectory(process.env), 'screens'),
      new Date(),
    );
    say(store, `Saved the screen: ${textPath}, and with colours as .ans`);
  } catch (error) {
    const text = messageOf(error);
    sayError(store, `The screen was not saved: ${text}`, [text]);
  }
}

/** Milliseconds per frame of the spinner. */
const SPINNER_INTERVAL_MS = 120;

function attachSigns(painter: Painter, store: OcrStore): AttachSigns {
  const isMoving = () => store.getState().settings.animation;
  return {
    spinner: (now) => painter.spinner(isMoving() ? Math.floor(now / SPINNER_INTERVAL_MS) : 0),
    attention: painter.glyph('waiting'),
    ellipsis: painter.glyph('ellipsis'),
  };
}
