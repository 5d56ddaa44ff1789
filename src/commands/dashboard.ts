import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ScreenComposer } from '../components/compose-screen.ts';
import { KeyTable } from '../components/keys/key-table.ts';
import { screenInput } from '../components/screen-input.ts';
import type { WelcomeFacts } from '../components/welcome/welcome-lines.ts';
import { stateDirectory } from '../config/paths.ts';
import { LOCAL_ALIAS } from '../domain/host.ts';
import { openFleet } from '../engine/open-fleet.ts';
import type { Setup } from '../engine/setup.ts';
import { UserError } from '../lib/errors.ts';
import { createRowSelector } from '../store/select-rows.ts';
import { createOcrStore } from '../store/store.ts';
import type { Terminal } from '../transport/transport.ts';
import { DashboardTerminal } from './dashboard-terminal.ts';
import { keySettings } from './key-settings.ts';
import { hideNamesOf } from './known-names.ts';
import { chooseLook, isScreenRead } from './look.ts';
import type { OpenedDashboard } from './opened-dashboard.ts';
import { loadView } from './view-memory.ts';
import { viewSettings } from './view-settings.ts';

/** Columns from which the inspect panel is open at the start. */
const ROOMY_COLUMNS = 140;

/**
 * Runs the dashboard until the user leaves it. Paints the cached fleet before it loads what keys, hosts and sessions need. Rejects with a UserError if
 * there is no terminal for it. Resolves to true if the user wants to see the demo instead.
 */
export async function runDashboard(setup: Setup): Promise<boolean> {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) {
    throw new UserError(
      'the dashboard needs a terminal; for scripts there are "ocr hosts --json" and "ocr sessions --json"',
    );
  }
  const terminal = new DashboardTerminal({ stdin, stdout });
  let endsBySignal = false;
  try {
    terminal.open();
    const dashboard = await Promise.race([openDashboard(setup, terminal, { stdin, stdout }), terminal.over]);
    endsBySignal = dashboard === undefined;
    if (dashboard === undefined) return false;
    const { workDashboard } = await import('./run-dashboard.ts');
    return await workDashboard(dashboard);
  } finally {
    terminal.close();
    // A file that cannot be read to its end would keep the process alive. And on exit Node sets the terminal's mode, which would stop a background
    // process once more.
    if (endsBySignal || terminal.isLeftToShell) process.kill(process.pid, 'SIGTERM');
  }
}

/** Returns what was found when hosts were looked for, for the panel of a first run. */
function foundAtStart({ sources }: Setup, { fleet, discovery }: OpenedDashboard['opened']): WelcomeFacts {
  const local = fleet.getState().entries.get(LOCAL_ALIAS);
  const hosts = discovery.hosts.filter(({ route }) => route.kind !== 'local').length;
  return {
    sshConfig: {
      path: sources.sshConfigFile.replace(sources.home, '~'),
      exists: existsSync(sources.sshConfigFile),
      hosts,
    },
    localOpencode: local?.snapshot !== null && local !== undefined,
  };
}

async function openDashboard(setup: Setup, terminal: DashboardTerminal, streams: Terminal): Promise<OpenedDashboard> {
  const [look, opened] = await Promise.all([
    chooseLook(setup.config.display, terminal, process.env, setup.parsed),
    openFleet(setup, streams.stdout.rows),
  ]);
  const { painter } = look;
  hideNamesOf(opened.fleet);
  const store = createOcrStore(
    opened.fleet,
    viewSettings(setup.config, setup.demo),
    streams.stdout.columns >= ROOMY_COLUMNS,
  );
  const remembered = await loadView(join(stateDirectory(process.env), 'view.json'), setup.logger);
  if (remembered !== null) store.setState(remembered);
  const keys = new KeyTable(keySettings(setup), setup.configFile);
  let themes: () => readonly string[] = () => [];
  const isRead = isScreenRead(process.env);
  const composer = new ScreenComposer({
    painter,
    keys,
    themes: () => themes(),
    foundAtStart: () => foundAtStart(setup, opened),
    isRead,
  });
  const selectRows = createRowSelector();
  terminal.output.open({ mouse: setup.config.display.mouse });
  const { size } = terminal.output;
  const now = Date.now();
  terminal.output.paint({
    size,
    compose: () =>
      composer.compose(screenInput(store.getState(), selectRows, size, now), {
        frame: store.getState().settings.animation ? 0 : null,
        messagesAt: now,
      }),
    painted: () => {},
  });
  terminal.output.flush();
  return {
    setup,
    opened,
    store,
    terminal,
    look,
    painter,
    composer,
    selectRows,
    keys,
    listThemesBy: (list) => (themes = list),
  };
}
